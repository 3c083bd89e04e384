use latchkey_domain::event::EventKind;

use super::show;
use crate::error::{Error, Result};
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::wire::{ConnectorOrigin, ErrorCode};

/// Takes a connector of the user's own away. Fails with `not_found`, or `not_now` for one of the program's.
pub fn remove(session: &Session, operator: &Operator, id: &str) -> Result<()> {
    let now = session.now();
    let connector = show(session, id)?;
    if connector.origin == ConnectorOrigin::Shipped {
        return Err(Error::new(
            ErrorCode::NotNow,
            format!("{} is a connector of the program and stays.", connector.name),
        )
        .hint("Only connectors of your own can be removed."));
    }
    session.store.writing(|writer| {
        writer.add_event(&NewEvent {
            subject: Some(connector.name.clone()),
            detail: Some(format!("connector: {}", connector.id)),
            ..operator.event(now, EventKind::ConnectorRemoved)
        })?;
        session.connectors.remove(id)
    })
}
