//! One page of keys, found without looking at all of them.
//!
//! Three ways, tried in this order. Where some filters together find few keys, an index names them: they are held
//! against the other filters one by one and sorted. Where the filters find many, the list is walked in its order until
//! the page is full. A walk that would take too long (matches are rare, or lie at the far end) is given up, and the
//! rows that the indexes name are intersected as a whole. The search comes last among the indexes to ask, since it
//! collects all rows of a long word before it answers one.

use std::cmp::Ordering;

use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::{ApiSetCount, KeyFacets, KeySort, OwnerCount, StatusCount};
use latchkey_domain::key::KeyStatus;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::fault::Result;
use crate::plan::{Order, Part, Plan};
use crate::search::Search;

/// Up to so many keys are looked at one by one: about a microsecond each.
const FEW: usize = 2_500;
/// Up to so many found keys are sorted by what is read of each; beyond, their order is taken from an index.
const MANY: usize = 5_000;
/// A walk may pass so many keys that only an index is read for.
const PATIENCE: usize = 12_000;
/// The same where each key is held against the search.
const SEARCH_PATIENCE: usize = 2_000;
/// After every so many keys a walk looks how far it came.
const STRETCH: usize = 256;
/// At most so many owners are offered as filters.
const OWNERS: usize = 100;

/// The rows of one page.
pub(crate) fn rows(connection: &Connection, plan: &Plan, filter: &KeyFilter) -> Result<Vec<i64>> {
    let order = Order { sort: filter.sort, descending: filter.descending };
    let page = Page { skip: filter.offset as usize, take: filter.limit as usize };
    let by_creation = filter.sort == KeySort::Created;
    let parts = plan.parts();
    if parts.is_empty() {
        let sql = format!("{} LIMIT ?7 OFFSET ?8", plan.ordered_rows(order));
        return collect(connection, plan, &sql, [filter.limit.into(), filter.offset.into()]);
    }
    let known = named(connection, plan, &parts)?;
    if !known.is_empty() {
        return Ok(page.of(sorted(looked_at(connection, plan, &common(known), filter.sort)?, order)));
    }
    let (list, patience) = match &plan.search {
        None => (plan.walk(order), Some(PATIENCE)),
        Some(_) if !by_creation => (plan.walk(order), Some(SEARCH_PATIENCE)),
        Some(search) => {
            // Every row that the index answers is one of the page's.
            let sure = search.loose.is_none() && parts.len() == 1;
            (plan.walk_search(order), (!sure).then_some(SEARCH_PATIENCE))
        }
    };
    if let Some(rows) = walk(connection, plan, &list, page, patience, |_| true)? {
        return Ok(rows);
    }
    let all = intersection(connection, plan, &parts)?;
    if by_creation {
        let rows = all.into_iter();
        return Ok(if order.descending { page.of(rows.rev()) } else { page.of(rows) });
    }
    let whole_list = plan.without_filters();
    if all.len() <= MANY {
        return Ok(page.of(sorted(looked_at(connection, &whole_list, &all, filter.sort)?, order)));
    }
    let found = |row: i64| all.binary_search(&row).is_ok();
    Ok(walk(connection, &whole_list, &whole_list.walk(order), page, None, found)?.unwrap_or_default())
}

/// How many keys there are.
pub(crate) fn count(connection: &Connection, plan: &Plan) -> Result<u32> {
    let parts = plan.parts();
    match parts[..] {
        [] => number(connection, plan, plan.count()),
        [part] => number(connection, plan, &format!("SELECT count(*) FROM ({})", plan.rows_of(part))),
        _ => {
            let known = named(connection, plan, &parts)?;
            let found = if known.is_empty() {
                intersection(connection, plan, &parts)?.len()
            } else {
                looked_at(connection, plan, &common(known), KeySort::Created)?.len()
            };
            Ok(u32::try_from(found).unwrap_or(u32::MAX))
        }
    }
}

