use chrono::{DateTime, Utc};
use latchkey_domain::id::{KeyId, TenantId};

use crate::error::Result;

/// What can be asked of verifier bundles.
pub trait ReadBundles {
    /// What a tenant signs its bundles with; `None` while it never did.
    fn signing_key(&self, tenant: TenantId) -> Result<Option<SigningKeyPlace>>;
    /// The items of the vault in which tenants' signing keys lie.
    fn signing_key_items(&self) -> Result<Vec<KeyId>>;
    /// What a tenant signed with before, oldest first.
    fn former_signing_keys(&self, tenant: TenantId) -> Result<Vec<FormerSigningKey>>;
    /// All keys of a tenant as a bundle needs them.
    fn bundle_contents(&self, tenant: TenantId) -> Result<BundleContents>;
    /// What verifiers were told last, by handle.
    fn told_keys(&self, tenant: TenantId) -> Result<Vec<ToldKey>>;
    /// What verifiers were told last of the key with this handle.
    fn told_key(&self, tenant: TenantId, handle: &str) -> Result<Option<ToldKey>>;
    /// The tenants that have exported a bundle.
    fn exporting_tenants(&self) -> Result<Vec<TenantId>>;
    /// The newest exports of a tenant, newest first.
    fn bundle_exports(&self, tenant: TenantId, limit: u32) -> Result<Vec<BundleExport>>;
    /// Whether a bundle of this sequence was exported that a delta can be since.
    fn was_exported(&self, tenant: TenantId, sequence: u64) -> Result<bool>;
    /// How much verifiers were not told yet.
    fn untold(&self, tenant: TenantId) -> Result<Untold>;
}

/// What can be changed of verifier bundles.
pub trait WriteBundles {
    /// Notes what a tenant signs with, in place of what it signed with before.
    fn put_signing_key(&mut self, tenant: TenantId, place: &SigningKeyPlace) -> Result<()>;
    /// Notes what a tenant signed with until now.
    fn add_former_signing_key(&mut self, tenant: TenantId, former: &FormerSigningKey) -> Result<()>;
    /// From now on no delta is since a bundle that was exported before.
    fn end_deltas(&mut self, tenant: TenantId) -> Result<()>;
    /// Raises a tenant's sequence by so much.
    fn raise_sequence(&mut self, tenant: TenantId, by: u64) -> Result<()>;
    /// Writes an export down.
    fn add_bundle_export(&mut self, tenant: TenantId, export: &BundleExport) -> Result<()>;
    /// Writes what verifiers were told of keys, in place of what stood there; the others stay.
    fn put_told_keys(&mut self, tenant: TenantId, keys: &[ToldKey]) -> Result<()>;
}

/// A tenant's signing key, without what is secret of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningKeyPlace {
    /// The item of the vault that holds its seed. It is no key of the list.
    pub item: KeyId,
    /// As minisign writes it: algorithm, key number, key.
    pub public_key: [u8; 42],
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// A key that a tenant signed with before. Its seed is nowhere any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSigningKey {
    /// As minisign writes it: algorithm, key number, key.
    pub public_key: [u8; 42],
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When the next one took its place.
    pub ended_at: DateTime<Utc>,
    /// The tenant's sequence at that moment.
    pub sequence: u64,
    /// That it signed the next one; `None` where it was lost before it could.
    pub endorsement: Option<SignedEndorsement>,
}

/// An endorsement, as it is given to services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEndorsement {
    /// The file.
    pub file: Vec<u8>,
    /// The contents of its signature file.
    pub signature: String,
}

/// The keys of a tenant as a bundle needs them, all from one state of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleContents {
    /// What keys may use and belong to, each once.
    pub belongings: Vec<Belonging>,
    /// The keys whose digest may leave the building, by handle.
    pub keys: Vec<BundleKey>,
    /// Handles of the keys whose digest is slow: they stay here.
    pub left_out: Vec<String>,
    /// The number of the newest change to the list.
    pub key_change: u64,
}

/// What a key may use, and where it belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Belonging {
    /// Identifiers of its API sets.
    pub api_sets: Vec<String>,
    /// Identifier of its organization.
    pub organization: Option<String>,
    /// Identifiers of its user groups.
    pub groups: Vec<String>,
}

/// A key as a bundle needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleKey {
    /// The public part.
    pub handle: String,
    /// The SHA-256 of its text.
    pub digest: [u8; 32],
    /// The place of what it may use.
    pub belonging: usize,
    /// The first second at which it is over.
    pub ends: Option<i64>,
    /// What a person made of it.
    pub status: BundleStatus,
    /// Whether its text has none of the known forms.
    pub foreign: bool,
}

/// What a person made of a key, as bundles say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleStatus {
    /// In use.
    Active,
    /// Switched off.
    Disabled,
    /// Ended for good.
    Revoked,
}

/// What verifiers were told of a key last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldKey {
    /// The public part.
    pub handle: String,
    /// Where it stood; `None` for a key that was taken away.
    pub status: Option<BundleStatus>,
    /// Stands for all that was said of it.
    pub state: [u8; 16],
    /// The sequence of the bundle that said so first.
    pub since: u64,
}

/// A bundle that was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleExport {
    /// The tenant's newest change that is in it.
    pub sequence: u64,
    /// Since when, for a delta.
    pub base: Option<u64>,
    /// When it was exported.
    pub issued: DateTime<Utc>,
    /// The first moment at which it is over.
    pub expires: DateTime<Utc>,
    /// How many keys the tenant had.
    pub keys: u32,
    /// How many of them stayed here.
    pub left_out: u32,
    /// The number of the newest change to the list.
    pub key_change: u64,
    /// The file's name.
    pub file: String,
}

/// What verifiers were not told yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Untold {
    /// Keys in use that are in no bundle.
    pub keys: u32,
    /// Keys that are disabled, revoked or deleted, and were in use by the newest bundle.
    pub ended: u32,
    /// Keys that stay here, since their digest is slow.
    pub left_out: u32,
}
