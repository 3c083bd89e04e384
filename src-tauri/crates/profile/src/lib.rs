//! A profile folder on this machine: opens its database and its vault and hands out a [`Session`].
//!
//! The folder holds `latchkey.db` (SQLite), `vault.lkv` where the vault is a passphrase vault, `connectors/` with manifests
//! of the user's own, `running/`, in which every process that has the profile open holds a lock file, and `window.json`, in
//! which the window remembers what it looked like. Nothing else.

mod clock;
mod instance;
mod window;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::ports::{Clock, Profile, Store, Vault};
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{ErrorCode, KeychainProblem, ProfileState, ProfileView, Settings, VaultKind, VaultView};
use latchkey_app::{recover, settings};
use latchkey_connectors::HttpsConnectors;
use latchkey_connectors::transport::{Patience, Transport};
use latchkey_domain::id::ProfileId;
use latchkey_domain::secret::Secret;
use latchkey_store::SqliteStore;
use latchkey_vault::{KeychainVault, PassphraseVault};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

use clock::SystemClock;
use instance::RunningInstance;
pub use window::{Remembered, WindowSize};

/// The environment variable that names the profile folder.
pub const HOME_VARIABLE: &str = "LATCHKEY_HOME";

/// The folder of a profile with connectors of the user's own.
pub const CONNECTORS: &str = "connectors";

/// The computer's clock, for what needs no profile.
pub fn clock() -> Result<impl Clock> {
    SystemClock::new()
}

/// The profile folder of this user: the platform's data folder and `latchkey` in it.
///
/// Fails where the platform names none (no home folder).
pub fn default_home() -> Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "latchkey").ok_or_else(|| {
        Error::new(ErrorCode::Failed, "This user has no home folder.")
            .hint("Name the profile folder with `--home` or LATCHKEY_HOME.")
    })?;
    Ok(folders.data_local_dir().to_path_buf())
}

/// The person at the desk, by the name of their account.
#[must_use]
pub fn operator(origin: Origin) -> Operator {
    let name = whoami::realname().ok().filter(|name| !name.trim().is_empty());
    let name = name.or_else(|| whoami::username().ok()).unwrap_or_else(|| "unknown".to_owned());
    Operator { name, origin }
}

/// Makes a profile in `home` with the vault of this kind and opens it.
///
/// Fails with `profile_exists`; with the keychain's codes where that is chosen and cannot be used; with
/// `invalid_input` on `passphrase`, or `vault_locked` where none is given for a passphrase vault.
pub fn create(home: &Path, vault: VaultKind, passphrase: Option<&Secret>) -> Result<Session> {
    let database = database(home);
    if database.exists() && SqliteStore::open(&database).map(|_| true).or_else(missing_is_fine)? {
        return Err(Error::new(ErrorCode::ProfileExists, format!("{} holds a profile already.", home.display()))
            .hint("Use it as it is, or name another folder."));
    }
    let clock = SystemClock::new()?;
    let profile = Profile { id: ProfileId::random(&mut system_rng()), vault, settings: Settings::default() };
    make_folder(home)?;
    // The vault comes first: a profile without its vault could not be opened, a vault without a profile is replaced.
    let vault: Arc<dyn Vault> = match vault {
        VaultKind::Keychain => {
            let keychain = KeychainVault::new(profile.id);
            keychain.probe()?;
            Arc::new(keychain)
        }
        VaultKind::Passphrase => Arc::new(create_passphrase_vault(home, passphrase)?),
    };
    let store = SqliteStore::create(&database, &profile, chrono::DateTime::from(std::time::SystemTime::now()))?;
    session(home, Arc::new(store), vault, clock)
}

/// Opens the profile in `home`, unlocks its vault where a passphrase is given, and finishes or undoes what processes
/// that died had begun. Where its settings say so, it is offline from the beginning.
///
/// Fails with `profile_missing`, `profile_newer`, `profile_damaged`, `profile_busy`, `read_only`, `vault_damaged` or
/// `vault_wrong_passphrase`. A vault that is locked or unreachable is no failure here but at the first use.
pub fn open(home: &Path, passphrase: Option<&Secret>) -> Result<Session> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&database(home))?);
    let profile = store.reading(|reader| reader.profile())?;
    let vault: Arc<dyn Vault> = match profile.vault {
        VaultKind::Keychain => Arc::new(KeychainVault::new(profile.id)),
        VaultKind::Passphrase => Arc::new(PassphraseVault::open(&vault_file(home))?),
    };
    if let Some(passphrase) = passphrase.filter(|_| vault.is_locked()) {
        vault.unlock(passphrase)?;
    }
    let session = session(home, store, vault, SystemClock::new()?)?;
    settings::apply(&session)?;
    recover::at_start(&session)?;
    Ok(session)
}

