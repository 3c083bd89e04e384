//! Tells the web view when the profile changes, by this process or by another.

use std::time::Duration;

use latchkey_app::settings;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::desk::Desk;

/// Told to the web view when somebody changed the profile.
const PROFILE_CHANGED: &str = "profile-changed";

/// How often the database is asked. The question is one page in memory.
const EVERY: Duration = Duration::from_secs(1);

/// Watches until the process ends.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    // Asked before the web view asks anything: what changes after its first look is told to it.
    let mut seen = version(&app);
    tauri::async_runtime::spawn_blocking(move || {
        loop {
            std::thread::sleep(EVERY);
            let now = version(&app);
            if now.is_some() && now != seen {
                follow_settings(&app);
                if app.emit(PROFILE_CHANGED, ()).is_err() {
                    return;
                }
            }
            seen = now;
        }
    });
}

/// Another window may have switched the network off.
fn follow_settings(app: &AppHandle) {
    let applied = app.state::<Desk>().session().and_then(|session| settings::apply(&session));
    if let Err(error) = applied {
        tracing::warn!(code = ?error.code(), "the settings could not be read");
    }
}

/// `None` while there is no profile to ask, or it is locked. What changes until it is asked again cannot be told from
/// what was there, so the first answer after that counts as a change.
fn version(app: &AppHandle) -> Option<u64> {
    app.state::<Desk>().session().ok().and_then(|session| session.store.version().ok())
}
