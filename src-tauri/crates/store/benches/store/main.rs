//! How fast the list answers with 100 000 keys in a tenant: the 99th percentile of every step an operator takes, in
//! microseconds and as a share of a `LIKE` scan in the same run; then criterion's figures for the commonest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod sample;

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use criterion::Criterion;
use latchkey_app::ports::{KeyFilter, Profile, Store};
use latchkey_app::wire::{KeySort, KeyStatus, Settings, VaultKind};
use latchkey_domain::id::{ProfileId, TenantId};
use latchkey_store::SqliteStore;
use rusqlite::Connection;

const KEYS: i64 = 100_000;
const ROUNDS: usize = 20;

fn now() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

/// Times of one kind of step.
#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    /// The variant whose median is the worst.
    worst: (Duration, String),
}

impl Times {
    fn add(&mut self, variant: &str, rounds: usize, mut work: impl FnMut()) {
        work();
        let mut times: Vec<Duration> = (0..rounds)
            .map(|_| {
                let begun = Instant::now();
                work();
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        if times[rounds / 2] > self.worst.0 {
            self.worst = (times[rounds / 2], variant.to_owned());
        }
        self.all.append(&mut times);
    }

    /// Of all variants together.
    fn p99(&self) -> Duration {
        let mut all = self.all.clone();
        all.sort_unstable();
        all[all.len() * 99 / 100]
    }
}

struct Report<'s> {
    store: &'s dyn Store,
    scan: Duration,
}

impl Report<'_> {
    fn line(&self, what: &str, times: &Times, aim_ms: u64) {
        let p99 = times.p99();
        let share = p99.as_secs_f64() / self.scan.as_secs_f64();
        let verdict = if p99 > Duration::from_millis(aim_ms) { ", over the aim" } else { "" };
        let (worst, variant) = &times.worst;
        println!(
            "{what:<44} p99 {:>6} µs, {share:.3} of a scan; worst median {:>6} µs ({variant}){verdict}",
            p99.as_micros(),
            worst.as_micros()
        );
    }

    fn list(&self, times: &mut Times, variant: &str, filter: &KeyFilter) {
        times.add(variant, ROUNDS, || {
            black_box(self.store.reading(|r| r.keys(filter, now())).unwrap());
        });
    }

    fn scope(&self, name: &str, tenant: Option<TenantId>) {
        let first = KeyFilter { tenant, descending: true, limit: 50, ..KeyFilter::default() };
        let mut times = Times::default();
        self.list(&mut times, "newest 50", &first);
        self.line(&format!("{name}: first page"), &times, 5);
        self.sorts(name, &first);
        self.keystrokes(name, &first);
        self.filters(name, &first);
        let mut times = Times::default();
        times.add("all of them", ROUNDS, || {
            black_box(self.store.reading(|r| r.facets(tenant, now())).unwrap());
        });
        self.line(&format!("{name}: facets"), &times, 30);
    }

    fn sorts(&self, name: &str, first: &KeyFilter) {
        for offset in [0, 90_000] {
            let mut times = Times::default();
            for sort in SORTS {
                for descending in [false, true] {
                    let filter = KeyFilter { sort, descending, offset, ..first.clone() };
                    self.list(&mut times, &format!("{sort:?} {descending}"), &filter);
                }
            }
            self.line(&format!("{name}: sorts, skipping {offset}"), &times, 5);
        }
    }

    fn keystrokes(&self, name: &str, first: &KeyFilter) {
        for sort in SORTS {
            let mut times = Times::default();
            for typed in TYPED {
                for (at, c) in typed.char_indices() {
                    let typed = &typed[..at + c.len_utf8()];
                    let filter = KeyFilter { words: words(typed), sort, ..first.clone() };
                    self.list(&mut times, typed, &filter);
                }
            }
            self.line(&format!("{name}: keystrokes by {sort:?}"), &times, 5);
        }
    }

