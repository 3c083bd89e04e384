//! A profile in a temporary folder, with a vault that can be told to fail and a clock that can be set.
#![allow(dead_code, clippy::unwrap_used)]

pub(crate) mod batch;
pub(crate) mod disk;
pub(crate) mod portal;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::ports::{Clock, Connectors, Profile, Store};
use latchkey_app::session::{Instance, Operator, Origin, Session};
use latchkey_app::wire::{Expiration, KeyDraft, Policy, Settings, TenantDraft, TenantEdit, VaultKind};
use latchkey_app::{api_set, tenant};
use latchkey_connectors::HttpsConnectors;
use latchkey_connectors::transport::{Patience, Transport};
use latchkey_domain::id::ProfileId;
use latchkey_store::SqliteStore;
use latchkey_vault::double::FailingVault;
use rand::SeedableRng;
use rand::rngs::StdRng;

pub(crate) struct Fixture {
    pub(crate) session: Session,
    pub(crate) vault: FailingVault,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) gone: Arc<Processes>,
    pub(crate) folder: tempfile::TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn in_folder(folder: tempfile::TempDir) -> Self {
        let profile =
            Profile { id: ProfileId::from_bytes([9; 16]), vault: VaultKind::Keychain, settings: Settings::default() };
        let clock = Arc::new(SetClock(Mutex::new("2026-11-21T10:00:00Z".parse().unwrap())));
        let store = SqliteStore::create(&folder.path().join("latchkey.db"), &profile, clock.now()).unwrap();
        Self::with(folder, Arc::new(store), FailingVault::default(), clock, "first")
    }

    fn with(
        folder: tempfile::TempDir,
        store: Arc<dyn Store>,
        vault: FailingVault,
        clock: Arc<SetClock>,
        process: &str,
    ) -> Self {
        let gone = Arc::new(Processes { own: process.to_owned(), gone: Mutex::default() });
        let session = Session {
            store,
            vault: Arc::new(vault.clone()),
            connectors: connectors(folder.path()),
            clock: clock.clone(),
            instance: gone.clone(),
            rng: Mutex::new(Box::new(StdRng::seed_from_u64(process.len() as u64))),
            settled: Mutex::default(),
            asking: Mutex::default(),
            changes: latchkey_app::remote::Changes::default(),
        };
        Self { session, vault, clock, gone, folder }
    }

    /// The next start, after the process before has died.
    pub(crate) fn restarted(self) -> Self {
        let process = format!("{} again", self.gone.own);
        let next = Self::with(self.folder, self.session.store, self.vault, self.clock, &process);
        next.gone.gone.lock().unwrap().insert(self.gone.own.clone());
        next
    }

    /// Adds a tenant with the API sets `billing` and `dunning`; answers with its identifier.
    pub(crate) fn tenant(&self, name: &str) -> String {
        let draft = TenantDraft { name: name.into(), prefix: None, template: None, own_template: None };
        let id = tenant::add(&self.session, &ada(), &draft).unwrap().id;
        for set in ["billing", "dunning"] {
            let draft =
                latchkey_app::wire::ApiSetDraft { id: set.into(), name: None, group: None, description: String::new() };
            api_set::add(&self.session, &ada(), &id, &draft).unwrap();
        }
        id
    }

    /// Adds a tenant from one of the program's templates; answers with its identifier.
    pub(crate) fn tenant_from(&self, template: &str) -> String {
        let draft =
            TenantDraft { name: template.into(), prefix: None, template: Some(template.into()), own_template: None };
        tenant::add(&self.session, &ada(), &draft).unwrap().id
    }

    pub(crate) fn policy(&self, tenant: &str, policy: Policy) {
        let edit = TenantEdit { policy: Some(policy), ..TenantEdit::default() };
        tenant::edit(&self.session, &ada(), tenant, &edit).unwrap();
    }

    pub(crate) fn journal_len(&self) -> usize {
        self.session.store.reading(|reader| reader.journal()).unwrap().len()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

pub(crate) fn ada() -> Operator {
    Operator { name: "Ada".into(), origin: Origin::Window }
}

pub(crate) fn draft(tenant: &str, name: &str) -> KeyDraft {
    KeyDraft {
        tenant: tenant.into(),
        name: name.into(),
        description: String::new(),
        owner: None,
        api_sets: vec!["billing".into()],
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: Expiration::Never,
    }
}

pub(crate) struct SetClock(Mutex<DateTime<Utc>>);

impl SetClock {
    pub(crate) fn forward(&self, days: i64) {
        *self.0.lock().unwrap() += TimeDelta::days(days);
    }

    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct Processes {
    own: String,
    gone: Mutex<HashSet<String>>,
}

impl Instance for Processes {
    fn id(&self) -> &str {
        &self.own
    }

    fn is_gone(&self, id: &str) -> bool {
        self.gone.lock().unwrap().contains(id)
    }
}

impl Processes {
    /// Every process is alive after all.
    pub(crate) fn revive(&self) {
        self.gone.lock().unwrap().clear();
    }
}

/// Connectors over HTTPS that give up soon.
pub(crate) fn connectors(home: &Path) -> Arc<dyn Connectors> {
    let patience = Patience { pause: Duration::from_millis(1), ..Patience::default() };
    Arc::new(HttpsConnectors::new(Transport::new(patience, false), Some(home.join("connectors"))))
}
