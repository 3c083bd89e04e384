//! The servers of remote tenants are asked for their keys when the window opens and when the operator wants it; the web view
//! is told of each step.

use std::sync::atomic::{AtomicBool, Ordering};

use latchkey_app::remote::{self, Refreshes};
use latchkey_app::wire::ErrorCode;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::desk::Desk;

/// Told to the web view when a refresh begins, gets on, waits or ends: it asks how far they are.
const REFRESH_PROGRESS: &str = "refresh-progress";

/// The refreshes of this process, and whether the first of all tenants was begun.
pub(crate) struct Refresh {
    pub(crate) under_way: Refreshes,
    begun: AtomicBool,
}

impl Refresh {
    pub(crate) fn new(app: &AppHandle) -> Self {
        let app = app.clone();
        let under_way = Refreshes::new(move |_| {
            if let Err(error) = app.emit(REFRESH_PROGRESS, ()) {
                tracing::warn!(%error, "the web view was not told how far the refresh is");
            }
        });
        Self { under_way, begun: AtomicBool::default() }
    }
}

/// Begins it, once, as soon as the profile is open. The watcher tells the web view what comes of it.
pub(crate) fn start(app: &AppHandle) {
    // A vault that waits for its passphrase holds the credentials: then it begins when it is unlocked.
    let Ok(session) = app.state::<Desk>().session() else { return };
    let refresh = app.state::<Refresh>();
    if refresh.begun.swap(true, Ordering::SeqCst) {
        return;
    }
    let (operator, under_way) = (app.state::<Desk>().operator.clone(), refresh.under_way.clone());
    tauri::async_runtime::spawn_blocking(move || match remote::refresh(&session, &operator, &under_way) {
        Ok(done) => tracing::debug!(tenants = done.len(), "the remote tenants were refreshed"),
        Err(error) if error.code() == ErrorCode::Offline => tracing::debug!("offline: no server is asked"),
        Err(error) => tracing::warn!(code = ?error.code(), "the remote tenants were not refreshed"),
    });
}
