//! How the window looks.

use crate::error::Result;
use crate::session::Session;
use crate::wire::Settings;

/// Keeps the settings of the window and answers with them.
pub fn save(session: &Session, settings: Settings) -> Result<Settings> {
    session.store.writing(|writer| writer.set_settings(settings))?;
    Ok(settings)
}
