use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::{Remote, is_of_the_way, origin};
use latchkey_domain::secret::Secret;

use super::connection::{Known, shown};
use super::credentials::{discard, replace, with_credentials};
use super::{network, orphan};
use crate::connector;
use crate::error::{Error, Result};
use crate::ports::{NewEvent, RemoteCredential, SESSION};
use crate::recover;
use crate::session::{Operator, Session};
use crate::wire::{ConnectionEdit, ConnectionView, ErrorCode};

/// Changes how the server of a tenant is reached, without asking it. `credentials` are those that come with the change:
/// of the connector, of the client certificate, of the proxy.
///
/// A saga where there are any, as [`super::set_credential`] is. What is stored was given for one server: where the edit
/// leads to another one, the connector's credentials have to come with it, or the operator has said that they stay; a
/// session of which that is not said is forgotten, and somebody signs in again. A key that was asked for without an answer
/// is looked for where it was asked for: an edit that leads elsewhere has to wait, or to leave it there. Fails with
/// `invalid_input` on the field at fault, and with the vault's codes.
pub fn set_connection(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    edit: &ConnectionEdit,
    credentials: &BTreeMap<String, Arc<Secret>>,
) -> Result<ConnectionView> {
    let Known { tenant, remote: before, stored } = session.store.reading(|reader| Known::of(reader, tenant))?;
    check_asked(session, &before, credentials)?;
    let url = edit.url.as_deref().map_or_else(|| Ok(before.url.clone()), |text| session.connectors.address(text))?;
    let options = match &edit.options {
        None => before.options.clone(),
        Some(given) => connector::options(&connector::show(session, &before.connector)?, given)?,
    };
    let moves = origin(&url) != origin(&before.url);
    let leaves_session = moves && !edit.keep_credential && stored.iter().any(|one| one.id == SESSION);
    let stays = |id: &str| id != SESSION || !leaves_session;
    let is_left =
        |one: &RemoteCredential| !is_of_the_way(&one.id) && !credentials.contains_key(&one.id) && stays(&one.id);
    let keeps = stored.iter().any(is_left);
    if moves && keeps && !edit.keep_credential {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::OtherServer }.into());
    }
    let mut changed = network::changed(session, &before.network, &edit.network, &stored, credentials)?;
    if leaves_session {
        changed.gone.push(SESSION);
        changed.told.push("the session with the server before was forgotten".to_owned());
    }
    // To another server it is allowed anew.
    let plain_http = edit.plain_http.unwrap_or(before.network.plain_http && !moves);
    changed.network.plain_http = plain_http && session.connectors.is_plain(&url);
    let after = Remote { connector: before.connector.clone(), url, options, network: changed.network };
    if after == before && credentials.is_empty() && changed.gone.is_empty() {
        return Ok(shown(session, &before, &stored));
    }
    let told = told(&before, &after, changed.told, credentials, moves && keeps);
    let now = session.now();
    let stored = with_credentials(session, &tenant.name, credentials, |writer, places| {
        if writer.remote(tenant.id)?.as_ref() != Some(&before) {
            return Err(Error::new(
                ErrorCode::NotNow,
                format!("Somebody has changed how {} is reached meanwhile.", tenant.name),
            )
            .hint("Look at it again, and change it from there."));
        }
        let mut told = told.clone();
        if (&after.url, &after.options) != (&before.url, &before.options) {
            if !edit.leave_unanswered {
                orphan::refuse_to_leave(writer, &tenant)?;
            }
            let left = orphan::forget(session, writer, &tenant, None)?;
            if !left.is_empty() {
                told.extend([", no longer looked for, though asked for there: the key ", &left.join(", the key ")]);
            }
        }
        for left in writer.remote_credentials(tenant.id)? {
            if changed.gone.contains(&left.id.as_str()) {
                discard(session, writer, left.item)?;
                writer.remove_remote_credential(tenant.id, &left.id)?;
            }
        }
        replace(session, writer, tenant.id, places)?;
        writer.put_remote(tenant.id, &after)?;
        writer.add_event(&NewEvent {
            detail: Some(told),
            ..operator.tenant_event(now, EventKind::TenantEdited, &tenant)
        })?;
        writer.remote_credentials(tenant.id)
    })?;
    recover::finish_own(session);
    Ok(shown(session, &after, &stored))
}

/// That the connector asks for each credential that does not belong to the way.
fn check_asked(session: &Session, remote: &Remote, given: &BTreeMap<String, Arc<Secret>>) -> Result<()> {
    let mut given = given.keys().filter(|id| !is_of_the_way(id)).peekable();
    if given.peek().is_none() {
        return Ok(());
    }
    let asked = connector::show(session, &remote.connector)?.credentials;
    if given.any(|id| asked.iter().all(|ask| ask.id != *id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Unknown }.into());
    }
    Ok(())
}

/// What changes, for the audit log.
fn told(
    before: &Remote,
    after: &Remote,
    network: Vec<String>,
    given: &BTreeMap<String, Arc<Secret>>,
    stays: bool,
) -> String {
    let mut parts = Vec::new();
    if after.url != before.url {
        parts.push(format!("address {}", after.url));
    }
    if after.options != before.options {
        parts.push("options of the address".to_owned());
    }
    parts.extend(network);
    if after.network.plain_http != before.network.plain_http {
        parts.push(if after.network.plain_http { "plain HTTP" } else { "no plain HTTP" }.to_owned());
    }
    parts.extend(given.keys().filter(|id| !is_of_the_way(id)).map(|id| format!("credential {id}")));
    if stays {
        parts.push("this server gets the credential of the one before".to_owned());
    }
    format!("connection: {}", parts.join(", "))
}
