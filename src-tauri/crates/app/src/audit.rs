//! The audit log: who did what, when and why.

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::ports::EventFilter;
use crate::session::Session;
use crate::view;
use crate::wire::EventView;

/// The most lines of one answer.
pub const MAX_LINES: u32 = 1_000;

/// Lines of the audit log, newest first: those before the line `before`, since the moment `since`, at most `limit`
/// (and never more than [`MAX_LINES`]).
pub fn list(
    session: &Session,
    before: Option<u64>,
    since: Option<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<EventView>> {
    let filter = EventFilter { key: None, before, since, limit: limit.min(MAX_LINES) };
    let events = session.store.reading(|reader| reader.events(&filter))?;
    Ok(events.into_iter().map(view::event).collect())
}
