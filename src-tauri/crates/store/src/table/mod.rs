//! One file for each table: its rows, its reads and its writes.

pub(crate) mod api_set;
pub(crate) mod batch;
pub(crate) mod bundle;
pub(crate) mod event;
pub(crate) mod gap;
pub(crate) mod journal;
pub(crate) mod key;
pub(crate) mod key_change;
pub(crate) mod organization;
pub(crate) mod profile;
pub(crate) mod remote;
pub(crate) mod signing_key;
pub(crate) mod tenant;
pub(crate) mod turn;

use chrono::{DateTime, Utc};
use rusqlite::Row;

use crate::fault::{Result, damaged};

/// Names under which the values of an enumeration are stored. They never change.
macro_rules! stored_names {
    ($type:ty { $($value:ident = $name:literal),+ $(,)? }) => {
        /// As it is stored.
        pub(crate) fn name_of(value: $type) -> &'static str {
            match value { $(<$type>::$value => $name),+ }
        }

        /// As it was stored; anything else is damage.
        pub(crate) fn named(name: &str) -> crate::fault::Result<$type> {
            match name { $($name => Ok(<$type>::$value),)+ _ => Err(crate::fault::damaged().into()) }
        }
    };
}
pub(crate) use stored_names;

/// A column of whole seconds as an instant.
pub(crate) fn instant(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(row.get(column)?, 0).ok_or_else(|| damaged().into())
}

/// The same where there may be none.
pub(crate) fn instant_or_none(row: &Row<'_>, column: usize) -> Result<Option<DateTime<Utc>>> {
    let Some(seconds) = row.get::<_, Option<i64>>(column)? else { return Ok(None) };
    DateTime::from_timestamp(seconds, 0).map(Some).ok_or_else(|| damaged().into())
}

/// A stored number that cannot be negative.
pub(crate) fn unsigned(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| damaged().into())
}

/// A number for a column; what is beyond the column's range is beyond any profile too.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