/// What the filters can offer.
pub(crate) fn facets(connection: &Connection, plan: &Plan) -> Result<KeyFacets> {
    let mut statuses = Vec::with_capacity(KeyStatus::ALL.len());
    for status in KeyStatus::ALL {
        let sql = format!("SELECT count(*) FROM ({})", plan.rows_with(status));
        statuses.push(StatusCount { status, keys: number(connection, plan, &sql)? });
    }
    let mut api_sets = Vec::new();
    let mut statement = connection.prepare_cached(&plan.api_set_counts())?;
    let mut rows = plan.run(&mut statement, [0, 0])?;
    while let Some(row) = rows.next()? {
        api_sets.push(ApiSetCount { id: row.get(0)?, name: row.get(1)?, keys: row.get(2)? });
    }
    Ok(KeyFacets { statuses, api_sets, owners: owners(connection, plan)? })
}

fn owners(connection: &Connection, plan: &Plan) -> Result<Vec<OwnerCount>> {
    let mut owners = Vec::new();
    let mut statement = connection.prepare_cached(&plan.owner_counts())?;
    let mut rows = plan.run(&mut statement, [0, 0])?;
    while let Some(row) = rows.next()? {
        let owner: String = row.get(0)?;
        if !row.get::<_, bool>(2)? {
            owners.push(OwnerCount { owner, keys: row.get(1)? });
            continue;
        }
        let plan = plan.of_owner(owner);
        let mut spelled = connection.prepare_cached(&plan.spelled_counts())?;
        let mut rows = plan.run(&mut spelled, [0, 0])?;
        while let Some(row) = rows.next()? {
            owners.push(OwnerCount { owner: row.get(0)?, keys: row.get(1)? });
        }
    }
    owners.sort_unstable_by(|a, b| b.keys.cmp(&a.keys).then_with(|| a.owner.cmp(&b.owner)));
    owners.truncate(OWNERS);
    Ok(owners)
}

#[derive(Clone, Copy)]
struct Page {
    skip: usize,
    take: usize,
}

impl Page {
    fn of(self, rows: impl IntoIterator<Item = i64>) -> Vec<i64> {
        rows.into_iter().skip(self.skip).take(self.take).collect()
    }
}

/// What a key is sorted by.
#[derive(Debug)]
enum By {
    Number(i64),
    Text(String),
}

impl By {
    /// As the indexes sort: text without regard to the case of ASCII letters.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => {
                let folded = |text: &str| text.to_ascii_lowercase();
                folded(a).cmp(&folded(b))
            }
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

fn sorted(mut found: Vec<(By, i64)>, order: Order) -> impl Iterator<Item = i64> {
    found.sort_unstable_by(|(a, a_row), (b, b_row)| {
        let ascending = a.compare(b).then(a_row.cmp(b_row));
        if order.descending { ascending.reverse() } else { ascending }
    });
    found.into_iter().map(|(_, row)| row)
}

/// The rows that filters name which find few. The search is not asked: it may collect very many rows before it answers one.
fn named(connection: &Connection, plan: &Plan, parts: &[Part]) -> Result<Vec<Vec<i64>>> {
    let most = i64::try_from(FEW).unwrap_or(i64::MAX);
    let mut known = Vec::new();
    for &part in parts.iter().filter(|part| **part != Part::Search) {
        let rows = collect(connection, plan, &format!("{} LIMIT ?7", plan.rows_of(part)), [most + 1, 0])?;
        if rows.len() <= FEW {
            known.push(rows);
        }
    }
    Ok(known)
}

