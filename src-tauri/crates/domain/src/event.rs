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
    /// An organization was added.
    OrganizationAdded,
    /// An organization's name or ceiling changed.
    OrganizationEdited,
    /// An organization was removed.
    OrganizationRemoved,
    /// A user group was added.
    UserGroupAdded,
    /// A user group's name or permissions changed.
    UserGroupEdited,
    /// A user group was removed.
    UserGroupRemoved,
    /// The keys of a remote tenant were asked for, and some were new.
    TenantSynced,
    /// A remote tenant was given another credential.
    CredentialChanged,
    /// Somebody signed in to a remote tenant's server.
    TenantSignedIn,
    /// Somebody signed out of a remote tenant's server.
    TenantSignedOut,
    /// A connector of the user's own was added or replaced.
    ConnectorAdded,
    /// A connector of the user's own was removed.
    ConnectorRemoved,
    /// From now on nothing uses the network.
    NetworkOff,
    /// From now on the network may be used again.
    NetworkOn,
    /// A key was generated.
    KeyGenerated,
    /// A key that existed elsewhere was taken into the list.
    KeyImported,
    /// A tenant was given the key that it signs verifier bundles with.
    SigningKeyMade,
    /// A tenant was given a new signing key, which the one before endorsed.
    SigningKeyRotated,
    /// A tenant was given a new signing key, which nobody endorsed: services have to be told by hand.
    SigningKeyReplaced,
    /// A tenant's sequence was raised above that of the bundles which services have.
    SequenceRaised,
    /// A verifier bundle was written to a file.
    BundleExported,
    /// The list of keys, without secrets, was written to a file.
    ListExported,
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
    /// A key of a remote tenant was changed outside of Latchkey.
    KeyDrifted,
    /// A server made a key whose text never arrived.
    KeyOrphaned,
    /// A successor took a key's place; the old key is good until its overlap is over.
    KeySuperseded,
    /// A rotation was undone: the old key is as it was before.
    RotationUndone,
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
