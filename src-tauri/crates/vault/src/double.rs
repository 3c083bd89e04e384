//! A vault in memory that can be told to fail. For tests only: the product is built without the feature `double`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Vault;
use latchkey_app::wire::{ErrorCode, VaultKind};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;

/// The calls that can be told to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// [`Vault::unlock`].
    Unlock,
    /// [`Vault::probe`].
    Probe,
    /// [`Vault::put`].
    Put,
    /// [`Vault::get`].
    Get,
    /// [`Vault::discard`].
    Discard,
    /// [`Vault::items`].
    Items,
}

/// A vault in memory. Clones share their state, so a test can keep one and look into it.
#[derive(Clone)]
pub struct FailingVault {
    kind: VaultKind,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    items: BTreeMap<KeyId, (String, String)>,
    passphrase: Option<String>,
    locked: bool,
    next: HashMap<Operation, ErrorCode>,
    each: HashMap<Operation, ErrorCode>,
    done: HashMap<Operation, usize>,
}

impl FailingVault {
    /// An empty vault that says it is of this kind and does not fail yet.
    #[must_use]
    pub fn new(kind: VaultKind) -> Self {
        Self { kind, state: Arc::default() }
    }

    /// The next call of this operation fails with this code, once.
    pub fn fail_next(&self, operation: Operation, code: ErrorCode) {
        self.state().next.insert(operation, code);
    }

    /// Every call of this operation fails with this code, until [`Self::heal`].
    pub fn fail_each(&self, operation: Operation, code: ErrorCode) {
        self.state().each.insert(operation, code);
    }

    /// Every call works again.
    pub fn heal(&self) {
        let mut state = self.state();
        state.next.clear();
        state.each.clear();
    }

    /// Locks it as a passphrase vault is, until [`Vault::unlock`] with this passphrase.
    pub fn lock(&self, passphrase: &str) {
        let mut state = self.state();
        state.passphrase = Some(passphrase.to_owned());
        state.locked = true;
    }

    /// The text of a secret, past all failures.
    #[must_use]
    pub fn text(&self, key: KeyId) -> Option<String> {
        self.state().items.get(&key).map(|(_, text)| text.clone())
    }

    /// The label of a secret, past all failures.
    #[must_use]
    pub fn label(&self, key: KeyId) -> Option<String> {
        self.state().items.get(&key).map(|(label, _)| label.clone())
    }

    /// The keys whose secrets are there, past all failures.
    #[must_use]
    pub fn keys(&self) -> Vec<KeyId> {
        self.state().items.keys().copied().collect()
    }

    /// Takes a secret out behind the program's back; whether it was there.
    #[must_use]
    pub fn lose(&self, key: KeyId) -> bool {
        self.state().items.remove(&key).is_some()
    }

    /// How often an operation was called, failures included.
    #[must_use]
    pub fn calls(&self, operation: Operation) -> usize {
        self.state().done.get(&operation).copied().unwrap_or(0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, operation: Operation) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        *state.done.entry(operation).or_default() += 1;
        let failure = state.next.remove(&operation).or_else(|| state.each.get(&operation).copied());
        let locked = state.locked && operation != Operation::Unlock;
        match failure.or_else(|| locked.then_some(ErrorCode::VaultLocked)) {
            Some(code) => Err(Error::new(code, "The vault was told to fail.").hint("Tell it to heal.")),
            None => Ok(state),
        }
    }
}

impl Default for FailingVault {
    fn default() -> Self {
        Self::new(VaultKind::Keychain)
    }
}

impl Vault for FailingVault {
    fn kind(&self) -> VaultKind {
        self.kind
    }

    fn is_locked(&self) -> bool {
        self.state().locked
    }

    fn unlock(&self, passphrase: &Secret) -> Result<()> {
        let mut state = self.begin(Operation::Unlock)?;
        if state.passphrase.as_deref().is_some_and(|right| right != passphrase.expose()) {
            return Err(Error::new(ErrorCode::VaultWrongPassphrase, "The passphrase is not the vault's."));
        }
        state.locked = false;
        Ok(())
    }

    fn probe(&self) -> Result<()> {
        self.begin(Operation::Probe).map(drop)
    }

    fn put(&self, key: KeyId, label: &str, secret: &Secret) -> Result<()> {
        let mut state = self.begin(Operation::Put)?;
        state.items.insert(key, (label.to_owned(), secret.expose().to_owned()));
        Ok(())
    }

    fn get(&self, key: KeyId) -> Result<Option<Secret>> {
        let state = self.begin(Operation::Get)?;
        Ok(state.items.get(&key).map(|(_, text)| Secret::new(text.clone())))
    }

    fn discard(&self, key: KeyId) -> Result<()> {
        self.begin(Operation::Discard)?.items.remove(&key);
        Ok(())
    }

    fn items(&self) -> Result<Vec<KeyId>> {
        Ok(self.begin(Operation::Items)?.items.keys().copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{FailingVault, Operation};
    use latchkey_app::ports::Vault as _;
    use latchkey_app::wire::ErrorCode;
    use latchkey_domain::id::KeyId;
    use latchkey_domain::secret::Secret;

    #[test]
    fn it_fails_as_told_and_heals() {
        let vault = FailingVault::default();
        let key = KeyId::from_bytes([1; 16]);
        let secret = Secret::new("text".into());
        vault.fail_next(Operation::Put, ErrorCode::KeychainFailed);
        assert_eq!(vault.put(key, "label", &secret).unwrap_err().code(), ErrorCode::KeychainFailed);
        vault.put(key, "label", &secret).unwrap();
        assert_eq!(vault.clone().text(key).as_deref(), Some("text"));
        vault.fail_each(Operation::Get, ErrorCode::KeychainNoBus);
        assert_eq!(vault.get(key).unwrap_err().code(), ErrorCode::KeychainNoBus);
        assert_eq!(vault.get(key).unwrap_err().code(), ErrorCode::KeychainNoBus);
        vault.heal();
        assert_eq!(vault.get(key).unwrap().unwrap().expose(), "text");
        assert_eq!((vault.calls(Operation::Get), vault.calls(Operation::Put)), (3, 2));
    }

    #[test]
    fn it_locks_like_a_passphrase_vault() {
        let vault = FailingVault::default();
        vault.lock("open sesame");
        assert!(vault.is_locked());
        assert_eq!(vault.items().unwrap_err().code(), ErrorCode::VaultLocked);
        assert_eq!(vault.unlock(&Secret::new("no".into())).unwrap_err().code(), ErrorCode::VaultWrongPassphrase);
        vault.unlock(&Secret::new("open sesame".into())).unwrap();
        assert!(vault.items().unwrap().is_empty());
    }
}
