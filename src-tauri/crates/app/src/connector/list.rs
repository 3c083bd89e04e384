use crate::error::{Error, Result};
use crate::session::Session;
use crate::wire::{Connector, ErrorCode};

/// All connectors by name, the user's own that cannot be read among them.
#[must_use]
pub fn list(session: &Session) -> Vec<Connector> {
    session.connectors.all()
}

/// One connector. Fails with `not_found`.
pub fn show(session: &Session, id: &str) -> Result<Connector> {
    session.connectors.all().into_iter().find(|connector| connector.id == id).ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("There is no connector `{id}`."))
            .hint("`latchkey connector list` names those that there are.")
    })
}
