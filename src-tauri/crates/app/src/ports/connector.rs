use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use latchkey_domain::field::FieldProblem;
use latchkey_domain::remote::{CertificateFacts, Network};
use latchkey_domain::secret::Secret;

use crate::error::Error;
use crate::wire::{Capability, CheckedKey, Connector, NameLength, SignInChoice};

/// The connectors of this program and of its user, and the servers behind them.
///
/// What may have been done at the server although no answer says so fails with [`Outcome::Unknown`]; everything else
/// that fails surely was not done.
pub trait Connectors: Send + Sync {
    /// All connectors by name: what each is and can do. A user's own that cannot be read are among them, with the reason.
    fn all(&self) -> Vec<Connector>;

    /// The address of a server, as requests need it; fails on `address` where it is none.
    fn address(&self, text: &str) -> Result<String, FieldProblem>;

    /// Whether requests to an address go to another computer without encryption.
    fn is_plain(&self, url: &str) -> bool;

    /// The certificates of PEM text and nothing else of it; fails on `authorities` where there is none.
    fn authorities(&self, pem: &str) -> Result<Authorities, FieldProblem>;

    /// What a client certificate says of itself; fails on `client_certificate` where it cannot be shown to a server with
    /// the key beside it.
    fn client_certificate(&self, pem: &Secret) -> Result<CertificateFacts, FieldProblem>;

    /// The address of a proxy, as requests need it; fails on `proxy` where it is none.
    fn proxy(&self, text: &str) -> Result<String, FieldProblem>;

    /// Reads a manifest without taking it; fails with `failed`, naming the line.
    fn read(&self, file: &Path) -> Result<Connector, Error>;

    /// Takes a copy of a manifest among the user's own, in place of one with its identifier.
    fn add(&self, file: &Path) -> Result<Connector, Error>;

    /// Takes a manifest of the user's own away.
    fn remove(&self, id: &str) -> Result<(), Error>;

    /// From now on the network is used, or not: then everything but checks of manifests fails with `offline`.
    fn set_offline(&self, offline: bool);

