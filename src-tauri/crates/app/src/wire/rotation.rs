use chrono::{DateTime, Utc};
use latchkey_domain::key::KeyStatus;
use serde::Serialize;

/// Another key, as a link to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyLink {
    /// Identifier.
    pub id: String,
    /// The public part of the key.
    pub handle: String,
    /// The key as lists show it.
    pub display: String,
    /// Where it stands.
    pub status: KeyStatus,
}

/// Which key a key succeeded, which one succeeds it, and how far that went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Lineage {
    /// The key that it was made to succeed, if the list still has it.
    pub predecessor: Option<KeyLink>,
    /// The newest key that was made to succeed it.
    pub successor: Option<KeyLink>,
    /// How far the rotation of this key went; `None` where no successor that may be used takes its place.
    pub stage: Option<RotationStage>,
    /// When the key would end if the rotation were undone, while it is superseded; `None` for never.
    pub ends_before: Option<DateTime<Utc>>,
    /// Whether the tenant wants the key to be rotated by now.
    pub due: bool,
}

/// How far a rotation went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RotationStage {
    /// The successor is there and the old key is not retired: to be resumed or undone.
    UnderWay,
    /// The old key is superseded: both may be used until its end. To be undone.
    Overlap,
    /// The overlap is over. To be undone.
    Over,
    /// The old key was revoked.
    Done,
}
