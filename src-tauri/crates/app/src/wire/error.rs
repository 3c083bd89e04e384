use latchkey_domain::field::FieldProblem;
use serde::{Deserialize, Serialize};

use super::ServerProblem;

/// What went wrong, for a program: the window and the command line's exit status branch on it.
///
/// A variant is here only because someone branches on it; a new failure that nobody tells apart is `Failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A field has a value that cannot be taken; [`ErrorBody::field`] names it.
    InvalidInput,
    /// There is no such tenant, API set or key.
    NotFound,
    /// A name stands for several keys.
    Ambiguous,
    /// The state of things does not allow it (enabling a revoked key, removing an API set in use).
    NotNow,
    /// A policy or a role forbids it.
    NotPermitted,
    /// The profile folder holds no profile yet.
    ProfileMissing,
    /// The profile exists already.
    ProfileExists,
    /// The database was written by a newer Latchkey.
    ProfileNewer,
    /// The database is truncated, damaged or something else.
    ProfileDamaged,
    /// Another program holds the database.
    ProfileBusy,
    /// The disk is full.
    DiskFull,
    /// The folder or file cannot be written.
    ReadOnly,
    /// The passphrase vault waits for its passphrase.
    VaultLocked,
    /// The passphrase is not the vault's.
    VaultWrongPassphrase,
    /// The vault file is truncated, damaged or from a newer version.
    VaultDamaged,
    /// No session bus: nothing to ask for a keychain.
    KeychainNoBus,
    /// A session bus, but no Secret Service on it.
    KeychainNoService,
    /// A Secret Service without a default collection.
    KeychainNoCollection,
    /// The keychain is locked and the prompt to unlock it was dismissed.
    KeychainDismissed,
    /// The keychain answered something else than a result.
    KeychainFailed,
    /// The secret is not in the vault although the key says so.
    SecretMissing,
    /// The Save window of this key was closed: its secret is gone.
    SecretGone,
    /// The key was neither copied, downloaded nor kept.
    SecretUnsaved,
    /// The file exists and was not to be replaced.
    FileExists,
    /// The clipboard could not be reached.
    ClipboardUnreachable,
    /// Latchkey is to use no network, and this needs one.
    Offline,
    /// A server could not be reached, or gave no answer that can be understood.
    RemoteUnreachable,
    /// A server refused.
    RemoteRefused,
    /// A server does not know the credential that Latchkey asks with, or it is over.
    RemoteCredential,
    /// A server wants somebody to sign in: the session is over, or there is none.
    RemoteSignIn,
    /// A server wants to be left alone for a time.
    RemoteThrottled,
    /// The operator cancelled it.
    Cancelled,
    /// Anything else; the message says what.
    Failed,
}

/// A failure as the window and `--json` get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ErrorBody {
    /// For programs.
    pub code: ErrorCode,
    /// One sentence for people: what happened.
    pub message: String,
    /// One sentence for people: what to do about it.
    pub hint: Option<String>,
    /// The field at fault, with [`ErrorCode::InvalidInput`].
    pub field: Option<FieldProblem>,
    /// What is the matter with a server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub server: Option<Box<ServerProblem>>,
}
