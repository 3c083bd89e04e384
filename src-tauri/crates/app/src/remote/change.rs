use chrono::Utc;
use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::tenant::Tenant;

use super::{OwnedSite, site};
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{Failure, NewEvent, Outcome, RemoteChange, Watch, Writer};
use crate::recover;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyView};

/// Switches a key on or off at the server, then in the list.
pub(crate) fn switch(session: &Session, operator: &Operator, key: &Key, on: bool) -> Result<KeyView> {
    let (tenant, site, id) = reach(session, key)?;
    site.ask(session, |at| session.connectors.switch(at, &id, on, &Watch::default())).map_err(said)?;
    fault::point("tell.answered");
    let now = session.now();
    let kind = if on { EventKind::KeyEnabled } else { EventKind::KeyDisabled };
    note(session, operator, &tenant, key, kind, None, |_, key| {
        key.disabled_at = if on { None } else { key.disabled_at.or(Some(now)) };
        Ok(())
    })
}

/// Revokes a key at the server, then in the list, and takes its secret out of the vault.
///
/// A key that the server does not have any more is revoked. Where the server cannot be reached nothing changes: the key
/// would go on to work.
pub(crate) fn revoke(session: &Session, operator: &Operator, key: &Key, reason: Option<&str>) -> Result<KeyView> {
    let (tenant, site, id) = reach(session, key)?;
    site.ask(session, |at| session.connectors.revoke(at, &id, &Watch::default())).map_err(said)?;
    fault::point("tell.answered");
    let now = session.now();
    let revoked = note(session, operator, &tenant, key, EventKind::KeyRevoked, reason, |writer, key| {
        crate::key::discard_soon(session, writer, key)?;
        key.revoked_at = Some(now);
        key.revoke_reason = reason.map(str::to_owned);
        key.holding = Holding::None;
        Ok(())
    })?;
    recover::finish_own(session);
    Ok(revoked)
}

/// Asks the server for what it keeps of a change: name, description and API sets. The rest is Latchkey's own.
///
/// Fails with `not_now` for another end: no server lets it be changed.
pub(crate) fn edit(session: &Session, before: &Key, after: &Key) -> Result<()> {
    if before.expires_at != after.expires_at {
        return Err(Error::new(ErrorCode::NotNow, format!("The end of {} is the server's to say.", before.name))
            .hint("Rotate the key: its successor can have another end."));
    }
    let changed = |before: &String, after: &String| (before != after).then(|| after.clone());
    let change = RemoteChange {
        name: changed(&before.name, &after.name),
        description: changed(&before.description, &after.description),
        api_sets: (before.api_sets != after.api_sets).then(|| after.api_sets.clone()),
    };
    if change.name.is_none() && change.api_sets.is_none() {
        return Ok(());
    }
    let (_, site, id) = reach(session, before)?;
    site.ask(session, |at| session.connectors.update(at, &id, &change, &Watch::default())).map_err(said)?;
    fault::point("tell.answered");
    Ok(())
}

/// The server of a key, and what it calls the key by.
fn reach(session: &Session, key: &Key) -> Result<(Tenant, OwnedSite, String)> {
    let (tenant, known) =
        session.store.reading(|reader| Ok((crate::find::tenant_of(reader, key)?, reader.remote_key(key.id)?)))?;
    let id = known.and_then(|known| known.id).ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("The server does not tell of {}.", key.name))
            .hint("Do it in the vendor's own pages; `latchkey connector show` has the steps.")
    })?;
    let site = site(session, &tenant)?;
    Ok((tenant, site, id))
}

/// A failure, with what it means for the key.
fn said(Failure { error, outcome, .. }: Failure) -> Error {
    match outcome {
        Outcome::NotDone => error,
        // All changes of this kind can be asked for again: they say what the key is to be.
        Outcome::Unknown => error.hint("It may have been done nevertheless: try again, or refresh the tenant."),
    }
}

fn note(
    session: &Session,
    operator: &Operator,
    tenant: &Tenant,
    key: &Key,
    kind: EventKind,
    reason: Option<&str>,
    change: impl Fn(&mut dyn Writer, &mut Key) -> Result<()>,
) -> Result<KeyView> {
    let now: chrono::DateTime<Utc> = session.now();
    let noted = session.store.writing(|writer| {
        // The server has said yes: whatever else has happened meanwhile stays.
        let mut key = crate::find::key(writer, &key.id.to_string())?;
        change(writer, &mut key)?;
        writer.update_key(&key)?;
        writer.add_event(&NewEvent {
            reason: reason.map(str::to_owned),
            detail: Some("at the server".to_owned()),
            ..operator.key_event(now, kind, tenant, &key)
        })?;
        Ok(view::key(key, tenant, now))
    })?;
    fault::point("tell.listed");
    Ok(noted)
}
