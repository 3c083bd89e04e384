use std::sync::Arc;

use crate::entry::Access;
use crate::ids::Handle;

/// What a bundle says about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The key may be used.
    Valid(Valid),
    /// The key may not be used.
    Refused(Refused),
}

/// A key that may be used, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// The public part of the key.
    pub handle: Handle,
    /// What it may do.
    pub access: Arc<Access>,
    /// The first second at which it is over.
    pub expires: Option<u64>,
    /// The sequence of the bundle that says so.
    pub sequence: u64,
}

/// A key that may not be used, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// The public part: of the key that was found, or of a text of Latchkey's own form.
    pub handle: Option<Handle>,
    /// The sequence of the bundle that says so.
    pub sequence: u64,
}

/// Why a key is refused. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Wrong form or checksum: mistyped, cut, or no key at all.
    Malformed,
    /// Well-formed, and not a key of this tenant.
    Unknown,
    /// Revoked.
    Revoked,
    /// Switched off.
    Disabled,
    /// Over.
    Expired,
    /// Not begun.
    NotYetValid,
    /// The key would be valid, but the bundle is too old to say so.
    BundleExpired,
}

impl Reason {
    /// Every one, in the order in which they are looked for.
    pub const ALL: [Self; 7] = [
        Self::Malformed,
        Self::Unknown,
        Self::Revoked,
        Self::Disabled,
        Self::Expired,
        Self::NotYetValid,
        Self::BundleExpired,
    ];

    /// The name in the description of the format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Revoked => "revoked",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::BundleExpired => "bundle-expired",
        }
    }
}
