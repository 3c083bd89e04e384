use chrono::{DateTime, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::overlap::Overlap;
use latchkey_domain::tenant::Tenant;

use super::{pair, strike};
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::key::discard_soon;
use crate::ports::{NewEvent, Reader, Writer};
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyView};

/// Retires the old key of a rotation: both keys may be used until the overlap is over, or the old one's own end comes.
///
/// Without an overlap the old key is revoked at once, which is for good, and its secret leaves the vault. A key in its
/// overlap may be given another one. `key` is the old key or its successor. Fails with `not_now` where no rotation was
/// begun, the successor cannot be used, or the old key is revoked; with `invalid_input` on `overlap`.
pub fn retire(session: &Session, operator: &Operator, key: &str, overlap: &Overlap) -> Result<KeyView> {
    let now = session.now();
    let end = overlap.end(now)?;
    if let Some(old) = session.store.reading(|reader| of_server(reader, key))? {
        return at_server(session, operator, old, overlap);
    }
    let retired = session.store.writing(|writer| {
        let (old, successor) = pair(writer, key)?;
        let tenant = find::tenant_of(writer, &old)?;
        Ok(view::key(retire_in(session, operator, writer, &tenant, old, &successor, end)?, &tenant, now))
    })?;
    fault::point("retire.listed");
    recover::finish_own(session);
    fault::point("retire.done");
    Ok(retired)
}

/// Retires a key within a transaction; `end` is when its overlap is over. What has to leave the vault is written down.
pub(crate) fn retire_in(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    mut key: Key,
    successor: &Key,
    end: Option<DateTime<Utc>>,
) -> Result<Key> {
    let now = session.now();
    if key.revoked_at.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked already.", key.name)));
    }
    check_usable(&key, successor, now)?;
    strike(writer, key.id)?;
    let after = format!("rotated: {} takes its place", successor.handle);
    let event = if let Some(end) = end {
        key.supersede(now, end);
        let until = key.expires_at.unwrap_or(end).format("%Y-%m-%d %H:%M UTC");
        let detail = format!("{} takes its place; usable until {until}", successor.handle);
        NewEvent { detail: Some(detail), ..operator.key_event(now, EventKind::KeySuperseded, tenant, &key) }
    } else {
        discard_soon(session, writer, &key)?;
        key.revoked_at = Some(now);
        key.revoke_reason = Some(after.clone());
        key.holding = Holding::None;
        NewEvent { reason: Some(after), ..operator.key_event(now, EventKind::KeyRevoked, tenant, &key) }
    };
    writer.update_key(&key)?;
    writer.add_event(&event)?;
    Ok(key)
}

/// Fails where the old key of a rotation could not be retired with this overlap, so that it is told before a successor is
/// made: with `invalid_input` on `overlap`, or with `not_now` for a key whose server knows none.
pub fn check_overlap(session: &Session, key: &str, overlap: &Overlap) -> Result<()> {
    overlap.end(session.now())?;
    session.store.reading(|reader| {
        let old = find::key(reader, key)?;
        if remote::has(reader, &old)? { check_known(&old, overlap) } else { Ok(()) }
    })
}

fn check_known(old: &Key, overlap: &Overlap) -> Result<()> {
    if *overlap == Overlap::None {
        return Ok(());
    }
    Err(Error::new(ErrorCode::NotNow, format!("The server of {} knows no overlap.", old.name))
        .hint("Both keys work until the rotation is finished: prepare it, put the new key in place, then retire the old one without an overlap."))
}

/// Fails where the successor cannot take the old key's place.
fn check_usable(old: &Key, successor: &Key, now: DateTime<Utc>) -> Result<()> {
    if successor.status(now, 0).is_usable() {
        return Ok(());
    }
    let sentence = format!("The successor {} of {} cannot be used.", successor.handle, old.name);
    Err(Error::new(ErrorCode::NotNow, sentence).hint("Enable it or give it a later end first."))
}

/// The old key and its successor, where it is a server that has to be asked for them.
fn of_server(reader: &dyn Reader, key: &str) -> Result<Option<(Key, Key)>> {
    let (old, successor) = pair(reader, key)?;
    Ok(if remote::has(reader, &old)? { Some((old, successor)) } else { None })
}

/// No server knows an overlap: the old key works until somebody revokes it, which is what ends the rotation.
fn at_server(session: &Session, operator: &Operator, pair: (Key, Key), overlap: &Overlap) -> Result<KeyView> {
    let (old, successor) = pair;
    check_known(&old, overlap)?;
    if old.revoked_at.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked already.", old.name)));
    }
    check_usable(&old, &successor, session.now())?;
    // The old key would be gone for good, and nobody would have one that works.
    if !successor.handed_over {
        let sentence = format!("The text of the successor {} of {} reached nobody.", successor.handle, old.name);
        return Err(Error::new(ErrorCode::NotNow, sentence).hint("Undo the rotation and begin it again."));
    }
    let reason = format!("rotated: {} takes its place", successor.handle);
    let retired = remote::revoke(session, operator, &old, Some(&reason))?;
    session.store.writing(|writer| strike(writer, old.id))?;
    Ok(retired)
}
