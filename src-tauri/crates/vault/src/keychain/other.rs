//! macOS Keychain and Windows Credential Manager, which are part of the system and always there.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use keyring::Entry;
use keyring_core::CredentialStore;
use latchkey_app::error::Result;
use latchkey_app::wire::ErrorCode;

use super::{SERVICE, failure};

/// These platforms show an item by its service and user name.
pub(super) const HAS_LABELS: bool = false;

/// The keychain of the user who is logged in.
pub(super) fn store() -> keyring::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "macos")]
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(target_os = "windows")]
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

/// Fails where items cannot be listed.
pub(super) fn probe() -> Result<()> {
    users().map(drop)
}

/// Never known here.
#[allow(clippy::unnecessary_wraps, reason = "the Secret Service can fail to say")]
pub(super) fn is_locked() -> Result<bool> {
    Ok(false)
}

/// The user names of all items of Latchkey, whosever profile they are of.
pub(super) fn users() -> Result<Vec<String>> {
    // The Credential Manager is searched by a pattern of the item's name, which is `<user>.<service>`.
    let spec = if cfg!(target_os = "windows") { ("pattern", r"\.Latchkey$") } else { ("service", SERVICE) };
    let found = store().and_then(|store| store.search(&HashMap::from([spec])));
    let entries = found.map_err(|error| failure::explain(&error))?;
    Ok(entries.iter().filter_map(|entry| entry.get_specifiers()).map(|(_, user)| user).collect())
}

/// Nothing to do: there are no labels.
pub(super) fn relabel(_entry: &Entry, _label: &str) {}

/// These platforms tell failures apart by numbers of their own, none of which is one of our states.
pub(super) fn code_of(_cause: &(dyn StdError + 'static)) -> Option<ErrorCode> {
    None
}
