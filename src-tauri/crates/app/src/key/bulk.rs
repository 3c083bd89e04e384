//! One action on several keys, in one transaction.

use chrono::{DateTime, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::revoke::ELSEWHERE;
use super::{discard_soon, draft, selection};
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{BulkAction, BulkDone, BulkPreview, ErrorCode, KeySelection};

/// How many keys a preview names.
const NAMED: usize = 5;

/// What was before an action, so that it can be undone. It says nothing of any secret.
#[derive(Debug, Default)]
pub struct BulkUndo {
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    key: KeyId,
    before: Part,
    after: Part,
}

/// The part of a key that actions which can be undone change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    disabled_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    tags: Vec<String>,
}

impl Part {
    fn of(key: &Key) -> Self {
        Self { disabled_at: key.disabled_at, expires_at: key.expires_at, tags: key.tags.clone() }
    }
}

/// Says what an action would do. Nothing is changed.
///
/// Fails as [`run`] does.
pub fn preview(session: &Session, selection: &KeySelection, action: &BulkAction) -> Result<BulkPreview> {
    let now = session.now();
    session.store.reading(|reader| {
        let mut preview = BulkPreview { chosen: 0, changing: 0, losing: 0, gaining: 0, first: Vec::new() };
        let (mut losing, mut changing) = (Vec::new(), Vec::new());
        let mut tenants = Tenants::default();
        for id in chosen(reader, selection, now)? {
            let Some(before) = reader.key(id)? else { continue };
            preview.chosen += 1;
            let tenant = tenants.of(reader, &before)?;
            let Some(after) = changed(reader, action, &before, tenant, now)? else { continue };
            preview.changing += 1;
            let usable = |key: &Key| key.status(now, 0).is_usable();
            let (is, will_be) = (usable(&before), usable(&after));
            if is && !will_be {
                preview.losing += 1;
                if losing.len() < NAMED {
                    losing.push(view::key(before, tenant, now));
                }
            } else {
                preview.gaining += u32::from(!is && will_be);
                if changing.len() < NAMED {
                    changing.push(view::key(before, tenant, now));
                }
            }
        }
        preview.first = if losing.is_empty() { changing } else { losing };
        Ok(preview)
    })
}

/// Does something to several keys, all of it or nothing; each key's history tells it. Keys of remote tenants come first, one
/// by one, since no server does several at once.
///
/// Keys that are so already, and revoked ones, stay as they are. Fails with `invalid_input` on `expires`, `tags`, `name`
/// or `reason` where one of the keys cannot take it. Revoking cannot be undone.
pub fn run(
    session: &Session,
    operator: &Operator,
    selection: &KeySelection,
    action: &BulkAction,
) -> Result<(BulkDone, BulkUndo)> {
    let now = session.now();
    let reason = match action {
        BulkAction::Revoke { reason } => text::reason(reason.as_deref())?,
        _ => None,
    };
    let asked = ask_servers(session, operator, selection, action, reason.as_deref())?;
    let done = session.store.writing(|writer| {
        let mut undo = BulkUndo::default();
        let mut done = BulkDone { changed: asked, unchanged: 0, undoable: false };
        let mut tenants = Tenants::default();
        for id in chosen(writer, selection, now)? {
            let Some(before) = writer.key(id)? else { continue };
            let tenant = tenants.of(writer, &before)?;
            let Some(after) = changed(writer, action, &before, tenant, now)? else {
                done.unchanged += 1;
                continue;
            };
            if after.revoked_at.is_some() {
                discard_soon(session, writer, &before)?;
            } else {
                undo.changes.push(Change { key: id, before: Part::of(&before), after: Part::of(&after) });
            }
            let elsewhere = after.revoked_at.is_some() && remote::ends_elsewhere(session, writer, &before)?;
            writer.update_key(&after)?;
            writer.add_event(&NewEvent {
                detail: if elsewhere { Some(ELSEWHERE.to_owned()) } else { told(&before, &after) },
                reason: reason.clone(),
                ..operator.key_event(now, kind(action), tenant, &after)
            })?;
            done.changed += 1;
        }
        done.unchanged -= done.unchanged.min(asked);
        done.undoable = !undo.changes.is_empty();
        Ok((done, undo))
    })?;
    if matches!(action, BulkAction::Revoke { .. }) {
        recover::finish_own(session);
    }
    Ok(done)
}

/// Asks the servers of remote tenants' keys first, one key after the other; answers with how many changed.
///
/// No server does several at once: where one fails, what was done before stays done, and is in the log.
fn ask_servers(
    session: &Session,
    operator: &Operator,
    selection: &KeySelection,
    action: &BulkAction,
    reason: Option<&str>,
) -> Result<u32> {
    if matches!(action, BulkAction::Tag { .. }) {
        return Ok(0);
    }
    let now = session.now();
    let changing = session.store.reading(|reader| {
        let mut changing = Vec::new();
        let mut tenants = Tenants::default();
        for id in chosen(reader, selection, now)? {
            let Some(key) = reader.key(id)? else { continue };
            if remote::has(reader, &key)? && changed(reader, action, &key, tenants.of(reader, &key)?, now)?.is_some() {
                changing.push(key);
            }
        }
        Ok(changing)
    })?;
    for key in &changing {
        match action {
            BulkAction::Disable => remote::switch(session, operator, key, false).map(drop)?,
            BulkAction::Enable => remote::switch(session, operator, key, true).map(drop)?,
            BulkAction::Revoke { .. } => remote::revoke(session, operator, key, reason).map(drop)?,
            BulkAction::Extend { .. } => {
                return Err(Error::new(ErrorCode::NotNow, format!("The end of {} is the server's to say.", key.name))
                    .hint("Leave keys of remote tenants out; rotate them instead."));
            }
            BulkAction::Tag { .. } => {}
        }
    }
    Ok(u32::try_from(changing.len()).unwrap_or(u32::MAX))
}

