//! API sets: named groups of permissions a key may use.

/// An API set of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSet {
    /// Identifier, unique in its tenant (`files:read`).
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under.
    pub group: Option<String>,
}
