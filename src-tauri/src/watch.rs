//! Tells the web view when what it shows is not so any more: the profile was changed, by this process or by another, or
//! a moment has come at which keys grow due or expire.

use std::sync::mpsc::{self, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use latchkey_app::reminder;
use latchkey_app::settings;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::desk::Desk;

/// Told to the web view when it should look again.
const PROFILE_CHANGED: &str = "profile-changed";

/// How often is looked. It costs one page in memory, and the clock of the computer may be set at any time, so nothing
/// waits for a far moment.
const EVERY: Duration = Duration::from_secs(1);

/// Wakes the watcher.
pub(crate) struct Watcher(SyncSender<()>);

impl Watcher {
    /// Somebody has come back to the window.
    pub(crate) fn returned(&self) {
        // Where one call is waiting already, or the program ends, nothing is lost.
        let (Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(()))) = self.0.try_send(());
    }
}

/// Watches until the process ends.
pub(crate) fn start(app: &AppHandle) -> Watcher {
    let (wake, woken) = mpsc::sync_channel(1);
    let app = app.clone();
    // Begun before the web view asks anything: what changes after its first look is told to it.
    let mut watch = reminder::Watch::new(app.state::<Desk>().session().ok().as_deref());
    tauri::async_runtime::spawn_blocking(move || {
        loop {
            let returned = match woken.recv_timeout(EVERY) {
                Ok(()) => true,
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let looked = app.state::<Desk>().session().and_then(|session| watch.look(&session, returned));
            match looked {
                Ok(true) => {
                    follow_settings(&app);
                    if app.emit(PROFILE_CHANGED, ()).is_err() {
                        return;
                    }
                }
                Ok(false) => {}
                Err(_) => watch = reminder::Watch::new(None),
            }
        }
    });
    Watcher(wake)
}

/// Another window may have switched the network off.
fn follow_settings(app: &AppHandle) {
    let applied = app.state::<Desk>().session().and_then(|session| settings::apply(&session));
    if let Err(error) = applied {
        tracing::warn!(code = ?error.code(), "the settings could not be read");
    }
}
