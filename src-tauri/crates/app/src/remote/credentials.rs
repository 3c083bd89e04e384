use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::secret::Secret;

use crate::error::Result;
use crate::fault;
use crate::ports::{JournalEntry, JournalStep, RemoteCredential, Writer};
use crate::session::Session;

/// Puts credentials into the vault and writes with `work` where they are; takes them out again where that fails.
pub(super) fn with_credentials<T>(
    session: &Session,
    tenant: &str,
    credentials: &BTreeMap<String, Arc<Secret>>,
    mut work: impl FnMut(&mut dyn Writer, &[RemoteCredential]) -> Result<T>,
) -> Result<T> {
    let places: Vec<RemoteCredential> = credentials
        .keys()
        .map(|id| RemoteCredential { id: id.clone(), item: session.with_rng(|rng| KeyId::random(rng)) })
        .collect();
    session.store.writing(|writer| {
        places.iter().try_for_each(|place| {
            writer.put_journal(&JournalEntry {
                key: place.item,
                step: JournalStep::Generating { file: None },
                instance: session.instance.id().to_owned(),
                at: session.now(),
            })
        })
    })?;
    fault::point("credential.journaled");
    let kept = places
        .iter()
        .zip(credentials.values())
        .try_for_each(|(place, secret)| session.vault.put(place.item, &label(tenant, place), secret));
    fault::point("credential.kept");
    let written = kept.and_then(|()| {
        session.store.writing(|writer| {
            let written = work(writer, &places)?;
            places.iter().try_for_each(|place| writer.remove_journal(place.item))?;
            Ok(written)
        })
    });
    if written.is_err() {
        for place in &places {
            let gone = session.vault.discard(place.item);
            let struck = gone.and_then(|()| session.store.writing(|writer| writer.remove_journal(place.item)));
            if let Err(error) = struck {
                tracing::warn!(code = ?error.code(), "a credential is taken out of the vault at the next start");
            }
        }
    }
    fault::point("credential.done");
    written
}

/// What the keychain's own program shows of a credential.
pub(super) fn label(tenant: &str, place: &RemoteCredential) -> String {
    format!("Latchkey: {tenant} ({})", place.id)
}

/// Notes where the new credentials of a tenant are, and that those in whose place they come have to leave the vault.
pub(super) fn replace(
    session: &Session,
    writer: &mut dyn Writer,
    tenant: TenantId,
    places: &[RemoteCredential],
) -> Result<()> {
    let before = writer.remote_credentials(tenant)?;
    for place in places {
        if let Some(old) = before.iter().find(|old| old.id == place.id) {
            discard(session, writer, old.item)?;
        }
        writer.put_remote_credential(tenant, place)?;
    }
    Ok(())
}

/// Writes down that a credential has to leave the vault.
pub(crate) fn discard(session: &Session, writer: &mut dyn Writer, item: KeyId) -> Result<()> {
    writer.put_journal(&JournalEntry {
        key: item,
        step: JournalStep::Discarding,
        instance: session.instance.id().to_owned(),
        at: session.now(),
    })
}