    /// The keys of a tenant.
    fn keys(&self, at: &Site<'_>, watch: &Watch) -> Answer<Listing>;

    /// The API sets of a tenant; those that the connector knows by itself where the server does not tell them.
    fn api_sets(&self, at: &Site<'_>, watch: &Watch) -> Answer<Vec<ListedSet>>;

    /// Makes a key.
    fn create(&self, at: &Site<'_>, draft: &RemoteDraft, watch: &Watch) -> Answer<CreatedKey>;

    /// Gives a key another name, description or choice of API sets.
    fn update(&self, at: &Site<'_>, id: &str, change: &RemoteChange, watch: &Watch) -> Answer<()>;

    /// Switches a key on or off.
    fn switch(&self, at: &Site<'_>, id: &str, on: bool, watch: &Watch) -> Answer<()>;

    /// Ends a key for good. A key that is not there any more is ended.
    fn revoke(&self, at: &Site<'_>, id: &str, watch: &Watch) -> Answer<()>;

    /// What a person does in the vendor's own pages; `None` where nobody has to, or there is no way.
    fn guide(&self, at: &Site<'_>, capability: Capability) -> Result<Option<Guidance>, Error>;

    /// How long the vendor lets the name of a key be.
    fn name_length(&self, connector: &str) -> Result<NameLength, Error>;

    /// The text of a key as requests need it, without what people paste around it.
    fn pasted(&self, connector: &str, text: &Secret) -> Result<Pasted, Error>;

    /// Asks with a key whether it works.
    fn check(&self, at: &Site<'_>, key: &Secret, watch: &Watch) -> Answer<CheckedKey>;

    /// Signs in with what the connector's questions were answered with, and answers with what is to be asked with from
    /// then on, as [`SESSION`] among the credentials. Fails on `answers` for one that is missing or wrong.
    fn sign_in(&self, at: &Site<'_>, answers: &BTreeMap<String, Arc<Secret>>, watch: &Watch) -> Answer<Secret>;

    /// What the server offers for the options that are chosen after signing in.
    fn choices(&self, at: &Site<'_>, watch: &Watch) -> Answer<Vec<SignInChoice>>;

    /// Ends the session. One that is over already is ended.
    fn sign_out(&self, at: &Site<'_>, watch: &Watch) -> Answer<()>;
}

/// The identifier of the credential that is a session.
pub const SESSION: &str = "session";

/// What a connector answers with.
pub type Answer<T> = Result<T, Failure>;

/// A tenant's server and who asks there.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The connector's identifier.
    pub connector: &'a str,
    /// The address, as the tenant has it.
    pub url: &'a str,
    /// What else belongs to the address.
    pub options: &'a BTreeMap<String, String>,
    /// How the server is reached.
    pub network: &'a Network,
    /// By identifier; empty where only checks are asked for.
    pub credentials: &'a BTreeMap<String, Arc<Secret>>,
    /// Where the server's next session is put, if it gives one in place of the one that was asked with.
    pub renewed: &'a Renewed,
}

/// A session that a server gave in place of the one that it was asked with.
#[derive(Debug, Default)]
pub struct Renewed(Mutex<Option<Secret>>);

impl Renewed {
    /// Takes it, in place of one before.
    pub fn put(&self, session: Secret) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
    }

    /// A second holder of it, for what is asked next.
    #[must_use]
    pub fn newest(&self) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Secret::duplicate)
    }

    /// Gives it away, once.
    #[must_use]
    pub fn take(&self) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Certificates of authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorities {
    /// As PEM.
    pub pem: String,
    /// What each says of itself.
    pub certificates: Vec<CertificateFacts>,
}

/// Who watches a request: is told when it has to wait, and can cancel it.
#[derive(Clone)]
pub struct Watch {
    /// Told the seconds that are left until the next attempt; none when it is made.
    pub waiting: Arc<dyn Fn(Duration) + Send + Sync>,
    /// Told how many keys of a list have arrived.
    pub arrived: Arc<dyn Fn(usize) + Send + Sync>,
    /// Asked often.
    pub is_cancelled: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Default for Watch {
    /// Watches nothing.
    fn default() -> Self {
        Self { waiting: Arc::new(|_| ()), arrived: Arc::new(|_| ()), is_cancelled: Arc::new(|| false) }
    }
}

/// What a person does in a vendor's own pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guidance {
    /// A sentence each.
    pub steps: Vec<String>,
    /// The address of the page where it begins: HTTPS or on this computer, without anything secret.
    pub page: Option<String>,
}

/// A key that was made in a vendor's own pages.
#[derive(Debug)]
pub struct Pasted {
    /// Its text alone.
    pub secret: Secret,
    /// Whether it looks as the vendor's keys do.
    pub usual: bool,
}

/// The keys that a server tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those that can be understood, each once.
    pub keys: Vec<ListedKey>,
    /// How many rows cannot.
    pub skipped: usize,
}

/// A key as a server tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// What the server calls it by.
    pub id: String,
    /// Its name, or its identifier where it has none.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its first and last characters, as far as the server tells them.
    pub display: String,
    /// Its API sets.
    pub api_sets: Vec<String>,
    /// Whether it may do everything that its creator may.
    pub everything: bool,
    /// Who made it.
    pub owner: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it ends; `None` for never, or where the server does not say.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was used last.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether it is switched on.
    pub active: bool,
}

/// An API set as a server tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSet {
    /// As requests have it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under.
    pub group: String,
    /// What it opens.
    pub description: String,
}

/// A key that a server is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteDraft {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its API sets.
    pub api_sets: Vec<String>,
    /// Its end: in so many days, which is the moment beside it.
    pub expires: Option<(u32, DateTime<Utc>)>,
    /// Who it is for.
    pub owner: String,
    /// The organization that it belongs to.
    pub organization: Option<String>,
    /// The user groups that it belongs to.
    pub groups: Vec<String>,
}

/// What changes of a key; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteChange {
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its API sets.
    pub api_sets: Option<Vec<String>>,
}

/// A key that a server made.
#[derive(Debug)]
pub struct CreatedKey {
    /// As the server tells of it.
    pub key: ListedKey,
    /// Its text, told this once.
    pub secret: Secret,
}

/// A request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For people and programs.
    pub error: Error,
    /// What became of it at the server.
    pub outcome: Outcome,
    /// How long the server wants to be left alone.
    pub wait: Option<Duration>,
}

/// What became of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was not done.
    NotDone,
    /// The answer is lost: it may have been done.
    Unknown,
}
