//! Finishing or undoing at a start what was begun and not ended, and comparing the list with the vault.

use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::KeyDigest;

use crate::batch;
use crate::delivery;
use crate::error::Result;
use crate::find;
use crate::ports::{FileDelivery, JournalEntry, JournalStep, NewEvent};
use crate::rotation;
use crate::session::{Operator, Session};

/// Finishes or undoes what processes that are gone had begun, then compares the list with the vault.
///
/// Answers with how many operations still wait, because the vault is locked or cannot be reached. Call it at every
/// start and after an unlock.
pub fn at_start(session: &Session) -> Result<u32> {
    let own = session.instance.id();
    let mut waiting = 0;
    let (rotations, others): (Vec<_>, Vec<_>) =
        session.store.reading(|reader| reader.journal())?.into_iter().partition(JournalEntry::is_rotation);
    for entry in others.into_iter().filter(|entry| !entry.is_asking()) {
        if (entry.instance == own || session.instance.is_gone(&entry.instance)) && settle(session, &entry).is_err() {
            waiting += 1;
        }
    }
    batch::at_start(session)?;
    // Last, since it matters whether the successor was saved. This process's own ones wait for an open window.
    for entry in rotations.iter().filter(|entry| session.instance.is_gone(&entry.instance)) {
        if rotation::is_for_a_server(session, entry)? {
            continue;
        }
        if let Err(error) = settle(session, entry) {
            tracing::warn!(code = ?error.code(), "a rotation is settled at the next start");
        }
    }
    if !session.vault.is_locked()
        && let Err(error) = compare_with_vault(session)
    {
        tracing::warn!(code = ?error.code(), "the list could not be compared with the vault");
    }
    Ok(waiting)
}

/// How many operations were begun by processes that are gone, or by this one, and wait for the vault.
pub fn waiting(session: &Session) -> Result<u32> {
    let own = session.instance.id();
    let entries = session.store.reading(|reader| reader.journal())?;
    let waiting = entries.iter().filter(|entry| {
        !entry.is_rotation()
            && !entry.is_asking()
            && (entry.instance == own || session.instance.is_gone(&entry.instance))
    });
    Ok(u32::try_from(waiting.count()).unwrap_or(u32::MAX))
}

/// Takes out of the vault what this process has just said has to leave it. What cannot be done now stays written down.
pub(crate) fn finish_own(session: &Session) {
    let own = session.instance.id();
    let entries = session.store.reading(|reader| reader.journal()).unwrap_or_default();
    for entry in entries.iter().filter(|entry| entry.instance == own && entry.step == JournalStep::Discarding) {
        if let Err(error) = settle(session, entry) {
            tracing::warn!(code = ?error.code(), "a secret leaves the vault at the next start");
        }
    }
}

fn settle(session: &Session, entry: &JournalEntry) -> Result<()> {
    let key = session.store.reading(|reader| reader.key(entry.key))?;
    match (&entry.step, key) {
        (JournalStep::Generating { file }, _) => {
            session.vault.discard(entry.key)?;
            file.as_ref().map_or(Ok(()), delivery::drop_part)?;
            strike(session, entry, EventKind::SagaUndone, None, "generation")
        }
        (JournalStep::Delivering { file }, Some(key)) => deliver(session, entry, file, key),
        (JournalStep::Delivering { file }, None) => {
            delivery::drop_part(file)?;
            strike(session, entry, EventKind::SagaUndone, None, "download")
        }
        // Only a server can say, and a start asks none: the next refresh of the tenant does.
        (JournalStep::Asking { .. }, _) => Ok(()),
        (JournalStep::Rotating { overlap }, _) => rotation::settle(session, entry, overlap),
        (JournalStep::Keeping, Some(key)) if key.revoked_at.is_none() => keep(session, entry, key),
        (JournalStep::Keeping | JournalStep::Discarding, key) => {
            session.vault.discard(entry.key)?;
            crate::fault::point("discard.gone");
            strike(session, entry, EventKind::SecretDiscarded, key.as_ref(), "secret taken out of the vault")
        }
    }
}

