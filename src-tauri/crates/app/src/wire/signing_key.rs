use chrono::{DateTime, Utc};
use serde::Serialize;

use super::PublicKeyView;

/// A tenant's new signing key, which the one before endorsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SigningKeyRotated {
    /// What signs from now on.
    pub key: PublicKeyView,
    /// What tells services so.
    pub written: EndorsementWritten,
}

/// A tenant's new signing key, which nothing endorsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SigningKeyReplaced {
    /// What signs from now on.
    pub key: PublicKeyView,
    /// What signed until now.
    pub before: PublicKeyView,
}

/// An endorsement in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EndorsementWritten {
    /// The tenant's name.
    pub tenant: String,
    /// Where it is.
    pub path: String,
    /// Where its signature is.
    pub signature: String,
    /// The tenant's sequence when it was made.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// The number of the key that it endorses.
    pub number: String,
    /// What people compare of that key.
    pub fingerprint: String,
}

/// A key that a tenant signed with before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormerKeyView {
    /// The key number that minisign prints.
    pub number: String,
    /// What people compare.
    pub fingerprint: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When the next one took its place.
    pub ended_at: DateTime<Utc>,
    /// Whether it endorsed the next one; it was lost otherwise.
    pub endorsed_next: bool,
}
