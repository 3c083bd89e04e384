use std::collections::{BTreeMap, BTreeSet};

use latchkey_domain::id::TenantId;
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{self, KeyDigest};

use crate::bundle;
use crate::error::Result;
use crate::find;
use crate::ports::{KeyFilter, NamedKind, Reader};
use crate::rotation::{self, Mark};
use crate::session::Session;
use crate::view;
use crate::wire::{BundleNeed, KeyCount, KeyFacets, KeyPage, KeyQuery, Named, TenantNames};

/// The most keys of one page.
const MAX_PAGE: u32 = 500;
/// The keys of a page where the query names no number.
const DEFAULT_PAGE: u32 = 100;

/// No text of fewer characters has the bits of a random key.
const SHORTEST_RANDOM: usize = 20;

/// One page of keys.
pub fn list(session: &Session, query: &KeyQuery) -> Result<KeyPage> {
    let now = session.now();
    session.store.reading(|reader| {
        let filter = filter(reader, query)?;
        let tenants = reader.tenants()?;
        let keys = reader.keys(&filter, now)?;
        let exporting = reader.exporting_tenants()?;
        let names = names(reader, &keys)?;
        let mut page = KeyPage { keys: Vec::with_capacity(keys.len()), names, ..KeyPage::default() };
        for key in keys {
            let Some(tenant) = tenants.iter().find(|tenant| tenant.id == key.tenant) else { continue };
            match rotation::mark(reader, &key, tenant, now)? {
                Some(Mark::Rotating) => page.rotating.push(key.id.to_string()),
                Some(Mark::Due) => page.due.push(key.id.to_string()),
                None => {}
            }
            if exporting.contains(&tenant.id) {
                match bundle::mark(reader, &key)?.need {
                    Some(BundleNeed::InNone) => page.in_no_bundle.push(key.id.to_string()),
                    Some(BundleNeed::EndUntold) => page.end_untold.push(key.id.to_string()),
                    None => {}
                }
            }
            page.keys.push(view::key(key, tenant, now));
        }
        Ok(page)
    })
}

/// What the identifiers stand for that these keys have. One identifier may stand for something else in another tenant.
fn names(reader: &dyn Reader, keys: &[Key]) -> Result<Vec<TenantNames>> {
    let mut used: BTreeMap<TenantId, BTreeSet<(NamedKind, &str)>> = BTreeMap::new();
    for key in keys {
        let used = used.entry(key.tenant).or_default();
        used.extend(key.api_sets.iter().map(|id| (NamedKind::ApiSet, id.as_str())));
        used.extend(key.organization.iter().map(|id| (NamedKind::Organization, id.as_str())));
        used.extend(key.groups.iter().map(|id| (NamedKind::UserGroup, id.as_str())));
    }
    let mut all = Vec::with_capacity(used.len());
    for (tenant, ids) in used {
        let (mut api_sets, mut organizations, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, id) in ids {
            let Some(name) = reader.name_of(tenant, kind, id)? else { continue };
            let of_kind = match kind {
                NamedKind::ApiSet => &mut api_sets,
                NamedKind::Organization => &mut organizations,
                NamedKind::UserGroup => &mut groups,
            };
            of_kind.push(Named { id: id.to_owned(), name });
        }
        all.push(TenantNames { tenant_id: tenant.to_string(), api_sets, organizations, groups });
    }
    Ok(all)
}

/// How many keys a query finds, whatever its page.
pub fn count(session: &Session, query: &KeyQuery) -> Result<KeyCount> {
    let now = session.now();
    session.store.reading(|reader| Ok(KeyCount { total: reader.count_keys(&filter(reader, query)?, now)? }))
}

/// What the filters over a list can offer, for one tenant or for all.
pub fn facets(session: &Session, tenant: Option<&str>) -> Result<KeyFacets> {
    let now = session.now();
    session.store.reading(|reader| reader.facets(tenant_id(reader, tenant)?, now))
}

pub(super) fn filter(reader: &dyn Reader, query: &KeyQuery) -> Result<KeyFilter> {
    // A whole key pasted into the search is looked for by its handle alone.
    let words = match pasted(reader, query.search.trim())? {
        Some(handle) => vec![handle],
        None => query.search.split_whitespace().map(str::to_owned).collect(),
    };
    Ok(KeyFilter {
        tenant: tenant_id(reader, query.tenant.as_deref())?,
        words,
        statuses: query.statuses.clone(),
        api_set: query.api_set.clone(),
        owner: query.owner.clone(),
        organization: query.organization.clone(),
        rotation: query.rotation,
        bundle: query.bundle,
        sort: query.sort,
        descending: query.descending,
        offset: query.offset,
        limit: if query.limit == 0 { DEFAULT_PAGE } else { query.limit.min(MAX_PAGE) },
    })
}

/// The handle of a whole key: in its text, or, for one that came from elsewhere, found by its digest. A key that a person may
/// have chosen is not: its digest is slow.
fn pasted(reader: &dyn Reader, text: &str) -> Result<Option<String>> {
    if let Some(parsed) = key_format::parse(text) {
        return Ok(Some(parsed.handle.to_owned()));
    }
    if text.len() < SHORTEST_RANDOM {
        return Ok(None);
    }
    let found = reader.keys_with_digest(&KeyDigest::of(text))?;
    Ok(found.into_iter().next().map(|key| key.handle))
}

fn tenant_id(reader: &dyn Reader, tenant: Option<&str>) -> Result<Option<TenantId>> {
    tenant.map(|text| find::tenant(reader, text).map(|tenant| tenant.id)).transpose()
}
