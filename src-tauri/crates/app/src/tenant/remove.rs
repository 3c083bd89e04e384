use latchkey_domain::event::EventKind;

use crate::batch;
use crate::error::{Error, Result};
use crate::find;
use crate::key::discard_soon;
use crate::ports::NewEvent;
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// Removes a tenant with its API sets and its keys, none of which may be usable any more.
///
/// Fails with `not_now` while a key of it is active or expiring, a batch of it is unfinished, or its server is being
/// asked for a key.
pub fn remove(session: &Session, operator: &Operator, tenant: &str) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let counts = writer.tenant_counts(tenant.id, now)?;
        if counts.usable > 0 {
            let keys =
                if counts.usable == 1 { "1 key that is".into() } else { format!("{} keys that are", counts.usable) };
            return Err(Error::new(ErrorCode::NotNow, format!("{} still has {keys} in use.", tenant.name))
                .hint("Revoke or delete them first; then nothing stops working by surprise."));
        }
        if batch::of_tenant(writer, tenant.id)? > 0 {
            return Err(Error::new(ErrorCode::NotNow, format!("{} has a batch that is not finished.", tenant.name))
                .hint("Resume or undo it first."));
        }
        for key in writer.keys_with_holding()?.iter().filter(|key| key.tenant == tenant.id) {
            discard_soon(session, writer, key)?;
        }
        remote::forget(session, writer, &tenant, None)?;
        for credential in writer.remote_credentials(tenant.id)? {
            remote::discard(session, writer, credential.item)?;
        }
        if let Some(signing_key) = writer.signing_key(tenant.id)? {
            remote::discard(session, writer, signing_key.item)?;
        }
        writer.remove_tenant(tenant.id)?;
        writer.add_event(&NewEvent {
            detail: Some(format!("{} keys, {} API sets", counts.keys, counts.api_sets)),
            ..operator.tenant_event(now, EventKind::TenantRemoved, &tenant)
        })
    })?;
    recover::finish_own(session);
    Ok(())
}
