//! Where kept secrets lie: the operating system's keychain ([`KeychainVault`]) or a file under a passphrase
//! ([`PassphraseVault`]), both behind the port [`latchkey_app::ports::Vault`].
//!
//! **Architecture invariants:** a secret leaves this crate only as a [`latchkey_domain::secret::Secret`]; buffers that
//! held one are wiped; no message and no log line has a secret or a passphrase in it.

#[cfg(feature = "double")]
pub mod double;
mod keychain;
mod passphrase;

use std::path::Path;
use std::sync::Arc;

use latchkey_app::error::Result;
use latchkey_app::ports::Vault;
use latchkey_app::wire::VaultKind;
use latchkey_domain::id::ProfileId;

pub use keychain::KeychainVault;
pub use passphrase::{Calibration, FORMAT_VERSION, MIN_PASSPHRASE, PassphraseVault, Randomness, VAULT_FILE};

/// The vault of the profile in `home`; a passphrase vault is locked until [`Vault::unlock`].
///
/// Fails with `vault_damaged` where the file of a passphrase vault is missing, damaged or from a newer version. A
/// keychain is not asked before the first use.
pub fn open(kind: VaultKind, home: &Path, profile: ProfileId) -> Result<Arc<dyn Vault>> {
    Ok(match kind {
        VaultKind::Keychain => Arc::new(KeychainVault::new(profile)),
        VaultKind::Passphrase => Arc::new(PassphraseVault::open(&home.join(VAULT_FILE))?),
    })
}
