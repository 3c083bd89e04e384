//! The operating system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.

mod failure;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "other.rs")]
mod platform;

use std::collections::HashMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use keyring::Entry;
use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Vault;
use latchkey_app::wire::{ErrorCode, VaultKind};
use latchkey_domain::id::{KeyId, ProfileId};
use latchkey_domain::secret::Secret;

/// The service that every item of Latchkey names, which keychain programs show or search by.
const SERVICE: &str = "Latchkey";

/// How long a call may take that never prompts.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long a call may take that can prompt the user to unlock the keychain: a minute to answer, and some to spare.
const PROMPT_LIMIT: Duration = Duration::from_secs(90);

/// Secrets as items of the operating system's keychain.
///
/// An item's service is `Latchkey`, its user name `<profile id>/<key id>`; on Linux it carries the label that the caller
/// gives, elsewhere the platform shows service and user name. A Windows credential holds at most 2560 bytes
/// (`CRED_MAX_CREDENTIAL_BLOB_SIZE`); the longest key of any format is far below that.
///
/// Every call runs on a thread of its own and is given up after a time: 10 seconds where nothing prompts
/// ([`Vault::probe`], [`Vault::items`]), 90 where the keychain may ask the user to unlock it. The calls are therefore safe
/// on the threads of an asynchronous runtime, where the D-Bus library would otherwise panic, though they do block them.
/// A call that was given up keeps its thread until the keychain answers or the program ends.
///
/// A connection that failed or broke is made anew at the next call.
#[derive(Debug, Clone, Copy)]
pub struct KeychainVault {
    profile: ProfileId,
}

impl KeychainVault {
    /// The keychain items of this profile. Nothing is connected before the first call.
    #[must_use]
    pub fn new(profile: ProfileId) -> Self {
        Self { profile }
    }

    fn user(&self, key: KeyId) -> String {
        format!("{}/{key}", self.profile)
    }
}

impl Vault for KeychainVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Keychain
    }

    fn is_locked(&self) -> bool {
        false
    }

    fn unlock(&self, _passphrase: &Secret) -> Result<()> {
        Ok(())
    }

    /// Whether the keychain is there and has a place for new items. Never prompts: a keychain that is locked counts as
    /// usable, because it asks by itself at the first put or get.
    fn probe(&self) -> Result<()> {
        bounded(ANSWER_LIMIT, failure::silent, platform::probe)
    }

    fn put(&self, key: KeyId, label: &str, secret: &Secret) -> Result<()> {
        let (user, label, secret) = (self.user(key), label.to_owned(), secret.duplicate());
        bounded(PROMPT_LIMIT, unanswered, move || {
            connected(|| {
                let entry = entry(&user, Some(&label))?;
                match entry.set_secret(secret.expose().as_bytes()) {
                    // Several items of the same name, which only another program can have made: all get the secret.
                    Err(keyring::Error::Ambiguous(twins)) => {
                        twins.iter().try_for_each(|twin| twin.set_secret(secret.expose().as_bytes()))?;
                    }
                    done => done?,
                }
                platform::relabel(&entry, &label);
                Ok(())
            })
        })
    }

    fn get(&self, key: KeyId) -> Result<Option<Secret>> {
        let user = self.user(key);
        let found = bounded(PROMPT_LIMIT, unanswered, move || {
            let found = connected(|| match entry(&user, None)?.get_secret() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(keyring::Error::NoEntry) => Ok(None),
                Err(keyring::Error::Ambiguous(twins)) => twins.first().map(keyring_core::Entry::get_secret).transpose(),
                Err(error) => Err(error),
            })?;
            if found.is_none() {
                nothing_hidden()?;
            }
            Ok(found.map(Secret::from_utf8))
        })?;
        match found {
            None => Ok(None),
            Some(Some(secret)) => Ok(Some(secret)),
            Some(None) => Err(Error::new(ErrorCode::KeychainFailed, "The item in the keychain is not a key's text.")
                .hint("Another program has changed the item. Remove it in the keychain's own program.")),
        }
    }

    fn discard(&self, key: KeyId) -> Result<()> {
        let user = self.user(key);
        bounded(PROMPT_LIMIT, unanswered, move || {
            let was_there = connected(|| match entry(&user, None)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(keyring::Error::NoEntry) => Ok(false),
                Err(keyring::Error::Ambiguous(twins)) => {
                    twins.iter().try_for_each(keyring_core::Entry::delete_credential)?;
                    Ok(true)
                }
                Err(error) => Err(error),
            })?;
            if was_there { Ok(()) } else { nothing_hidden() }
        })
    }

    /// The keys whose secrets are there, by the names of the items. Neither reads a secret nor prompts: a keychain that
    /// is locked cannot be relied upon to name its items, and is answered with `keychain_dismissed`.
    fn items(&self) -> Result<Vec<KeyId>> {
        let prefix = format!("{}/", self.profile);
        let users = bounded(ANSWER_LIMIT, failure::silent, platform::users)?;
        Ok(users.iter().filter_map(|user| user.strip_prefix(&prefix)?.parse().ok()).collect())
    }
}

