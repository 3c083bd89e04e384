//! HTTPS, and nothing that is not asked for: no redirects that lead elsewhere, no cookies but those of a session that
//! somebody signed in to, no answer without a limit.
//!
//! **Architecture invariant:** this is the only place of the program that opens a socket of its own, and
//! [`Transport::send`] asks whether the network may be used before it does.
//!
//! Secrets are wiped where they are ours: bodies that are sent, answers, the JSON read from them. While a request is under
//! way, the HTTP and TLS libraries have copies of its headers and of what they have read; those they do not wipe.

mod address;
mod budget;
mod client;
mod gate;
mod lost;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};
use std::time::{Duration, Instant};

use latchkey_app::ports::{Network, Outcome, Watch};
use latchkey_domain::secret::Secret;
use rand::RngExt;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, SET_COOKIE};
use reqwest::{Client, Request};
use tokio::runtime::{Builder, Runtime};
use zeroize::Zeroizing;

pub use address::{base, is_loopback, is_plain, proxy};
pub use budget::Budget;
pub(crate) use gate::Gate;
pub use lost::{Loss, Lost};

use crate::manifest::Method;
use crate::request::Outgoing;

/// What is shown on the way to a server, before any request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proofs<'s> {
    /// A client certificate with its key, as PEM.
    pub certificate: Option<&'s Secret>,
    /// A user and a password for the proxy, with a colon between them.
    pub proxy: Option<&'s Secret>,
}

/// How patient the client is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer is there, all of it.
    pub answer: Duration,
    /// Before the second attempt; twice as long before each further one.
    pub pause: Duration,
    /// How often something that only reads is tried.
    pub attempts: u32,
    /// The longest that a server may want to be waited for; longer ones are told to the operator instead.
    pub longest_wait: Duration,
    /// The most bytes of an answer.
    pub most_bytes: usize,
}

/// Many clients that were cut off at once should not come back at once: each waits for so many hundredths of its pause.
const SCATTER: std::ops::RangeInclusive<u32> = 50..=150;

impl Patience {
    /// How long is waited before an attempt, the second being the first that waits.
    fn before(&self, attempt: u32, hundredths: u32) -> Duration {
        self.pause * 2_u32.pow(attempt - 2) * hundredths / 100
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            pause: Duration::from_millis(500),
            attempts: 4,
            longest_wait: Duration::from_mins(1),
            most_bytes: 8 * 1024 * 1024,
        }
    }
}

/// Sends requests.
pub struct Transport {
    /// Begun with the first request: most runs of the program send none.
    runtime: OnceLock<Runtime>,
    patience: Patience,
    offline: AtomicBool,
    clients: Mutex<HashMap<String, Client>>,
}

/// An answer, whatever its status.
pub struct Received {
    /// Its status.
    pub status: u16,
    /// Whether it says that it is a page for people.
    pub is_page: bool,
    /// Its body; wiped when dropped, since it may have a secret in it.
    pub body: Zeroizing<Vec<u8>>,
    /// How long the server wants to be left alone.
    pub wait: Option<Duration>,
    /// What it set as cookies, where they are looked at.
    pub cookies: Vec<Zeroizing<String>>,
}

impl fmt::Debug for Received {
    /// Without the body, which may have a secret in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What an answer says of the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is none.
    Final,
    /// It may be another one; after so long, if it says so.
    Again(Option<Duration>),
}

/// The longest wait that is believed.
const MAX_WAIT: Duration = Duration::from_hours(7 * 24);

/// How often the caller is looked after while a request is under way.
const LOOK: Duration = Duration::from_millis(25);

impl Transport {
    /// A client that uses the network unless `offline`.
    #[must_use]
    pub fn new(patience: Patience, offline: bool) -> Self {
        Self { runtime: OnceLock::new(), patience, offline: AtomicBool::new(offline), clients: Mutex::default() }
    }

    /// From now on the network is used, or not.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::SeqCst);
        if offline {
            // With the connections that they keep open.
            self.clients.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Whether the network is not to be used.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.offline.load(Ordering::SeqCst)
    }

