use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::Prefix;
use latchkey_domain::remote::{Network, Remote};
use latchkey_domain::secret::Secret;
use latchkey_domain::template::Template;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::credentials::with_credentials;
use super::known_sets::known_sets;
use super::network;
use super::sync::catalogue;
use crate::connector;
use crate::error::Result;
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::template;
use crate::tenant::{check_name_free, fill_members};
use crate::view;
use crate::wire::{RemoteTenantDraft, TenantView};

/// The template of the system that a connector speaks to; where there is none, the blank one with the vendor's rule for names.
fn template_of(session: &Session, connector: &str) -> Result<Template> {
    if let Ok(own) = template::named(connector) {
        return Ok(own);
    }
    let mut blank = template::named("blank")?;
    blank.conventions.name_length = session.connectors.name_length(connector)?;
    Ok(blank)
}

/// Adds a remote tenant; its credentials go into the vault. Its keys are asked for by [`super::sync`].
///
/// A saga: the journal names the items of the vault before they are there. Fails with `invalid_input` on `name`,
/// `address`, `options`, `credential` or a field of the network, with `not_found` for the connector, and with the vault's codes.
pub fn add(
    session: &Session,
    operator: &Operator,
    draft: &RemoteTenantDraft,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<TenantView> {
    let connector = connector::show(session, &draft.connector)?;
    let name = text::name(&draft.name)?;
    let url = session.connectors.address(&draft.url)?;
    let options = connector::options(&connector, &draft.options)?;
    let way = network::changed(session, &Network::default(), &draft.network, &[], credentials)?;
    let plain_http = draft.plain_http && session.connectors.is_plain(&url);
    let remote =
        Remote { connector: connector.id.clone(), url, options, network: Network { plain_http, ..way.network } };
    if connector.credentials.iter().any(|ask| !credentials.contains_key(&ask.id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Required }.into());
    }
    // Words, fields and rules are those of the system's template, where there is one.
    let template = template_of(session, &connector.id)?;
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
            detail: Some(told(&connector.name, &remote, &way.told)),
            ..operator.tenant_event(now, EventKind::TenantAdded, &tenant)
        })?;
        // What the connector brought has raised the sequence.
        view::tenant(writer, &find::tenant(writer, &tenant.id.to_string())?, now)
    })
}

fn told(connector: &str, remote: &Remote, network: &[String]) -> String {
    let plain_http = remote.network.plain_http.then_some("plain HTTP");
    let at = format!("remote: {connector} at {}", remote.url);
    std::iter::once(at.as_str())
        .chain(network.iter().map(String::as_str))
        .chain(plain_http)
        .collect::<Vec<_>>()
        .join(", ")
}
