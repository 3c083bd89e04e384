//! A transaction, as the ports see it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use latchkey_app::error::{Error, Result};
use latchkey_app::ports::{
    Event, EventFilter, GapTotals, JournalEntry, KeyFilter, NamedKind, NewEvent, Profile, Reader, TenantCounts, Writer,
};
use latchkey_app::wire::{KeyFacets, KeyStatus, Settings, StatusCount};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::gap::{Demands, Gap};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{KeyDigest, Salt};
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::tenant::Tenant;
use rusqlite::Connection;

use crate::columns::{Cache, Columns};
use crate::fault::Fault;
use crate::page;
use crate::plan::Plan;
use crate::table::{api_set, event, gap, journal, key, organization, profile, tenant, turn};

/// A connection inside a transaction. Who gets it as a [`Reader`] cannot write.
pub(crate) struct Handle<'c> {
    pub(crate) connection: &'c Connection,
    /// A writer has none: what it sees may never come to be.
    cache: Option<&'c Cache>,
}

/// The words and codes that the use cases know.
pub(crate) fn told<T>(result: std::result::Result<T, Fault>) -> Result<T> {
    result.map_err(Error::from)
}

impl<'c> Handle<'c> {
    pub(crate) fn reader(connection: &'c Connection, cache: &'c Cache) -> Self {
        Self { connection, cache: Some(cache) }
    }

    pub(crate) fn writer(connection: &'c Connection) -> Self {
        Self { connection, cache: None }
    }

    fn columns(&self) -> Result<Arc<Columns>> {
        told(match self.cache {
            Some(cache) => cache.get(self.connection),
            None => Columns::read(self.connection).map(Arc::new),
        })
    }

    fn plan(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Option<Plan>> {
        told(Plan::new(self.connection, filter, now))
    }
}

impl Reader for Handle<'_> {
    fn profile(&self) -> Result<Profile> {
        told(profile::get(self.connection))
    }

    fn tenants(&self) -> Result<Vec<Tenant>> {
        told(tenant::all(self.connection))
    }

    fn tenant(&self, id: TenantId) -> Result<Option<Tenant>> {
        told(tenant::get(self.connection, id))
    }

    fn tenant_named(&self, name: &str) -> Result<Option<Tenant>> {
        told(tenant::named(self.connection, name))
    }

    fn tenant_salt(&self, id: TenantId) -> Result<Option<Salt>> {
        told(tenant::salt(self.connection, id))
    }

    fn tenant_counts(&self, id: TenantId, now: DateTime<Utc>) -> Result<TenantCounts> {
        told(tenant::counts(self.connection, id, now))
    }

    fn api_sets(&self, tenant: TenantId) -> Result<Vec<(ApiSet, u32)>> {
        told(api_set::all(self.connection, tenant))
    }

    fn organizations(&self, tenant: TenantId) -> Result<Vec<(Organization, u32)>> {
        told(organization::all(self.connection, tenant))
    }

    fn user_groups(&self, tenant: TenantId) -> Result<Vec<(UserGroup, u32)>> {
        told(organization::groups(self.connection, tenant))
    }

    fn name_of(&self, tenant: TenantId, kind: NamedKind, id: &str) -> Result<Option<String>> {
        told(match kind {
            NamedKind::ApiSet => api_set::name(self.connection, tenant, id),
            NamedKind::Organization => organization::name(self.connection, tenant, id),
            NamedKind::UserGroup => organization::group_name(self.connection, tenant, id),
        })
    }

    fn key(&self, id: KeyId) -> Result<Option<Key>> {
        told(key::get(self.connection, id))
    }

    fn key_with_handle(&self, handle: &str) -> Result<Option<Key>> {
        told(key::with_handle(self.connection, handle))
    }

    fn keys_with_digest(&self, digest: &KeyDigest) -> Result<Vec<Key>> {
        told(key::with_digest(self.connection, digest))
    }

    fn successor(&self, id: KeyId) -> Result<Option<Key>> {
        told(key::successor(self.connection, id))
    }

    fn has_heir(&self, id: KeyId) -> Result<bool> {
        told(key::has_heir(self.connection, id))
    }

    fn keys_named(&self, tenant: Option<TenantId>, name: &str, limit: u32) -> Result<Vec<Key>> {
        told(key::named(self.connection, tenant, name, limit))
    }