    /// Sends a request and waits for the answer. What only reads is tried again where that may help; `verdict` tells of
    /// an answer whether it may.
    pub fn send(
        &self,
        outgoing: &Outgoing,
        network: &Network,
        proofs: Proofs<'_>,
        watch: &Watch,
        verdict: &dyn Fn(&Received) -> Verdict,
    ) -> Result<Received, Lost> {
        let only_reads = outgoing.method == Method::Get;
        let mut attempt = 1;
        loop {
            let sent = self.send_once(outgoing, network, proofs, watch);
            if !only_reads || attempt >= self.patience.attempts {
                return sent;
            }
            let wait = match &sent {
                Ok(received) => match verdict(received) {
                    Verdict::Again(wait) => wait,
                    Verdict::Final => return sent,
                },
                // Who has been waited for twice in full is not there.
                Err(lost) if lost.may_pass() && (lost.loss != Loss::TimeOut || attempt == 1) => None,
                Err(_) => return sent,
            };
            let pause = match wait {
                Some(wait) if !self.would_wait(wait) => return sent,
                Some(wait) => wait,
                None => self.patience.before(attempt + 1, rand::rng().random_range(SCATTER)),
            };
            self.pause(pause, watch)?;
            attempt += 1;
        }
    }

    /// Whether so long is waited here, or by the operator.
    pub(crate) fn would_wait(&self, wait: Duration) -> bool {
        wait <= self.patience.longest_wait
    }

    /// Fails where a request is not to be sent, or not any more.
    pub(crate) fn check(&self, watch: &Watch) -> Result<(), Lost> {
        if self.is_offline() {
            return Err(Lost::not_sent(Loss::Offline));
        }
        if (watch.is_cancelled)() { Err(Lost::not_sent(Loss::Cancelled)) } else { Ok(()) }
    }

    /// Waits, and says every second how long still, and when it is over.
    pub(crate) fn pause(&self, pause: Duration, watch: &Watch) -> Result<(), Lost> {
        let end = Instant::now() + pause;
        let mut told = None;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            self.check(watch)?;
            if left.is_zero() {
                if told.is_some() {
                    (watch.waiting)(Duration::ZERO);
                }
                return Ok(());
            }
            let seconds = left.as_secs_f64().ceil();
            if told != Some(seconds) {
                (watch.waiting)(Duration::from_secs_f64(seconds));
                told = Some(seconds);
            }
            std::thread::sleep(left.min(LOOK));
        }
    }

    fn send_once(
        &self,
        outgoing: &Outgoing,
        network: &Network,
        proofs: Proofs<'_>,
        watch: &Watch,
    ) -> Result<Received, Lost> {
        // Before anything is built that could open a socket.
        self.check(watch)?;
        address::check(&outgoing.url, network.plain_http).map_err(Lost::not_sent)?;
        let client = self.client(outgoing, network, proofs)?;
        let request = client::request(&client, outgoing).map_err(|error| Lost::of(&error))?;
        let (most, takes_cookies) = (self.patience.most_bytes, outgoing.takes_cookies);
        let (answered, answer) = mpsc::sync_channel(1);
        let begun = Instant::now();
        let (method, host) = (outgoing.method, outgoing.url.host_str().unwrap_or_default().to_owned());
        let task = self.runtime()?.spawn(async move {
            // Nobody waits any more where this fails.
            let _ = answered.send(exchange(&client, request, most, takes_cookies).await);
        });
        let received = loop {
            match answer.recv_timeout(LOOK) {
                Ok(received) => break received,
                Err(mpsc::RecvTimeoutError::Timeout) if (watch.is_cancelled)() || self.is_offline() => {
                    task.abort();
                    let loss = if self.is_offline() { Loss::Offline } else { Loss::Cancelled };
                    break Err(Lost { loss, outcome: Outcome::Unknown });
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break Err(Lost::broken("the request was dropped")),
            }
        };
        let ended = received.as_ref().map(|received| received.status);
        tracing::debug!(?method, host, ?ended, ms = begun.elapsed().as_millis(), "asked a server");
        received
    }

    fn runtime(&self) -> Result<&Runtime, Lost> {
        if self.runtime.get().is_none() {
            let mut builder = Builder::new_multi_thread();
            let built = builder.worker_threads(1).thread_name("latchkey-https").enable_all().build();
            let built = built.map_err(|error| Lost::not_sent(Loss::Broken(error.to_string())))?;
            if let Err(second) = self.runtime.set(built) {
                second.shutdown_background();
            }
        }
        self.runtime.get().ok_or_else(|| Lost::broken("there is no thread for requests"))
    }

    /// One client for all requests that reach their servers in the same way: it keeps its connections.
    fn client(&self, outgoing: &Outgoing, network: &Network, proofs: Proofs<'_>) -> Result<Client, Lost> {
        let way = client::Way { loopback: is_loopback(&outgoing.url), reads: outgoing.method == Method::Get };
        // One with a secret in it is not kept.
        if proofs.certificate.is_some() || proofs.proxy.is_some() {
            return client::build(&self.patience, network, proofs, way);
        }
        let name = format!("{way:?} {network:?}");
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&name) {
            return Ok(client.clone());
        }
        let client = client::build(&self.patience, network, proofs, way)?;
        clients.insert(name, client.clone());
        Ok(client)
    }
}

