//! What a key may do, against a plain model.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use latchkey_domain::access::effective;
use latchkey_domain::conventions::{Conventions, NoApiSets, Permission};
use latchkey_domain::organization::{Organization, UserGroup};
use proptest::collection::vec;
use proptest::prelude::*;

const IDS: [&str; 6] = ["tenant-admin", "organization-admin", "api-key-admin", "publisher", "exporter", "unknown"];

fn ids() -> impl Strategy<Value = Vec<String>> {
    vec(proptest::sample::select(IDS.to_vec()).prop_map(str::to_owned), 0..6)
}

fn conventions(known: &[String], no_api_sets: NoApiSets, everything: Option<&str>) -> Conventions {
    let mut permissions: Vec<Permission> = Vec::new();
    for id in known {
        if !permissions.iter().any(|permission| permission.id == *id) {
            permissions.push(Permission { id: id.clone(), name: id.clone(), opens: String::new() });
        }
    }
    Conventions { permissions, no_api_sets, everything: everything.map(str::to_owned), ..Conventions::default() }
}

proptest! {
    /// A permission counts exactly where some group carries it and the organization does not hold it back.
    #[test]
    fn permissions_are_those_of_any_group_that_the_organization_allows(
        known in ids(),
        groups in vec(ids(), 0..4),
        ceiling in proptest::option::of(proptest::option::of(ids())),
    ) {
        let organization = ceiling.map(|permissions| {
            Organization { id: "north".to_owned(), name: "North".to_owned(), permissions }
        });
        let groups: Vec<_> = groups
            .into_iter()
            .enumerate()
            .map(|(n, permissions)| UserGroup { id: n.to_string(), name: n.to_string(), permissions })
            .collect();
        let conventions = conventions(&known, NoApiSets::Nothing, None);
        let access = effective(&conventions, organization.as_ref(), &groups, &[]);

        for id in IDS {
            let carried = groups.iter().any(|group| group.permissions.iter().any(|one| one == id));
            let allowed = match &organization {
                Some(Organization { permissions: Some(ceiling), .. }) => ceiling.iter().any(|one| one == id),
                _ => true,
            };
            prop_assert_eq!(access.permissions.iter().any(|one| one == id), carried && allowed, "{}", id);
            prop_assert_eq!(access.withheld.iter().any(|one| one == id), carried && !allowed, "{}", id);
        }
        let all: Vec<_> = access.permissions.iter().chain(&access.withheld).collect();
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "each once");
        let places: Vec<_> = access
            .permissions
            .iter()
            .map(|id| conventions.permissions.iter().position(|one| one.id == *id).unwrap_or(usize::MAX))
            .collect();
        prop_assert!(places.is_sorted(), "in the order of the catalogue: {:?}", places);
    }

    /// Another group never takes anything away, a ceiling never adds anything, and nothing depends on the order.
    #[test]
    fn groups_only_add_and_ceilings_only_take(
        groups in vec(ids(), 0..4),
        more in ids(),
        ceiling in ids(),
    ) {
        let as_groups = |groups: &[Vec<String>]| -> Vec<UserGroup> {
            let named = |permissions: &Vec<String>| {
                UserGroup { id: "g".to_owned(), name: "g".to_owned(), permissions: permissions.clone() }
            };
            groups.iter().map(named).collect()
        };
        let set = |groups: &[Vec<String>], organization: Option<&Organization>| -> BTreeSet<String> {
            let access = effective(&Conventions::default(), organization, &as_groups(groups), &[]);
            access.permissions.into_iter().collect()
        };
        let north = Organization { id: "n".to_owned(), name: "n".to_owned(), permissions: Some(ceiling) };
        let wider: Vec<_> = groups.iter().cloned().chain([more]).collect();
        prop_assert!(set(&groups, Some(&north)).is_subset(&set(&wider, Some(&north))));
        prop_assert!(set(&groups, Some(&north)).is_subset(&set(&groups, None)));
        let turned: Vec<_> = groups.iter().rev().cloned().collect();
        prop_assert_eq!(set(&groups, Some(&north)), set(&turned, Some(&north)));
    }

    /// Everything: with the API set that stands for it, or with none where none restricts nothing.
    #[test]
    fn api_sets_restrict_unless_one_stands_for_everything(
        sets in vec(proptest::sample::select(vec!["*", "files:read", "files:write"]), 0..3),
        unrestricted in any::<bool>(),
        has_star in any::<bool>(),
    ) {
        let sets: Vec<String> = sets.into_iter().map(str::to_owned).collect();
        let without = if unrestricted { NoApiSets::Everything } else { NoApiSets::Nothing };
        let conventions = conventions(&[], without, has_star.then_some("*"));
        let access = effective(&conventions, None, &[], &sets);
        let star = has_star && sets.iter().any(|set| set == "*");
        prop_assert_eq!(access.everything, star || (sets.is_empty() && unrestricted));
        prop_assert_eq!(access.api_sets, sets);
    }
}
