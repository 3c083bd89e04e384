//! The trial of a connector that runs in this process.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use latchkey_app::ports::Watch;
use tauri::{AppHandle, Emitter as _};

/// Told to the web view when a server wants to be waited for, or no longer: it asks how long.
const CONNECTOR_WAITING: &str = "connector-waiting";

/// One trial runs at a time; the next one ends it.
#[derive(Default)]
pub(crate) struct Trials {
    running: Mutex<Option<Arc<Trial>>>,
}

#[derive(Default)]
struct Trial {
    cancelled: AtomicBool,
    /// Seconds until the next attempt; 0 while the server is being asked.
    waiting: AtomicU32,
}

impl Trials {
    /// Runs one, in place of the one before.
    pub(crate) fn run<T>(&self, app: &AppHandle, work: impl FnOnce(&Watch) -> T) -> T {
        let trial = Arc::new(Trial::default());
        if let Some(before) = self.running().replace(Arc::clone(&trial)) {
            before.cancelled.store(true, Ordering::SeqCst);
        }
        let _done = Done { trials: self, trial: &trial };
        let (told, asked, app) = (Arc::clone(&trial), Arc::clone(&trial), app.clone());
        work(&Watch {
            waiting: Arc::new(move |left| {
                told.waiting.store(u32::try_from(left.as_secs()).unwrap_or(u32::MAX), Ordering::SeqCst);
                if let Err(error) = app.emit(CONNECTOR_WAITING, ()) {
                    tracing::warn!(%error, "the web view was not told how long the server is waited for");
                }
            }),
            is_cancelled: Arc::new(move || asked.cancelled.load(Ordering::SeqCst)),
            ..Watch::default()
        })
    }

    /// In how many seconds the server is asked again; `None` where it is being asked, or nothing runs.
    pub(crate) fn waiting(&self) -> Option<u32> {
        let seconds = self.running().as_ref()?.waiting.load(Ordering::SeqCst);
        Some(seconds).filter(|seconds| *seconds > 0)
    }

    /// Asks the trial that runs to stop.
    pub(crate) fn cancel(&self) {
        if let Some(trial) = &*self.running() {
            trial.cancelled.store(true, Ordering::SeqCst);
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Arc<Trial>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This trial does not run any more, whichever way it ended.
struct Done<'a> {
    trials: &'a Trials,
    trial: &'a Arc<Trial>,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let mut running = self.trials.running();
        if running.as_ref().is_some_and(|running| Arc::ptr_eq(running, self.trial)) {
            *running = None;
        }
    }
}