/// The item of this user name, which need not exist.
///
/// `keyring::Entry::new` connects once in a process and never again after a failure, so the entry is built from the
/// store that [`connected`] looks after.
fn entry(user: &str, label: Option<&str>) -> keyring::Result<Entry> {
    let label = label.filter(|label| platform::HAS_LABELS && !label.is_empty());
    let modifiers: HashMap<&str, &str> = label.map(|label| ("label", label)).into_iter().collect();
    Ok(Entry { inner: keyring_core::Entry::new_with_modifiers(SERVICE, user, &modifiers)? })
}

/// Does `work` over the process's connection to the keychain, which is made when there is none. Where an older
/// connection turns out to be broken (the keychain was restarted), it is made anew and `work` done once more.
fn connected<T>(work: impl Fn() -> keyring::Result<T>) -> Result<T> {
    let kept = keyring_core::get_default_store().is_some();
    if !kept {
        connect()?;
    }
    match work() {
        Err(error @ keyring::Error::PlatformFailure(_)) => {
            keyring_core::unset_default_store();
            if !kept {
                return Err(failure::explain(&error));
            }
            tracing::debug!("the connection to the keychain is made anew");
            connect()?;
            work().map_err(|error| failure::explain(&error))
        }
        answer => answer.map_err(|error| failure::explain(&error)),
    }
}

fn connect() -> Result<()> {
    let store = platform::store().map_err(|error| failure::explain(&error))?;
    keyring_core::set_default_store(store);
    Ok(())
}

/// Fails where an item that was not found may be there all the same, because the keychain is locked and hides it.
fn nothing_hidden() -> Result<()> {
    if platform::is_locked()? { Err(failure::of_code(ErrorCode::KeychainDismissed, &"it is locked")) } else { Ok(()) }
}

/// What a call that could prompt and was given up fails with.
fn unanswered(limit: Duration) -> Error {
    match bounded(ANSWER_LIMIT, failure::silent, platform::is_locked) {
        Ok(true) => failure::of_code(ErrorCode::KeychainDismissed, &"its question was not answered"),
        _ => failure::silent(limit),
    }
}

/// Does `work` on a plain thread and gives up after `limit`, with the failure that `late` makes.
fn bounded<T: Send + 'static>(
    limit: Duration,
    late: fn(Duration) -> Error,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, answered) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody listens any more where the call was given up.
            let _ = answer.send(work());
        })
        .map_err(|cause| failure::failed(&cause))?;
    match answered.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Disconnected) => Err(failure::failed(&"the call ended without an answer")),
        Err(RecvTimeoutError::Timeout) => {
            // The connection may still wait for a prompt: later calls get one of their own.
            keyring_core::unset_default_store();
            Err(late(limit))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bounded;
    use super::failure::silent;
    use latchkey_app::wire::ErrorCode;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn a_keychain_that_does_not_answer_is_given_up() {
        let (_open, never) = mpsc::channel::<()>();
        let error = bounded(Duration::from_millis(20), silent, move || {
            let _ = never.recv();
            Ok(())
        })
        .unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeychainFailed);
        assert!(error.body().hint.is_some());
    }

    #[test]
    fn a_call_that_dies_is_a_failure_and_no_hang() {
        let error = bounded(Duration::from_secs(5), silent, || -> super::Result<()> { panic!("as told") }).unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeychainFailed);
    }
}
