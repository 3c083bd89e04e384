//! After any change, by this process or another, the list is what a plain look at all keys finds.

use latchkey_app::ports::{KeyFilter, Store, Writer};
use latchkey_app::wire::KeySort;
use latchkey_domain::id::TenantId;
use latchkey_domain::key::{Key, Superseded};
use latchkey_store::SqliteStore;
use proptest::prelude::*;
use proptest::sample::Index;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::fixture::now;
use crate::page::{Filled, draw, fill, filters};

#[derive(Debug, Clone)]
enum Change {
    Add(u64),
    /// All of a key but its moment and tenant.
    Edit(Index, u64),
    Switch(Index),
    Revoke(Index),
    /// A successor for a key that has none.
    Succeed(Index, u64),
    /// A successor takes a key's place, or gives it back.
    Supersede(Index),
    Remove(Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        3 => any::<u64>().prop_map(Change::Add),
        3 => (any::<Index>(), any::<u64>()).prop_map(|(key, seed)| Change::Edit(key, seed)),
        1 => any::<Index>().prop_map(Change::Switch),
        1 => any::<Index>().prop_map(Change::Revoke),
        2 => (any::<Index>(), any::<u64>()).prop_map(|(key, seed)| Change::Succeed(key, seed)),
        1 => any::<Index>().prop_map(Change::Supersede),
        2 => any::<Index>().prop_map(Change::Remove),
    ];
    prop::collection::vec(change, 1..6)
}

impl Filled {
    fn change(&mut self, writer: &mut dyn Writer, change: &Change) -> latchkey_app::error::Result<()> {
        let random = |seed: u64| StdRng::seed_from_u64(seed);
        match change {
            Change::Add(seed) => {
                let key = draw(&self.tenants, 100, &mut random(*seed));
                writer.add_key(&key)?;
                self.insert(key);
            }
            Change::Remove(at) if !self.keys.is_empty() => {
                let key = self.keys.remove(at.index(self.keys.len()));
                writer.remove_key(key.id)?;
            }
            Change::Succeed(at, seed) if !self.keys.is_empty() => {
                let before = &self.keys[at.index(self.keys.len())];
                let mut key = draw(&self.tenants, 100, &mut random(*seed));
                if key.tenant == before.tenant && self.keys.iter().all(|other| other.succeeds != Some(before.id)) {
                    key.succeeds = Some(before.id);
                }
                writer.add_key(&key)?;
                self.insert(key);
            }
            Change::Edit(at, _) | Change::Switch(at) | Change::Revoke(at) | Change::Supersede(at)
                if !self.keys.is_empty() =>
            {
                let at = at.index(self.keys.len());
                let key = &mut self.keys[at];
                match change {
                    Change::Edit(_, seed) => {
                        let drawn = draw(&self.tenants, 100, &mut random(*seed));
                        (key.name, key.owner, key.api_sets) = (drawn.name, drawn.owner, drawn.api_sets);
                        (key.expires_at, key.organization) = (drawn.expires_at, drawn.organization);
                    }
                    Change::Supersede(_) if key.superseded.is_some() => key.superseded = None,
                    Change::Supersede(_) => key.superseded = Some(Superseded { at: now(), ends_before: None }),
                    Change::Switch(_) => key.disabled_at = key.disabled_at.is_none().then(now),
                    _ => key.revoked_at = Some(now()),
                }
                writer.update_key(key)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What is generated in the same second comes in the order of adding.
    fn insert(&mut self, key: Key) {
        let at = self.keys.partition_point(|other| other.created_at <= key.created_at);
        self.keys.insert(at, key);
    }

    fn ids(&self) -> Vec<TenantId> {
        self.tenants.iter().map(|tenant| tenant.id).collect()
    }
}

#[test]
fn every_change_is_in_the_next_answer_whoever_made_it() {
    // Each round: changes by one of two stores, or taken back, and questions to both.
    let tenants = fill(0).ids();
    let questions = prop::collection::vec((filters(&tenants), any::<bool>()), 1..5);
    let rounds = prop::collection::vec((changes(), 0..5_u8, questions), 1..12);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(40));
    runner
        .run(&(0_u64..150, rounds), |(count, rounds)| {
            let mut filled = fill(count);
            let other = SqliteStore::open(&filled.fixture.path()).unwrap();
            let here = SqliteStore::open(&filled.fixture.path()).unwrap();
            let stores: [&dyn Store; 2] = [&here, &other];
            let ids = filled.ids();
            let mine = |filter: &KeyFilter| {
                let tenant = filter.tenant.map(|id| ids[usize::from(id == tenants[1])]);
                KeyFilter { tenant, ..filter.clone() }
            };
            for (changes, by, questions) in &rounds {
                let all = KeyFilter { sort: KeySort::Name, limit: 500, ..KeyFilter::default() };
                let taken_back = *by == 0;
                // A reader that began before keeps its state beside those that see the new one.
                here.reading_before(|reader| {
                    filled.reads(reader, &all)?;
                    let before = (filled.keys.clone(), reader.count_keys(&all, now()).unwrap());
                    let written = stores[usize::from(by % 2)].writing(|w| {
                        changes.iter().try_for_each(|change| filled.change(w, change))?;
                        filled.reads(w, &all).unwrap();
                        if taken_back { Err(refused()) } else { Ok(()) }
                    });
                    assert_eq!(written.is_err(), taken_back);
                    if taken_back {
                        filled.keys = before.0;
                    }
                    for (filter, at_other) in questions {
                        filled.agrees(stores[usize::from(*at_other)], &mine(filter))?;
                    }
                    assert_eq!(reader.count_keys(&all, now()).unwrap(), before.1);
                    Ok(())
                })?;
                for store in stores {
                    filled.agrees(store, &all)?;
                    filled.offers(store, None);
                    filled.offers(store, Some(ids[0]));
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn more_changes_than_are_kept_are_seen_too() {
    let mut filled = fill(50);
    let other = SqliteStore::open(&filled.fixture.path()).unwrap();
    let all = KeyFilter { sort: KeySort::Name, limit: 500, ..KeyFilter::default() };
    for many in [1, 2_100, 9_000, 10] {
        filled.agrees(filled.fixture.port(), &all).unwrap();
        let added: Vec<Change> = (0..many).map(Change::Add).collect();
        let store: &dyn Store = &other;
        store.writing(|w| added.iter().try_for_each(|change| filled.change(w, change))).unwrap();
        filled.agrees(filled.fixture.port(), &all).unwrap();
        filled.agrees(store, &all).unwrap();
    }
    let gone = filled.tenants[0].id;
    filled.fixture.write(|w| w.remove_tenant(gone)).unwrap();
    filled.keys.retain(|key| key.tenant != gone);
    filled.agrees(&other, &all).unwrap();
    filled.fixture.store.check().unwrap();
}

fn refused() -> latchkey_app::error::Error {
    latchkey_app::error::Error::new(latchkey_app::wire::ErrorCode::NotNow, "no")
}

trait ReadingBefore {
    /// Reads in one state; for a test's own failures.
    fn reading_before(
        &self,
        work: impl FnMut(&dyn latchkey_app::ports::Reader) -> Result<(), TestCaseError>,
    ) -> Result<(), TestCaseError>;
}

impl ReadingBefore for SqliteStore {
    fn reading_before(
        &self,
        mut work: impl FnMut(&dyn latchkey_app::ports::Reader) -> Result<(), TestCaseError>,
    ) -> Result<(), TestCaseError> {
        let store: &dyn Store = self;
        store.reading(|reader| Ok(work(reader))).unwrap()
    }
}
