//! Every way to find a page answers as a plain look at all keys does.

use std::cmp::Ordering;
use std::collections::HashSet;

use chrono::TimeDelta;
use latchkey_app::ports::{KeyFilter, Reader, Store};
use latchkey_app::wire::{KeySort, KeyStatus, RotationNeed};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::{Key, Superseded};
use latchkey_domain::organization::Organization;
use latchkey_domain::tenant::Tenant;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::fixture::{Fixture, all, api_set, days, key, now, searching, tenant};

const OWNERS: [&str; 5] = ["ada", "Ada", "Grace Hopper", "alan", "Zoe"];
const ORGANIZATIONS: [&str; 2] = ["north", "south"];
const WORDS: [&str; 6] = ["quay", "Quarter", "gate", "Pier", "depot", "rare"];

pub(crate) struct Filled {
    pub(crate) fixture: Fixture,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) keys: Vec<Key>,
}

pub(crate) fn fill(count: u64) -> Filled {
    let fixture = Fixture::new();
    let mut tenants = vec![tenant("Harbour"), tenant("Depot")];
    tenants[0].policy.rotate_after_days = Some(1);
    tenants[1].policy.warning_days = 60;
    let mut random = StdRng::seed_from_u64(count);
    let mut keys = Vec::new();
    for n in 0..count {
        let mut key = draw(&tenants, count, &mut random);
        let before = keys.last().filter(|before: &&Key| before.tenant == key.tenant && random.random_bool(0.1));
        key.succeeds = before.map(|before| before.id);
        if n % 997 == 0 {
            "rare".clone_into(&mut key.name);
        }
        keys.push(key);
    }
    fixture
        .write(|w| {
            for tenant in &tenants {
                w.add_tenant(tenant)?;
                w.add_api_set(tenant.id, &api_set("billing", "Billing", None))?;
                w.add_api_set(tenant.id, &api_set("files:read", "Rare reading", None))?;
                for id in ORGANIZATIONS {
                    let name = format!("The {id}");
                    w.put_organization(tenant.id, &Organization { id: id.to_owned(), name, permissions: None })?;
                }
            }
            keys.iter().try_for_each(|key| w.add_key(key))
        })
        .unwrap();
    // What was generated in the same second comes in the order of adding.
    keys.sort_by_key(|key| key.created_at);
    Filled { fixture, tenants, keys }
}

pub(crate) fn draw(tenants: &[Tenant], names: u64, random: &mut StdRng) -> Key {
    let tenant = &tenants[usize::from(random.random_range(0..10) == 0)];
    let word = WORDS[[0, 0, 0, 1, 1, 2, 2, 3, 4][random.random_range(0..9)]];
    let mut key = key(tenant.id, &format!("{word} {}", random.random_range(0..names)));
    key.display = String::new();
    OWNERS[random.random_range(0..OWNERS.len())].clone_into(&mut key.owner);
    key.created_at = now() - TimeDelta::seconds(random.random_range(0..100_000));
    key.expires_at = random.random_bool(0.7).then(|| days(random.random_range(-30..100)));
    key.disabled_at = random.random_bool(0.1).then(now);
    key.revoked_at = random.random_bool(0.1).then(now);
    if random.random_bool(0.1) {
        key.superseded = Some(Superseded { at: now(), ends_before: None });
    }
    key.organization = [None, Some("north"), Some("south")][random.random_range(0..3)].map(str::to_owned);
    for (id, share) in [("billing", 0.5), ("files:read", 0.01)] {
        if random.random_bool(share) {
            key.api_sets.push(id.to_owned());
        }
    }
    key
}

impl Filled {
    /// The slow and simple way.
    fn expected(&self, filter: &KeyFilter) -> Vec<&Key> {
        let heirs: HashSet<KeyId> =
            self.keys.iter().filter(|key| key.revoked_at.is_none()).filter_map(|key| key.succeeds).collect();
        let needs = |key: &&Key| match filter.rotation {
            None => true,
            Some(RotationNeed::Due) => key.is_old(&self.tenant(key).policy, now()) && !heirs.contains(&key.id),
            Some(RotationNeed::UnderWay) => {
                heirs.contains(&key.id) && key.revoked_at.is_none() && key.superseded.is_none()
            }
        };
        let mut found: Vec<&Key> = self.keys.iter().filter(|key| self.finds(filter, key)).filter(needs).collect();
        let compare = |a: &&Key, b: &&Key| match filter.sort {
            KeySort::Created => Ordering::Equal,
            KeySort::Name => a.name.to_ascii_lowercase().cmp(&b.name.to_ascii_lowercase()),
            KeySort::Owner => a.owner.to_ascii_lowercase().cmp(&b.owner.to_ascii_lowercase()),
            KeySort::Expires => {
                let end = |key: &Key| key.expires_at.map_or(i64::MAX, |at| at.timestamp());
                end(a).cmp(&end(b))
            }
        };
        found.sort_by(compare);
        if filter.descending {
            found.reverse();
        }
        found
    }

