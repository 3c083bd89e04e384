//! Pages, counts and what the filters offer, from the columns.
//!
//! A search has two ways. Where many of the listed keys match, a page is found by holding a few of them against the
//! search, one by one. Where few match, the index soon names them all.

use std::ops::Range;
use std::sync::Arc;

use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::{KeyFacets, NamedCount, OwnerCount, StatusCount};
use latchkey_domain::key::KeyStatus;
use rusqlite::{Connection, Row};

use crate::columns::{Bitmap, Cache, Columns};
use crate::fault::Result;
use crate::plan::Plan;
use crate::search::Search;
use crate::table::organization;

/// At least so many keys may be held against a search one by one: some microseconds each.
const LOOKS: usize = 600;
/// In a longer list one key of so many, since the index takes longer too.
const SHARE: usize = 250;
/// After every so many of them it is asked whether the page will be full in time.
const STRETCH: usize = 64;
/// At most so many owners are offered as filters.
const OWNERS: usize = 100;

/// The rows of one page. The first page of a start does not wait until all keys are read.
pub(crate) fn rows(
    connection: &Connection,
    cache: Option<&Cache>,
    plan: &Plan,
    filter: &KeyFilter,
) -> Result<Vec<i64>> {
    let columns = match cache {
        None => None,
        Some(cache) if filter.offset == 0 => cache.ready(connection)?,
        Some(cache) => Some(cache.get(connection)?),
    };
    let Some(columns) = columns else { return plan.page(connection, filter) };
    let mut found = columns.filter(plan);
    let page = filter.offset as usize..filter.offset.saturating_add(filter.limit) as usize;
    if let Some(search) = &plan.search {
        let asked = Asked { connection, columns: &columns, search, scoped: is_small(&columns, &found) };
        if let Some(rows) = asked.page(&mut found, filter, page.clone())? {
            return Ok(rows);
        }
    }
    let listed = columns.ordered(&found, filter.sort, filter.descending);
    Ok(listed.skip(page.start).take(page.len()).map(|slot| columns.row(slot)).collect())
}

/// How many keys there are.
pub(crate) fn count(connection: &Connection, columns: &Columns, plan: &Plan) -> Result<u32> {
    let mut found = columns.filter(plan);
    if let Some(search) = &plan.search {
        let asked = Asked { connection, columns, search, scoped: is_small(columns, &found) };
        let left_out = columns.len() - found.count();
        if asked.known().is_none() && left_out <= LOOKS.max(columns.len() / SHARE / 2) {
            return asked.number_but(&found);
        }
        found.intersect(&*asked.all()?);
    }
    Ok(u32::try_from(found.count()).unwrap_or(u32::MAX))
}

/// What the filters can offer.
pub(crate) fn facets(connection: &Connection, columns: &Columns, plan: &Plan) -> Result<KeyFacets> {
    let counts = columns.counts(plan);
    let statuses = KeyStatus::ALL.into_iter().zip(counts.statuses);
    let mut api_sets = Vec::new();
    // Sets of one identifier in several tenants count together, as the filter takes them.
    let mut sets = connection.prepare_cached(
        "SELECT s.row, s.id, min(s.name) OVER same FROM api_set s WHERE ?1 IS NULL OR s.tenant = ?1
         WINDOW same AS (PARTITION BY s.id)
         ORDER BY min(s.heading COLLATE NOCASE) OVER same, min(s.name COLLATE NOCASE) OVER same, s.id",
    )?;
    let mut sets = sets.query([plan.tenant])?;
    while let Some(set) = sets.next()? {
        let keys = counts.api_sets.get(&set.get(0)?).copied().unwrap_or_default();
        let id: String = set.get(1)?;
        match api_sets.last_mut() {
            Some(NamedCount { id: last, keys: all, .. }) if *last == id => *all += keys,
            _ => api_sets.push(NamedCount { id, name: set.get(2)?, keys }),
        }
    }
    let mut owners = counts.owners;
    owners.sort_unstable_by(|(a, a_keys), (b, b_keys)| b_keys.cmp(a_keys).then_with(|| a.cmp(b)));
    owners.truncate(OWNERS);
    let organizations = match plan.tenant {
        Some(tenant) => organization::counted(connection, tenant, &counts.organizations)?,
        None => Vec::new(),
    };
    Ok(KeyFacets {
        statuses: statuses.map(|(status, keys)| StatusCount { status, keys }).collect(),
        api_sets,
        owners: owners.into_iter().map(|(owner, keys)| OwnerCount { owner: owner.to_owned(), keys }).collect(),
        organizations,
    })
}