/// Holds keys against the filters one by one, and reads what they are sorted by.
fn looked_at(connection: &Connection, plan: &Plan, rows: &[i64], sort: KeySort) -> Result<Vec<(By, i64)>> {
    let mut statement = connection.prepare_cached(&plan.one(sort))?;
    let mut found = Vec::with_capacity(rows.len());
    for &row in rows {
        let mut answer = plan.run(&mut statement, [row, 0])?;
        let Some(key) = answer.next()? else { continue };
        if finds(plan.search.as_ref(), key.get_ref(1)?) {
            let by = match key.get_ref(0)? {
                ValueRef::Integer(number) => By::Number(number),
                other => By::Text(other.as_str().map_err(rusqlite::Error::from)?.to_owned()),
            };
            found.push((by, row));
        }
    }
    Ok(found)
}

/// Walks a list of rows with verdicts until the page is full; `None` when it would pass more than `patience` keys, by
/// what it found so far.
fn walk(
    connection: &Connection,
    plan: &Plan,
    sql: &str,
    page: Page,
    patience: Option<usize>,
    found: impl Fn(i64) -> bool,
) -> Result<Option<Vec<i64>>> {
    let mut rows = Vec::new();
    if page.take == 0 {
        return Ok(Some(rows));
    }
    let mut statement = connection.prepare_cached(sql)?;
    let mut keys = plan.run(&mut statement, [0, 0])?;
    let (mut walked, mut hits) = (0, 0);
    while let Some(key) = keys.next()? {
        walked += 1;
        let row = key.get(0)?;
        if finds(plan.search.as_ref(), key.get_ref(1)?) && found(row) {
            hits += 1;
            if hits > page.skip {
                rows.push(row);
            }
            if rows.len() == page.take {
                break;
            }
        }
        if let Some(patience) = patience
            && walked % STRETCH == 0
            // walked / hits keys for each hit, and so many hits are needed.
            && walked * (page.skip + page.take) > patience * hits.max(1)
        {
            return Ok(None);
        }
    }
    Ok(Some(rows))
}

/// Reads a verdict: see [`Plan::walk`].
fn finds(search: Option<&Search>, verdict: ValueRef<'_>) -> bool {
    match verdict {
        ValueRef::Integer(verdict) => verdict != 0,
        ValueRef::Text(document) => {
            search.is_none_or(|search| std::str::from_utf8(document).is_ok_and(|document| search.finds(document)))
        }
        _ => false,
    }
}

/// Rows that all filters find, in order. The search comes last: few keys are held against it one by one.
fn intersection(connection: &Connection, plan: &Plan, parts: &[Part]) -> Result<Vec<i64>> {
    let mut all: Option<Vec<i64>> = None;
    for &part in parts {
        if let Some(few) = all.as_ref().filter(|rows| part == Part::Search && rows.len() <= FEW) {
            let found = looked_at(connection, plan, few, KeySort::Created)?;
            return Ok(found.into_iter().map(|(_, row)| row).collect());
        }
        all = Some(both(all, collect(connection, plan, &plan.rows_of(part), [0, 0])?));
    }
    Ok(all.unwrap_or_default())
}

/// What is in all of them, in order.
fn common(lists: Vec<Vec<i64>>) -> Vec<i64> {
    lists.into_iter().fold(None, |first, second| Some(both(first, second))).unwrap_or_default()
}

/// What is in both, in order; the second as it is where there is no first.
fn both(first: Option<Vec<i64>>, mut second: Vec<i64>) -> Vec<i64> {
    second.sort_unstable();
    let Some(first) = first else { return second };
    let (small, large) = if first.len() < second.len() { (first, second) } else { (second, first) };
    let mut at = 0;
    small
        .into_iter()
        .filter(|row| {
            at += large[at..].partition_point(|other| other < row);
            large.get(at) == Some(row)
        })
        .collect()
}

fn collect(connection: &Connection, plan: &Plan, sql: &str, numbers: [i64; 2]) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut keys = plan.run(&mut statement, numbers)?;
    let mut rows = Vec::new();
    while let Some(key) = keys.next()? {
        rows.push(key.get(0)?);
    }
    Ok(rows)
}

fn number(connection: &Connection, plan: &Plan, sql: &str) -> Result<u32> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = plan.run(&mut statement, [0, 0])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or_default())
}
