use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;

use crate::bundle::Bundle;
use crate::decision::Decision;
use crate::endorsement::Endorsement;
use crate::error::{Error, Result};
use crate::file::BundleFile;
use crate::ids::TenantId;
use crate::limits::CLOCK_TOLERANCE;
use crate::signature::PublicKey;

/// What a verifier believes, and what it saw last. A service keeps it where a restart finds it: without it the first
/// bundle after a start can be any that is signed.
///
/// ```
/// # use latchkey_verify::{Error, Memory, PublicKey};
/// # let key: PublicKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse()?;
/// let memory = Memory::new(key);
/// // One line of text, and back.
/// assert_eq!(memory.to_string().parse::<Memory>()?, memory);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    key: PublicKey,
    tenant: Option<TenantId>,
    /// Sequence and time of issue of the newest bundle: 0 and 0 for none.
    newest: (u64, u64),
}

impl Memory {
    /// Knows a public key, and nothing else.
    #[must_use]
    pub fn new(key: PublicKey) -> Self {
        Self { key, tenant: None, newest: (0, 0) }
    }

    /// Believes bundles of this tenant only. Otherwise the first bundle says which.
    #[must_use]
    pub fn of_tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// The public key that is believed now.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The tenant, once it is known.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The sequence of the newest bundle that was seen; 0 for none.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.newest.0
    }

    /// When the newest bundle was issued, in seconds since 1970; 0 for none.
    #[must_use]
    pub fn issued(&self) -> u64 {
        self.newest.1
    }

    /// Believes the key that the one before signed, from now on.
    pub fn endorse(&mut self, file: &[u8], signature: &[u8]) -> Result<()> {
        let Endorsement { tenant, sequence, issued, key } = Endorsement::open(file, signature, &self.key)?;
        self.check_tenant(tenant)?;
        *self = Self { key, tenant: Some(tenant), newest: (sequence, issued) };
        Ok(())
    }

    /// Opens a file that is at least as new as what was seen.
    fn open(&self, file: &[u8], signature: &[u8]) -> Result<BundleFile> {
        let file = BundleFile::open(file, signature, &self.key)?;
        self.check_tenant(file.header.tenant)?;
        if (file.header.sequence, file.header.issued) < self.newest { Err(Error::Rollback) } else { Ok(file) }
    }

    fn check_tenant(&self, tenant: TenantId) -> Result<()> {
        if self.tenant.is_none_or(|own| own == tenant) { Ok(()) } else { Err(Error::OtherTenant) }
    }

    fn note(&mut self, bundle: &Bundle) {
        let header = bundle.header();
        self.tenant = Some(header.tenant);
        self.newest = (header.sequence, header.issued);
    }

    /// The time that counts where the clock says `now`.
    fn time(&self, now: u64) -> Result<u64> {
        if now.saturating_add(CLOCK_TOLERANCE) < self.issued() {
            return Err(Error::ClockSetBack);
        }
        Ok(now.max(self.issued()))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sequence, issued) = self.newest;
        write!(f, "{} {sequence} {issued}", self.key)?;
        self.tenant.map_or(Ok(()), |tenant| write!(f, " {tenant}"))
    }
}

impl FromStr for Memory {
    type Err = Error;

    /// Parses what [`Memory`] prints.
    fn from_str(text: &str) -> Result<Self> {
        let mut words = text.trim_end().split(' ');
        let key = words.next().ok_or(Error::Malformed)?.parse()?;
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or(Error::Malformed);
        let newest = (number()?, number()?);
        let tenant = words.next().map(str::parse).transpose()?;
        if words.next().is_some() { Err(Error::Malformed) } else { Ok(Self { key, tenant, newest }) }
    }
}

/// Decides about keys by the newest bundle that it was given, on any number of threads.
///
/// A newer bundle takes the old one's place between two decisions; none waits for it.
#[derive(Debug)]
pub struct Verifier {
    state: ArcSwap<State>,
    /// Held while a file is taken over: one after another.
    taking: Mutex<()>,
}

#[derive(Debug)]
struct State {
    memory: Memory,
    bundle: Arc<Bundle>,
}

impl Verifier {
    /// Opens a full bundle.
    pub fn open(mut memory: Memory, file: &[u8], signature: &[u8]) -> Result<Self> {
        let bundle = Bundle::new(memory.open(file, signature)?)?;
        memory.note(&bundle);
        let state = ArcSwap::from_pointee(State { memory, bundle: Arc::new(bundle) });
        Ok(Self { state, taking: Mutex::new(()) })
    }

    /// Takes a full bundle or a delta over, if it must be believed and is not older. Otherwise all stays as it is.
    pub fn take(&self, file: &[u8], signature: &[u8]) -> Result<()> {
        self.change(|State { memory, bundle }| {
            let file = memory.open(file, signature)?;
            let bundle = if file.header.base.is_some() { bundle.with(&file) } else { Bundle::new(file) }?;
            let mut memory = memory.clone();
            memory.note(&bundle);
            Ok(State { memory, bundle: Arc::new(bundle) })
        })
    }

    /// Believes the key that the one before signed, from now on. The bundle stays in use.
    pub fn endorse(&self, file: &[u8], signature: &[u8]) -> Result<()> {
        self.change(|State { memory, bundle }| {
            let mut memory = memory.clone();
            memory.endorse(file, signature)?;
            Ok(State { memory, bundle: Arc::clone(bundle) })
        })
    }

    fn change(&self, change: impl FnOnce(&State) -> Result<State>) -> Result<()> {
        // Nothing is left half-done by a panic: the state is one pointer.
        let _one_at_a_time = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let next = change(&self.state.load())?;
        self.state.store(Arc::new(next));
        Ok(())
    }

    /// Decides about a key's text, where the clock says `now`: see [`unix_seconds`]. White space around the text is the
    /// caller's to remove. The text is copied nowhere, and what its digest leaves behind is wiped.
    ///
    /// The one error is [`Error::ClockSetBack`]; then there is no decision, and no key must be accepted.
    pub fn decide(&self, text: &str, now: u64) -> Result<Decision> {
        let state = self.state.load();
        Ok(state.bundle.decide(text, state.memory.time(now)?))
    }

    /// The bundle in use.
    #[must_use]
    pub fn bundle(&self) -> Arc<Bundle> {
        Arc::clone(&self.state.load().bundle)
    }

    /// What to keep for the next start.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.state.load().memory.clone()
    }
}

/// A moment as bundles count it: whole seconds since 1970, rounded down.
#[must_use]
pub fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
