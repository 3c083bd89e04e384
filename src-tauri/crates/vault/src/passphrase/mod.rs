//! The portable vault: a file under a passphrase.

mod file;
mod format;
mod kdf;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Vault;
use latchkey_app::wire::{ErrorCode, VaultKind};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;
use rand::CryptoRng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use subtle::ConstantTimeEq as _;

use file::Place;
pub use format::FORMAT_VERSION;
use format::{Damage, Header, Items, NONCE, Sealed};
pub use kdf::Calibration;
use kdf::{Derived, SALT, derive};

/// The name of the file in the profile folder.
pub const VAULT_FILE: &str = "vault.lkv";

/// The fewest characters of a new passphrase.
pub const MIN_PASSPHRASE: u32 = 12;

/// Where salts and nonces come from.
pub type Randomness = Box<dyn CryptoRng + Send>;

/// Secrets in a file under a passphrase, for machines without a keychain.
///
/// The file is read and decrypted at each call, so processes that share a profile see each other's secrets at once; it is
/// written under a lock on `<file>.lock`, so they lose none. In memory there is only the derived key, wiped at the end.
///
/// # The file, version 1
///
/// This description is normative: a recovery tool can be written from it. Numbers are unsigned, little-endian.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 8 | magic `4C 4B 56 41 55 4C 54 0A` (`LKVAULT` and a line feed) |
/// | 8 | 2 | version: 1. A reader refuses a greater one before it looks further |
/// | 10 | 2 | key derivation: 1 is Argon2id version 0x13 (RFC 9106) |
/// | 12 | 4 | its memory `m` in KiB, 65 536 to 1 048 576 |
/// | 16 | 4 | its passes `t`, 3 to 64 |
/// | 20 | 4 | its lanes `p`, 1 to 16 |
/// | 24 | 16 | its salt, random, drawn once for each vault |
/// | 40 | 32 | check of the passphrase, see below |
/// | 72 | 24 | nonce, random, drawn anew at each writing |
/// | 96 | n | payload, encrypted |
/// | 96 + n | 16 | authentication tag |
/// | 112 + n | 32 | SHA-256 (FIPS 180-4) of all that stands before it |
///
/// Argon2id over the passphrase's UTF-8 bytes as they were typed (no Unicode normalisation), without secret or associated
/// data, yields 64 bytes. Bytes 0 to 31 are the key; bytes 32 to 63 are the check. They differ from the file's where the
/// passphrase is wrong, which can so be told from damage; and as they bind the file to one key, nobody can make a file that
/// opens under two passphrases.
///
/// The payload is sealed with XChaCha20-Poly1305 (RFC 8439 with the extended nonce of draft-irtf-cfrg-xchacha-03); bytes 0
/// to 95 of the file are its associated data. The SHA-256 at the end has no key: it finds accidents before the passphrase
/// is asked for, while a deliberate change is found by the check or the tag.
///
/// The payload is the number of secrets (4 bytes), then for each: the key's identifier (16 bytes, RFC 9562 order), the
/// secret's length in bytes (4), the secret in UTF-8. Identifiers rise strictly, nothing follows the last secret. A file
/// over 256 MiB is refused.
pub struct PassphraseVault {
    path: PathBuf,
    rng: Mutex<Randomness>,
    unlocked: Mutex<Option<Arc<Unlocked>>>,
}

/// What unlocking yields: the key, and the header it belongs to.
struct Unlocked {
    derived: Derived,
    header: Header,
}

impl PassphraseVault {
    /// Makes an empty vault with the operating system's randomness and the standard cost, and unlocks it. Takes about a
    /// second.
    ///
    /// Fails with `invalid_input` where the passphrase has fewer than [`MIN_PASSPHRASE`] characters, with `file_exists`,
    /// `read_only` or `disk_full`.
    pub fn create(path: &Path, passphrase: &Secret) -> Result<Self> {
        Self::create_with(path, passphrase, system_randomness(), Calibration::standard())
    }

    /// [`Self::create`] with this randomness and this cost.
    pub fn create_with(path: &Path, passphrase: &Secret, mut rng: Randomness, cost: Calibration) -> Result<Self> {
        if passphrase.expose().chars().count() < MIN_PASSPHRASE as usize {
            return Err(FieldProblem { name: Field::Passphrase, rule: Rule::TooShort { min: MIN_PASSPHRASE } }.into());
        }
        let _lock = file::lock(path)?;
        file::refuse_existing(path)?;
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let cost = cost.cost()?;
        let derived = derive(passphrase, &salt, cost)?;
        let header = Header { cost, salt, check: derived.check };
        let vault = Self {
            path: path.to_owned(),
            rng: Mutex::new(rng),
            unlocked: Mutex::new(Some(Arc::new(Unlocked { derived, header }))),
        };
        vault.write(&*vault.unlocked()?, &Items::new(), Place::New)?;
        Ok(vault)
    }

