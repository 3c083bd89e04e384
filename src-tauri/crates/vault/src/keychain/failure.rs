//! Turns failures of the keychain into codes with the way out, by the types of the failures and never by their text,
//! which is translated on some systems.

use std::fmt::Display;
use std::time::Duration;

use latchkey_app::error::Error;
use latchkey_app::wire::ErrorCode;

const USE_A_PASSPHRASE: &str = "or choose the passphrase vault, which needs no keychain";

/// A failure of the `keyring` crates.
pub(super) fn explain(error: &keyring::Error) -> Error {
    match code_of(error) {
        Some(code) => of_code(code, error),
        None => failed(error),
    }
}

fn code_of(error: &keyring::Error) -> Option<ErrorCode> {
    match error {
        keyring::Error::PlatformFailure(cause) | keyring::Error::NoStorageAccess(cause) => {
            super::platform::code_of(cause.as_ref())
        }
        _ => None,
    }
}

/// The sentence and the hint of a code.
pub(super) fn of_code(code: ErrorCode, cause: &dyn Display) -> Error {
    match code {
        ErrorCode::KeychainNoBus => {
            Error::new(code, "The keychain cannot be reached: this session has no D-Bus session bus.")
                .hint(format!("Start Latchkey from a desktop session or under `dbus-run-session`, {USE_A_PASSPHRASE}."))
        }
        ErrorCode::KeychainNoService => {
            Error::new(code, "The keychain cannot be reached: no program on the session bus offers the Secret Service.")
                .hint(format!(
                    "Install and start a keychain such as gnome-keyring, KWallet or KeePassXC, {USE_A_PASSPHRASE}."
                ))
        }
        ErrorCode::KeychainNoCollection => Error::new(code, "The keychain has no default keyring to put secrets into.")
            .hint(format!(
                "Create a keyring in the keychain's own program (\"Passwords and Keys\") and make it the default, \
                 {USE_A_PASSPHRASE}."
            )),
        ErrorCode::KeychainDismissed => Error::new(code, "The keychain is locked and was not unlocked.")
            .hint("Try again and unlock the keychain when it asks, or unlock it in its own program first."),
        _ => failed(cause),
    }
}

/// A failure that has no code of its own.
pub(super) fn failed(cause: &dyn Display) -> Error {
    Error::new(ErrorCode::KeychainFailed, format!("The keychain failed: {cause}."))
        .hint(format!("Look whether the keychain's own program works and try again, {USE_A_PASSPHRASE}."))
}

/// No answer in time.
pub(super) fn silent(limit: Duration) -> Error {
    let seconds = limit.as_secs();
    Error::new(ErrorCode::KeychainFailed, format!("The keychain did not answer within {seconds} seconds."))
        .hint("Look for a question of the keychain behind other windows, answer it and try again.")
}
