//! What a key may do, all told: its API sets, and what its organization and user groups leave of each other.

use crate::conventions::{Conventions, NoApiSets};
use crate::organization::{Organization, UserGroup};

/// What a key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether its API sets restrict nothing.
    pub everything: bool,
    /// Identifiers of its API sets.
    pub api_sets: Vec<String>,
    /// Identifiers of the permissions that count: those of its groups that its organization allows.
    pub permissions: Vec<String>,
    /// Identifiers of the permissions that a group carries and the organization holds back.
    pub withheld: Vec<String>,
}

/// Computes what a key may do.
///
/// A permission counts where at least one of the groups carries it and the organization allows it; one without a
/// ceiling allows all. Permissions come in the order of the tenant's catalogue, and behind them those that it does not
/// know, in the order of the groups.
#[must_use]
pub fn effective(
    conventions: &Conventions,
    organization: Option<&Organization>,
    groups: &[UserGroup],
    api_sets: &[String],
) -> Access {
    let mut carried: Vec<&String> = Vec::new();
    for permission in groups.iter().flat_map(|group| &group.permissions) {
        if !carried.contains(&permission) {
            carried.push(permission);
        }
    }
    let place = |id: &String| conventions.permissions.iter().position(|known| known.id == *id).unwrap_or(usize::MAX);
    carried.sort_by_key(|id| place(id));
    let ceiling = organization.and_then(|organization| organization.permissions.as_ref());
    let (permissions, withheld) =
        carried.into_iter().cloned().partition(|id| ceiling.is_none_or(|ceiling| ceiling.contains(id)));
    let everything = match &conventions.everything {
        Some(all) if api_sets.contains(all) => true,
        _ => api_sets.is_empty() && conventions.no_api_sets == NoApiSets::Everything,
    };
    Access { everything, api_sets: api_sets.to_vec(), permissions, withheld }
}
