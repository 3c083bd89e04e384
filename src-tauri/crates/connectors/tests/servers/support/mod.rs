//! What the tests of several areas share: servers on loopback, certificates, and a desk to ask them from.

mod certificates;
pub mod documenso;
mod server;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use latchkey_app::ports::{Failure, Network, Outcome, RemoteDraft, Renewed, Site};
use latchkey_app::wire::ErrorCode;
use latchkey_connectors::HttpsConnectors;
use latchkey_connectors::transport::{Patience, Transport};
use latchkey_domain::secret::Secret;
use tempfile::TempDir;

pub use certificates::{Authority, demanding, presenting, self_signed};
pub use server::{Reply, Seen, Server};

/// A client that gives up soon, and its own folder of manifests.
pub struct Desk {
    pub connectors: HttpsConnectors,
    pub folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self::patient(hasty())
    }

    pub fn patient(patience: Patience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let transport = Transport::new(patience, false);
        let connectors = HttpsConnectors::new(transport, Some(folder.path().to_owned()));
        Self { connectors, folder }
    }

    /// With a manifest of the user's own.
    pub fn with(self, id: &str, manifest: &str) -> Self {
        std::fs::write(self.folder.path().join(format!("{id}.json")), manifest).unwrap();
        self
    }
}

/// Long enough for a busy machine, and hardly a pause between attempts.
pub fn hasty() -> Patience {
    Patience {
        connect: Duration::from_secs(20),
        answer: Duration::from_secs(20),
        pause: Duration::from_millis(1),
        attempts: 3,
        ..Patience::default()
    }
}

/// A tenant.
pub struct Tenant {
    pub connector: &'static str,
    pub url: String,
    pub options: BTreeMap<String, String>,
    pub network: Network,
    pub credentials: BTreeMap<String, Arc<Secret>>,
    pub renewed: Renewed,
}

impl Tenant {
    /// Of a connector at an address, without a credential.
    pub fn new(connector: &'static str, url: &str) -> Self {
        Self {
            connector,
            url: url.to_owned(),
            options: BTreeMap::new(),
            network: Network::default(),
            credentials: BTreeMap::new(),
            renewed: Renewed::default(),
        }
    }

    #[must_use]
    pub fn with(mut self, credential: &str, text: &str) -> Self {
        self.credentials.insert(credential.to_owned(), Arc::new(Secret::new(text.to_owned())));
        self
    }

    #[must_use]
    pub fn option(mut self, option: &str, value: &str) -> Self {
        self.options.insert(option.to_owned(), value.to_owned());
        self
    }

    #[must_use]
    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    pub fn site(&self) -> Site<'_> {
        Site {
            connector: self.connector,
            url: &self.url,
            options: &self.options,
            network: &self.network,
            credentials: &self.credentials,
            renewed: &self.renewed,
        }
    }
}

/// That it failed so, and that the sentence says what it has to.
#[track_caller]
pub fn fails<T>(answer: Result<T, Failure>, code: ErrorCode, outcome: Outcome, says: &[&str]) -> Failure {
    let Err(failure) = answer else { panic!("it went well, but {code:?} was expected") };
    let body = failure.error.body();
    let all = format!("{} {}", body.message, body.hint.as_deref().unwrap_or_default());
    assert_eq!((failure.error.code(), failure.outcome), (code, outcome), "{all}");
    for words in says {
        assert!(all.contains(words), "`{words}` is not in: {all}");
    }
    failure
}

/// What a tenant of [`acme`] asks with.
pub const CREDENTIAL: &str = "acme-5f1c7e0b93a24d68";

/// A vendor with an ordinary interface, for what is the same with every vendor.
pub const ACME: &str = r#"{
  "manifest": 1,
  "id": "acme",
  "name": "Acme",
  "about": "Keys of a test.",
  "address": { "label": "Server", "example": "https://acme.example.com" },
  "credentials": [{ "id": "key", "label": "Key" }],
  "authentication": { "X-API-Key": "{secret}" },
  "draft": { "name_min": 1, "name_max": 50, "no_api_sets": "nothing" },
  "requests": {
    "list": { "method": "GET", "path": "/keys", "at": "/keys" },
    "create": { "method": "POST", "path": "/keys", "body": { "name": "{name}" } },
    "update": { "method": "PUT", "path": "/keys/{id}", "body": { "name": "{name}" } },
    "revoke": { "method": "DELETE", "path": "/keys/{id}" },
    "check": { "method": "GET", "path": "/self" }
  },
  "key": { "id": "/id", "name": "/name", "secret": "/secret" },
  "messages": ["/error"]
}"#;

/// A desk that knows [`ACME`].
pub fn acme() -> Desk {
    Desk::new().with("acme", ACME)
}

/// A tenant of [`ACME`] at this address.
pub fn tenant(url: &str) -> Tenant {
    Tenant::new("acme", url).with("key", CREDENTIAL)
}

/// A key to ask for.
pub fn draft() -> RemoteDraft {
    RemoteDraft { name: "nightly".to_owned(), ..RemoteDraft::default() }
}