/// What the window has to show first: `session` where the profile is open, `problem` where opening it failed.
#[must_use]
pub fn view(home: &Path, operator: &Operator, session: Option<&Session>, problem: Option<&Error>) -> ProfileView {
    let locked = session.is_some_and(|session| session.vault.is_locked());
    let missing = problem.is_some_and(|problem| problem.code() == ErrorCode::ProfileMissing);
    let state = match (session, problem) {
        (Some(_), _) if locked => ProfileState::Locked,
        (Some(_), _) => ProfileState::Ready,
        (None, Some(_)) if !missing => ProfileState::Broken,
        (None, _) => ProfileState::New,
    };
    let keychain = match session {
        Some(session) if session.vault.kind() == VaultKind::Keychain => session.vault.probe().err(),
        // At a first start any identifier will do to find out whether there is a keychain.
        None if state == ProfileState::New => KeychainVault::new(ProfileId::from_bytes([0; 16])).probe().err(),
        _ => None,
    };
    let profile = session.and_then(|session| session.store.reading(|reader| reader.profile()).ok());
    ProfileView {
        state,
        home: home.display().to_string(),
        operator: operator.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        vault: session.map(|session| VaultView { kind: session.vault.kind(), locked }),
        keychain: keychain.map(|error| KeychainProblem { error: error.body().clone() }),
        problem: problem.filter(|_| !missing).map(|problem| problem.body().clone()),
        unfinished: session.and_then(|session| recover::waiting(session).ok()).unwrap_or_default(),
        rotations: session
            .map(|session| session.settled.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default(),
        settings: profile.map(|profile| profile.settings).unwrap_or_default(),
    }
}

fn session(home: &Path, store: Arc<dyn Store>, vault: Arc<dyn Vault>, clock: SystemClock) -> Result<Session> {
    Ok(Session {
        store,
        vault,
        connectors: Arc::new(HttpsConnectors::new(
            Transport::new(Patience::default(), false),
            Some(home.join(CONNECTORS)),
        )),
        clock: Arc::new(clock),
        instance: Arc::new(RunningInstance::start(&home.join("running"))?),
        rng: Mutex::new(Box::new(system_rng())),
        settled: Mutex::default(),
        asking: Mutex::default(),
        changes: latchkey_app::remote::Changes::default(),
    })
}

fn create_passphrase_vault(home: &Path, passphrase: Option<&Secret>) -> Result<PassphraseVault> {
    let passphrase = passphrase.ok_or_else(|| {
        Error::new(ErrorCode::VaultLocked, "A passphrase vault needs a passphrase.")
            .hint("Put it into a file that only you can read and name that with `--passphrase-file`.")
    })?;
    let file = vault_file(home);
    if file.exists() {
        // Left by a first start that died before the profile was there: it holds nothing.
        std::fs::remove_file(&file).map_err(|cause| Error::io("replace", &file, &cause))?;
    }
    PassphraseVault::create(&file, passphrase)
}

fn make_folder(home: &Path) -> Result<()> {
    std::fs::create_dir_all(home).map_err(|cause| Error::io("make the folder", home, &cause))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700))
            .map_err(|cause| Error::io("make private the folder", home, &cause))?;
    }
    Ok(())
}

fn missing_is_fine(error: Error) -> Result<bool> {
    if error.code() == ErrorCode::ProfileMissing { Ok(false) } else { Err(error) }
}

fn database(home: &Path) -> PathBuf {
    home.join("latchkey.db")
}

fn vault_file(home: &Path) -> PathBuf {
    home.join("vault.lkv")
}

/// The operating system's random source. It fails only where the system cannot run programs like this at all.
fn system_rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}
