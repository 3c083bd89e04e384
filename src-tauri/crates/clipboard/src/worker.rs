//! The one thread that keeps the clipboard.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use latchkey_app::error::Result;
use latchkey_domain::secret::Secret;

use crate::system::Board;
use crate::{Holding, unreachable};

/// What the thread is asked for.
pub(crate) enum Request {
    /// Put this on the clipboard.
    Copy {
        /// The text.
        secret: Secret,
        /// For how long.
        clear_after: Duration,
        /// Where the outcome goes.
        done: Sender<Result<()>>,
    },
    /// Read the text that is there.
    Read {
        /// Where it goes.
        done: Sender<Result<Option<Secret>>>,
    },
    /// Clear what was copied, now.
    Clear {
        /// Told when that is done.
        done: Sender<()>,
    },
}

/// A secret on the clipboard.
struct Copied {
    secret: Secret,
    /// When its time is over; `None` for never, where the duration is beyond what the clock can count.
    until: Option<Instant>,
}

pub(crate) struct Worker<B = arboard::Clipboard> {
    requests: Receiver<Request>,
    holding: Arc<Holding>,
    on_cleared: Box<dyn Fn() + Send>,
    connect: fn() -> Result<B, arboard::Error>,
    board: Option<B>,
    copied: Option<Copied>,
}

impl Worker {
    pub(crate) fn new(requests: Receiver<Request>, holding: Arc<Holding>, on_cleared: Box<dyn Fn() + Send>) -> Self {
        Self { requests, holding, on_cleared, connect: arboard::Clipboard::new, board: None, copied: None }
    }
}

impl<B: Board> Worker<B> {
    /// Serves requests until nobody can send any more, then clears.
    pub(crate) fn run(mut self) {
        loop {
            match self.next() {
                Ok(Request::Copy { secret, clear_after, done }) => {
                    // Whoever asked may have gone meanwhile.
                    let _ = done.send(self.copy(secret, clear_after));
                }
                Ok(Request::Read { done }) => {
                    let _ = done.send(self.read());
                }
                Ok(Request::Clear { done }) => {
                    self.clear();
                    let _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.clear();
                    (self.on_cleared)();
                }
                Err(RecvTimeoutError::Disconnected) => return self.clear(),
            }
        }
    }

    /// The next request, or the time-out of what was copied.
    fn next(&self) -> Result<Request, RecvTimeoutError> {
        match self.copied.as_ref().and_then(|copied| copied.until) {
            Some(until) => self.requests.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => self.requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn copy(&mut self, secret: Secret, clear_after: Duration) -> Result<()> {
        self.on_board(|board| board.write(secret.expose()))?;
        self.copied = Some(Copied { secret, until: Instant::now().checked_add(clear_after) });
        self.holding.set(true);
        Ok(())
    }

    fn read(&mut self) -> Result<Option<Secret>> {
        Ok(self.on_board(B::read)?.map(Secret::new))
    }

    /// Works on the clipboard, which is connected to where it is not yet.
    fn on_board<T>(&mut self, work: impl Fn(&mut B) -> Result<T, arboard::Error>) -> Result<T> {
        let may_be_broken = self.board.is_some() && self.copied.is_none();
        let mut done = self.connected().and_then(&work);
        if done.is_err() && may_be_broken {
            // A connection from earlier, and nothing is lost with it.
            self.board = None;
            done = self.connected().and_then(&work);
        }
        done.map_err(|error| unreachable(&error))
    }

    fn connected(&mut self) -> Result<&mut B, arboard::Error> {
        match &mut self.board {
            Some(board) => Ok(board),
            none => Ok(none.insert((self.connect)()?)),
        }
    }

    /// Takes what was copied off the clipboard if it is still there, and forgets it.
    fn clear(&mut self) {
        if let (Some(copied), Some(board)) = (self.copied.take(), &mut self.board) {
            let cleared = match board.holds(copied.secret.expose()) {
                Ok(true) => board.empty(),
                Ok(false) => Ok(()),
                // Not known whose text it is: rather clear somebody else's than leave a secret there.
                Err(error) => board.empty().and(Err(error)),
            };
            if let Err(error) = cleared {
                tracing::warn!(%error, "the clipboard may not have been cleared");
            }
        }
        self.holding.set(false);
    }
}

#[cfg(test)]
mod tests;
