//! The Secret Service over D-Bus (freedesktop.org Secret Service API Draft 0.2).

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use keyring::Entry;
use keyring_core::CredentialStore;
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use secret_service::EncryptionType;
use secret_service::Error as ServiceError;
use secret_service::blocking::{Item, SecretService};
use zbus::DBusError as _;
use zbus::blocking::Connection;
use zbus_secret_service_keyring_store::Store;
use zbus_secret_service_keyring_store::cred::Specifier;

use super::{SERVICE, failure};

/// Items carry a label.
pub(super) const HAS_LABELS: bool = true;

/// A connection for reading and writing secrets, which travel encrypted.
pub(super) fn store() -> keyring::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = Store::new()?;
    Ok(store)
}

/// Fails with the code of what is missing: the bus, the service, the default collection.
pub(super) fn probe() -> Result<()> {
    is_locked().map(drop)
}

/// Whether the default collection is locked.
pub(super) fn is_locked() -> Result<bool> {
    look(default_is_locked)
}

/// The user names of all items of Latchkey, whosever profile they are of.
pub(super) fn users() -> Result<Vec<String>> {
    look(|service| {
        // A locked collection may hide its items, or name them only in part.
        if default_is_locked(service)? {
            return Err(ServiceError::Locked);
        }
        let found = service.search_items(HashMap::from([("service", SERVICE)]))?;
        if !found.locked.is_empty() {
            return Err(ServiceError::Locked);
        }
        Ok(found.unlocked.iter().filter_map(user).collect())
    })
}

/// Gives an item that existed already the label it should have now. Only for show, so a failure is none of the caller's.
pub(super) fn relabel(entry: &Entry, label: &str) {
    let Some(item) = entry.inner.as_any().downcast_ref::<Specifier>() else { return };
    let done = match item.get_label() {
        Ok(old) if old == label || label.is_empty() => Ok(()),
        Ok(_) => item.set_label(label),
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        tracing::debug!(%error, "the item in the keychain keeps its old label");
    }
}

/// The code of a failure, by its type.
pub(super) fn code_of(cause: &(dyn StdError + 'static)) -> Option<ErrorCode> {
    match cause.downcast_ref::<ServiceError>()? {
        ServiceError::Unavailable => Some(ErrorCode::KeychainNoBus),
        ServiceError::NoResult => Some(ErrorCode::KeychainNoCollection),
        ServiceError::Locked | ServiceError::Prompt => Some(ErrorCode::KeychainDismissed),
        ServiceError::Zbus(error) => code_of_bus(error),
        ServiceError::ZbusFdo(error) => code_of_name(error.name().as_str()),
        _ => None,
    }
}

fn code_of_bus(error: &zbus::Error) -> Option<ErrorCode> {
    match error {
        zbus::Error::Address(_)
        | zbus::Error::Connection(..)
        | zbus::Error::Handshake(_)
        | zbus::Error::InputOutput(_) => Some(ErrorCode::KeychainNoBus),
        zbus::Error::MethodError(name, ..) => code_of_name(name.as_str()),
        zbus::Error::FDO(error) => code_of_name(error.name().as_str()),
        _ => None,
    }
}

/// The names of errors that the D-Bus specification and the Secret Service API define.
fn code_of_name(name: &str) -> Option<ErrorCode> {
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => Some(ErrorCode::KeychainDismissed),
        "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
            Some(ErrorCode::KeychainNoService)
        }
        // The bus knows a program for the service and could not start it.
        _ if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => Some(ErrorCode::KeychainNoService),
        _ => None,
    }
}

/// Looks at the Secret Service over a connection of its own. No secret is read, so nothing needs to be encrypted, and
/// nothing prompts.
fn look<T>(work: impl FnOnce(&SecretService<'_>) -> Result<T, ServiceError>) -> Result<T> {
    let bus = Connection::session().map_err(|error| failure::of_code(ErrorCode::KeychainNoBus, &error))?;
    let service = SecretService::connect_with_existing(EncryptionType::Plain, bus).map_err(|error| explain(&error))?;
    work(&service).map_err(|error| explain(&error))
}

fn default_is_locked(service: &SecretService<'_>) -> Result<bool, ServiceError> {
    service.get_default_collection()?.is_locked()
}

/// The user name of an item; `None` for one that another program takes away at this moment.
fn user(item: &Item<'_>) -> Option<String> {
    item.get_attributes().ok()?.remove("username")
}

fn explain(error: &ServiceError) -> Error {
    match code_of(error) {
        Some(code) => failure::of_code(code, error),
        None => failure::failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, ServiceError, code_of};

    #[test]
    fn failures_are_told_apart_by_their_types() {
        let unknown = zbus::fdo::Error::ServiceUnknown("übersetzt".into());
        let spawn = zbus::fdo::Error::SpawnExecFailed("übersetzt".into());
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        for (error, code) in [
            (ServiceError::Unavailable, Some(ErrorCode::KeychainNoBus)),
            (ServiceError::Zbus(refused.into()), Some(ErrorCode::KeychainNoBus)),
            (ServiceError::ZbusFdo(unknown.clone()), Some(ErrorCode::KeychainNoService)),
            (ServiceError::Zbus(zbus::Error::FDO(Box::new(spawn))), Some(ErrorCode::KeychainNoService)),
            (ServiceError::NoResult, Some(ErrorCode::KeychainNoCollection)),
            (ServiceError::Prompt, Some(ErrorCode::KeychainDismissed)),
            (ServiceError::Locked, Some(ErrorCode::KeychainDismissed)),
            (ServiceError::Crypto("x"), None),
        ] {
            assert_eq!(code_of(&error), code, "{error:?}");
        }
    }
}
