use chrono::{DateTime, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::key::Key;

use crate::error::{Error, Result};
use crate::find;
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyView};

/// Switches a key off until [`enable`]. A key that is off stays so without a new event.
///
/// Fails with `not_now` for a revoked key.
pub fn disable(session: &Session, operator: &Operator, key: &str) -> Result<KeyView> {
    if let Some(key) = of_server(session, key)? {
        return remote::switch(session, operator, &key, false);
    }
    let now = session.now();
    switch(session, operator, key, EventKind::KeyDisabled, |key| key.disabled_at.get_or_insert(now) == &now, now)
}

/// Switches a key on again.
///
/// Fails with `not_now` for a revoked key.
pub fn enable(session: &Session, operator: &Operator, key: &str) -> Result<KeyView> {
    if let Some(key) = of_server(session, key)? {
        return remote::switch(session, operator, &key, true);
    }
    let now = session.now();
    switch(session, operator, key, EventKind::KeyEnabled, |key| key.disabled_at.take().is_some(), now)
}

/// The key, where it is a server that has to be asked for it.
///
/// Fails with `not_now` where it is revoked: no server is asked for that.
fn of_server(session: &Session, key: &str) -> Result<Option<Key>> {
    session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        let is_remote = remote::has(reader, &key)?;
        if is_remote && key.revoked_at.is_some() {
            return Err(revoked(&key));
        }
        Ok(is_remote.then_some(key))
    })
}

fn revoked(key: &Key) -> Error {
    Error::new(ErrorCode::NotNow, format!("{} is revoked, which is for good.", key.name))
        .hint("Generate a new key in its place.")
}

fn switch(
    session: &Session,
    operator: &Operator,
    key: &str,
    kind: EventKind,
    change: impl Fn(&mut Key) -> bool,
    now: DateTime<Utc>,
) -> Result<KeyView> {
    session.store.writing(|writer| {
        let mut key = find::key(writer, key)?;
        let tenant = find::tenant_of(writer, &key)?;
        if key.revoked_at.is_some() {
            return Err(revoked(&key));
        }
        if change(&mut key) {
            writer.update_key(&key)?;
            writer.add_event(&operator.key_event(now, kind, &tenant, &key))?;
        }
        Ok(view::key(key, &tenant, now))
    })
}