    /// Holds what the filters offer against a plain count.
    pub(crate) fn offers(&self, store: &dyn Store, tenant: Option<TenantId>) {
        let facets = store.reading(|r| r.facets(tenant, now())).unwrap();
        let count = |filter: KeyFilter| self.expected(&KeyFilter { tenant, ..filter }).len();
        for found in &facets.statuses {
            let expected = count(KeyFilter { statuses: vec![found.status], ..KeyFilter::default() });
            assert_eq!(found.keys as usize, expected, "{:?}", found.status);
        }
        assert_eq!(facets.statuses.len(), KeyStatus::ALL.len());
        assert_eq!(facets.api_sets.len(), 2);
        for found in &facets.api_sets {
            let expected = count(KeyFilter { api_set: Some(found.id.clone()), ..KeyFilter::default() });
            assert_eq!(found.keys as usize, expected, "{}", found.id);
        }
        for owner in OWNERS {
            let found = facets.owners.iter().find(|found| found.owner == owner).map_or(0, |found| found.keys);
            let expected = count(KeyFilter { owner: Some(owner.to_owned()), ..KeyFilter::default() });
            assert_eq!(found as usize, expected, "{owner}");
        }
        assert_eq!(facets.organizations.len(), if tenant.is_some() { 2 } else { 0 });
        for found in &facets.organizations {
            let expected = count(KeyFilter { organization: Some(found.id.clone()), ..KeyFilter::default() });
            assert_eq!(found.keys as usize, expected, "{}", found.id);
        }
        assert!(facets.owners.iter().all(|owner| owner.keys > 0));
        assert!(facets.owners.is_sorted_by_key(|owner| std::cmp::Reverse(owner.keys)));
    }

    fn tenant(&self, key: &Key) -> &Tenant {
        self.tenants.iter().find(|tenant| tenant.id == key.tenant).unwrap()
    }

    fn finds(&self, filter: &KeyFilter, key: &Key) -> bool {
        let tenant = self.tenant(key);
        let sets =
            key.api_sets.iter().map(|set| if set == "billing" { " Billing" } else { " files read Rare reading" });
        let text = format!("{} {}{}", key.name, key.owner, sets.collect::<String>()).to_lowercase();
        filter.tenant.is_none_or(|id| id == key.tenant)
            && (filter.statuses.is_empty() || filter.statuses.contains(&key.status(now(), tenant.policy.warning_days)))
            && filter.owner.as_ref().is_none_or(|owner| *owner == key.owner)
            && filter.organization.as_ref().is_none_or(|named| {
                key.organization.as_ref().is_some_and(|id| id == named || format!("The {id}") == *named)
            })
            && filter.api_set.as_ref().is_none_or(|set| key.api_sets.contains(set))
            && filter.words.iter().all(|word| text.split(' ').any(|found| found.starts_with(word.as_str())))
    }

    pub(crate) fn agrees(&self, store: &dyn Store, filter: &KeyFilter) -> Result<(), TestCaseError> {
        store.reading(|r| Ok(self.reads(r, filter))).unwrap()
    }

    /// Whether a transaction sees what is expected.
    pub(crate) fn reads(&self, reader: &dyn Reader, filter: &KeyFilter) -> Result<(), TestCaseError> {
        let expected = self.expected(filter);
        let (skip, take) = (filter.offset as usize, filter.limit as usize);
        let page: Vec<&str> = expected.iter().skip(skip).take(take).map(|key| key.handle.as_str()).collect();
        let (found, count) = (reader.keys(filter, now()).unwrap(), reader.count_keys(filter, now()).unwrap());
        let found: Vec<&str> = found.iter().map(|key| key.handle.as_str()).collect();
        prop_assert_eq!(found, page, "{:?}", filter);
        prop_assert_eq!(count as usize, expected.len());
        Ok(())
    }
}

