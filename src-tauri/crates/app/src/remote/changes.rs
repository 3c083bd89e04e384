//! Which changes this process is asking servers for, and the way to stop waiting for them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ports::Watch;

/// The changes under way. To cancel one is to stop waiting for its answer: what was sent, the server may do all the same.
#[derive(Clone, Default)]
pub struct Changes {
    board: Arc<Mutex<Board>>,
}

type Told = Arc<dyn Fn(bool) + Send + Sync>;

#[derive(Default)]
struct Board {
    /// Whether each was cancelled.
    under_way: Vec<Arc<AtomicBool>>,
    told: Option<Told>,
}

impl Changes {
    /// From now on `told` hears, each time that one begins or ends, whether any is under way.
    pub fn listen(&self, told: impl Fn(bool) + Send + Sync + 'static) {
        self.board().told = Some(Arc::new(told));
    }

    /// Whether a server is being asked.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        !self.board().under_way.is_empty()
    }

    /// Stops waiting for all of them; says whether there was any that had not been cancelled.
    #[allow(clippy::must_use_candidate, reason = "most who cancel need not know")]
    pub fn cancel(&self) -> bool {
        let mut stopped = false;
        for cancelled in &self.board().under_way {
            stopped |= !cancelled.swap(true, Ordering::SeqCst);
        }
        stopped
    }

    /// Asks a server, by `ask`, for something that can be cancelled.
    pub(crate) fn watched<T>(&self, ask: impl FnOnce(&Watch) -> T) -> T {
        let cancelled = Arc::new(AtomicBool::default());
        self.board().under_way.push(Arc::clone(&cancelled));
        self.tell();
        let under_way = UnderWay(self, &cancelled);
        let asked = Arc::clone(&cancelled);
        let answer = ask(&Watch { is_cancelled: Arc::new(move || asked.load(Ordering::SeqCst)), ..Watch::default() });
        drop(under_way);
        answer
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        // Who listens may look here.
        let (told, any) = {
            let board = self.board();
            (board.told.clone(), !board.under_way.is_empty())
        };
        if let Some(told) = told {
            told(any);
        }
    }
}

/// A change that is under way until this is dropped.
struct UnderWay<'a>(&'a Changes, &'a Arc<AtomicBool>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.board().under_way.retain(|other| !Arc::ptr_eq(other, self.1));
        self.0.tell();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::Changes;

    #[test]
    fn what_is_under_way_is_cancelled_once_and_what_begins_afterwards_is_not() {
        let changes = Changes::default();
        let log = Arc::new(Mutex::new(Vec::new()));
        let noting = Arc::clone(&log);
        changes.listen(move |any| noting.lock().unwrap().push(any));
        assert!(!changes.cancel() && !changes.is_under_way());
        changes.watched(|watch| {
            assert!(changes.is_under_way() && !(watch.is_cancelled)());
            assert!(changes.cancel());
            assert!((watch.is_cancelled)());
            assert!(!changes.cancel(), "it is told to stop already");
        });
        changes.watched(|watch| assert!(!(watch.is_cancelled)()));
        assert_eq!(*log.lock().unwrap(), [true, false, true, false]);
    }
}