/// The key is listed: a file that was written to the end gets its name where that is free, anything else goes.
fn deliver(session: &Session, entry: &JournalEntry, file: &FileDelivery, mut key: Key) -> Result<()> {
    let written = delivery::part_is_whole(file, &key.digest) && delivery::settle_new(file).is_ok();
    delivery::drop_part(file)?;
    let finished = written || delivery::target_is_whole(file, &key.digest);
    key.handed_over = finished || key.holding == Holding::Held;
    let kind = if finished { EventKind::SagaFinished } else { EventKind::SagaUndone };
    strike(session, entry, kind, Some(&key), "download")
}

/// The key is listed: a secret that arrived in the vault stays there, anything else goes.
fn keep(session: &Session, entry: &JournalEntry, mut key: Key) -> Result<()> {
    let arrived = session.vault.get(key.id)?.is_some_and(|secret| KeyDigest::of(secret.expose()) == key.digest);
    if arrived {
        key.holding = Holding::Held;
        key.handed_over = true;
        return strike(session, entry, EventKind::SagaFinished, Some(&key), "keeping");
    }
    session.vault.discard(key.id)?;
    strike(session, entry, EventKind::SagaUndone, Some(&key), "keeping")
}

fn strike(session: &Session, entry: &JournalEntry, kind: EventKind, key: Option<&Key>, what: &str) -> Result<()> {
    let now = session.now();
    let operator = Operator::start();
    session.store.writing(|writer| {
        writer.remove_journal(entry.key)?;
        let event = match key {
            Some(key) => {
                writer.update_key(key)?;
                operator.key_event(now, kind, &find::tenant_of(writer, key)?, key)
            }
            None => operator.event(now, kind),
        };
        writer.add_event(&NewEvent { detail: Some(what.to_owned()), ..event })
    })
}

/// Marks kept secrets that are gone from the vault, and takes out of the vault what no key of the list has.
fn compare_with_vault(session: &Session) -> Result<()> {
    let now = session.now();
    let operator = Operator::start();
    let before = session.store.reading(|reader| reader.keys_with_holding())?;
    if before.is_empty() {
        // A keychain that nobody has used yet is not woken up for nothing.
        return Ok(());
    }
    // The vault is read between the two looks at the list. What another process puts there has been in the journal since
    // before, so it is no orphan; what it has put there since is not in the first look, so it is not missing.
    let items = session.vault.items()?;
    let was_held = |id| before.iter().any(|key| key.id == id && key.holding == Holding::Held);
    let orphans = session.store.writing(|writer| {
        let keys = writer.keys_with_holding()?;
        for key in &keys {
            let there = items.contains(&key.id);
            let (holding, kind) = match (key.holding, there) {
                (Holding::Held, false) if was_held(key.id) => (Holding::Missing, EventKind::SecretMissing),
                (Holding::Missing, true) => (Holding::Held, EventKind::SecretKept),
                _ => continue,
            };
            let key = Key { holding, ..key.clone() };
            let tenant = find::tenant_of(writer, &key)?;
            writer.update_key(&key)?;
            writer.add_event(&operator.key_event(now, kind, &tenant, &key))?;
        }
        let journal = writer.journal()?;
        let credentials = writer.all_remote_credentials()?;
        let signing_keys = writer.signing_key_items()?;
        let known = |id| {
            keys.iter().any(|key| key.id == id)
                || journal.iter().any(|entry| entry.key == id)
                || credentials.iter().any(|credential| credential.item == id)
                || signing_keys.contains(&id)
        };
        Ok(items.iter().copied().filter(|&id| !known(id)).collect::<Vec<_>>())
    })?;
    for orphan in orphans {
        session.vault.discard(orphan)?;
        session.store.writing(|writer| {
            writer.add_event(&NewEvent {
                detail: Some("no key of the list has it".to_owned()),
                ..operator.event(now, EventKind::SecretDiscarded)
            })
        })?;
    }
    Ok(())
}