pub(crate) fn filters(tenants: &[TenantId]) -> impl Strategy<Value = KeyFilter> + use<> {
    let sorts = [KeySort::Created, KeySort::Name, KeySort::Owner, KeySort::Expires];
    let words = prop::sample::subsequence(vec!["q", "qua", "quar", "gate", "rare", "bill", "a", "ada"], 0..3);
    (
        prop::sample::select(vec![None, Some(tenants[0]), Some(tenants[1])]),
        words,
        prop_oneof![Just(vec![]), prop::sample::subsequence(KeyStatus::ALL.to_vec(), 0..=6)],
        prop::sample::select(vec![None, None, Some("billing"), Some("files:read"), Some("none")]),
        prop::sample::select(vec![None, None, Some("ada"), Some("Zoe"), Some("nobody")]),
        prop::sample::select(vec![None, None, Some("north"), Some("The south"), Some("nowhere")]),
        prop::sample::select(vec![None, None, Some(RotationNeed::Due), Some(RotationNeed::UnderWay)]),
        prop::sample::select(sorts.to_vec()),
        any::<bool>(),
        (prop_oneof![Just(0_u32), 0..400_u32], 0..60_u32),
    )
        .prop_map(
            |(tenant, words, statuses, api_set, owner, organization, rotation, sort, descending, (offset, limit))| {
                KeyFilter {
                    tenant,
                    words: words.into_iter().map(str::to_owned).collect(),
                    statuses,
                    api_set: api_set.map(str::to_owned),
                    owner: owner.map(str::to_owned),
                    organization: organization.map(str::to_owned),
                    rotation,
                    bundle: None,
                    sort,
                    descending,
                    offset,
                    limit,
                }
            },
        )
}

#[test]
fn every_page_is_what_a_plain_look_finds() {
    // Enough keys for the ways that many matches take.
    for (count, cases) in [(60, 500), (12_000, 250)] {
        let filled = fill(count);
        let tenants: Vec<TenantId> = filled.tenants.iter().map(|tenant| tenant.id).collect();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
        runner.run(&filters(&tenants), |filter| filled.agrees(filled.fixture.port(), &filter)).unwrap();
    }
}

#[test]
fn statuses_are_the_domain_s_at_every_second_around_their_ends() {
    let (fixture, id) = Fixture::with_tenant();
    let mut keys = Vec::new();
    for days_ahead in [0, 14] {
        for seconds in -1..=1 {
            let mut key = key(id, &format!("{days_ahead} {seconds}"));
            key.expires_at = Some(days(days_ahead) + TimeDelta::seconds(seconds));
            fixture.add(&key);
            keys.push(key);
        }
    }
    for millis in [-1_000, -1, 0, 1, 999, 1_000] {
        let moment = now() + TimeDelta::milliseconds(millis);
        for status in KeyStatus::ALL {
            let expected: Vec<&str> =
                keys.iter().filter(|key| key.status(moment, 14) == status).map(|key| key.name.as_str()).collect();
            for tenant in [Some(id), None] {
                for sort in [KeySort::Created, KeySort::Expires] {
                    let filter = KeyFilter { statuses: vec![status], tenant, sort, ..all(id) };
                    let found = fixture.port().reading(|r| r.keys(&filter, moment)).unwrap();
                    let found: Vec<&str> = found.iter().map(|key| key.name.as_str()).collect();
                    assert_eq!(found, expected, "{status:?} {millis}");
                }
            }
        }
    }
}

#[test]
fn facets_count_what_the_filters_would_find() {
    let filled = fill(3_000);
    for tenant in [None, Some(filled.tenants[0].id), Some(filled.tenants[1].id)] {
        filled.offers(filled.fixture.port(), tenant);
    }
}

#[test]
fn an_unknown_tenant_has_nothing() {
    let (fixture, id) = Fixture::with_tenant();
    fixture.add(&key(id, "quay"));
    let unknown = tenant("Gone").id;
    assert!(fixture.names(&all(unknown)).is_empty());
    assert!(fixture.names(&searching(Some(unknown), "quay")).is_empty());
    let facets = fixture.port().reading(|r| r.facets(Some(unknown), now())).unwrap();
    assert!(facets.statuses.iter().all(|status| status.keys == 0));
}
