//! Verifier bundles, as the ports see them.

use latchkey_app::error::Result;
use latchkey_app::ports::{
    BundleContents, BundleExport, FormerSigningKey, ReadBundles, SigningKeyPlace, ToldKey, Untold, WriteBundles,
};
use latchkey_domain::id::{KeyId, TenantId};

use crate::handle::{Handle, told};
use crate::table::{bundle, signing_key, tenant};

impl ReadBundles for Handle<'_> {
    fn signing_key(&self, tenant: TenantId) -> Result<Option<SigningKeyPlace>> {
        told(signing_key::get(self.connection, tenant))
    }

    fn signing_key_items(&self) -> Result<Vec<KeyId>> {
        told(signing_key::items(self.connection))
    }

    fn former_signing_keys(&self, tenant: TenantId) -> Result<Vec<FormerSigningKey>> {
        told(signing_key::former(self.connection, tenant))
    }

    fn bundle_contents(&self, tenant: TenantId) -> Result<BundleContents> {
        told(bundle::contents(self.connection, tenant))
    }

    fn told_keys(&self, tenant: TenantId) -> Result<Vec<ToldKey>> {
        told(bundle::told(self.connection, tenant))
    }

    fn told_key(&self, tenant: TenantId, handle: &str) -> Result<Option<ToldKey>> {
        told(bundle::told_key(self.connection, tenant, handle))
    }

    fn exporting_tenants(&self) -> Result<Vec<TenantId>> {
        told(bundle::exporting(self.connection))
    }

    fn bundle_exports(&self, tenant: TenantId, limit: u32) -> Result<Vec<BundleExport>> {
        told(bundle::exports(self.connection, tenant, limit))
    }

    fn was_exported(&self, tenant: TenantId, sequence: u64) -> Result<bool> {
        told(bundle::was_exported(self.connection, tenant, sequence))
    }

    fn untold(&self, tenant: TenantId) -> Result<Untold> {
        told(bundle::untold(self.connection, tenant))
    }
}

impl WriteBundles for Handle<'_> {
    fn put_signing_key(&mut self, tenant: TenantId, place: &SigningKeyPlace) -> Result<()> {
        told(signing_key::put(self.connection, tenant, place))
    }

    fn add_former_signing_key(&mut self, tenant: TenantId, former: &FormerSigningKey) -> Result<()> {
        told(signing_key::insert_former(self.connection, tenant, former))
    }

    fn end_deltas(&mut self, tenant: TenantId) -> Result<()> {
        told(bundle::end_deltas(self.connection, tenant))
    }

    fn raise_sequence(&mut self, id: TenantId, by: u64) -> Result<()> {
        let by = usize::try_from(by).unwrap_or(usize::MAX);
        told(tenant::existing_row(self.connection, id).and_then(|row| tenant::raise_sequence(self.connection, row, by)))
    }

    fn add_bundle_export(&mut self, tenant: TenantId, export: &BundleExport) -> Result<()> {
        told(bundle::insert_export(self.connection, tenant, export))
    }

    fn put_told_keys(&mut self, tenant: TenantId, keys: &[ToldKey]) -> Result<()> {
        told(bundle::put_told(self.connection, tenant, keys))
    }
}
