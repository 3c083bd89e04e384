//! A gate that runs for as long as a test.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use latchkey_gate::{Config, Gate, GateError, Proxy, Stop};

use crate::client::{Response, get};
use crate::harbour::{Harbour, NOW};

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    admin: SocketAddr,
    pub(crate) clock: Arc<AtomicU64>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    lines: Arc<(Mutex<Vec<String>>, Condvar)>,
}

pub(crate) fn config(harbour: &Harbour, proxy: Option<Proxy>, requirements: &[&str]) -> Config {
    Config {
        bundle: harbour.path("bundle"),
        public_key: harbour.public_key(),
        endorsements: vec![],
        state: Some(harbour.path("state")),
        listen: ([127, 0, 0, 1], 0).into(),
        admin: Some(([127, 0, 0, 1], 0).into()),
        proxy,
        requirements: requirements.iter().map(|text| text.parse::<latchkey_gate::Requirement>().unwrap()).collect(),
        header: Some(latchkey_gate::HeaderName::from_static("x-crane")),
        interval: Duration::from_millis(5),
        patience: u32::MAX,
    }
}

impl Running {
    pub(crate) fn start(config: Config) -> Self {
        Self::try_start(config).unwrap()
    }

    pub(crate) fn try_start(config: Config) -> Result<Self, GateError> {
        let clock = Arc::new(AtomicU64::new(NOW));
        let lines = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let gate = {
            let (clock, lines) = (Arc::clone(&clock), Arc::clone(&lines));
            Gate::open(
                config,
                move || clock.load(Ordering::Relaxed),
                move |line| {
                    lines.0.lock().unwrap().push(line.to_owned());
                    lines.1.notify_all();
                },
            )?
        };
        let (address, admin, stop) = (gate.address().unwrap(), gate.admin_address().unwrap().unwrap(), gate.stop());
        let thread = Some(thread::spawn(move || gate.run().unwrap()));
        Ok(Self { address, admin, clock, stop, thread, lines })
    }

    /// Asks with a key as most clients do.
    pub(crate) fn with(&self, key: &str) -> Response {
        get(self.address, "/", &[("Authorization", &format!("Bearer {key}"))])
    }

    pub(crate) fn health(&self) -> (u16, serde_json::Value) {
        let response = get(self.admin, "/-/health", &[]);
        assert_eq!(response.header("content-type"), "application/json");
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    pub(crate) fn page(&self, path: &str) -> Response {
        get(self.admin, path, &[])
    }

    /// A line of the metrics, as a number.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let page = self.page("/-/metrics");
        let line = page.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {}", page.body)).parse().unwrap()
    }

    /// Waits until it has logged this.
    pub(crate) fn logged(&self, part: &str) -> String {
        let (lines, more) = &*self.lines;
        let found = |lines: &[String]| lines.iter().find(|line| line.contains(part)).cloned();
        let lines = more.wait_while(lines.lock().unwrap(), |lines| found(lines).is_none()).unwrap();
        found(&lines).unwrap()
    }

    pub(crate) fn log(&self) -> String {
        self.lines.0.lock().unwrap().join("\n")
    }

    /// Waits until the gate decides by this sequence.
    pub(crate) fn has_taken(&self, sequence: u64) {
        self.logged(&format!("sequence {sequence},"));
    }

    pub(crate) fn stop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Tells it to end, without waiting for that.
    pub(crate) fn begin_to_stop(&self) {
        self.stop.stop();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            // A test that failed already says why.
            let _ = thread.join();
        }
    }
}
