//! What the audit log tells.

use serde::{Deserialize, Serialize};

/// What an event tells. The names are the audit log's and do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The profile was made.
    ProfileCreated,
    /// A tenant was added.
    TenantAdded,
    /// A tenant's name, prefix or policy changed.
    TenantEdited,
    /// A tenant was removed.
    TenantRemoved,
    /// An API set was added.
    ApiSetAdded,
    /// An API set's name or group changed.
    ApiSetEdited,
    /// An API set was removed.
    ApiSetRemoved,
    /// An API set was retired: new keys cannot choose it any more.
    ApiSetRetired,
    /// An API set can be chosen again.
    ApiSetRestored,
    /// A key was generated.
    KeyGenerated,
    /// Many keys were generated in one run.
    BatchGenerated,
    /// A run that was to generate many keys was cancelled or taken back.
    BatchUndone,
    /// A key's name, description, owner, API sets or end changed.
    KeyEdited,
    /// A key was switched off.
    KeyDisabled,
    /// A key was switched on.
    KeyEnabled,
    /// A key was revoked.
    KeyRevoked,
    /// A key was deleted.
    KeyDeleted,
    /// The secret went to the clipboard.
    SecretCopied,
    /// The secret was shown on the screen.
    SecretRevealed,
    /// The secret was written to a file.
    SecretDownloaded,
    /// The secret was written to standard output.
    SecretPrinted,
    /// The secret went into the vault.
    SecretKept,
    /// The secret was taken out of the vault.
    SecretDiscarded,
    /// The Save window was closed and nobody had saved the secret.
    SecretUnsaved,
    /// The secret went into the environment of a program.
    SecretInjected,
    /// The secret was found missing in the vault.
    SecretMissing,
    /// Something half-done was finished at a start.
    SagaFinished,
    /// Something half-done was undone at a start.
    SagaUndone,
}
