//! A transaction, as the ports see it.

use chrono::{DateTime, Utc};
use latchkey_app::error::{Error, Result};
use latchkey_app::ports::{
    Event, EventFilter, JournalEntry, KeyFilter, NewEvent, Profile, Reader, TenantCounts, Writer,
};
use latchkey_app::wire::{KeyFacets, KeyStatus, Settings, StatusCount};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::KeyDigest;
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::tenant::Tenant;
use rusqlite::Connection;

use crate::fault::Fault;
use crate::page;
use crate::plan::Plan;
use crate::table::{api_set, event, journal, key, organization, profile, tenant};

/// A connection inside a transaction. Who gets it as a [`Reader`] cannot write.
pub(crate) struct Handle<'c>(pub(crate) &'c Connection);

/// The words and codes that the use cases know.
pub(crate) fn told<T>(result: std::result::Result<T, Fault>) -> Result<T> {
    result.map_err(Error::from)
}

impl Handle<'_> {
    fn plan(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Option<Plan>> {
        told(Plan::new(self.0, filter, now))
    }
}

impl Reader for Handle<'_> {
    fn profile(&self) -> Result<Profile> {
        told(profile::get(self.0))
    }

    fn tenants(&self) -> Result<Vec<Tenant>> {
        told(tenant::all(self.0))
    }

    fn tenant(&self, id: TenantId) -> Result<Option<Tenant>> {
        told(tenant::get(self.0, id))
    }

    fn tenant_named(&self, name: &str) -> Result<Option<Tenant>> {
        told(tenant::named(self.0, name))
    }

    fn tenant_counts(&self, id: TenantId, now: DateTime<Utc>) -> Result<TenantCounts> {
        told(tenant::counts(self.0, id, now))
    }

    fn api_sets(&self, tenant: TenantId) -> Result<Vec<(ApiSet, u32)>> {
        told(api_set::all(self.0, tenant))
    }

    fn organizations(&self, tenant: TenantId) -> Result<Vec<(Organization, u32)>> {
        told(organization::all(self.0, tenant))
    }

    fn user_groups(&self, tenant: TenantId) -> Result<Vec<(UserGroup, u32)>> {
        told(organization::groups(self.0, tenant))
    }

    fn key(&self, id: KeyId) -> Result<Option<Key>> {
        told(key::get(self.0, id))
    }

    fn key_with_handle(&self, handle: &str) -> Result<Option<Key>> {
        told(key::with_handle(self.0, handle))
    }

    fn keys_with_digest(&self, digest: &KeyDigest) -> Result<Vec<Key>> {
        told(key::with_digest(self.0, digest))
    }

    fn successor(&self, id: KeyId) -> Result<Option<Key>> {
        told(key::successor(self.0, id))
    }

    fn keys_named(&self, tenant: Option<TenantId>, name: &str, limit: u32) -> Result<Vec<Key>> {
        told(key::named(self.0, tenant, name, limit))
    }

    fn count_named(&self, tenant: TenantId, name: &str) -> Result<u32> {
        told(key::count_named(self.0, tenant, name))
    }

    fn keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Vec<Key>> {
        let Some(plan) = self.plan(filter, now)? else { return Ok(Vec::new()) };
        let rows = told(page::rows(self.0, &plan, filter))?;
        told(key::with_rows(self.0, &rows))
    }

    fn count_keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<u32> {
        let Some(plan) = self.plan(filter, now)? else { return Ok(0) };
        told(page::count(self.0, &plan))
    }

    fn facets(&self, tenant: Option<TenantId>, now: DateTime<Utc>) -> Result<KeyFacets> {
        let filter = KeyFilter { tenant, ..KeyFilter::default() };
        let Some(plan) = self.plan(&filter, now)? else {
            let statuses = KeyStatus::ALL.map(|status| StatusCount { status, keys: 0 }).to_vec();
            return Ok(KeyFacets { statuses, api_sets: Vec::new(), owners: Vec::new() });
        };
        told(page::facets(self.0, &plan))
    }

    fn keys_with_holding(&self) -> Result<Vec<Key>> {
        told(key::with_holding(self.0))
    }

    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>> {
        told(event::list(self.0, filter))
    }

    fn journal(&self) -> Result<Vec<JournalEntry>> {
        told(journal::list(self.0))
    }
}

impl Writer for Handle<'_> {
    fn set_settings(&mut self, settings: Settings) -> Result<()> {
        told(profile::set_settings(self.0, settings))
    }

    fn add_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        told(tenant::insert(self.0, tenant))
    }

    fn update_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        told(tenant::update(self.0, tenant))
    }

    fn remove_tenant(&mut self, id: TenantId) -> Result<()> {
        told(tenant::remove(self.0, id))
    }

    fn add_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()> {
        told(api_set::insert(self.0, tenant, set))
    }

    fn update_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()> {
        told(api_set::update(self.0, tenant, set))
    }

    fn remove_api_set(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(api_set::remove(self.0, tenant, id))
    }

    fn put_organization(&mut self, tenant: TenantId, organization: &Organization) -> Result<()> {
        told(organization::put(self.0, tenant, organization))
    }

    fn remove_organization(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(organization::remove(self.0, tenant, id))
    }

    fn put_user_group(&mut self, tenant: TenantId, group: &UserGroup) -> Result<()> {
        told(organization::put_group(self.0, tenant, group))
    }

    fn remove_user_group(&mut self, tenant: TenantId, id: &str) -> Result<()> {
        told(organization::remove_group(self.0, tenant, id))
    }

    fn add_key(&mut self, key: &Key) -> Result<()> {
        told(key::insert(self.0, key))
    }

    fn update_key(&mut self, key: &Key) -> Result<()> {
        told(key::update(self.0, key))
    }

    fn remove_key(&mut self, id: KeyId) -> Result<()> {
        told(key::remove(self.0, id))
    }

    fn add_event(&mut self, event: &NewEvent) -> Result<()> {
        told(event::insert(self.0, event, None))
    }

    fn put_journal(&mut self, entry: &JournalEntry) -> Result<()> {
        told(journal::put(self.0, entry))
    }

    fn remove_journal(&mut self, key: KeyId) -> Result<()> {
        told(journal::remove(self.0, key))
    }
}
