//! Organizations and user groups, for tenants that have them.

/// An organization of a tenant: a key belongs to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Identifier, unique in its tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that its keys can have at most; `None` for all.
    pub permissions: Option<Vec<String>>,
}

/// A user group of a tenant: a key belongs to one or more, and has their permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserGroup {
    /// Identifier, unique in its tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that it carries.
    pub permissions: Vec<String>,
}
