use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::text;

use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::ports::{JournalEntry, JournalStep, NewEvent, Writer};
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyView};

/// What the log says of a key that only a person can end at its vendor.
pub(super) const ELSEWHERE: &str = "here; at its vendor a person ends it";

/// Ends a key for good and takes its secret out of the vault.
///
/// The key is refused from the moment its row says so, even where the vault cannot be reached: the journal then
/// remembers the secret until a later start can take it out. A key of a remote tenant is revoked at its server first, and
/// stays as it is where that fails; one that a person recorded goes on to work at its vendor until a person ends it there,
/// as [`remote::guide`] says how. Fails with `not_now` for a key that is revoked.
pub fn revoke(session: &Session, operator: &Operator, key: &str, reason: Option<&str>) -> Result<KeyView> {
    let reason = text::reason(reason)?;
    let (of_server, detail) = session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        let is_remote = remote::has(reader, &key)?;
        let detail = remote::ends_elsewhere(session, reader, &key)?.then(|| ELSEWHERE.to_owned());
        Ok((Some(key).filter(|key| is_remote && key.revoked_at.is_none()), detail))
    })?;
    if let Some(key) = of_server {
        return remote::revoke(session, operator, &key, reason.as_deref());
    }
    let now = session.now();
    let revoked = session.store.writing(|writer| {
        let mut key = find::key(writer, key)?;
        let tenant = find::tenant_of(writer, &key)?;
        if key.revoked_at.is_some() {
            return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked already.", key.name)));
        }
        discard_soon(session, writer, &key)?;
        key.revoked_at = Some(now);
        key.revoke_reason.clone_from(&reason);
        key.holding = Holding::None;
        writer.update_key(&key)?;
        writer.add_event(&NewEvent {
            detail: detail.clone(),
            reason: reason.clone(),
            ..operator.key_event(now, EventKind::KeyRevoked, &tenant, &key)
        })?;
        Ok(view::key(key, &tenant, now))
    })?;
    fault::point("revoke.listed");
    recover::finish_own(session);
    fault::point("revoke.done");
    Ok(revoked)
}

/// Writes down that the secret of a key has to leave the vault, where it is or may be there.
pub(crate) fn discard_soon(session: &Session, writer: &mut dyn Writer, key: &Key) -> Result<()> {
    if key.holding == Holding::None {
        return Ok(());
    }
    writer.put_journal(&JournalEntry {
        key: key.id,
        step: JournalStep::Discarding,
        instance: session.instance.id().to_owned(),
        at: session.now(),
    })
}
