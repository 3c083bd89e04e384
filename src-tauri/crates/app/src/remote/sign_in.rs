use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::event::EventKind;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;

use super::credentials::{replace, with_credentials};
use super::open_session::no_questions;
use super::{Credentials, OwnedSite, site_with, tenant as remote_tenant};
use crate::connector;
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{SESSION, Watch};
use crate::recover;
use crate::session::{Operator, Session};
use crate::wire::{Connector, ErrorCode};

/// Signs in to a remote tenant's server, again or after signing out; the session goes into the vault, in place of one
/// before. What was answered goes to the server and nowhere else.
///
/// Fails with `invalid_input` on `answers`, with `not_now` for a tenant whose connector asks no questions, with
/// `remote_refused` where who has signed in may not manage the tenant's keys, and with the codes of the vault and the
/// network. Then the session before stays.
pub fn sign_in(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    answers: &Credentials,
    watch: &Watch,
) -> Result<()> {
    let tenant = session.store.reading(|reader| remote_tenant(reader, tenant))?;
    // A session that is over, or gone from the vault, is no reason not to begin another.
    let mut site = site_with(session, &tenant, |place| place.id != SESSION)?;
    let connector = connector::show(session, &site.remote.connector)?;
    if connector.questions.is_empty() {
        return Err(no_questions(&connector.name));
    }
    session.vault.probe()?;
    let given = session.connectors.sign_in(&site.at(), answers, watch).map_err(|failure| failure.error)?;
    let given = Arc::new(given);
    site.credentials.insert(SESSION.to_owned(), Arc::clone(&given));
    fault::point("signin.answered");
    let kept = check_choices(session, &connector, &site, watch)
        .and_then(|()| keep(session, operator, &tenant, site.renewed.take().map_or(given, Arc::new)));
    if kept.is_err()
        && let Err(failure) = session.connectors.sign_out(&site.at(), &Watch::default())
    {
        tracing::warn!(code = ?failure.error.code(), "a session that was not kept could not be ended");
    }
    recover::finish_own(session);
    kept
}

/// That who has signed in may manage the keys of what was chosen when the tenant was added.
fn check_choices(session: &Session, connector: &Connector, site: &OwnedSite, watch: &Watch) -> Result<()> {
    if connector.options.iter().all(|ask| !ask.chosen) {
        return Ok(());
    }
    let offered = session.connectors.choices(&site.at(), watch).map_err(|failure| failure.error)?;
    for ask in connector.options.iter().filter(|ask| ask.chosen) {
        let wanted = site.remote.options.get(&ask.id);
        let found = offered.iter().find(|one| one.option == ask.id && Some(&one.id) == wanted);
        let why = match found {
            None => format!("The {} of this tenant is not there for who has signed in.", ask.label),
            Some(one) => match one.reason() {
                Some(why) => format!("{} cannot be managed by who has signed in: {why}", one.name),
                None => continue,
            },
        };
        return Err(Error::new(ErrorCode::RemoteRefused, why).hint("Sign in as somebody who may."));
    }
    Ok(())
}

fn keep(session: &Session, operator: &Operator, tenant: &Tenant, given: Arc<Secret>) -> Result<()> {
    let now = session.now();
    let credentials: Credentials = BTreeMap::from([(SESSION.to_owned(), given)]);
    with_credentials(session, &tenant.name, &credentials, |writer, places| {
        replace(session, writer, tenant.id, places)?;
        writer.add_event(&operator.tenant_event(now, EventKind::TenantSignedIn, tenant))
    })
}
