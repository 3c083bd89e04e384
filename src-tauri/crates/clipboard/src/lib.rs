//! Puts a secret on the desktop's clipboard and takes it off again.
//!
//! On X11 and Wayland the clipboard is a promise: the program that copied answers every program that pastes. One thread
//! therefore keeps the clipboard for as long as [`DesktopClipboard`] lives.

mod system;
mod worker;

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Clipboard;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::secret::Secret;

use worker::{Request, Worker};

/// The clipboard of the desktop: X11, Wayland (where the compositor offers data control), Windows or macOS.
///
/// A secret is marked so that clipboard histories skip it: on Linux with the target `x-kde-passwordManagerHint`, on Windows
/// with the formats that keep it out of history, cloud and monitors, on macOS with `org.nspasteboard.ConcealedType`. It is
/// cleared when its time is over, when [`Self::clear`] is called and when this value is dropped, each time only if it is
/// still there: what another program copied meanwhile stays.
///
/// This crate's copies of the secret are wiped; the copy that the operating system's clipboard holds cannot be.
pub struct DesktopClipboard {
    requests: Sender<Request>,
    thread: Option<JoinHandle<()>>,
    holding: Arc<Holding>,
}

impl DesktopClipboard {
    /// `on_cleared` is called, on the clipboard's own thread, when the time of a copied secret is over and it is on the
    /// clipboard no more. The desktop is not asked for before the first copy.
    #[must_use]
    pub fn new(on_cleared: impl Fn() + Send + Sync + 'static) -> Self {
        let (requests, received) = mpsc::channel();
        let holding = Arc::new(Holding::default());
        let worker = Worker::new(received, Arc::clone(&holding), Box::new(on_cleared));
        // Where no thread can be had, every copy fails, as nobody receives it.
        let thread = thread::Builder::new().name("clipboard".to_owned()).spawn(move || worker.run()).ok();
        Self { requests, thread, holding }
    }

    /// The text on the clipboard, whoever put it there; `None` where there is none.
    ///
    /// Fails with `clipboard_unreachable` where there is no display or the clipboard does not answer.
    pub fn read(&self) -> Result<Option<Secret>> {
        let (done, finished) = mpsc::channel();
        let sent = self.requests.send(Request::Read { done });
        sent.map_err(|_| unreachable(&"it is closed"))?;
        finished.recv().map_err(|_| unreachable(&"it has closed"))?
    }

    /// Clears the clipboard now if the secret is still there, and returns when that is done. A graphical program calls it
    /// before it ends, where ending does not drop its values.
    pub fn clear(&self) {
        let (done, finished) = mpsc::channel();
        if self.requests.send(Request::Clear { done }).is_ok() {
            // Fails only where the thread has ended, which has cleared too.
            let _ = finished.recv();
        }
    }

    /// Waits until no secret waits to be cleared any more. The command line calls it: on Linux the clipboard loses the
    /// text when the program that copied it ends.
    pub fn wait_until_cleared(&self) {
        self.holding.wait_until_none();
    }
}

impl Clipboard for DesktopClipboard {
    /// Fails with `clipboard_unreachable` where there is no display or the clipboard does not answer.
    fn copy(&self, secret: Secret, clear_after: Duration) -> Result<()> {
        let (done, finished) = mpsc::channel();
        let sent = self.requests.send(Request::Copy { secret, clear_after, done });
        sent.map_err(|_| unreachable(&"it is closed"))?;
        finished.recv().map_err(|_| unreachable(&"it has closed"))?
    }
}

impl Drop for DesktopClipboard {
    fn drop(&mut self) {
        // The thread clears and ends when nobody can send any more.
        let (closed, _) = mpsc::channel();
        self.requests = closed;
        if let Some(thread) = self.thread.take() {
            // A thread that died has nothing on the clipboard that could be cleared from here.
            let _ = thread.join();
        }
    }
}

/// Whether a secret waits to be cleared.
#[derive(Default)]
struct Holding {
    is_held: Mutex<bool>,
    changed: Condvar,
}

impl Holding {
    fn set(&self, held: bool) {
        *self.is_held.lock().unwrap_or_else(PoisonError::into_inner) = held;
        self.changed.notify_all();
    }

    fn wait_until_none(&self) {
        let held = self.is_held.lock().unwrap_or_else(PoisonError::into_inner);
        // The answer is the guard itself, poisoned or not: a flag is never half-set.
        drop(self.changed.wait_while(held, |held| *held));
    }
}

fn unreachable(cause: &dyn std::fmt::Display) -> Error {
    let cause = cause.to_string();
    let cause = cause.trim_end_matches('.');
    Error::new(ErrorCode::ClipboardUnreachable, format!("The clipboard cannot be reached: {cause}."))
        .hint("Start Latchkey in a desktop session, or write the key to a file instead.")
}
