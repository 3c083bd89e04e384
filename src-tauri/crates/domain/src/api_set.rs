//! API sets: named groups of permissions a key may use.

use chrono::{DateTime, Utc};

/// An API set of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSet {
    /// Identifier, unique in its tenant (`files:read`).
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under.
    pub group: Option<String>,
    /// What it opens, in words.
    pub description: String,
    /// Since when new keys cannot choose it; keys that have it keep it.
    pub retired_at: Option<DateTime<Utc>>,
}
