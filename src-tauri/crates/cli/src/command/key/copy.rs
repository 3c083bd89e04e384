use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, Purpose};
use latchkey_app::ports::Clipboard as _;
use latchkey_app::wire::ErrorCode;
use latchkey_clipboard::DesktopClipboard;
use serde_json::json;

use crate::context::{Context, unlock};
use crate::signals::Caught;

/// Copies, and stays until the clipboard is cleared: on X11 and Wayland the text is there only as long as its owner.
pub(super) fn run(context: &Context, key: &str) -> Result<()> {
    let session = context.session()?;
    unlock(&session)?;
    let (told, over) = mpsc::channel();
    let interrupted = told.clone();
    // Before the secret is anywhere: from here on an interrupt clears instead of leaving it behind.
    let caught = Caught::each(move |_| {
        // Nobody listens any more when this process is about to end.
        let _ = interrupted.send(());
    })
    .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not watch for interrupts: {cause}.")))?;
    let secret = key::read_secret(&session, &context.operator, key, &Purpose::Copy)?;
    // The profile is not held open while people paste.
    drop(session);
    let clipboard = DesktopClipboard::new(move || {
        let _ = told.send(());
    });
    let time = clipboard_time();
    clipboard.copy(secret, time)?;
    let seconds = time.as_secs();
    let answered = context.output.answer(&json!({ "clears_in": seconds }), || {
        format!("Copied. The clipboard is cleared in {seconds} seconds, or when you press Ctrl+C.")
    });
    let end = Instant::now() + time;
    if answered.is_ok() {
        while let Err(RecvTimeoutError::Timeout) = over.recv_timeout(Duration::from_secs(1)) {
            let left = end.saturating_duration_since(Instant::now());
            context.output.progress(&format!("{} s", left.as_secs_f32().ceil()));
        }
    }
    clipboard.clear();
    drop(caught);
    context.output.progress("");
    answered
}

#[cfg(not(feature = "fault-points"))]
fn clipboard_time() -> Duration {
    Duration::from_secs(30)
}

/// Tests need not wait for half a minute.
#[cfg(feature = "fault-points")]
fn clipboard_time() -> Duration {
    let seconds = std::env::var("LATCHKEY_CLIPBOARD_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(30))
}
