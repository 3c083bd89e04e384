//! Times of the steps that an operator takes, over one profile.

use std::hint::black_box;
use std::time::{Duration, Instant};

use latchkey_app::key;
use latchkey_app::session::Session;
use latchkey_app::wire::{BundleNeed, KeyQuery, KeySort, KeyStatus, RotationNeed};

const SORTS: [KeySort; 4] = [KeySort::Created, KeySort::Name, KeySort::Owner, KeySort::Expires];
const TYPED: [&str; 7] = ["quay-31 scan", "zürich", "production", "lovelace ada", "billing cam", "lk_8fK2", "kiosk"];

/// The fewest times that make a 99th percentile.
const SAMPLES: usize = 100;

/// A step: what it is, and what is asked.
type Case = (String, KeyQuery);

pub(crate) struct Report<'s> {
    pub(crate) session: &'s Session,
    pub(crate) keys: u32,
    pub(crate) rounds: usize,
    pub(crate) aim: Duration,
    /// What a `LIKE` scan of the same profile takes.
    pub(crate) scan: Duration,
}

impl Report<'_> {
    pub(crate) fn scope(&self, name: &str, tenant: Option<&str>) {
        let owned = tenant.map(str::to_owned);
        let first = KeyQuery { tenant: owned, descending: true, limit: 50, ..KeyQuery::default() };
        self.lists(&format!("{name}: first page"), &[("newest 50".to_owned(), first.clone())]);
        for offset in [0, self.keys / 10 * 9] {
            let mut cases = Vec::new();
            for sort in SORTS {
                for descending in [false, true] {
                    cases.push((
                        format!("{sort:?} {descending}"),
                        KeyQuery { sort, descending, offset, ..first.clone() },
                    ));
                }
            }
            self.lists(&format!("{name}: sorts, skipping {offset}"), &cases);
        }
        for sort in SORTS {
            self.lists(&format!("{name}: keystrokes by {sort:?}"), &keystrokes(&KeyQuery { sort, ..first.clone() }));
        }
        self.counts(&format!("{name}: counts of keystrokes"), &keystrokes(&first));
        for typed in ["", "g", "gate", "billing exp"] {
            let filters = filters(&KeyQuery { search: typed.to_owned(), ..first.clone() });
            let sorted = |(what, filter): &Case| {
                SORTS.map(|sort| (format!("{what} by {sort:?}"), KeyQuery { sort, ..filter.clone() }))
            };
            let cases: Vec<Case> = filters.iter().flat_map(sorted).collect();
            self.lists(&format!("{name}: filter changes with \"{typed}\""), &cases);
            self.counts(&format!("{name}: their counts"), &filters);
        }
        self.line(&format!("{name}: facets"), &[((), "all of them".to_owned())], |()| {
            black_box(key::facets(self.session, tenant).unwrap());
        });
    }

    fn lists(&self, what: &str, cases: &[Case]) {
        let cases: Vec<_> = cases.iter().map(|(variant, filter)| (filter, variant.clone())).collect();
        self.line(what, &cases, |filter| {
            black_box(key::list(self.session, filter).unwrap());
        });
    }

    fn counts(&self, what: &str, cases: &[Case]) {
        let cases: Vec<_> = cases.iter().map(|(variant, filter)| (filter, variant.clone())).collect();
        self.line(what, &cases, |filter| {
            black_box(key::count(self.session, filter).unwrap());
        });
    }

    /// Takes all steps one after the other, round after round, so that no step finds its own answer at hand.
    pub(crate) fn line<C>(&self, what: &str, cases: &[(C, String)], mut step: impl FnMut(&C)) {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); cases.len()];
        for _ in 0..self.rounds.max(SAMPLES.div_ceil(cases.len())) {
            for ((case, _), times) in cases.iter().zip(&mut times) {
                let begun = Instant::now();
                step(case);
                times.push(begun.elapsed());
            }
        }
        let medians = times.iter_mut().map(|times| {
            times.sort_unstable();
            times[times.len() / 2]
        });
        let (worst, variant) = medians.zip(cases.iter().map(|(_, variant)| variant)).max().unwrap();
        let mut all = times.concat();
        all.sort_unstable();
        let p99 = all[all.len() * 99 / 100];
        let share = p99.as_secs_f64() / self.scan.as_secs_f64();
        let verdict = if p99 > self.aim { ", over the aim" } else { "" };
        println!(
            "{what:<44} p99 {:>6} µs, {share:.3} of a scan; worst median {:>6} µs ({variant}){verdict}",
            p99.as_micros(),
            worst.as_micros()
        );
    }
}

fn keystrokes(first: &KeyQuery) -> Vec<Case> {
    let beginnings = |typed: &'static str| typed.char_indices().map(|(at, c)| &typed[..at + c.len_utf8()]);
    let case = |typed: &str| (typed.to_owned(), KeyQuery { search: typed.to_owned(), ..first.clone() });
    TYPED.into_iter().flat_map(beginnings).map(case).collect()
}

fn filters(first: &KeyQuery) -> Vec<Case> {
    let with = |statuses: &[KeyStatus], api_set: Option<&str>, owner: Option<&str>| KeyQuery {
        statuses: statuses.to_vec(),
        api_set: api_set.map(str::to_owned),
        owner: owner.map(str::to_owned),
        ..first.clone()
    };
    let mut filters = vec![("no filter".to_owned(), first.clone())];
    filters.extend(KeyStatus::ALL.iter().map(|&status| (format!("{status:?}"), with(&[status], None, None))));
    filters.push(("API set".to_owned(), with(&[], Some("tax"), None)));
    filters.push(("owner".to_owned(), with(&[], None, Some("Ada Hopper"))));
    filters.push(("expired, API set".to_owned(), with(&[KeyStatus::Expired], Some("tax"), None)));
    filters.push(("revoked, API set".to_owned(), with(&[KeyStatus::Revoked], Some("tax"), None)));
    filters.push(("organization".to_owned(), KeyQuery { organization: Some("north".into()), ..first.clone() }));
    for need in [RotationNeed::Due, RotationNeed::UnderWay] {
        filters.push((format!("rotation {need:?}"), KeyQuery { rotation: Some(need), ..first.clone() }));
    }
    for need in [BundleNeed::InNone, BundleNeed::EndUntold] {
        filters.push((format!("bundle {need:?}"), KeyQuery { bundle: Some(need), ..first.clone() }));
    }
    filters
}
