//! How fast the list answers with 100 000 and with 1 000 000 keys in a tenant: the 99th percentile of every step an
//! operator takes, in microseconds and as a share of a `LIKE` scan in the same run; then criterion's figures for the
//! commonest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod report;
mod sample;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use criterion::Criterion;
use latchkey_app::ports::{KeyFilter, Profile, Store};
use latchkey_app::wire::{KeySort, KeyStatus, Settings, VaultKind};
use latchkey_domain::id::{ProfileId, TenantId};
use latchkey_store::SqliteStore;
use rusqlite::Connection;

use report::{Report, words};

fn now() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let (store, tenant) = measured(&folder.path().join("profile.db"), 100_000, 20, Duration::from_millis(5));
    common(&store, tenant);
    drop(store);
    measured(&folder.path().join("large.db"), 1_000_000, 3, Duration::from_millis(50));
}

/// Writes so many keys and takes every step over them.
fn measured(path: &Path, keys: u32, rounds: usize, aim: Duration) -> (SqliteStore, TenantId) {
    let profile =
        Profile { id: ProfileId::random(&mut rand::rng()), vault: VaultKind::Keychain, settings: Settings::default() };
    let store = SqliteStore::create(path, &profile, now()).unwrap();
    let begun = Instant::now();
    let tenant = sample::add_tenant(&store, "Harbour", keys.into(), now()).unwrap();
    println!("{keys} keys generated and written in {} ms", begun.elapsed().as_millis());
    sample::add_tenant(&store, "Depot", 500, now()).unwrap();
    drop(store);
    println!("the file has {} KiB", std::fs::metadata(path).unwrap().len() / 1024);

    let begun = Instant::now();
    let store = SqliteStore::open(path).unwrap();
    println!("opened in {} µs", begun.elapsed().as_micros());
    let port: &dyn Store = &store;
    let first = KeyFilter { tenant: Some(tenant), descending: true, limit: 50, ..KeyFilter::default() };
    let quay = KeyFilter { words: words("quay"), ..first.clone() };
    for (what, filter) in [("the first page", &first), ("a search", &quay)] {
        let begun = Instant::now();
        black_box(port.reading(|r| r.keys(filter, now())).unwrap());
        println!("{what} after the start in {} µs", begun.elapsed().as_micros());
    }
    let begun = Instant::now();
    black_box(port.reading(|r| r.count_keys(&first, now())).unwrap());
    println!("all keys read in {} ms", begun.elapsed().as_millis());

    let begun = Instant::now();
    let scan = scan(path, rounds);
    println!("a LIKE scan: {} µs", scan.as_micros());
    let report = Report { store: port, now: now(), keys, rounds, aim, scan };
    report.scope("tenant", Some(tenant));
    report.scope("all", None);
    after_changes(&report, &first);
    println!("report made in {} ms", begun.elapsed().as_millis());
    (store, tenant)
}

/// A scan's time as a measure for this machine.
fn scan(path: &Path, rounds: usize) -> Duration {
    let direct = Connection::open(path).unwrap();
    let mut statement = direct
        .prepare(
            "SELECT row FROM key WHERE name LIKE ?1 OR description LIKE ?1 OR owner LIKE ?1 OR display LIKE ?1 LIMIT 50",
        )
        .unwrap();
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            black_box(statement.query_map(["%no such word%"], |row| row.get::<_, i64>(0)).unwrap().count());
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[rounds - 1]
}

/// The first question after a change of one key.
fn after_changes(report: &Report<'_>, first: &KeyFilter) {
    let by_name = KeyFilter { sort: KeySort::Name, ..first.clone() };
    let mut key = report.store.reading(|r| r.keys(first, now())).unwrap().remove(0);
    let mut turn = false;
    let mut writing = Vec::new();
    let mut reading = Vec::new();
    for _ in 0..report.rounds {
        turn = !turn;
        if turn { "Quay-1 crane" } else { "Depot-2 sensor" }.clone_into(&mut key.name);
        let begun = Instant::now();
        report.store.writing(|w| w.update_key(&key)).unwrap();
        writing.push(begun.elapsed());
        let begun = Instant::now();
        black_box(report.store.reading(|r| r.keys(&by_name, now())).unwrap());
        reading.push(begun.elapsed());
    }
    for (what, times) in [("rename one key", writing), ("first page after it", reading)] {
        let worst = times.iter().max().unwrap();
        println!("{what:<44} at most {:>6} µs", worst.as_micros());
    }
}

fn common(store: &dyn Store, tenant: TenantId) {
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
