use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::secret::Secret;

use super::credentials::{replace, with_credentials};
use super::tenant as remote_tenant;
use crate::connector;
use crate::error::Result;
use crate::ports::NewEvent;
use crate::recover;
use crate::session::{Operator, Session};

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
    if credentials.is_empty() {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Required }.into());
    }
    if credentials.keys().any(|id| asked.iter().all(|ask| ask.id != *id)) {
        return Err(FieldProblem { name: Field::Credential, rule: Rule::Unknown }.into());
    }
    let now = session.now();
    with_credentials(session, &tenant.name, credentials, |writer, places| {
        replace(session, writer, tenant.id, places)?;
        writer.add_event(&NewEvent {
            detail: Some(places.iter().map(|place| place.id.as_str()).collect::<Vec<_>>().join(", ")),
            ..operator.tenant_event(now, EventKind::CredentialChanged, &tenant)
        })
    })?;
    recover::finish_own(session);
    Ok(())
}