impl Drop for Transport {
    /// Whatever is still under way is left alone: nobody waits for it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn exchange(client: &Client, request: Request, most: usize, takes_cookies: bool) -> Result<Received, Lost> {
    let mut response = client.execute(request).await.map_err(|error| Lost::of(&error))?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(reqwest::header::LOCATION).and_then(|to| to.to_str().ok());
        let host = to.and_then(|to| response.url().join(to).ok()).and_then(|to| to.host_str().map(str::to_owned));
        // 302 and 303 are sent after something was done, too; the others want it sent again elsewhere.
        let outcome = if matches!(status.as_u16(), 301 | 307 | 308) { Outcome::NotDone } else { Outcome::Unknown };
        return Err(Lost { loss: Loss::Redirect(host.unwrap_or_default()), outcome });
    }
    let wait = retry_after(response.headers()).map(|wait| wait.min(MAX_WAIT));
    let is_page = is_page(response.headers());
    let cookies = if takes_cookies { cookies(response.headers()) } else { Vec::new() };
    if response.content_length().is_some_and(|length| length > most as u64) {
        return Err(Lost { loss: Loss::TooLarge, outcome: Outcome::Unknown });
    }
    let mut body = Zeroizing::new(Vec::with_capacity(16 * 1024));
    while let Some(chunk) = response.chunk().await.map_err(|error| Lost::of(&error))? {
        if body.len() + chunk.len() > most {
            return Err(Lost { loss: Loss::TooLarge, outcome: Outcome::Unknown });
        }
        grow(&mut body, &chunk);
    }
    Ok(Received { status: status.as_u16(), is_page, body, wait, cookies })
}

fn cookies(headers: &HeaderMap) -> Vec<Zeroizing<String>> {
    let texts = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.map(|text| Zeroizing::new(text.to_owned())).collect()
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/xhtml+xml")
}

/// Adds to bytes that are wiped, without leaving an unwiped copy where they move.
fn grow(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let needed = body.len() + chunk.len();
    if needed > body.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * body.capacity())));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

/// Seconds (RFC 9110, 10.2.3); the form with a date is read too. Of the headers that count down to a moment, the one in
/// seconds since 1970 that the vendors send.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(after) = text(RETRY_AFTER.as_str()) {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let at = chrono::DateTime::parse_from_rfc2822(after).ok()?;
        return (at.to_utc() - chrono::Utc::now()).to_std().ok();
    }
    if text("x-ratelimit-remaining") != Some("0") {
        return None;
    }
    let reset: i64 = text("x-ratelimit-reset")?.parse().ok()?;
    u64::try_from(reset.saturating_sub(chrono::Utc::now().timestamp())).ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::{Patience, SCATTER};

    #[test]
    fn each_attempt_waits_twice_as_long_and_none_as_long_as_another_client() {
        let patience = Patience::default();
        let (least, most) = (*SCATTER.start(), *SCATTER.end());
        for attempt in 2..=patience.attempts {
            let usual = patience.before(attempt, 100);
            assert_eq!(usual, patience.pause * 2_u32.pow(attempt - 2), "{attempt}");
            assert_eq!(patience.before(attempt, least) * 2, usual, "{attempt}");
            assert_eq!(patience.before(attempt, most) * 2, usual * 3, "{attempt}");
        }
    }
}
