//! Rotation: a successor takes a key's place.
//!
//! Nothing is written down about a rotation but what its keys say: the successor names its predecessor, and the old key
//! is superseded or revoked once it is retired. So a rotation that was left half-way is seen at any later time. The window
//! goes further: it notes in the journal how the old key is to be retired, and a start does that in its place.

mod begin;
mod due;
mod lineage;
mod retire;
mod settle;
mod undo;

use latchkey_domain::key::Key;

pub(crate) use begin::may_begin;
pub use begin::{begin, can_begin, plan};
pub use due::due;
pub(crate) use lineage::{Mark, lineage, link, mark};
pub(crate) use retire::retire_in;
pub use retire::{check_overlap, retire};
pub(crate) use settle::{conclude, is_for_a_server, note, settle, settle_at_server, strike};
pub use undo::undo;

use crate::error::{Error, Result};
use crate::find;
use crate::ports::Reader;
use crate::wire::ErrorCode;

/// The successor of a key that may still take its place: a revoked one does not.
pub(crate) fn heir(reader: &dyn Reader, key: &Key) -> Result<Option<Key>> {
    Ok(reader.successor(key.id)?.filter(|heir| heir.revoked_at.is_none()))
}

/// The old key and its successor, where `key` names either of them.
fn pair(reader: &dyn Reader, key: &str) -> Result<(Key, Key)> {
    let key = find::key(reader, key)?;
    if let Some(heir) = heir(reader, &key)? {
        return Ok((key, heir));
    }
    let before = match key.succeeds {
        Some(before) if key.revoked_at.is_none() => reader.key(before)?,
        _ => None,
    };
    before.map(|before| (before, key.clone())).ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("No rotation of {} was begun.", key.name))
            .hint("Begin one: `latchkey key rotate`.")
    })
}
