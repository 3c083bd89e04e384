use latchkey_domain::event::EventKind;

use super::orphan;
use crate::error::{Error, Result};
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// Looks no longer for the key of this name, since somebody knows better what became of it: its name can be asked for
/// again. Where the server has made it after all, the next refresh finds it like any other key there.
///
/// Fails with `not_found`, and with `not_now` for a local tenant and while the answer may still come.
pub fn give_up(session: &Session, operator: &Operator, tenant: &str, name: &str) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = super::tenant(writer, tenant)?;
        if orphan::forget(session, writer, &tenant, Some(name))?.is_empty() {
            return Err(Error::new(
                ErrorCode::NotFound,
                format!("The server of {} owes no answer for a key named {name}.", tenant.name),
            )
            .hint("`latchkey tenant unanswered` lists the keys for which it does."));
        }
        writer.add_event(&NewEvent {
            detail: Some(format!("no longer looked for: the key {name}")),
            ..operator.tenant_event(now, EventKind::TenantEdited, &tenant)
        })
    })
}
