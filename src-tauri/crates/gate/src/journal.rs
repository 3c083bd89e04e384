//! Lines for people. A reader that is slow, or gone, must not hold up a decision: lines wait in a queue with an end.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// How many lines wait.
const WAITING: usize = 1_024;

#[derive(Debug)]
pub(crate) struct Journal {
    /// `None` is the end.
    lines: SyncSender<Option<String>>,
    dropped: AtomicU64,
}

impl Journal {
    /// Hands each line to `write`, on a thread of its own.
    pub(crate) fn new(write: impl Fn(&str) + Send + 'static) -> io::Result<(Self, JoinHandle<()>)> {
        let (lines, waiting) = sync_channel::<Option<String>>(WAITING);
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || {
            waiting.iter().map_while(|line| line).for_each(|line| write(&line));
        })?;
        Ok((Self { lines, dropped: AtomicU64::new(0) }, thread))
    }

    /// Handles, reasons, files: never a key, never a path that was asked for.
    pub(crate) fn say(&self, line: String) {
        if self.lines.try_send(Some(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines had no place.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// The thread ends when it has written what waits.
    pub(crate) fn end(&self) {
        // It is gone already where this fails.
        let _ = self.lines.send(None);
    }
}
