//! Which remote tenants this process is refreshing, how far that is, and the way to stop it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::ports::Watch;
use crate::wire::{RefreshProgress, TenantRefresh};

/// How many servers are asked at once, unless somebody says otherwise. Their answers are written one after the other, so
/// that more bring less and less (`benches/remote`); and each may have an answer of some MiB in memory.
const AT_ONCE: usize = 16;

/// The refreshes of this process. Whoever shows them is told of each step.
#[derive(Clone)]
pub struct Refreshes {
    shared: Arc<Shared>,
    at_once: usize,
}

struct Shared {
    board: Mutex<Board>,
    told: Box<dyn Fn(&RefreshProgress) + Send + Sync>,
}

/// Counts since nothing was under way.
#[derive(Default)]
struct Board {
    under_way: Vec<Arc<Refresh>>,
    done: u32,
    total: u32,
}

/// One tenant, from the moment that its turn is waited for.
struct Refresh {
    tenant: String,
    begun: AtomicBool,
    keys: AtomicU32,
    /// Seconds until the next attempt; 0 while the server is being asked.
    waiting: AtomicU32,
    cancelled: AtomicBool,
}

impl Refreshes {
    /// None is under way. `told` is called with each step, by the threads that ask.
    pub fn new(told: impl Fn(&RefreshProgress) + Send + Sync + 'static) -> Self {
        Self { shared: Arc::new(Shared { board: Mutex::default(), told: Box::new(told) }), at_once: AT_ONCE }
    }

    /// So many servers are asked at once.
    #[must_use]
    pub fn at_once(self, at_once: usize) -> Self {
        Self { at_once, ..self }
    }

    /// Refreshes one tenant (its identifier) by `work`, in place of a refresh of it that is under way.
    pub fn follow<T>(&self, tenant: &str, work: impl FnOnce(&Watch) -> T) -> T {
        self.cancel(Some(tenant));
        let refresh = self.shared.lock().enter(tenant.to_owned());
        Entered { refresh, shared: Arc::clone(&self.shared) }.run(work)
    }

    /// How far they are.
    #[must_use]
    pub fn progress(&self) -> RefreshProgress {
        self.shared.lock().progress()
    }

    /// Asks the refresh of one tenant to stop, or all of them.
    pub fn cancel(&self, tenant: Option<&str>) {
        for refresh in &self.shared.lock().under_way {
            if tenant.is_none_or(|tenant| refresh.tenant == tenant) {
                refresh.cancelled.store(true, Ordering::SeqCst);
            }
        }
        self.shared.tell();
    }

    /// How many workers ask that many tenants.
    pub(super) fn workers(&self, tenants: usize) -> usize {
        tenants.min(self.at_once)
    }

    /// Takes tenants among those that are under way, each waiting for its turn; `None` for those that are there.
    pub(super) fn enter_others(&self, tenants: impl Iterator<Item = String>) -> Vec<Option<Entered>> {
        let entered = {
            let mut board = self.shared.lock();
            let mut enter = |tenant: String| {
                let is_there = board.under_way.iter().any(|refresh| refresh.is_of(&tenant));
                (!is_there).then(|| Entered { refresh: board.enter(tenant), shared: Arc::clone(&self.shared) })
            };
            tenants.map(&mut enter).collect()
        };
        self.shared.tell();
        entered
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        let progress = self.lock().progress();
        (self.told)(&progress);
    }
}

impl Board {
    fn enter(&mut self, tenant: String) -> Arc<Refresh> {
        let refresh = Arc::new(Refresh {
            tenant,
            begun: AtomicBool::default(),
            keys: AtomicU32::default(),
            waiting: AtomicU32::default(),
            cancelled: AtomicBool::default(),
        });
        self.under_way.push(Arc::clone(&refresh));
        self.total += 1;
        refresh
    }

    fn leave(&mut self, refresh: &Arc<Refresh>) {
        self.under_way.retain(|other| !Arc::ptr_eq(other, refresh));
        self.done += 1;
        if self.under_way.is_empty() {
            (self.done, self.total) = (0, 0);
        }
    }

    fn progress(&self) -> RefreshProgress {
        RefreshProgress {
            done: self.done,
            total: self.total,
            under_way: self.under_way.iter().map(|refresh| refresh.view()).collect(),
        }
    }
}

