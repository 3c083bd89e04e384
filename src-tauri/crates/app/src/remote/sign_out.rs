use latchkey_domain::event::EventKind;

use super::credentials::discard;
use super::{site, tenant as remote_tenant};
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{NewEvent, SESSION, Watch};
use crate::recover;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, SignedOut};

/// Ends the session with a remote tenant's server and forgets it. The tenant stays, with its keys as they were last.
///
/// Where the server cannot be told, the session is forgotten all the same, and the answer says so: it may go on there
/// until it ends by itself, but nobody has it. Fails with `not_now` where nobody is signed in, with `vault_locked`, and
/// with `cancelled`.
pub fn sign_out(session: &Session, operator: &Operator, tenant: &str, watch: &Watch) -> Result<SignedOut> {
    let (tenant, place) = session.store.reading(|reader| {
        let tenant = remote_tenant(reader, tenant)?;
        let places = reader.remote_credentials(tenant.id)?;
        Ok((tenant, places.into_iter().find(|place| place.id == SESSION)))
    })?;
    let place = place.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("Nobody is signed in to the server of {}.", tenant.name))
            .hint("There is nothing to end.")
    })?;
    let problem = match site(session, &tenant) {
        Ok(site) => session.connectors.sign_out(&site.at(), watch).err().map(|failure| failure.error),
        // It is gone from the vault: nobody can end it with it.
        Err(error) if error.code() == ErrorCode::SecretMissing => Some(error),
        Err(error) => return Err(error),
    };
    if let Some(error) = problem.as_ref().filter(|error| error.code() == ErrorCode::Cancelled) {
        return Err(error.clone());
    }
    fault::point("signout.answered");
    let now = session.now();
    session.store.writing(|writer| {
        // Somebody may have signed in again meanwhile: that session is another one.
        let places = writer.remote_credentials(tenant.id)?;
        if places.contains(&place) {
            writer.remove_remote_credential(tenant.id, SESSION)?;
            discard(session, writer, place.item)?;
        }
        writer.add_event(&NewEvent {
            detail: problem.as_ref().map(|why| format!("the server was not told: {why}")),
            ..operator.tenant_event(now, EventKind::TenantSignedOut, &tenant)
        })
    })?;
    fault::point("signout.noted");
    recover::finish_own(session);
    Ok(SignedOut { problem: problem.map(Into::into) })
}