/// Gives the keys back what an action changed. A key that somebody has changed since stays as it is.
pub fn undo(session: &Session, operator: &Operator, undo: &BulkUndo) -> Result<BulkDone> {
    let now = session.now();
    session.store.writing(|writer| {
        let mut done = BulkDone { changed: 0, unchanged: 0, undoable: false };
        let mut tenants = Tenants::default();
        for change in &undo.changes {
            let found = writer.key(change.key)?;
            let Some(key) = found.filter(|key| key.revoked_at.is_none() && Part::of(key) == change.after) else {
                done.unchanged += 1;
                continue;
            };
            let tenant = tenants.of(writer, &key)?;
            let Part { disabled_at, expires_at, tags } = change.before.clone();
            let after = Key { disabled_at, expires_at, tags, ..key.clone() };
            let kind = match (key.disabled_at, disabled_at) {
                (None, Some(_)) => EventKind::KeyDisabled,
                (Some(_), None) => EventKind::KeyEnabled,
                _ => EventKind::KeyEdited,
            };
            let detail = told(&key, &after).map_or_else(|| "undone".to_owned(), |change| format!("undone: {change}"));
            writer.update_key(&after)?;
            writer.add_event(&NewEvent { detail: Some(detail), ..operator.key_event(now, kind, tenant, &after) })?;
            done.changed += 1;
        }
        Ok(done)
    })
}

/// The keys of a selection, all of them before the first changes: what is changed may not be found any more.
fn chosen(reader: &dyn Reader, selection: &KeySelection, now: DateTime<Utc>) -> Result<Vec<KeyId>> {
    let mut ids = Vec::new();
    selection::each(reader, selection, now, |key| {
        ids.push(key.id);
        Ok(())
    })?;
    Ok(ids)
}

/// The key as the action leaves it, or `None` where it stays as it is.
fn changed(
    reader: &dyn Reader,
    action: &BulkAction,
    before: &Key,
    tenant: &Tenant,
    now: DateTime<Utc>,
) -> Result<Option<Key>> {
    if before.revoked_at.is_some() {
        return Ok(None);
    }
    let mut after = before.clone();
    match action {
        BulkAction::Disable => after.disabled_at = after.disabled_at.or(Some(now)),
        BulkAction::Enable => after.disabled_at = None,
        BulkAction::Revoke { reason } => {
            after.revoked_at = Some(now);
            after.revoke_reason = text::reason(reason.as_deref())?;
            after.holding = Holding::None;
        }
        BulkAction::Extend { expires } => {
            let end = tenant.conventions.resolve(expires, now, &tenant.policy)?;
            let is_later = match (before.expires_at, end) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(is), Some(will_be)) => will_be > is,
            };
            // The end of a key with a successor is that of its overlap.
            if is_later && before.superseded.is_none() {
                if before.expires_at.is_some_and(|end| end <= now) {
                    draft::name_free(reader, tenant, &before.name, Some(before.id), now)?;
                }
                after.expires_at = end;
            }
        }
        BulkAction::Tag { add, remove } => {
            let remove = text::tags(remove)?;
            let all: Vec<String> = before.tags.iter().filter(|tag| !remove.contains(tag)).chain(add).cloned().collect();
            after.tags = text::tags(&all)?;
        }
    }
    Ok((after != *before).then_some(after))
}

fn kind(action: &BulkAction) -> EventKind {
    match action {
        BulkAction::Disable => EventKind::KeyDisabled,
        BulkAction::Enable => EventKind::KeyEnabled,
        BulkAction::Revoke { .. } => EventKind::KeyRevoked,
        BulkAction::Extend { .. } | BulkAction::Tag { .. } => EventKind::KeyEdited,
    }
}

/// What changed of end and tags, in words.
fn told(before: &Key, after: &Key) -> Option<String> {
    let shown = |end: Option<DateTime<Utc>>| {
        end.map_or_else(|| "never".to_owned(), |end| end.format("%Y-%m-%d %H:%M UTC").to_string())
    };
    let end = (before.expires_at != after.expires_at)
        .then(|| format!("expires: {} → {}", shown(before.expires_at), shown(after.expires_at)));
    let tags =
        (before.tags != after.tags).then(|| format!("tags: {} → {}", before.tags.join(", "), after.tags.join(", ")));
    let changes: Vec<_> = [end, tags].into_iter().flatten().collect();
    (!changes.is_empty()).then(|| changes.join("; "))
}

/// The tenants of the keys, each read once.
#[derive(Default)]
struct Tenants(std::collections::HashMap<TenantId, Tenant>);

impl Tenants {
    fn of(&mut self, reader: &dyn Reader, key: &Key) -> Result<&Tenant> {
        use std::collections::hash_map::Entry;
        match self.0.entry(key.tenant) {
            Entry::Occupied(found) => Ok(found.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(find::tenant_of(reader, key)?)),
        }
    }
}
