use latchkey_domain::expiry::Expiration;
use serde::{Deserialize, Serialize};

use super::{KeyQuery, KeyView};

/// Several keys at once.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KeySelection {
    /// These.
    Keys {
        /// Identifiers, or handles, or unique names.
        keys: Vec<String>,
    },
    /// All that a query finds, whatever its page, but a few.
    Found {
        /// The query.
        query: KeyQuery,
        /// Identifiers of those to leave out.
        except: Vec<String>,
    },
}

/// What is done to several keys at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkAction {
    /// Switch off those that are on.
    Disable,
    /// Switch on those that are off.
    Enable,
    /// End for good.
    Revoke {
        /// Why.
        reason: Option<String>,
    },
    /// Give a later end; a key that has a later one keeps it.
    Extend {
        /// The end.
        expires: Expiration,
    },
    /// File under tags, and no longer under others.
    Tag {
        /// Tags to add.
        add: Vec<String>,
        /// Tags to take away.
        remove: Vec<String>,
    },
}

/// What an action on several keys would do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BulkPreview {
    /// Keys that are chosen.
    pub chosen: u32,
    /// Those that change.
    pub changing: u32,
    /// Those that may be used now and may not afterwards.
    pub losing: u32,
    /// Those that may be used afterwards and may not now.
    pub gaining: u32,
    /// The first of those that lose access, or else of those that change.
    pub first: Vec<KeyView>,
}

/// What an action on several keys has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BulkDone {
    /// Keys that changed.
    pub changed: u32,
    /// Keys that were chosen and stayed as they were.
    pub unchanged: u32,
    /// Whether it can be undone.
    pub undoable: bool,
}