    fn filters(&self, name: &str, first: &KeyFilter) {
        let mut counts = Times::default();
        for typed in ["", "g", "gate", "billing exp"] {
            let mut times = Times::default();
            for (what, filter) in filters(first) {
                let filter = KeyFilter { words: words(typed), ..filter };
                for sort in SORTS {
                    self.list(&mut times, &format!("{what} by {sort:?}"), &KeyFilter { sort, ..filter.clone() });
                }
                counts.add(&format!("{what} with \"{typed}\""), ROUNDS / 4, || {
                    black_box(self.store.reading(|r| r.count_keys(&filter, now())).unwrap());
                });
            }
            self.line(&format!("{name}: filter changes with \"{typed}\""), &times, 5);
        }
        self.line(&format!("{name}: counts"), &counts, 30);
    }
}

const SORTS: [KeySort; 4] = [KeySort::Created, KeySort::Name, KeySort::Owner, KeySort::Expires];
const TYPED: [&str; 6] = ["quay-31 scan", "zürich", "production", "lovelace ada", "billing cam", "lk_8fK2"];

fn filters(first: &KeyFilter) -> Vec<(String, KeyFilter)> {
    let with = |statuses: &[KeyStatus], api_set: Option<&str>, owner: Option<&str>| KeyFilter {
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
    filters
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.db");
    let profile =
        Profile { id: ProfileId::random(&mut rand::rng()), vault: VaultKind::Keychain, settings: Settings::default() };
    let store = SqliteStore::create(&path, &profile, now()).unwrap();
    let begun = Instant::now();
    let tenant = sample::add_tenant(&store, "Harbour", KEYS, now()).unwrap();
    sample::add_tenant(&store, "Depot", 500, now()).unwrap();
    let size = std::fs::metadata(&path).unwrap().len() / 1024;
    println!("{KEYS} keys written in {} ms; the file has {size} KiB", begun.elapsed().as_millis());
    drop(store);
    let begun = Instant::now();
    let store = SqliteStore::open(&path).unwrap();
    println!("opened in {} µs", begun.elapsed().as_micros());
    let store: &dyn Store = &store;

    let direct = Connection::open(&path).unwrap();
    let mut scan = Times::default();
    scan.add("scan", 20, || {
        let mut statement = direct
            .prepare_cached(
                "SELECT row FROM key WHERE name LIKE ?1 OR description LIKE ?1 OR owner LIKE ?1 OR display LIKE ?1
                 LIMIT 50",
            )
            .unwrap();
        let rows = statement.query_map(["%no such word%"], |row| row.get::<_, i64>(0)).unwrap();
        black_box(rows.count());
    });
    println!("a LIKE scan: {} µs at the 99th percentile", scan.p99().as_micros());
    let report = Report { store, scan: scan.p99() };
    report.scope("tenant", Some(tenant));
    report.scope("all", None);
    println!("report made in {} ms", begun.elapsed().as_millis());

    let mut criterion = Criterion::default()
        .without_plots()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    let first = KeyFilter { tenant: Some(tenant), descending: true, limit: 50, ..KeyFilter::default() };
    let mut bench = |what: &str, filter: KeyFilter| {
        criterion.bench_function(what, |b| b.iter(|| store.reading(|r| r.keys(&filter, now())).unwrap()));
    };
    bench("first page", first.clone());
    bench("search", KeyFilter { words: words("gate sca"), ..first.clone() });
    bench("search by name", KeyFilter { words: words("gate sca"), sort: KeySort::Name, ..first.clone() });
    bench("expiring", KeyFilter { statuses: vec![KeyStatus::Expiring], ..first });
    let mut key = store.reading(|r| r.keys(&KeyFilter { limit: 1, ..KeyFilter::default() }, now())).unwrap().remove(0);
    let mut turn = false;
    criterion.bench_function("rename one key", |b| {
        b.iter(|| {
            turn = !turn;
            if turn { "Quay-1 crane" } else { "Depot-2 sensor" }.clone_into(&mut key.name);
            store.writing(|w| w.update_key(&key)).unwrap();
        });
    });
    criterion.final_summary();
}