impl Refresh {
    /// Whether it will tell how the tenant is now: one that is to stop will not.
    fn is_of(&self, tenant: &str) -> bool {
        self.tenant == tenant && !self.cancelled.load(Ordering::SeqCst)
    }

    fn view(&self) -> TenantRefresh {
        let waiting = self.waiting.load(Ordering::SeqCst);
        TenantRefresh {
            tenant: self.tenant.clone(),
            begun: self.begun.load(Ordering::SeqCst),
            keys: self.keys.load(Ordering::SeqCst),
            waiting: (waiting > 0).then_some(waiting),
            cancelling: self.cancelled.load(Ordering::SeqCst),
        }
    }
}

/// A tenant that is under way until this is dropped.
pub(super) struct Entered {
    refresh: Arc<Refresh>,
    shared: Arc<Shared>,
}

impl Entered {
    /// Its turn has come.
    pub(super) fn run<T>(self, work: impl FnOnce(&Watch) -> T) -> T {
        self.refresh.begun.store(true, Ordering::SeqCst);
        self.shared.tell();
        work(&self.watch())
    }

    fn watch(&self) -> Watch {
        let noting = |note: fn(&Refresh, u32)| {
            let (refresh, shared) = (Arc::clone(&self.refresh), Arc::clone(&self.shared));
            move |figure: u64| {
                note(&refresh, u32::try_from(figure).unwrap_or(u32::MAX));
                shared.tell();
            }
        };
        let waits = noting(|refresh, seconds| refresh.waiting.store(seconds, Ordering::SeqCst));
        let arrives = noting(|refresh, keys| refresh.keys.store(keys, Ordering::SeqCst));
        let asked = Arc::clone(&self.refresh);
        Watch {
            waiting: Arc::new(move |left: Duration| waits(left.as_secs())),
            arrived: Arc::new(move |keys| arrives(keys as u64)),
            is_cancelled: Arc::new(move || asked.cancelled.load(Ordering::SeqCst)),
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.shared.lock().leave(&self.refresh);
        self.shared.tell();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::Refreshes;

    #[test]
    fn each_step_is_told_and_the_counts_begin_anew_when_all_is_done() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&told);
        let refreshes = Refreshes::new(move |progress| hears.lock().unwrap().push(progress.clone()));
        let mut entered = refreshes.enter_others(["a", "b", "a"].map(str::to_owned).into_iter());
        assert!(entered.pop().unwrap().is_none(), "once each");
        let begun = refreshes.progress();
        assert_eq!((begun.done, begun.total, begun.under_way.iter().any(|one| one.begun)), (0, 2, false));
        let (second, first) = (entered.pop().unwrap().unwrap(), entered.pop().unwrap().unwrap());
        first.run(|watch| {
            (watch.waiting)(Duration::from_secs(7));
            (watch.arrived)(200);
            let [a, b] = &refreshes.progress().under_way[..] else { panic!("both") };
            assert_eq!((a.tenant.as_str(), a.waiting, a.keys, a.begun), ("a", Some(7), 200, true));
            assert_eq!((b.tenant.as_str(), b.begun), ("b", false));
            (watch.waiting)(Duration::ZERO);
            assert_eq!(refreshes.progress().under_way[0].waiting, None);
        });
        let half = refreshes.progress();
        assert_eq!((half.done, half.total, half.under_way.len()), (1, 2, 1));
        drop(second);
        assert_eq!(refreshes.progress(), crate::wire::RefreshProgress::default());
        assert!(told.lock().unwrap().len() >= 7);
    }

    #[test]
    fn one_is_cancelled_or_all_and_a_new_one_takes_the_place_of_the_one_before() {
        let refreshes = Refreshes::new(|_| ());
        let entered = refreshes.enter_others(["a", "b"].map(str::to_owned).into_iter());
        refreshes.cancel(Some("a"));
        let mut cancelled = Vec::new();
        for one in entered.into_iter().flatten() {
            one.run(|watch| {
                cancelled.push((watch.is_cancelled)());
                if cancelled.len() == 2 {
                    let again = refreshes.follow("b", |new| ((new.is_cancelled)(), (watch.is_cancelled)()));
                    assert_eq!(again, (false, true));
                    refreshes.follow("c", |new| {
                        refreshes.cancel(None);
                        assert!((new.is_cancelled)());
                    });
                }
            });
        }
        assert_eq!(cancelled, [true, false]);
    }
}
