//! The rotation of the window: between the successor and the retirement of the old key an operator saves a secret, and
//! the journal remembers what was chosen.

use std::sync::PoisonError;

use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::overlap::Overlap;

use super::{heir, retire, undo};
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{JournalEntry, JournalStep, Reader, Writer};
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, RotationOutcome, SettledRotation};

/// Writes down that a successor is about to be made for `old`, and how it is retired then.
///
/// Fails with `not_now` where something else is under way with this key.
pub(crate) fn note(session: &Session, old: &Key, overlap: &Overlap) -> Result<()> {
    session.store.writing(|writer| {
        if writer.journal()?.iter().any(|entry| entry.key == old.id) {
            return Err(Error::new(ErrorCode::NotNow, format!("Something else is under way with {}.", old.name))
                .hint("Close the other window of this key, or wait until the vault can be reached."));
        }
        writer.put_journal(&JournalEntry {
            key: old.id,
            step: JournalStep::Rotating { overlap: overlap.clone() },
            instance: session.instance.id().to_owned(),
            at: session.now(),
        })
    })?;
    fault::point("rotate.journaled");
    Ok(())
}

/// Strikes out what [`note`] wrote, if that is still what stands there.
pub(crate) fn strike(writer: &mut dyn Writer, old: KeyId) -> Result<()> {
    let stands = |entry: &JournalEntry| entry.key == old && matches!(entry.step, JournalStep::Rotating { .. });
    if writer.journal()?.iter().any(stands) { writer.remove_journal(old) } else { Ok(()) }
}

/// Ends the rotation of `old` as it was chosen: with a successor that was saved the old key is retired, without one the
/// rotation is undone. `None` where somebody else has ended it, or it never began.
///
/// Where the old key cannot be retired as chosen (any more), the rotation stays under way.
pub(crate) fn conclude(
    session: &Session,
    operator: &Operator,
    old: KeyId,
    overlap: &Overlap,
    saved: bool,
) -> Result<Option<RotationOutcome>> {
    let begun = session.store.reading(|reader| open(reader, old))?;
    let ended = match &begun {
        None => None,
        Some((_, heir)) if saved || heir.handed_over => {
            Some(retire(session, operator, &old.to_string(), overlap).map(|_| RotationOutcome::Resumed))
        }
        Some(_) => Some(undo(session, operator, &old.to_string()).map(|_| RotationOutcome::Undone)),
    };
    match ended {
        Some(Ok(outcome)) => Ok(Some(outcome)),
        Some(Err(error)) if !leaves_it_under_way(error.code()) => Err(error),
        left => {
            session.store.writing(|writer| strike(writer, old))?;
            Ok(left.map(|_| RotationOutcome::UnderWay))
        }
    }
}

/// What is chosen again, or asked of a server that could not be reached, waits for the operator.
fn leaves_it_under_way(code: ErrorCode) -> bool {
    use ErrorCode::{
        InvalidInput, NotNow, Offline, RemoteCredential, RemoteRefused, RemoteThrottled, RemoteUnreachable,
    };
    matches!(
        code,
        NotNow | InvalidInput | Offline | RemoteCredential | RemoteRefused | RemoteThrottled | RemoteUnreachable
    )
}

/// Settles what a process that is gone had noted. Told to the window by the session.
pub(crate) fn settle(session: &Session, entry: &JournalEntry, overlap: &Overlap) -> Result<()> {
    let begun = session.store.reading(|reader| {
        let begun = open(reader, entry.key)?;
        let waits = |heir: &Key| Ok::<_, Error>(reader.journal()?.iter().any(|other| other.key == heir.id));
        match begun {
            // Whether the secret arrived in the vault is not known before the vault can be asked.
            Some((_, heir)) if waits(&heir)? => Err(Error::new(ErrorCode::VaultLocked, "The vault is locked.")),
            begun => Ok(begun),
        }
    })?;
    let outcome = conclude(session, &Operator::start(), entry.key, overlap, false)?;
    if let Some(((old, _), outcome)) = begun.zip(outcome) {
        let settled = SettledRotation { key: old.id.to_string(), name: old.name, handle: old.handle, outcome };
        session.settled.lock().unwrap_or_else(PoisonError::into_inner).push(settled);
    }
    Ok(())
}

/// Whether a server has to be asked to settle a rotation: no start asks one, the next refresh of the tenant does.
pub(crate) fn is_for_a_server(session: &Session, entry: &JournalEntry) -> Result<bool> {
    session.store.reading(|reader| match open(reader, entry.key)? {
        Some((old, heir)) => Ok(remote::has(reader, &old)? || remote::has(reader, &heir)?),
        None => Ok(false),
    })
}

/// Settles what processes that are gone had noted of a tenant's keys, whose server can be asked now.
pub(crate) fn settle_at_server(session: &Session, tenant: TenantId) -> Result<()> {
    let entries = session.store.reading(|reader| {
        let mut entries = reader.journal()?;
        entries.retain(|entry| entry.is_rotation() && session.instance.is_gone(&entry.instance));
        let mut own = Vec::new();
        for entry in entries {
            if reader.key(entry.key)?.is_some_and(|key| key.tenant == tenant) {
                own.push(entry);
            }
        }
        Ok(own)
    })?;
    for entry in entries {
        let JournalStep::Rotating { overlap } = &entry.step else { continue };
        if let Err(error) = settle(session, &entry, overlap) {
            tracing::warn!(code = ?error.code(), "a rotation is settled at the next refresh");
        }
    }
    Ok(())
}

/// The old key and its successor, where the old one is not retired.
fn open(reader: &dyn Reader, old: KeyId) -> Result<Option<(Key, Key)>> {
    let Some(old) = reader.key(old)?.filter(|old| old.revoked_at.is_none() && old.superseded.is_none()) else {
        return Ok(None);
    };
    Ok(heir(reader, &old)?.map(|heir| (old, heir)))
}
