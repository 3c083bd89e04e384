use std::path::Path;

use latchkey_domain::event::EventKind;

use crate::error::Result;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::wire::Connector;

/// Reads a manifest and says what it brings, without taking it.
///
/// Fails with `failed`, naming the line, where something is wrong with it.
pub fn read(session: &Session, file: &Path) -> Result<Connector> {
    session.connectors.read(file)
}

/// Takes a copy of a manifest among the user's own, in place of the one with its identifier.
///
/// Fails as [`read`] does, and with `disk_full` or `read_only`.
pub fn add(session: &Session, operator: &Operator, file: &Path) -> Result<Connector> {
    let now = session.now();
    let connector = session.connectors.read(file)?;
    // Where the copy fails, nothing is in the log: the transaction is the copy's.
    session.store.writing(|writer| {
        writer.add_event(&NewEvent {
            subject: Some(connector.name.clone()),
            detail: Some(format!("connector: {}", connector.id)),
            ..operator.event(now, EventKind::ConnectorAdded)
        })?;
        session.connectors.add(file)
    })
}
