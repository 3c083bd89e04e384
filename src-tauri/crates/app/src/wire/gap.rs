use latchkey_domain::gap::Gap;
use serde::Serialize;

use super::KeyView;

/// Which usable keys of a tenant do not meet a policy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PolicyGaps {
    /// Keys that may be used now.
    pub usable: u32,
    /// Those that do not meet the policy.
    pub total: u32,
    /// Keys for each reason that there is; a key may have several.
    pub reasons: Vec<GapCount>,
    /// Some of the keys, oldest first.
    pub keys: Vec<GapKey>,
}

/// Keys that do not meet a policy for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct GapCount {
    /// The reason.
    pub gap: Gap,
    /// How many.
    pub keys: u32,
}

/// A key that does not meet a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct GapKey {
    /// The key.
    pub key: KeyView,
    /// Why not.
    pub gaps: Vec<Gap>,
}
