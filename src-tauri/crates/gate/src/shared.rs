use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::header::HeaderName;
use latchkey_verify::Verifier;

use crate::config::Proxy;
use crate::journal::Journal;
use crate::metrics::Counters;
use crate::path::Requirements;

/// What requests, the watcher and the admin's pages have in common.
pub(crate) struct Shared {
    pub(crate) verifier: Verifier,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) requirements: Requirements,
    pub(crate) header: Option<HeaderName>,
    pub(crate) clock: Clock,
    pub(crate) counters: Counters,
    pub(crate) journal: Journal,
    /// What is wrong now: which file, and the code.
    troubles: Mutex<BTreeMap<&'static str, &'static str>>,
}

/// Says the time, in seconds since 1970.
pub(crate) type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

impl Shared {
    pub(crate) fn new(
        verifier: Verifier,
        (proxy, requirements, header): (Option<Proxy>, Requirements, Option<HeaderName>),
        clock: Clock,
        journal: Journal,
    ) -> Self {
        let (counters, troubles) = (Counters::default(), Mutex::default());
        Self { verifier, proxy, requirements, header, clock, counters, journal, troubles }
    }

    pub(crate) fn now(&self) -> u64 {
        (self.clock)()
    }

    pub(crate) fn troubles(&self) -> MutexGuard<'_, BTreeMap<&'static str, &'static str>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("counters", &self.counters).finish_non_exhaustive()
    }
}
