use latchkey_domain::event::EventKind;
use latchkey_domain::text;

use super::discard_soon;
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::ports::NewEvent;
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// Takes a key out of the list and its secret out of the vault. The audit log keeps what happened to it.
///
/// From then on the key is unknown to `verify`, which is a refusal too.
pub fn delete(session: &Session, operator: &Operator, key: &str, reason: Option<&str>) -> Result<()> {
    let reason = text::reason(reason)?;
    let now = session.now();
    session.store.writing(|writer| {
        let key = find::key(writer, key)?;
        let tenant = find::tenant_of(writer, &key)?;
        if key.revoked_at.is_none() && remote::has(writer, &key)? {
            return Err(Error::new(ErrorCode::NotNow, format!("{} works as long as its server has it.", key.name))
                .hint("Revoke it first; then it can be taken out of the list."));
        }
        discard_soon(session, writer, &key)?;
        writer.remove_key(key.id)?;
        writer.add_event(&NewEvent {
            reason: reason.clone(),
            ..operator.key_event(now, EventKind::KeyDeleted, &tenant, &key)
        })
    })?;
    fault::point("delete.listed");
    recover::finish_own(session);
    fault::point("delete.done");
    Ok(())
}
