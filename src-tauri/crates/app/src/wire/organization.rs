use latchkey_domain::conventions::Permission;
use serde::{Deserialize, Serialize};

/// An organization of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OrganizationView {
    /// Identifier, unique in its tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that its keys can have at most; `None` for all.
    pub permissions: Option<Vec<String>>,
    /// How many keys belong to it.
    pub keys: u32,
}

/// An organization to be added, or an existing one's new name and ceiling.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OrganizationDraft {
    /// Identifier, of letters, digits and `. _ - : * /`; made from the name if `None`.
    pub id: Option<String>,
    /// What people call it.
    pub name: String,
    /// The permissions that its keys can have at most; `None` for all.
    pub permissions: Option<Vec<String>>,
}

/// A user group of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UserGroupView {
    /// Identifier, unique in its tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that it carries.
    pub permissions: Vec<String>,
    /// How many keys belong to it.
    pub keys: u32,
}

/// A user group to be added, or an existing one's new name and permissions.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UserGroupDraft {
    /// Identifier, of letters, digits and `. _ - : * /`; made from the name if `None`.
    pub id: Option<String>,
    /// What people call it.
    pub name: String,
    /// The permissions that it carries.
    pub permissions: Vec<String>,
}

/// Where a key would belong and what it would use: the question behind [`AccessView`].
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AccessQuery {
    /// Identifier of the tenant.
    pub tenant: String,
    /// Identifier of the organization.
    pub organization: Option<String>,
    /// Identifiers of the user groups.
    pub groups: Vec<String>,
    /// Identifiers of the API sets.
    pub api_sets: Vec<String>,
}

/// What a key may do, computed from its organization, its user groups and its API sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AccessView {
    /// Whether its API sets restrict nothing.
    pub everything: bool,
    /// Names of its API sets.
    pub api_sets: Vec<String>,
    /// Name of its organization.
    pub organization: Option<String>,
    /// Names of its user groups.
    pub groups: Vec<String>,
    /// Whether the tenant has user groups, so that permissions count.
    pub by_groups: bool,
    /// The permissions that count: those of its groups that its organization allows.
    pub permissions: Vec<Permission>,
    /// The permissions that a group carries and the organization holds back.
    pub withheld: Vec<Permission>,
}
