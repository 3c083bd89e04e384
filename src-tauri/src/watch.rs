//! Tells the web view when the profile changes, by this process or by another.

use std::time::Duration;

use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::desk::Desk;

/// Told to the web view when somebody changed the profile.
const PROFILE_CHANGED: &str = "profile-changed";

/// How often the database is asked. The question is one page in memory.
const EVERY: Duration = Duration::from_secs(1);

/// Watches until the process ends.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        let mut seen = None;
        loop {
            std::thread::sleep(EVERY);
            // `None` while there is no profile to ask, or it is locked.
            let now = app.state::<Desk>().session().ok().and_then(|session| session.store.version().ok());
            if seen.is_some() && now.is_some() && seen != now && app.emit(PROFILE_CHANGED, ()).is_err() {
                return;
            }
            seen = now;
        }
    });
}
