use chrono::{DateTime, Utc};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::remote::{Remote, RemoteKey};

use crate::error::Result;
use crate::wire::ErrorBody;

/// What can be asked of remote tenants.
pub trait ReadRemote {
    /// How a tenant is reached; `None` for a local one.
    fn remote(&self, tenant: TenantId) -> Result<Option<Remote>>;
    /// When a remote tenant was asked, and what came of it.
    fn freshness(&self, tenant: TenantId) -> Result<Freshness>;
    /// Where the credentials of a remote tenant lie in the vault.
    fn remote_credentials(&self, tenant: TenantId) -> Result<Vec<RemoteCredential>>;
    /// Where the credentials of all remote tenants lie in the vault.
    fn all_remote_credentials(&self) -> Result<Vec<RemoteCredential>>;
    /// What is known of a remote tenant's key; `None` for a key that was issued here.
    fn remote_key(&self, key: KeyId) -> Result<Option<RemoteKey>>;
    /// The keys of a remote tenant that its server knows, by what the server calls them.
    fn remote_keys(&self, tenant: TenantId) -> Result<Vec<(String, KeyId)>>;
}

/// What can be changed of remote tenants.
pub trait WriteRemote {
    /// Makes a tenant a remote one, or writes how it is reached.
    fn put_remote(&mut self, tenant: TenantId, remote: &Remote) -> Result<()>;
    /// Notes where a credential lies in the vault, in place of the one with its name.
    fn put_remote_credential(&mut self, tenant: TenantId, credential: &RemoteCredential) -> Result<()>;
    /// Forgets where a credential lies in the vault.
    fn remove_remote_credential(&mut self, tenant: TenantId, id: &str) -> Result<()>;
    /// Notes that a tenant was asked at `at`, and how many rows of its list could not be understood, or why it failed.
    fn note_asked(&mut self, tenant: TenantId, at: DateTime<Utc>, came: Result<u32, &ErrorBody>) -> Result<()>;
    /// Notes what a server knows of a key, in place of what was noted before.
    fn put_remote_key(&mut self, key: KeyId, remote: &RemoteKey) -> Result<()>;
}

/// Where a credential of a remote tenant lies in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteCredential {
    /// The connector's name for it.
    pub id: String,
    /// The item of the vault. It is no key of the list.
    pub item: KeyId,
}

/// When a remote tenant was asked for its keys, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When its keys arrived last.
    pub synced_at: Option<DateTime<Utc>>,
    /// When it was asked last.
    pub asked_at: Option<DateTime<Utc>>,
    /// Why the last time failed.
    pub problem: Option<ErrorBody>,
    /// How many rows of the list that arrived last could not be understood.
    pub skipped: u32,
}
