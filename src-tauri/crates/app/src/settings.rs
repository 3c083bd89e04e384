//! How the window looks, and whether the network is used.

use latchkey_domain::event::EventKind;

use crate::error::Result;
use crate::session::{Operator, Session};
use crate::wire::Settings;

/// Keeps the settings, works by them from now on, and answers with them.
pub fn save(session: &Session, operator: &Operator, settings: Settings) -> Result<Settings> {
    let now = session.now();
    // No request begins between the decision and the line that tells of it.
    if settings.offline {
        session.connectors.set_offline(true);
    }
    let saved = session.store.writing(|writer| {
        if writer.profile()?.settings.offline != settings.offline {
            let kind = if settings.offline { EventKind::NetworkOff } else { EventKind::NetworkOn };
            writer.add_event(&operator.event(now, kind))?;
        }
        writer.set_settings(settings)
    });
    match saved {
        Ok(()) => session.connectors.set_offline(settings.offline),
        // What was not saved does not hold.
        Err(_) => apply(session)?,
    }
    saved.map(|()| settings)
}

/// Works by the settings that were saved.
pub fn apply(session: &Session) -> Result<()> {
    let offline = session.store.reading(|reader| reader.profile())?.settings.offline;
    session.connectors.set_offline(offline);
    Ok(())
}
