use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key_format::Prefix;
use latchkey_domain::remote::{Network, Remote};
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::tenant as remote_tenant;
use crate::connector;
use crate::error::Result;
use crate::ports::{JournalEntry, JournalStep, NewEvent, RemoteCredential, Writer};
use crate::recover;
use crate::session::{Operator, Session};
use crate::template;
use crate::tenant::check_name_free;
use crate::view;
use crate::wire::{RemoteTenantDraft, TenantView};

/// Adds a remote tenant; its credentials go into the vault. Its keys are asked for by [`super::sync`].
///
/// A saga: the journal names the items of the vault before they are there. Fails with `invalid_input` on `name`,
/// `address`, `options` or `credential`, with `not_found` for the connector, and with the vault's codes.
pub fn add(
    session: &Session,
    operator: &Operator,
    draft: &RemoteTenantDraft,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<TenantView> {
    let connector = connector::show(session, &draft.connector)?;
    let name = text::name(&draft.name)?;
    let remote = Remote {
        connector: connector.id.clone(),
        url: session.connectors.address(&draft.url)?,
        options: connector::options(&connector, &draft.options)?,
        network: Network { plain_http: draft.plain_http, ..Network::default() },
    };
    if connector.credentials.iter().any(|ask| !credentials.contains_key(&ask.id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Required }.into());
    }
    // Words, fields and rules are those of the system's template, where there is one.
    let template = template::named(&connector.id).or_else(|_| template::named("blank"))?;
    let now = session.now();
    let tenant = Tenant {
        id: session.with_rng(|rng| TenantId::random(rng)),
        name,
        prefix: Prefix::default(),
        format: template.key_format,
        policy: template.policy,
        conventions: template.conventions,
        sequence: 0,
        created_at: now,
    };
    session.store.reading(|reader| check_name_free(reader, &tenant.name, tenant.id))?;
    with_credentials(session, &tenant.name, credentials, |writer, places| {
        check_name_free(writer, &tenant.name, tenant.id)?;
        writer.add_tenant(&tenant)?;
        writer.put_remote(tenant.id, &remote)?;
        for place in places {
            writer.put_remote_credential(tenant.id, place)?;
        }
        writer.add_event(&NewEvent {
            detail: Some(format!("remote: {} at {}", connector.name, remote.url)),
            ..operator.tenant_event(now, EventKind::TenantAdded, &tenant)
        })?;
        view::tenant(writer, &tenant, now)
    })
}

/// Gives a remote tenant other credentials; those that are not given stay.
///
/// Fails with `invalid_input` on `credential` for one that its connector does not ask for.
pub fn set_credential(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<()> {
    let (tenant, remote) = session.store.reading(|reader| {
        let tenant = remote_tenant(reader, tenant)?;
        let remote = reader.remote(tenant.id)?;
        Ok((tenant, remote))
    })?;
    let connector = remote.map(|remote| connector::show(session, &remote.connector)).transpose()?;
    let asked = connector.map(|connector| connector.credentials).unwrap_or_default();
    if credentials.is_empty() || credentials.keys().any(|id| asked.iter().all(|ask| ask.id != *id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Unknown }.into());
    }
    let now = session.now();
    with_credentials(session, &tenant.name, credentials, |writer, places| {
        let before = writer.remote_credentials(tenant.id)?;
        for place in places {
            if let Some(old) = before.iter().find(|old| old.id == place.id) {
                discard(session, writer, old.item)?;
            }
            writer.put_remote_credential(tenant.id, place)?;
        }
        writer.add_event(&NewEvent {
            detail: Some(places.iter().map(|place| place.id.as_str()).collect::<Vec<_>>().join(", ")),
            ..operator.tenant_event(now, EventKind::CredentialChanged, &tenant)
        })
    })?;
    recover::finish_own(session);
    Ok(())
}

/// Puts credentials into the vault and writes with `work` where they are; takes them out again where that fails.
fn with_credentials<T>(
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
    crate::fault::point("credential.journaled");
    let kept = places.iter().zip(credentials.values()).try_for_each(|(place, secret)| {
        session.vault.put(place.item, &format!("Latchkey: {tenant} ({})", place.id), secret)
    });
    crate::fault::point("credential.kept");
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
    crate::fault::point("credential.done");
    written
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