    fn count_named(&self, tenant: TenantId, name: &str) -> Result<u32> {
        told(key::count_named(self.connection, tenant, name))
    }

    fn name_in_use(&self, tenant: TenantId, name: &str, but: Option<KeyId>, now: DateTime<Utc>) -> Result<bool> {
        told(gap::name_in_use(self.connection, tenant, name, but, now))
    }

    fn count_gaps(&self, tenant: TenantId, demands: &Demands, now: DateTime<Utc>) -> Result<GapTotals> {
        told(gap::count(self.connection, tenant, demands, now))
    }

    fn gaps(
        &self,
        tenant: TenantId,
        demands: &Demands,
        now: DateTime<Utc>,
        after: Option<KeyId>,
        limit: u32,
    ) -> Result<Vec<(Key, Vec<Gap>)>> {
        told(gap::list(self.connection, tenant, demands, now, after, limit))
    }

    fn turning(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Vec<Key>> {
        told(turn::next(self.connection, tenant, now))
    }

    fn keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Vec<Key>> {
        let Some(plan) = self.plan(filter, now)? else { return Ok(Vec::new()) };
        let rows = told(page::rows(self.connection, self.cache, &plan, filter))?;
        told(key::with_rows(self.connection, &rows))
    }

    fn count_keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<u32> {
        let Some(plan) = self.plan(filter, now)? else { return Ok(0) };
        told(page::count(self.connection, &*self.columns()?, &plan))
    }

    fn facets(&self, tenant: Option<TenantId>, now: DateTime<Utc>) -> Result<KeyFacets> {
        let filter = KeyFilter { tenant, ..KeyFilter::default() };
        let Some(plan) = self.plan(&filter, now)? else {
            let statuses = KeyStatus::ALL.map(|status| StatusCount { status, keys: 0 }).to_vec();
            return Ok(KeyFacets { statuses, ..KeyFacets::default() });
        };
        told(page::facets(self.connection, &*self.columns()?, &plan))
    }

    fn keys_with_holding(&self) -> Result<Vec<Key>> {
        told(key::with_holding(self.connection))
    }

    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>> {
        told(event::list(self.connection, filter))
    }

    fn journal(&self) -> Result<Vec<JournalEntry>> {
        told(journal::list(self.connection))
    }
}

impl Writer for Handle<'_> {
    fn set_settings(&mut self, settings: Settings) -> Result<()> {
        told(profile::set_settings(self.connection, settings))
    }

    fn add_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        told(tenant::insert(self.connection, tenant))
    }

    fn update_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        told(tenant::update(self.connection, tenant))
    }

    fn put_tenant_salt(&mut self, id: TenantId, salt: &Salt) -> Result<()> {
        told(tenant::put_salt(self.connection, id, salt))
    }

    fn remove_tenant(&mut self, id: TenantId) -> Result<()> {
        told(tenant::remove(self.connection, id))
    }

    fn add_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()> {
        told(api_set::insert(self.connection, tenant, set))
    }

    fn update_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()> {
        told(api_set::update(self.connection, tenant, set))
    }

    fn remove_api_set(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(api_set::remove(self.connection, tenant, id))
    }

    fn put_organization(&mut self, tenant: TenantId, organization: &Organization) -> Result<()> {
        told(organization::put(self.connection, tenant, organization))
    }

    fn remove_organization(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(organization::remove(self.connection, tenant, id))
    }

    fn put_user_group(&mut self, tenant: TenantId, group: &UserGroup) -> Result<()> {
        told(organization::put_group(self.connection, tenant, group))
    }

    fn remove_user_group(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(organization::remove_group(self.connection, tenant, id))
    }

    fn add_key(&mut self, key: &Key) -> Result<()> {
        told(key::insert(self.connection, key))
    }

    fn update_key(&mut self, key: &Key) -> Result<()> {
        told(key::update(self.connection, key))
    }

    fn remove_key(&mut self, id: KeyId) -> Result<()> {
        told(key::remove(self.connection, id))
    }

    fn add_event(&mut self, event: &NewEvent) -> Result<()> {
        told(event::insert(self.connection, event, None))
    }

    fn put_journal(&mut self, entry: &JournalEntry) -> Result<()> {
        told(journal::put(self.connection, entry))
    }

    fn remove_journal(&mut self, key: KeyId) -> Result<()> {
        told(journal::remove(self.connection, key))
    }
}
