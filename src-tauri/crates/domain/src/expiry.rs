//! When a key ends: choices, and what a tenant allows of them.

use serde::Deserialize;

/// When a key is to end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expiration {
    /// Without an end.
    Never,
    /// So many days after generation.
    Days {
        /// 1 to 36 500.
        days: u32,
    },
    /// At the end of a day in UTC: the key may be used on that day and not on the next.
    Date {
        /// `YYYY-MM-DD`, as typed.
        date: String,
    },
}
