use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};

use super::{heir, pair, strike};
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::key::discard_soon;
use crate::ports::{NewEvent, Reader};
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyView};

/// Undoes a rotation: the old key gets its end back, and the successor is revoked; one that was never handed over is
/// deleted. All of it in one transaction.
///
/// `key` is the old key or its successor. Fails with `not_now` where no rotation was begun, where the old key is revoked,
/// and where the successor has a successor itself.
pub fn undo(session: &Session, operator: &Operator, key: &str) -> Result<KeyView> {
    let now = session.now();
    let of_server = session.store.reading(|reader| {
        let (old, successor) = pair(reader, key)?;
        Ok(if remote::has(reader, &successor)? { Some((old, successor)) } else { None })
    })?;
    if let Some((old, successor)) = of_server {
        return at_server(session, operator, &old, &successor);
    }
    let undone = session.store.writing(|writer| {
        let (mut key, mut successor) = pair(writer, key)?;
        let tenant = find::tenant_of(writer, &key)?;
        if key.revoked_at.is_some() {
            return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked, which is for good.", key.name))
                .hint("Its successor stays in its place."));
        }
        check_last(writer, &key, &successor)?;
        strike(writer, key.id)?;
        discard_soon(session, writer, &successor)?;
        if successor.handed_over {
            let reason = format!("the rotation of {} was undone", key.handle);
            successor.revoked_at = Some(now);
            successor.revoke_reason = Some(reason.clone());
            successor.holding = Holding::None;
            writer.update_key(&successor)?;
            let event = operator.key_event(now, EventKind::KeyRevoked, &tenant, &successor);
            writer.add_event(&NewEvent { reason: Some(reason), ..event })?;
        } else {
            writer.remove_key(successor.id)?;
            writer.add_event(&operator.key_event(now, EventKind::KeyDeleted, &tenant, &successor))?;
        }
        key.reinstate();
        writer.update_key(&key)?;
        let detail = format!("{} does not take its place", successor.handle);
        let event = operator.key_event(now, EventKind::RotationUndone, &tenant, &key);
        writer.add_event(&NewEvent { detail: Some(detail), ..event })?;
        Ok(view::key(key, &tenant, now))
    })?;
    fault::point("undo.listed");
    recover::finish_own(session);
    fault::point("undo.done");
    Ok(undone)
}

/// Fails where the successor has a successor itself.
fn check_last(reader: &dyn Reader, old: &Key, successor: &Key) -> Result<()> {
    if heir(reader, successor)?.is_none() {
        return Ok(());
    }
    let sentence = format!("The successor {} of {} has a successor itself.", successor.handle, old.name);
    Err(Error::new(ErrorCode::NotNow, sentence).hint("Undo that rotation first."))
}

/// The successor is revoked at its server; the old key was never touched there.
fn at_server(session: &Session, operator: &Operator, old: &Key, successor: &Key) -> Result<KeyView> {
    if old.revoked_at.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked, which is for good.", old.name))
            .hint("Its successor stays in its place."));
    }
    session.store.reading(|reader| check_last(reader, old, successor))?;
    remote::revoke(session, operator, successor, Some(&format!("the rotation of {} was undone", old.handle)))?;
    let now = session.now();
    session.store.writing(|writer| {
        let key = find::key(writer, &old.id.to_string())?;
        let tenant = find::tenant_of(writer, &key)?;
        strike(writer, key.id)?;
        let detail = format!("{} does not take its place", successor.handle);
        let event = operator.key_event(now, EventKind::RotationUndone, &tenant, &key);
        writer.add_event(&NewEvent { detail: Some(detail), ..event })?;
        Ok(view::key(key, &tenant, now))
    })
}
