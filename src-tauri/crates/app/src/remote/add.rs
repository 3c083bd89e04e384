use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::Prefix;
use latchkey_domain::remote::Remote;
use latchkey_domain::template::Template;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::Credentials;
use super::credentials::with_credentials;
use super::known_sets::known_sets;
use super::reach::{Reached, reach};
use super::sync::catalogue;
use crate::connector;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::template;
use crate::tenant::{check_name_free, fill_members};
use crate::view;
use crate::wire::{Connector, ErrorCode, RemoteTenantDraft, TenantView};

/// The template of the system that a connector speaks to; where there is none, the blank one with the vendor's rule for names.
fn template_of(session: &Session, connector: &Connector) -> Result<Template> {
    if let Ok(mut own) = template::named(&connector.template) {
        if connector.options.iter().any(|ask| ask.chosen) {
            // A team that is chosen with the address has all keys: nothing is left to choose for one.
            own.conventions.organizations = false;
            own.organizations.clear();
        }
        return Ok(own);
    }
    let mut blank = template::named("blank")?;
    blank.conventions.name_length = session.connectors.name_length(&connector.id)?;
    Ok(blank)
}

/// Adds a remote tenant; its credentials go into the vault. Its keys are asked for by [`super::sync`].
///
/// A saga: the journal names the items of the vault before they are there. Fails with `invalid_input` on `name`,
/// `address`, `options`, `credential`, `caution` or a field of the network, with `not_found` for the connector, with
/// `remote_sign_in` where [`super::add_signed_in`] does it, and with the vault's codes.
pub fn add(
    session: &Session,
    operator: &Operator,
    draft: &RemoteTenantDraft,
    credentials: &Credentials,
) -> Result<TenantView> {
    let prepared = prepare(session, draft, credentials)?;
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
    /// What is said of the way there, for the audit log.
    way: Vec<String>,
}

/// Checks all that can be checked without the server. Of `credentials`, those that belong to the way there are read.
pub(super) fn prepare(session: &Session, draft: &RemoteTenantDraft, credentials: &Credentials) -> Result<Prepared> {
    let connector = connector::show(session, &draft.connector)?;
    let name = text::name(&draft.name)?;
    let Reached { remote, told } = reach(session, &connector, &draft.into(), credentials)?;
    Ok(Prepared { connector, name, remote, way: told })
}

/// Takes a tenant into the list, and its credentials into the vault.
pub(super) fn enlist(
    session: &Session,
    operator: &Operator,
    prepared: Prepared,
    credentials: &Credentials,
) -> Result<TenantView> {
    let Prepared { connector, name, remote, way } = prepared;
    // Words, fields and rules are those of the system's template, where there is one.
    let template = template_of(session, &connector)?;
    let now = session.now();
    let tenant = Tenant {
        id: session.with_rng(|rng| TenantId::random(rng)),
        name,
        prefix: Prefix::default(),
        format: template.key_format,
        policy: template.policy,
        conventions: template.conventions.clone(),
        sequence: 0,
        created_at: now,
    };
    session.store.reading(|reader| check_name_free(reader, &tenant.name, tenant.id))?;
    let sets = known_sets(session, &remote)?;
    with_credentials(session, &tenant.name, credentials, |writer, places| {
        check_name_free(writer, &tenant.name, tenant.id)?;
        writer.add_tenant(&tenant)?;
        writer.put_remote(tenant.id, &remote)?;
        catalogue(writer, &tenant, &sets)?;
        fill_members(writer, tenant.id, &template)?;
        for place in places {
            writer.put_remote_credential(tenant.id, place)?;
        }
        writer.add_event(&NewEvent {
            detail: Some(told(&connector, &remote, &way)),
            ..operator.tenant_event(now, EventKind::TenantAdded, &tenant)
        })?;
        // What the connector brought has raised the sequence.
        view::tenant(writer, &find::tenant(writer, &tenant.id.to_string())?, now)
    })
}

fn told(connector: &Connector, remote: &Remote, way: &[String]) -> String {
    let plain_http = remote.network.plain_http.then_some("plain HTTP");
    let accepted = connector.caution.as_ref().map(|_| "the connector's caution was accepted");
    let at = format!("remote: {} at {}", connector.name, remote.url);
    std::iter::once(at.as_str())
        .chain(way.iter().map(String::as_str))
        .chain(plain_http)
        .chain(accepted)
        .collect::<Vec<_>>()
        .join(", ")
}
