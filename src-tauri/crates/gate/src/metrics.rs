//! What is counted, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use latchkey_verify::Error;

use crate::answer::Why;
use crate::shared::Shared;

/// The code of a file that cannot be read.
pub(crate) const UNREADABLE: &str = "unreadable";

#[derive(Debug)]
pub(crate) struct Counters {
    passed: AtomicU64,
    /// In the order of [`Why::all`].
    refused: Vec<(Why, AtomicU64)>,
    taken: AtomicU64,
    files_refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl Default for Counters {
    fn default() -> Self {
        let codes = Error::ALL.map(Error::code).into_iter().chain([UNREADABLE]);
        Self {
            passed: AtomicU64::new(0),
            refused: Why::all().map(|why| (why, AtomicU64::new(0))).collect(),
            taken: AtomicU64::new(0),
            files_refused: Mutex::new(codes.map(|code| (code, 0)).collect()),
        }
    }
}

impl Counters {
    /// A decision: `None` for one that lets pass.
    pub(crate) fn count(&self, why: Option<Why>) {
        let counter = match why {
            None => Some(&self.passed),
            Some(why) => self.refused.iter().find(|(own, _)| *own == why).map(|(_, counter)| counter),
        };
        counter.map(|counter| counter.fetch_add(1, Ordering::Relaxed));
    }

    pub(crate) fn file_taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn file_refused(&self, code: &'static str) {
        *self.files_refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }
}

/// The page.
pub(crate) fn text(shared: &Shared) -> String {
    let counters = &shared.counters;
    let mut page = Page::default();
    page.family("latchkey_gate_decisions_total", "counter", "Decisions about requests, by reason.");
    page.line("{decision=\"valid\",reason=\"\"}", counters.passed.load(Ordering::Relaxed));
    for (why, counter) in &counters.refused {
        let labels = format!("{{decision=\"refused\",reason=\"{}\"}}", why.name());
        page.line(&labels, counter.load(Ordering::Relaxed));
    }
    let bundle = shared.verifier.bundle();
    let header = bundle.header();
    for (name, help, value) in [
        ("sequence", "Sequence of the bundle in use.", header.sequence),
        ("keys", "Keys in the bundle in use.", header.total as u64),
        ("issued_timestamp_seconds", "When the bundle in use was issued.", header.issued),
        ("expires_timestamp_seconds", "When the bundle in use is over.", header.expires),
        ("age_seconds", "Time since the bundle in use was issued.", shared.now().saturating_sub(header.issued)),
        ("trouble", "Whether the last file was refused, or the state could not be noted.", {
            u64::from(!shared.troubles().is_empty())
        }),
    ] {
        page.family(&format!("latchkey_gate_bundle_{name}"), "gauge", help);
        page.line("", value);
    }
    page.family(
        "latchkey_gate_files_taken_total",
        "counter",
        "Bundles and deltas that were taken over since the start.",
    );
    page.line("", counters.taken.load(Ordering::Relaxed));
    page.family("latchkey_gate_files_refused_total", "counter", "Bundles and deltas that were refused, by code.");
    for (code, count) in counters.files_refused.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        page.line(&format!("{{code=\"{code}\"}}"), *count);
    }
    page.family("latchkey_gate_log_lines_dropped_total", "counter", "Log lines that nobody took.");
    page.line("", shared.journal.dropped());
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    name: String,
}

// Writing to a string does not fail.
impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        name.clone_into(&mut self.name);
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, labels: &str, value: u64) {
        let _ = writeln!(self.text, "{}{labels} {value}", self.name);
    }
}
