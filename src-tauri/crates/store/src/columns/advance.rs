//! From one state of the keys to a later one, by what changed in between.

use std::cmp::Ordering;
use std::collections::HashMap;

use latchkey_app::wire::BundleNeed;
use rusqlite::{Connection, OptionalExtension};

use super::dictionary::Dictionary;
use super::{Columns, Standing, folded, slot};
use crate::fault::Result;
use crate::plan::UNDER_WAY;
use crate::table::bundle::{END_UNTOLD, EXPORTS, IN_NONE};
use crate::table::key_change;

/// From so many changes on all keys are read anew.
const MANY: i64 = key_change::KEPT / 2;
/// Stands for the new slot of a key that changed or went.
const NONE: u32 = u32::MAX;

/// A key that came or changed.
struct Fresh {
    slot: u32,
    name: String,
}

impl Columns {
    /// The state that a transaction sees, which is no older; `None` when too much changed.
    pub(super) fn advance(&self, connection: &Connection) -> Result<Option<Self>> {
        let version = key_change::newest(connection)?;
        let changed = match key_change::since(connection, self.version)? {
            Some(changed) if version - self.version <= MANY => changed,
            _ => return Ok(None),
        };
        let mut later = Self { version, ..Self::default() };
        let (slots, fresh) = later.take(self, connection, &changed)?;

        let names: HashMap<u32, &str> = fresh.iter().map(|fresh| (fresh.slot, fresh.name.as_str())).collect();
        let mut statement = connection.prepare_cached("SELECT name FROM key WHERE row = ?1")?;
        let mut name = |slot: u32| match names.get(&slot) {
            Some(name) => Ok(folded(name)),
            None => statement.query_row([later.rows[slot as usize]], |row| Ok(folded(row.get_ref(0)?.as_str()?))),
        };
        let by_name = placed(&self.by_name, &slots, &fresh, |a, b| Ok(name(a)?.cmp(&name(b)?)))?;
        let owner = |slot: u32| folded(&later.all_owners[later.owners[slot as usize] as usize]);
        let by_owner = placed(&self.by_owner, &slots, &fresh, |a, b| Ok(owner(a).cmp(&owner(b))))?;
        let end = |slot: u32| later.ends[slot as usize];
        let by_end = placed(&self.by_end, &slots, &fresh, |a, b| Ok(end(a).cmp(&end(b))))?;
        Ok(Some(Self { by_name, by_owner, by_end, ..later }))
    }

    /// Takes every key over, changed ones as they are now; answers the new slots of the others, and who is fresh.
    fn take(&mut self, earlier: &Self, connection: &Connection, changed: &[i64]) -> Result<(Vec<u32>, Vec<Fresh>)> {
        let mut standings = Dictionary::new(&earlier.all_standings);
        let mut owners = Dictionary::new(&earlier.all_owners);
        let mut all_sets = Dictionary::new(&earlier.all_sets);
        let sql = format!(
            "SELECT {}, ends, owner, name, row IN ({UNDER_WAY} AND o.row = ?1), {EXPORTS} AND {IN_NONE},
                {EXPORTS} AND {END_UNTOLD} FROM key k WHERE row = ?1",
            Standing::COLUMNS
        );
        let mut keys = connection.prepare_cached(&sql)?;
        let mut links = connection.prepare_cached("SELECT api_set FROM key_api_set WHERE key = ?1 ORDER BY api_set")?;
        self.reserve(earlier.len() + changed.len());
        let mut slots = Vec::with_capacity(earlier.len());
        let mut fresh = Vec::new();
        for &row in changed {
            self.copy(earlier, slots.len() + earlier.rows[slots.len()..].partition_point(|r| *r < row), &mut slots);
            if earlier.rows.get(slots.len()) == Some(&row) {
                slots.push(NONE);
            }
            let key = keys.query_row([row], |key| {
                let need = match (key.get(7)?, key.get(8)?) {
                    (true, _) => Some(BundleNeed::InNone),
                    (_, true) => Some(BundleNeed::EndUntold),
                    _ => None,
                };
                Ok((
                    Standing::read(key, key.get(6)?, need)?,
                    key.get(3)?,
                    owners.code(key.get_ref(4)?.as_str()?),
                    key.get(5)?,
                ))
            });
            let Some((standing, ends, owner, name)) = key.optional()? else { continue };
            let sets = links.query_map([row], |link| link.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            fresh.push(Fresh { slot: slot(self.len()), name });
            self.rows.push(row);
            self.ends.push(ends);
            self.standings.push(standings.code(&standing));
            self.owners.push(owner);
            self.sets.push(all_sets.code(sets.as_slice()));
        }
        self.copy(earlier, earlier.len(), &mut slots);
        self.all_standings = standings.into_values();
        self.all_owners = owners.into_values();
        self.all_sets = all_sets.into_values();
        Ok((slots, fresh))
    }

    fn reserve(&mut self, keys: usize) {
        self.rows.reserve_exact(keys);
        self.ends.reserve_exact(keys);
        self.standings.reserve_exact(keys);
        self.owners.reserve_exact(keys);
        self.sets.reserve_exact(keys);
    }

    /// Copies unchanged keys from the first that has no new slot yet up to another.
    fn copy(&mut self, earlier: &Self, end: usize, slots: &mut Vec<u32>) {
        let range = slots.len()..end;
        slots.extend((slot(self.len())..).take(range.len()));
        self.rows.extend_from_slice(&earlier.rows[range.clone()]);
        self.ends.extend_from_slice(&earlier.ends[range.clone()]);
        self.standings.extend_from_slice(&earlier.standings[range.clone()]);
        self.owners.extend_from_slice(&earlier.owners[range.clone()]);
        self.sets.extend_from_slice(&earlier.sets[range]);
    }
}

/// An order with new slots, and the fresh keys at their places. Equal ones are in the order of creation.
fn placed(
    order: &[u32],
    slots: &[u32],
    fresh: &[Fresh],
    mut compare: impl FnMut(u32, u32) -> Result<Ordering>,
) -> Result<Vec<u32>> {
    let mut compare = |a: u32, b: u32| Ok(compare(a, b)?.then(a.cmp(&b)));
    let unchanged = order.iter().map(|slot| slots[*slot as usize]).filter(|slot| *slot != NONE);
    let mut placed = Vec::with_capacity(order.len() + fresh.len());
    placed.extend(unchanged);
    let mut coming: Vec<(usize, u32)> = Vec::with_capacity(fresh.len());
    for fresh in fresh {
        coming.push((position(&placed, |other| Ok(compare(other, fresh.slot)? == Ordering::Less))?, fresh.slot));
    }
    // Those that come to one place have an order among themselves.
    let mut fault = None;
    coming.sort_by(|(a_place, a), (b_place, b)| {
        a_place.cmp(b_place).then_with(|| {
            compare(*a, *b).unwrap_or_else(|failed| {
                fault = Some(failed);
                Ordering::Equal
            })
        })
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    // From the end on, so that each key is moved once.
    let mut end = placed.len();
    placed.resize(end + coming.len(), 0);
    for (still, (place, slot)) in coming.into_iter().enumerate().rev() {
        placed.copy_within(place..end, place + still + 1);
        placed[place + still] = slot;
        end = place;
    }
    Ok(placed)
}

/// [`slice::partition_point`] with a comparison that may fail.
fn position(order: &[u32], mut before: impl FnMut(u32) -> Result<bool>) -> Result<usize> {
    let (mut low, mut high) = (0, order.len());
    while low < high {
        let middle = low.midpoint(high);
        if before(order[middle])? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
