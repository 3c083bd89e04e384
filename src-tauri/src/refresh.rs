//! The servers of remote tenants are asked for their keys when the window opens.

use std::sync::atomic::{AtomicBool, Ordering};

use latchkey_app::ports::Watch;
use latchkey_app::remote;
use tauri::{AppHandle, Manager as _};

use crate::desk::Desk;

/// Whether it was begun.
#[derive(Default)]
pub(crate) struct Refresh(AtomicBool);

/// Begins it, once, as soon as the profile is open. The watcher tells the web view what comes of it.
pub(crate) fn start(app: &AppHandle) {
    // A vault that waits for its passphrase holds the credentials: then it begins when it is unlocked.
    let Ok(session) = app.state::<Desk>().session() else { return };
    if app.state::<Refresh>().0.swap(true, Ordering::SeqCst) {
        return;
    }
    let operator = app.state::<Desk>().operator.clone();
    tauri::async_runtime::spawn_blocking(move || {
        if let Err(error) = remote::refresh(&session, &operator, &Watch::default()) {
            tracing::warn!(code = ?error.code(), "the remote tenants were not refreshed");
        }
    });
}
