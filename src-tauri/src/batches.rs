//! The batch that runs in this process, and the list of names that was read for the next one.

use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use latchkey_app::batch::{NameList, Watch};
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{BatchEnd, BatchProgress, ErrorCode};
use tauri::{AppHandle, Emitter as _};

/// Told to the web view when a batch has come further: it asks how far.
const BATCH_PROGRESS: &str = "batch-progress";
/// The web view is not told more often.
const EVERY: Duration = Duration::from_millis(100);

/// One batch runs at a time.
#[derive(Default)]
pub(crate) struct Batches {
    list: Mutex<Option<NameList>>,
    running: Mutex<Option<Running>>,
}

struct Running {
    progress: BatchProgress,
    cancelled: bool,
}

impl Batches {
    /// Remembers a list of names: the web view knows what is in it, and Rust has it.
    pub(crate) fn remember(&self, list: NameList) {
        *locked(&self.list) = Some(list);
    }

    /// The list of names that was read last.
    pub(crate) fn list(&self) -> Option<NameList> {
        locked(&self.list).clone()
    }

    /// How far the batch is that runs, if one does.
    pub(crate) fn progress(&self) -> Option<BatchProgress> {
        locked(&self.running).as_ref().map(|running| running.progress)
    }

    /// Asks the batch that runs to stop and to take everything back.
    pub(crate) fn cancel(&self) {
        if let Some(running) = &mut *locked(&self.running) {
            running.cancelled = true;
        }
    }

    /// Runs one, unless another is running.
    pub(crate) fn run(
        &self,
        app: &AppHandle,
        work: impl FnOnce(&mut Watch<'_>) -> Result<BatchEnd>,
    ) -> Result<BatchEnd> {
        {
            let mut running = locked(&self.running);
            if running.is_some() {
                return Err(Error::new(ErrorCode::NotNow, "Another batch is running.").hint("Wait until it is done."));
            }
            let progress = BatchProgress { drawn: 0, listed: 0, total: 0 };
            *running = Some(Running { progress, cancelled: false });
        }
        let _done = Done(self);
        tell(app);
        let mut told = Instant::now();
        work(&mut |progress| {
            let cancelled = match &mut *locked(&self.running) {
                Some(running) => {
                    running.progress = progress;
                    running.cancelled
                }
                None => false,
            };
            if told.elapsed() >= EVERY {
                told = Instant::now();
                tell(app);
            }
            if cancelled { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }
}

/// Nothing runs any more, whichever way the work ended.
struct Done<'a>(&'a Batches);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        locked(&self.0.running).take();
    }
}

fn tell(app: &AppHandle) {
    if let Err(error) = app.emit(BATCH_PROGRESS, ()) {
        tracing::warn!(%error, "the web view was not told how far the batch is");
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