    /// Opens a vault, locked. The file is checked as far as it can be without the passphrase.
    ///
    /// Fails with `vault_damaged` where it is missing, damaged, hostile or from a newer version.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, system_randomness())
    }

    /// [`Self::open`] with this randomness.
    pub fn open_with(path: &Path, rng: Randomness) -> Result<Self> {
        let vault = Self { path: path.to_owned(), rng: Mutex::new(rng), unlocked: Mutex::new(None) };
        vault.sealed()?;
        Ok(vault)
    }

    fn state(&self) -> MutexGuard<'_, Option<Arc<Unlocked>>> {
        // What it guards is replaced whole: a panic elsewhere leaves nothing half-made.
        self.unlocked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unlocked(&self) -> Result<Arc<Unlocked>> {
        self.state().clone().ok_or_else(locked)
    }

    fn sealed(&self) -> Result<Sealed> {
        Sealed::parse(file::read(&self.path)?).map_err(|damage| self.refusal(damage))
    }

    /// The key and the secrets of now.
    fn read(&self) -> Result<(Arc<Unlocked>, Items)> {
        let unlocked = self.unlocked()?;
        let sealed = self.sealed()?;
        if sealed.header != unlocked.header {
            // Another vault lies there now: this key is not its key.
            *self.state() = None;
            return Err(locked());
        }
        let items = sealed.open(&unlocked.derived.key).map_err(|damage| self.refusal(damage))?;
        Ok((unlocked, items))
    }

    fn write(&self, unlocked: &Unlocked, items: &Items, place: Place) -> Result<()> {
        let mut nonce = [0; NONCE];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut nonce);
        let bytes = unlocked.header.seal(&unlocked.derived.key, &nonce, items).ok_or_else(|| {
            Error::new(ErrorCode::Failed, "The passphrase vault is full.").hint("Take secrets out that nobody needs.")
        })?;
        file::write(&self.path, &bytes, place)
    }

    fn refusal(&self, damage: Damage) -> Error {
        if let Damage::Newer(version) = damage {
            let path = self.path.display();
            return Error::new(
                ErrorCode::VaultDamaged,
                format!("{path} was written by a newer Latchkey (version {version} of the file, this one reads {FORMAT_VERSION})."),
            )
            .hint("Install the newer Latchkey. The file was not changed.");
        }
        damaged(
            &self.path,
            match damage {
                Damage::NotAVault | Damage::Newer(_) => "is not a Latchkey vault",
                Damage::Length => "is truncated",
                Damage::Checksum => "is damaged: its checksum is not right",
                Damage::Cost => "asks for a key derivation that no Latchkey has ever used",
                Damage::Seal => "was changed by something else than Latchkey",
                Damage::Payload => "has a content that is not a list of secrets",
            },
        )
    }
}

impl Vault for PassphraseVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Passphrase
    }

    fn is_locked(&self) -> bool {
        self.state().is_none()
    }

    fn unlock(&self, passphrase: &Secret) -> Result<()> {
        let sealed = self.sealed()?;
        let derived = derive(passphrase, &sealed.header.salt, sealed.header.cost)?;
        if !bool::from(derived.check.ct_eq(&sealed.header.check)) {
            return Err(Error::new(ErrorCode::VaultWrongPassphrase, "The passphrase is not this vault's.")
                .hint("Type it again, and look at Caps Lock and the keyboard's language. It cannot be recovered."));
        }
        sealed.open(&derived.key).map_err(|damage| self.refusal(damage))?;
        *self.state() = Some(Arc::new(Unlocked { derived, header: sealed.header }));
        Ok(())
    }

    fn probe(&self) -> Result<()> {
        self.read().map(drop)
    }

    fn put(&self, key: KeyId, _label: &str, secret: &Secret) -> Result<()> {
        self.unlocked()?;
        let _lock = file::lock(&self.path)?;
        let (unlocked, mut items) = self.read()?;
        items.insert(key, secret.duplicate());
        self.write(&unlocked, &items, Place::Existing)
    }

    fn get(&self, key: KeyId) -> Result<Option<Secret>> {
        Ok(self.read()?.1.remove(&key))
    }

    fn discard(&self, key: KeyId) -> Result<()> {
        self.unlocked()?;
        let _lock = file::lock(&self.path)?;
        let (unlocked, mut items) = self.read()?;
        match items.remove(&key) {
            Some(_) => self.write(&unlocked, &items, Place::Existing),
            None => Ok(()),
        }
    }

    fn items(&self) -> Result<Vec<KeyId>> {
        Ok(self.read()?.1.into_keys().collect())
    }
}

/// The operating system's random source. It fails only where the system cannot run programs like this at all.
fn system_randomness() -> Randomness {
    Box::new(UnwrapErr(SysRng))
}

fn locked() -> Error {
    Error::new(ErrorCode::VaultLocked, "The passphrase vault is locked.")
        .hint("Unlock it with its passphrase; on the command line with `--passphrase-file`.")
}

fn damaged(path: &Path, how: &str) -> Error {
    Error::new(ErrorCode::VaultDamaged, format!("The vault {} {how}.", path.display()))
        .hint("Put the file back from a backup. The keys themselves stay valid; only their kept secrets are in it.")
}
