//! What filters and orders need of all keys, in memory: a few arrays, 40 bytes a key.
//!
//! Who writes says which keys changed (`table::key_change`), and the number of the newest change is the version of the
//! columns. [`Cache`] keeps the newest ones.
//!
//! A key's slot is its place in the order of creation; each array has a value for each slot. A filter is a pass over
//! arrays that ends in a [`Bitmap`]; an order is a list of slots, and a page the first of them that are in the bitmap.
//! Columns never change: a newer state is made from an older one and from the keys that changed in between
//! ([`advance`]), so everybody may read one state while the next is being made.

mod advance;
mod bitmap;
mod cache;
mod dictionary;
mod filter;
mod read;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use latchkey_app::wire::{BundleNeed, KeySort};
use rusqlite::Row;

pub(crate) use bitmap::Bitmap;
pub(crate) use cache::Cache;

/// Searches whose keys stay known: a page, its count and the next pages ask for the same.
const SEARCHES: usize = 8;

/// The keys as they were after some change.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// The number of that change.
    version: i64,
    /// Row numbers, rising.
    rows: Vec<i64>,
    ends: Vec<i64>,
    /// Codes of `all_standings`.
    standings: Vec<u32>,
    /// Codes of `all_owners`.
    owners: Vec<u32>,
    /// Codes of `all_sets`.
    sets: Vec<u32>,
    all_standings: Vec<Standing>,
    all_owners: Vec<String>,
    /// Each a combination of API sets by row number.
    all_sets: Vec<Vec<i64>>,
    by_name: Vec<u32>,
    by_owner: Vec<u32>,
    by_end: Vec<u32>,
    searches: Mutex<VecDeque<(String, Arc<Bitmap>)>>,
}

/// What keys that stand alike have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Standing {
    tenant: i64,
    /// As the table has it, and 3 for a key whose place a successor has taken.
    state: i64,
    organization: Option<i64>,
    /// A successor was made, and has not taken its place yet.
    rotating: bool,
    /// What services have to be told.
    bundle: Option<BundleNeed>,
}

impl Standing {
    /// The columns of the table that [`Self::read`] reads.
    const COLUMNS: &str =
        "tenant, CASE WHEN state = 0 AND superseded_at IS NOT NULL THEN 3 ELSE state END, organization";

    fn read(key: &Row<'_>, rotating: bool, bundle: Option<BundleNeed>) -> rusqlite::Result<Self> {
        Ok(Self { tenant: key.get(0)?, state: key.get(1)?, organization: key.get(2)?, rotating, bundle })
    }
}

impl Columns {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row number of a slot.
    pub(crate) fn row(&self, slot: usize) -> i64 {
        self.rows[slot]
    }

    /// The slots that are in a set, in an order of the list.
    pub(crate) fn ordered<'c>(
        &'c self,
        found: &'c Bitmap,
        sort: KeySort,
        descending: bool,
    ) -> Box<dyn Iterator<Item = usize> + 'c> {
        let order = match sort {
            KeySort::Created => return found.numbers(descending),
            KeySort::Name => &self.by_name,
            KeySort::Owner => &self.by_owner,
            KeySort::Expires => &self.by_end,
        };
        let slots = order.iter().map(|slot| *slot as usize);
        if descending {
            Box::new(slots.rev().filter(|slot| found.has(*slot)))
        } else {
            Box::new(slots.filter(|slot| found.has(*slot)))
        }
    }

    /// Slots of rows that come in order; what is no key's row is left out.
    pub(crate) fn slots<E>(&self, rows: impl IntoIterator<Item = Result<i64, E>>) -> Result<Bitmap, E> {
        let mut slots = Bitmap::empty(self.len());
        let mut at = 0;
        for row in rows {
            let row = row?;
            // The next one is often near.
            let near = self.rows.len().min(at + 8);
            let passed = self.rows[at..near].iter().take_while(|other| **other < row).count();
            at += passed;
            if at == near {
                at += self.rows[near..].partition_point(|other| *other < row);
            }
            if self.rows.get(at) == Some(&row) {
                slots.insert(at);
            }
        }
        Ok(slots)
    }

    /// What a search finds, if it was asked for lately.
    pub(crate) fn searched(&self, expression: &str) -> Option<Arc<Bitmap>> {
        let searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
        searches.iter().find(|(known, _)| known == expression).map(|(_, found)| Arc::clone(found))
    }

    pub(crate) fn remember(&self, expression: &str, found: Arc<Bitmap>) {
        let mut searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
        searches.truncate(SEARCHES - 1);
        searches.push_front((expression.to_owned(), found));
    }
}

/// A slot or code as it is stored: there is no memory for more than four thousand million keys.
fn slot(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// How the orders by name and by owner compare: as SQLite's NOCASE does, without regard to the case of ASCII letters.
fn folded(text: &str) -> String {
    text.to_ascii_lowercase()
}
