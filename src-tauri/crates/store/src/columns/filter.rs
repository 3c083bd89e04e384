//! Filters and counts: passes over the columns.

use std::collections::HashMap;

use latchkey_app::wire::RotationNeed;
use latchkey_domain::key::KeyStatus;

use super::{Bitmap, Columns};
use crate::plan::Plan;

/// How many keys there are of everything that is filtered by.
pub(crate) struct Counts<'c> {
    /// In the order of [`KeyStatus::ALL`].
    pub(crate) statuses: [u32; KeyStatus::ALL.len()],
    /// By the API set's row number.
    pub(crate) api_sets: HashMap<i64, u32>,
    pub(crate) owners: Vec<(&'c str, u32)>,
    /// By the organization's row number.
    pub(crate) organizations: HashMap<i64, u32>,
}

/// What the end of a key says about its status, for one standing.
#[derive(Clone, Copy)]
struct Reading {
    /// When the warning window ends.
    soon: i64,
    /// Status once the end came, within the warning window, and before it.
    statuses: [KeyStatus; 3],
}

impl Reading {
    fn status(&self, ends: i64, now: i64) -> KeyStatus {
        self.statuses[if ends <= now {
            0
        } else if ends <= self.soon {
            1
        } else {
            2
        }]
    }
}

impl Columns {
    /// The slots that a question finds, its search left aside.
    pub(crate) fn filter(&self, plan: &Plan) -> Bitmap {
        let readings = self.readings(plan);
        let chosen = |status: KeyStatus| plan.statuses.is_empty() || plan.statuses.contains(&status);
        // By code, what the three times of a key's end say.
        let takes: Vec<[bool; 3]> =
            readings.iter().map(|reading| reading.map_or([false; 3], |reading| reading.statuses.map(chosen))).collect();
        let soon: Vec<i64> = readings.iter().map(|reading| reading.map_or(plan.now, |reading| reading.soon)).collect();
        let owner = plan.owner.as_ref().map(|owner| self.all_owners.iter().position(|other| other == owner));
        let sets: Option<Vec<bool>> = plan
            .api_sets
            .as_ref()
            .map(|chosen| self.all_sets.iter().map(|sets| sets.iter().any(|set| chosen.contains(set))).collect());
        if owner.is_none() && sets.is_none() && plan.rotation.is_none() && takes.iter().flatten().all(|takes| *takes) {
            return Bitmap::full(self.len());
        }
        let stands = |slot: usize| {
            let standing = self.standings[slot] as usize;
            let ends = self.ends[slot];
            takes[standing][usize::from(ends > plan.now) + usize::from(ends > soon[standing])]
        };
        let mut found = Bitmap::of(self.len(), stands);
        if let Some(owner) = owner {
            let owner = owner.map_or(u32::MAX, super::slot);
            found.intersect(&Bitmap::of(self.len(), |slot| self.owners[slot] == owner));
        }
        if let Some(sets) = sets {
            found.intersect(&Bitmap::of(self.len(), |slot| sets[self.sets[slot] as usize]));
        }
        if plan.rotation == Some(RotationNeed::Due) {
            found.intersect(&self.old(plan));
        }
        found
    }

    /// The slots of keys in use that are older than their tenants want.
    fn old(&self, plan: &Plan) -> Bitmap {
        // By code, the slot from which on keys are young: rows rise with the moment of generation.
        let young = |standing: &super::Standing| {
            let first = plan.young(standing.tenant).filter(|_| standing.state == 0);
            first.map_or(0, |first| self.rows.partition_point(|row| *row < first))
        };
        let young: Vec<usize> = self.all_standings.iter().map(young).collect();
        Bitmap::of(self.len(), |slot| slot < young[self.standings[slot] as usize] && self.ends[slot] > plan.now)
    }

    /// Counts the keys of the tenant asked for.
    pub(crate) fn counts(&self, plan: &Plan) -> Counts<'_> {
        let readings = self.readings(plan);
        let mut statuses = [0; KeyStatus::ALL.len()];
        let mut owners = vec![0; self.all_owners.len()];
        let mut sets = vec![0; self.all_sets.len()];
        let mut standings = vec![0; self.all_standings.len()];
        for slot in 0..self.len() {
            let standing = self.standings[slot] as usize;
            let Some(reading) = &readings[standing] else { continue };
            standings[standing] += 1;
            statuses[reading.status(self.ends[slot], plan.now) as usize] += 1;
            owners[self.owners[slot] as usize] += 1;
            sets[self.sets[slot] as usize] += 1;
        }
        let mut api_sets = HashMap::new();
        for (sets, keys) in self.all_sets.iter().zip(sets) {
            for set in sets {
                *api_sets.entry(*set).or_default() += keys;
            }
        }
        let mut organizations = HashMap::new();
        for (standing, keys) in self.all_standings.iter().zip(standings) {
            if let Some(organization) = standing.organization {
                *organizations.entry(organization).or_default() += keys;
            }
        }
        let owners = self.all_owners.iter().map(String::as_str).zip(owners).filter(|(_, keys)| *keys > 0).collect();
        Counts { statuses, api_sets, owners, organizations }
    }

    /// For each code of `all_standings`; `None` for those that are not asked for.
    fn readings(&self, plan: &Plan) -> Vec<Option<Reading>> {
        let read = |standing: &super::Standing| {
            let organization = |rows: &Vec<i64>| standing.organization.is_some_and(|row| rows.contains(&row));
            let rotation = match plan.rotation {
                None => true,
                Some(RotationNeed::UnderWay) => standing.rotating,
                Some(RotationNeed::Due) => !standing.rotating,
            };
            let asked = rotation
                && plan.bundle.is_none_or(|need| standing.bundle == Some(need))
                && plan.tenant.is_none_or(|tenant| tenant == standing.tenant)
                && plan.organizations.as_ref().is_none_or(organization);
            asked.then(|| Reading {
                soon: plan.soon(standing.tenant),
                statuses: match standing.state {
                    2 => [KeyStatus::Revoked; 3],
                    1 => [KeyStatus::Disabled; 3],
                    3 => [KeyStatus::Expired, KeyStatus::Superseded, KeyStatus::Superseded],
                    _ => [KeyStatus::Expired, KeyStatus::Expiring, KeyStatus::Active],
                },
            })
        };
        self.all_standings.iter().map(read).collect()
    }
}
