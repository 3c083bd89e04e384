use chrono::{DateTime, Utc};
use latchkey_domain::key::KeyStatus;
use serde::{Deserialize, Serialize};

use super::{Expiration, Overlap};

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

/// What a key may need for its rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RotationNeed {
    /// Its tenant wants it to be rotated by now.
    Due,
    /// Its successor is there and it is not retired.
    UnderWay,
}

/// What the operator chose for a rotation in the window.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RotationDraft {
    /// When the successor ends; `None` for as long a life as the old key was meant to have.
    pub expires: Option<Expiration>,
    /// How long both may be used, counted from the moment at which the successor is saved.
    pub overlap: Overlap,
}

/// What a rotation would make.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RotationPlan {
    /// When the successor would end if nobody chose; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// That the key of a Save window is to take another one's place.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Succession {
    /// The key whose place it takes.
    pub old: KeyLink,
    /// When that ends by itself, whatever the overlap; `None` for never.
    pub old_expires_at: Option<DateTime<Utc>>,
    /// How long both may be used, from the moment at which the window is closed.
    pub overlap: Overlap,
}

/// A rotation that a process left half-way, and what a start made of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SettledRotation {
    /// Identifier of the old key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its public part.
    pub handle: String,
    /// What became of it.
    pub outcome: RotationOutcome,
}

/// What became of a rotation that was left half-way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RotationOutcome {
    /// The successor was saved: the old key is retired as the operator had chosen.
    Resumed,
    /// Nobody had the successor: it is gone, and the old key stays as it was.
    Undone,
    /// It could not be ended as chosen: the operator has to.
    UnderWay,
}
