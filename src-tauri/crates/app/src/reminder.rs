//! Reminders keep up with time: keys grow due for rotation, begin to expire and end while nobody touches anything.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Result;
use crate::session::Session;

/// After so long everything is looked at again, whatever else is known: lists also say how long ago and how soon.
const AT_LEAST_EVERY: TimeDelta = TimeDelta::hours(1);
/// Somebody who comes back to the window sees nothing that is older than this.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// The next moment at which some key becomes due for rotation, enters its tenant's warning window or is over.
pub fn next(session: &Session) -> Result<Option<DateTime<Utc>>> {
    let now = session.now();
    session.store.reading(|reader| {
        let mut next: Option<DateTime<Utc>> = None;
        for tenant in reader.tenants()? {
            let turns = reader.turning(&tenant, now)?.into_iter().filter_map(|key| key.next_turn(&tenant.policy, now));
            next = turns.chain(next).min();
        }
        Ok(next)
    })
}

/// Notices when what a window shows is not so any more: somebody changed the profile, or a moment has come.
#[derive(Debug)]
pub struct Watch {
    version: Option<u64>,
    next: Option<DateTime<Utc>>,
    /// When it was last said, or begun.
    since: Option<DateTime<Utc>>,
}

impl Watch {
    /// Watches what changes from now on; `None` while there is no profile to ask, or it is locked. What changes until it
    /// can be asked cannot be told from what was there, so the first look after that finds something.
    #[must_use]
    pub fn new(session: Option<&Session>) -> Self {
        let version = session.and_then(|session| session.store.version().ok());
        Self { version, next: None, since: None }
    }

    /// Whether there is something new. `returned` says that somebody has just come back to the window.
    ///
    /// Cheap where nothing happened: it may be asked each second.
    pub fn look(&mut self, session: &Session, returned: bool) -> Result<bool> {
        let (version, now) = (session.store.version()?, session.now());
        let changed = self.version != Some(version);
        let is_stale = |since: DateTime<Utc>| {
            let patience = if returned { FRESH } else { AT_LEAST_EVERY };
            // A clock that was set back makes keys young again.
            now < since || now - since >= patience
        };
        let turned = self.next.is_some_and(|next| next <= now) || self.since.is_some_and(is_stale);
        if changed || turned || self.since.is_none() {
            self.next = next(session)?;
            self.version = Some(version);
            self.since = Some(now);
        }
        Ok(changed || turned)
    }
}