/// In a small part of the list the index had better not collect what is elsewhere.
fn is_small(columns: &Columns, found: &Bitmap) -> bool {
    found.count() < columns.len() / 4
}

/// A search over the columns.
struct Asked<'c> {
    connection: &'c Connection,
    columns: &'c Columns,
    search: &'c Search,
    scoped: bool,
}

impl Asked<'_> {
    /// Answers the page, or keeps of the found keys what the search finds.
    fn page(&self, found: &mut Bitmap, filter: &KeyFilter, page: Range<usize>) -> Result<Option<Vec<i64>>> {
        if self.known().is_none() {
            let few = self.look(self.columns.ordered(found, filter.sort, filter.descending), page)?;
            if few.is_some() {
                return Ok(few);
            }
        }
        found.intersect(&*self.all()?);
        Ok(None)
    }

    /// A page of those listed keys that the search finds, by holding one after the other against it; `None` when that
    /// would take too long.
    fn look(&self, listed: impl Iterator<Item = usize>, page: Range<usize>) -> Result<Option<Vec<i64>>> {
        let mut document = self.connection.prepare_cached("SELECT text FROM key_document WHERE row = ?1")?;
        let mut rows = Vec::new();
        if page.is_empty() {
            return Ok(Some(rows));
        }
        let most = LOOKS.max(self.columns.len() / SHARE);
        let mut hits = 0;
        for (looks, slot) in listed.enumerate() {
            // looks / hits keys for each hit, and so many hits are needed; twice as many may be mere chance.
            let in_time = || looks * page.end <= 2 * most * hits.max(1);
            if looks == most || looks % STRETCH == STRETCH - 1 && !in_time() {
                return Ok(None);
            }
            let row = self.columns.row(slot);
            let finds = |document: &Row<'_>| Ok(self.search.finds(document.get_ref(0)?.as_str()?));
            if document.query_row([row], finds)? {
                hits += 1;
                if hits > page.start {
                    rows.push(row);
                }
                if hits >= page.end {
                    break;
                }
            }
        }
        Ok(Some(rows))
    }

    /// What the search finds, if it is known. What it finds beyond the tenant does no harm: the filter leaves it out.
    fn known(&self) -> Option<Arc<Bitmap>> {
        let known = |scoped| self.columns.searched(&self.search.expression(scoped));
        known(false).or_else(|| known(self.scoped))
    }

    /// How many of the listed keys the search finds, where few are left out: the index counts twice as fast as it names
    /// keys, and those that are not listed are held against the search one by one.
    fn number_but(&self, listed: &Bitmap) -> Result<u32> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM search WHERE search MATCH ?1")?;
        let mut number = statement.query_row([self.search.completed(self.connection, false)?], |row| row.get(0))?;
        if listed.count() < self.columns.len() {
            let mut document = self.connection.prepare_cached("SELECT text FROM key_document WHERE row = ?1")?;
            for slot in (0..self.columns.len()).filter(|slot| !listed.has(*slot)) {
                let finds = |document: &Row<'_>| Ok(self.search.finds(document.get_ref(0)?.as_str()?));
                number -= u32::from(document.query_row([self.columns.row(slot)], finds)?);
            }
        }
        Ok(number)
    }

    /// What the search finds.
    fn all(&self) -> Result<Arc<Bitmap>> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let sql = "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid";
        let mut statement = self.connection.prepare_cached(sql)?;
        let question = self.search.completed(self.connection, self.scoped)?;
        let found = Arc::new(self.columns.slots(statement.query_map([question], |row| row.get(0))?)?);
        self.columns.remember(&self.search.expression(self.scoped), Arc::clone(&found));
        Ok(found)
    }
}
