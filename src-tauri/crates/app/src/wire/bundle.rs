use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Refusal;

/// What verifiers are told of a tenant, so that they believe its bundles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PublicKeyView {
    /// The tenant's name.
    pub tenant: String,
    /// The tenant's identifier.
    pub tenant_id: String,
    /// As minisign writes it, in base64.
    pub public_key: String,
    /// The key number that minisign prints: it says which key is meant and proves nothing.
    pub number: String,
    /// What people compare.
    pub fingerprint: String,
    /// When the key was made.
    pub made_at: DateTime<Utc>,
}

/// What is to be exported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BundleDraft {
    /// The tenant, by name or identifier.
    pub tenant: String,
    /// Only what has changed since the bundle of this sequence; `None` for all keys.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub since: Option<u64>,
    /// How long it is good for, as `12h` or `35d`; `None` for the default.
    pub valid_for: Option<String>,
    /// Raises the tenant's sequence over this one, the newest that services have: for a profile out of a backup.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub above: Option<u64>,
}

/// Which kind of bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BundleKind {
    /// It has all keys.
    Full,
    /// It has what has changed since another one.
    Delta,
}

/// A bundle that was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BundleExported {
    /// The tenant's name.
    pub tenant: String,
    /// Where it is; `None` for one that was shown as QR codes.
    pub path: Option<String>,
    /// Where its signature is.
    pub signature: Option<String>,
    /// Whether it has all keys.
    pub kind: BundleKind,
    /// The tenant's newest change that is in it.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// Since when, for a delta.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub base: Option<u64>,
    /// When it was exported.
    pub issued_at: DateTime<Utc>,
    /// From when on no key is valid by it.
    pub expires_at: DateTime<Utc>,
    /// How many keys are in the file.
    pub keys: u32,
    /// How many keys a delta takes away.
    pub removed: u32,
    /// How many keys a service has with it.
    pub total: u32,
    /// Handles of the keys that stay here: somebody may have chosen them, so their digest does not leave.
    pub left_out: Vec<String>,
    /// How many bytes it has.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub size: u64,
    /// What people compare of the public key.
    pub fingerprint: String,
}

/// What left the building of a tenant, and what has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BundleState {
    /// What verifiers are told; `None` for a tenant that never signed anything.
    pub public_key: Option<PublicKeyView>,
    /// Whether that key has the endorsement of the one before.
    pub endorsed: bool,
    /// The tenant's newest change.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// Whether anything has changed since the newest export.
    pub changed: bool,
    /// The newest exports, newest first.
    pub exports: Vec<ExportView>,
    /// How many keys in use are in no bundle yet.
    pub keys_in_none: u32,
    /// How many keys were disabled, revoked or deleted, and services take them for valid.
    pub ends_untold: u32,
    /// How many keys never go into a bundle.
    pub left_out: u32,
}

/// An export of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ExportView {
    /// The tenant's newest change that is in it.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// Since when, for a delta.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub base: Option<u64>,
    /// When it was exported.
    pub issued_at: DateTime<Utc>,
    /// From when on no key is valid by it.
    pub expires_at: DateTime<Utc>,
    /// How many keys a service has with it.
    pub keys: u32,
    /// The file's name; empty for one that was shown as QR codes.
    pub file: String,
    /// Whether a delta may be since it: none is from before a new signing key, or a raised sequence.
    pub may_be_base: bool,
}

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleInspection {
    /// Whether its signature was checked: otherwise nothing of it is to be believed.
    pub checked: bool,
    /// What people compare of the public key that it was checked with.
    pub fingerprint: Option<String>,
    /// The tenant's name.
    pub tenant: String,
    /// The tenant's identifier.
    pub tenant_id: String,
    /// Whether it has all keys.
    pub kind: BundleKind,
    /// The tenant's newest change that is in it.
    pub sequence: u64,
    /// Since when, for a delta.
    pub base: Option<u64>,
    /// When it was exported.
    pub issued_at: DateTime<Utc>,
    /// From when on no key is valid by it.
    pub expires_at: DateTime<Utc>,
    /// How many keys are in the file.
    pub keys: u32,
    /// How many of them nobody has ended; time may have.
    pub active: u32,
    /// How many of them are switched off.
    pub disabled: u32,
    /// How many of them are revoked.
    pub revoked: u32,
    /// How many keys a delta takes away.
    pub removed: u32,
    /// How many keys a service has with it.
    pub total: u32,
    /// Whether it may have keys whose text has none of the known forms.
    pub foreign: bool,
    /// How many bytes it has.
    pub size: u64,
}

/// What a bundle decides about a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum BundleDecision {
    /// The key may be used.
    Valid {
        /// What a bundle knows of it.
        key: DecidedKey,
        /// What it may use.
        api_sets: Vec<String>,
        /// Whether its API sets restrict nothing.
        everything: bool,
        /// Its organization.
        organization: Option<String>,
        /// Its user groups.
        groups: Vec<String>,
        /// The permissions that count.
        permissions: Vec<String>,
        /// The sequence of the bundle that says so.
        sequence: u64,
    },
    /// The key may not be used.
    Refused {
        /// Why.
        reason: Refusal,
        /// The public part, where the key has the right form.
        handle: Option<String>,
        /// The sequence of the bundle that says so.
        sequence: u64,
    },
}

/// What a bundle knows of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecidedKey {
    /// The public part.
    pub handle: String,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}
