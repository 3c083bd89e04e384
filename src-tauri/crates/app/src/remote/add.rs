use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::conventions::Conventions;
use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::Prefix;
use latchkey_domain::remote::{Network, Remote};
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::credentials::with_credentials;
use crate::connector;
use crate::error::{Error, Result};
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::template;
use crate::tenant::check_name_free;
use crate::view;
use crate::wire::{Connector, ErrorCode, RemoteTenantDraft, TenantView};

/// Adds a remote tenant; its credentials go into the vault. Its keys are asked for by [`super::sync`].
///
/// A saga: the journal names the items of the vault before they are there. Fails with `invalid_input` on `name`,
/// `address`, `options`, `credential` or `caution`, with `not_found` for the connector, with `remote_sign_in` where
/// [`super::add_signed_in`] does it, and with the vault's codes.
pub fn add(
    session: &Session,
    operator: &Operator,
    draft: &RemoteTenantDraft,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<TenantView> {
    let prepared = prepare(session, draft)?;
    let connector = &prepared.connector;
    if !connector.questions.is_empty() {
        return Err(Error::new(ErrorCode::RemoteSignIn, format!("{} wants you to sign in.", connector.name))
            .hint("Sign in first; the tenant is added in that session."));
    }
    if connector.credentials.iter().any(|ask| !credentials.contains_key(&ask.id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Required }.into());
    }
    enlist(session, operator, prepared, credentials)
}

/// A draft whose fields are in order.
pub(super) struct Prepared {
    pub(super) connector: Connector,
    pub(super) name: String,
    pub(super) remote: Remote,
}

/// Checks all that can be checked without the server.
pub(super) fn prepare(session: &Session, draft: &RemoteTenantDraft) -> Result<Prepared> {
    let connector = connector::show(session, &draft.connector)?;
    let name = text::name(&draft.name)?;
    if let Some(caution) = connector.caution.as_ref().filter(|_| !draft.accept_caution) {
        let problem = FieldProblem { name: Field::Caution, rule: Rule::Required };
        return Err(Error::at(problem, caution.clone()).hint("Accept it with `--accept-caution`, or leave it be."));
    }
    let remote = Remote {
        connector: connector.id.clone(),
        url: session.connectors.address(&draft.url)?,
        options: connector::options(&connector, &draft.options)?,
        network: Network { plain_http: draft.plain_http, ..Network::default() },
    };
    Ok(Prepared { connector, name, remote })
}

/// Takes a tenant into the list, and its credentials into the vault.
pub(super) fn enlist(
    session: &Session,
    operator: &Operator,
    prepared: Prepared,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<TenantView> {
    let Prepared { connector, name, remote } = prepared;
    // Words, fields and rules are those of the system's template, where there is one.
    let template = template::named(&connector.template).or_else(|_| template::named("blank"))?;
    let now = session.now();
    let tenant = Tenant {
        id: session.with_rng(|rng| TenantId::random(rng)),
        name,
        prefix: Prefix::default(),
        format: template.key_format,
        policy: template.policy,
        conventions: Conventions {
            // A team that is chosen with the address has all keys: nothing is left to choose for one.
            organizations: template.conventions.organizations && connector.options.iter().all(|ask| !ask.chosen),
            ..template.conventions
        },
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
            detail: Some(detail(&connector, &remote)),
            ..operator.tenant_event(now, EventKind::TenantAdded, &tenant)
        })?;
        view::tenant(writer, &tenant, now)
    })
}

fn detail(connector: &Connector, remote: &Remote) -> String {
    let accepted = if connector.caution.is_some() { "; the connector's caution was accepted" } else { "" };
    format!("remote: {} at {}{accepted}", connector.name, remote.url)
}
