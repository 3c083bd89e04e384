//! A store in a temporary folder, and records to fill it with.

use std::cell::RefCell;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::{KeyFilter, Profile, Store, Writer};
use latchkey_app::wire::{Holding, Settings, VaultKind};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::conventions::Conventions;
use latchkey_domain::id::{KeyId, ProfileId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{self, Hashing, KeyDigest, KeyFormat, Prefix};
use latchkey_domain::policy::Policy;
use latchkey_domain::tenant::Tenant;
use latchkey_store::SqliteStore;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tempfile::TempDir;

pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) store: SqliteStore,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::create(&folder.path().join("profile.db"), &profile(), now()).unwrap();
        Self { folder, store }
    }

    /// With a tenant that has the API sets `billing` and `files:read`.
    pub(crate) fn with_tenant() -> (Self, TenantId) {
        let fixture = Self::new();
        let tenant = tenant("Harbour");
        fixture
            .write(|w| {
                w.add_tenant(&tenant)?;
                w.add_api_set(tenant.id, &api_set("billing", "Billing", Some("Money")))?;
                w.add_api_set(tenant.id, &api_set("files:read", "Read files", None))
            })
            .unwrap();
        (fixture, tenant.id)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("profile.db")
    }

    pub(crate) fn port(&self) -> &dyn Store {
        &self.store
    }

    pub(crate) fn write<T>(&self, work: impl FnMut(&mut dyn Writer) -> Result<T>) -> Result<T> {
        self.port().writing(work)
    }

    pub(crate) fn add(&self, key: &Key) {
        self.write(|w| w.add_key(key)).unwrap();
    }

    pub(crate) fn names(&self, filter: &KeyFilter) -> Vec<String> {
        let keys = self.port().reading(|r| r.keys(filter, now())).unwrap();
        let count = self.port().reading(|r| r.count_keys(filter, now())).unwrap();
        if filter.offset == 0 && keys.len() < filter.limit as usize {
            assert_eq!(count as usize, keys.len(), "the count is that of the whole list");
        }
        keys.into_iter().map(|key| key.name).collect()
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

pub(crate) fn days(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

pub(crate) fn profile() -> Profile {
    Profile { id: with_rng(ProfileId::random), vault: VaultKind::Keychain, settings: Settings::default() }
}

pub(crate) fn tenant(name: &str) -> Tenant {
    Tenant {
        id: with_rng(TenantId::random),
        name: name.to_owned(),
        prefix: Prefix::default(),
        format: KeyFormat::Latchkey,
        policy: Policy::default(),
        conventions: Conventions::default(),
        sequence: 0,
        created_at: now(),
    }
}

pub(crate) fn api_set(id: &str, name: &str, group: Option<&str>) -> ApiSet {
    ApiSet {
        id: id.to_owned(),
        name: name.to_owned(),
        group: group.map(str::to_owned),
        description: String::new(),
        retired_at: None,
    }
}

pub(crate) fn key(tenant: TenantId, name: &str) -> Key {
    let generated = with_rng(|rng| key_format::generate(KeyFormat::Latchkey, &Prefix::default(), rng));
    Key {
        id: with_rng(KeyId::random),
        tenant,
        handle: generated.handle,
        display: generated.display,
        format: Some(KeyFormat::Latchkey),
        hashing: Hashing::Sha256,
        digest: KeyDigest::of(name),
        name: name.to_owned(),
        description: String::new(),
        owner: "ada".to_owned(),
        api_sets: Vec::new(),
        created_at: now(),
        expires_at: None,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: false,
    }
}

/// What a test draws is the same in each run: a handle that happens to begin like a name would be found with it.
pub(crate) fn with_rng<T>(draw: impl FnOnce(&mut StdRng) -> T) -> T {
    thread_local!(static RNG: RefCell<StdRng> = RefCell::new(StdRng::seed_from_u64(7)));
    RNG.with_borrow_mut(draw)
}

/// The first hundred keys of a tenant, oldest first.
pub(crate) fn all(tenant: TenantId) -> KeyFilter {
    KeyFilter { tenant: Some(tenant), limit: 100, ..KeyFilter::default() }
}

pub(crate) fn searching(tenant: Option<TenantId>, text: &str) -> KeyFilter {
    let words = text.split_whitespace().map(str::to_owned).collect();
    KeyFilter { tenant, words, limit: 100, ..KeyFilter::default() }
}
