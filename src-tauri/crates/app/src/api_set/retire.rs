use chrono::{DateTime, Utc};
use latchkey_domain::event::EventKind;

use super::{existing, missing, view};
use crate::error::Result;
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::wire::ApiSetView;

/// Takes an API set out of what new keys can choose. Keys that have it keep it.
pub fn retire(session: &Session, operator: &Operator, tenant: &str, id: &str) -> Result<ApiSetView> {
    let now = session.now();
    turn(session, operator, tenant, id, EventKind::ApiSetRetired, Some(now))
}

/// Lets new keys choose an API set again.
pub fn restore(session: &Session, operator: &Operator, tenant: &str, id: &str) -> Result<ApiSetView> {
    turn(session, operator, tenant, id, EventKind::ApiSetRestored, None)
}

fn turn(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    id: &str,
    kind: EventKind,
    retired_at: Option<DateTime<Utc>>,
) -> Result<ApiSetView> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (mut set, keys) = existing(writer, &tenant, id)?.ok_or_else(|| missing(&tenant, id))?;
        // One that is retired stays so since then.
        if set.retired_at.is_some() != retired_at.is_some() {
            set.retired_at = retired_at;
            writer.update_api_set(tenant.id, &set)?;
            writer
                .add_event(&NewEvent { subject: Some(set.id.clone()), ..operator.tenant_event(now, kind, &tenant) })?;
        }
        Ok(view(set, keys))
    })
}
