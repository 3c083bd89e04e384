use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;

use crate::error::Result;
use crate::wire::VaultKind;

/// Where kept secrets lie: the operating system's keychain or a file under a passphrase. One for each profile.
///
/// Fails with the `vault_*` and `keychain_*` codes of [`crate::wire::ErrorCode`].
pub trait Vault: Send + Sync {
    /// Which one it is.
    fn kind(&self) -> VaultKind;

    /// Whether it waits for its passphrase. A keychain asks by itself and is never locked here.
    fn is_locked(&self) -> bool;

    /// Opens a passphrase vault for this process; a keychain needs nothing.
    fn unlock(&self, passphrase: &Secret) -> Result<()>;

    /// Whether secrets can be put and read now.
    fn probe(&self) -> Result<()>;

    /// Puts a secret there, durable when this returns. `label` is what the keychain's own program shows.
    fn put(&self, key: KeyId, label: &str, secret: &Secret) -> Result<()>;

    /// Reads a secret; `None` when it is not there.
    fn get(&self, key: KeyId) -> Result<Option<Secret>>;

    /// Takes a secret out; no failure when it is not there.
    fn discard(&self, key: KeyId) -> Result<()>;

    /// The keys whose secrets are there, without reading the secrets.
    fn items(&self) -> Result<Vec<KeyId>>;
}
