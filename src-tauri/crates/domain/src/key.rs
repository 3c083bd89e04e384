//! A key's record and where it stands.

use serde::{Deserialize, Serialize};

/// Where a key stands, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// May be used.
    Active,
    /// May be used, and ends within the tenant's warning window.
    Expiring,
    /// Over.
    Expired,
    /// Switched off, can be switched on again.
    Disabled,
    /// Ended for good.
    Revoked,
}

/// Whether the vault has the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// It was not kept.
    None,
    /// It is in the vault.
    Held,
    /// It was kept, and somebody took it out of the vault behind Latchkey's back.
    Missing,
}
