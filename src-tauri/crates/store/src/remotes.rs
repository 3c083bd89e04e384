//! Remote tenants, as the ports see them.

use chrono::{DateTime, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::{Freshness, ReadRemote, RemoteCredential, WriteRemote};
use latchkey_app::wire::ErrorBody;
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::remote::{Remote, RemoteKey};

use crate::handle::{Handle, told};
use crate::table::remote;

impl ReadRemote for Handle<'_> {
    fn remote(&self, tenant: TenantId) -> Result<Option<Remote>> {
        told(remote::get(self.connection, tenant))
    }

    fn freshness(&self, tenant: TenantId) -> Result<Freshness> {
        told(remote::freshness(self.connection, tenant))
    }

    fn remote_credentials(&self, tenant: TenantId) -> Result<Vec<RemoteCredential>> {
        told(remote::credentials(self.connection, tenant))
    }

    fn all_remote_credentials(&self) -> Result<Vec<RemoteCredential>> {
        told(remote::all_credentials(self.connection))
    }

    fn remote_key(&self, key: KeyId) -> Result<Option<RemoteKey>> {
        told(remote::key(self.connection, key))
    }

    fn remote_keys(&self, tenant: TenantId) -> Result<Vec<(String, KeyId)>> {
        told(remote::keys(self.connection, tenant))
    }
}

impl WriteRemote for Handle<'_> {
    fn put_remote(&mut self, tenant: TenantId, remote: &Remote) -> Result<()> {
        told(remote::put(self.connection, tenant, remote))
    }

    fn put_remote_credential(&mut self, tenant: TenantId, credential: &RemoteCredential) -> Result<()> {
        told(remote::put_credential(self.connection, tenant, credential))
    }

    fn remove_remote_credential(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(remote::remove_credential(self.connection, tenant, id))
    }

    fn note_asked(&mut self, tenant: TenantId, at: DateTime<Utc>, came: Result<u32, &ErrorBody>) -> Result<()> {
        told(remote::note_asked(self.connection, tenant, at, came))
    }

    fn put_remote_key(&mut self, key: KeyId, known: &RemoteKey) -> Result<()> {
        told(remote::put_key(self.connection, key, known))
    }
}
