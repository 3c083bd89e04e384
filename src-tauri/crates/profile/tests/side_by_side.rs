//! Two processes over one profile: what one does in the middle of what the other does.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use common::{Fixture, ada, draft};
use latchkey_app::error::Result;
use latchkey_app::key::{self, HandOver};
use latchkey_app::ports::{Reader, Store, Vault, Writer};
use latchkey_app::recover;
use latchkey_app::session::Session;
use latchkey_app::wire::{ErrorCode, Holding, KeyQuery, VaultKind};
use latchkey_domain::id::KeyId;
use latchkey_domain::key_format::KeyDigest;
use latchkey_domain::secret::Secret;

type Meanwhile = Mutex<Option<Box<dyn FnOnce() + Send>>>;

/// A store in which something else happens right before the second transaction.
struct BusyStore {
    store: Arc<dyn Store>,
    writes: Mutex<u32>,
    meanwhile: Meanwhile,
}

impl Store for BusyStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Reader) -> Result<()>) -> Result<()> {
        self.store.read(work)
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Writer) -> Result<()>) -> Result<()> {
        *self.writes.lock().unwrap() += 1;
        if *self.writes.lock().unwrap() == 2 {
            self.meanwhile.lock().unwrap().take().unwrap()();
        }
        self.store.write(work)
    }

    fn version(&self) -> Result<u64> {
        self.store.version()
    }
}

/// A vault in which something else happens right after its items were read.
struct BusyVault {
    vault: Arc<dyn Vault>,
    meanwhile: Meanwhile,
}

impl Vault for BusyVault {
    fn kind(&self) -> VaultKind {
        self.vault.kind()
    }

    fn is_locked(&self) -> bool {
        self.vault.is_locked()
    }

    fn unlock(&self, passphrase: &Secret) -> Result<()> {
        self.vault.unlock(passphrase)
    }

    fn probe(&self) -> Result<()> {
        self.vault.probe()
    }

    fn put(&self, key: KeyId, label: &str, secret: &Secret) -> Result<()> {
        self.vault.put(key, label, secret)
    }

    fn get(&self, key: KeyId) -> Result<Option<Secret>> {
        self.vault.get(key)
    }

    fn discard(&self, key: KeyId) -> Result<()> {
        self.vault.discard(key)
    }

    fn items(&self) -> Result<Vec<KeyId>> {
        let items = self.vault.items();
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        items
    }
}

/// The same profile in another process, with a store or a vault of its own.
fn beside(fixture: &Fixture, store: Option<Arc<dyn Store>>, vault: Option<Arc<dyn Vault>>) -> Session {
    use rand::SeedableRng as _;

    Session {
        store: store.unwrap_or_else(|| fixture.session.store.clone()),
        vault: vault.unwrap_or_else(|| fixture.session.vault.clone()),
        connectors: fixture.session.connectors.clone(),
        clock: fixture.clock.clone(),
        instance: fixture.gone.clone(),
        rng: Mutex::new(Box::new(rand::rngs::StdRng::seed_from_u64(77))),
        settled: Mutex::default(),
        asking: Mutex::default(),
        changes: latchkey_app::remote::Changes::default(),
    }
}

/// Each writes its key beside the place; the one that comes second to the place fails, and its key goes.
#[test]
fn two_keys_for_one_file_do_not_mix() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let file = fixture.path().join("crane.APIKEY");
    let hand_over = HandOver { file: Some(file.clone()), ..HandOver::default() };

    let other = beside(&fixture, None, None);
    let other_draft = draft(&tenant, "the other");
    let (other_over, issued) = (hand_over.clone(), Arc::new(Mutex::new(None)));
    let told = issued.clone();
    let meanwhile = move || *told.lock().unwrap() = key::new(&other, &ada(), &other_draft, &other_over).ok();
    let busy = BusyStore {
        store: fixture.session.store.clone(),
        writes: Mutex::default(),
        meanwhile: Mutex::new(Some(Box::new(meanwhile))),
    };
    let session = beside(&fixture, Some(Arc::new(busy)), None);
    // Both draw from the same seed: this one is a step further.
    rand::Rng::next_u64(&mut **session.rng.lock().unwrap());
    let error = key::new(&session, &ada(), &draft(&tenant, "mine"), &hand_over).unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileExists);

    let keys = key::list(&fixture.session, &KeyQuery::default()).unwrap().keys;
    assert_eq!(keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["the other"]);
    let written = std::fs::read_to_string(&file).unwrap();
    let issued = issued.lock().unwrap().take().unwrap();
    assert_eq!(KeyDigest::of(written.trim_end()), KeyDigest::of(issued.secret.expose()));
    assert_eq!(fixture.journal_len(), 0);
    let names = std::fs::read_dir(fixture.path()).unwrap().flatten().map(|entry| entry.file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().contains("part")));
}

/// A key whose file found its place taken leaves the list and the vault at once, or neither.
#[test]
fn a_key_without_its_file_is_never_half_withdrawn() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let file = fixture.path().join("crane.APIKEY");
    let (database, taken) = (fixture.path().join("latchkey.db"), file.clone());
    let meanwhile = move || {
        std::fs::write(taken, "somebody else's").unwrap();
        let full = "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.kind = 'key_deleted'
            BEGIN SELECT raise(ABORT, 'the log is full'); END";
        rusqlite::Connection::open(database).unwrap().execute_batch(full).unwrap();
    };
    let busy = BusyStore {
        store: fixture.session.store.clone(),
        writes: Mutex::default(),
        meanwhile: Mutex::new(Some(Box::new(meanwhile))),
    };
    let session = beside(&fixture, Some(Arc::new(busy)), None);
    let hand_over = HandOver { keep: true, file: Some(file.clone()), print: false };
    let error = key::new(&session, &ada(), &draft(&tenant, "crane"), &hand_over).unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileExists);

    recover::at_start(&session).unwrap();
    let key = key::show(&session, "crane").unwrap().key;
    assert_eq!((key.holding, fixture.vault.keys().len(), fixture.journal_len()), (Holding::Held, 1, 0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody else's");
}

/// A name as long as the file system takes is no obstacle to writing beside it.
#[test]
fn a_file_may_have_the_longest_name() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let file = fixture.path().join("n".repeat(255));
    let hand_over = HandOver { file: Some(file.clone()), ..HandOver::default() };
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &hand_over).unwrap();
    assert!(file.exists());
}

/// A start that looked into the vault a moment too early takes nothing for lost.
#[test]
fn a_secret_kept_during_the_comparison_is_not_missing() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let keep = HandOver { keep: true, ..HandOver::default() };
    // Without a kept secret nothing is compared.
    key::new(&fixture.session, &ada(), &draft(&tenant, "first"), &keep).unwrap();

    let other = beside(&fixture, None, None);
    let other_draft = draft(&tenant, "second");
    let meanwhile = move || drop(key::new(&other, &ada(), &other_draft, &keep).unwrap());
    let busy = BusyVault { vault: fixture.session.vault.clone(), meanwhile: Mutex::new(Some(Box::new(meanwhile))) };
    recover::at_start(&beside(&fixture, None, Some(Arc::new(busy)))).unwrap();
    for name in ["first", "second"] {
        assert_eq!(key::show(&fixture.session, name).unwrap().key.holding, Holding::Held, "{name}");
    }
}
