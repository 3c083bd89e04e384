use serde::Serialize;

use super::KeyView;

/// What `verify` decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// The key may be used.
    Valid {
        /// The key.
        key: Box<KeyView>,
        /// What it may use.
        api_sets: Vec<String>,
        /// Whether its API sets restrict nothing.
        everything: bool,
        /// Its organization, where the tenant has them.
        organization: Option<String>,
        /// Its user groups, where the tenant has them.
        groups: Vec<String>,
        /// The permissions that count: those of its groups that its organization allows.
        permissions: Vec<String>,
        /// The tenant's newest change at that moment.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        sequence: u64,
    },
    /// The key may not be used.
    Refused {
        /// Why.
        reason: Refusal,
        /// The public part, where the key has the right form.
        handle: Option<String>,
        /// The tenant's newest change at that moment.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        sequence: u64,
    },
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Wrong form or checksum: mistyped, cut, or no key at all.
    Malformed,
    /// Well-formed, and not a key of this tenant.
    Unknown,
    /// Revoked.
    Revoked,
    /// Over.
    Expired,
    /// Switched off.
    Disabled,
    /// A successor took its place, and the overlap is over.
    Superseded,
    /// Not begun.
    NotYetValid,
    /// The key would be valid, but the bundle is too old to say so.
    BundleExpired,
}
