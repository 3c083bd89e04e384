//! How fast the list answers with 100 000 and with 1 000 000 keys in a tenant, asked through the use cases of an open
//! profile: the 99th percentile of every step an operator takes, in microseconds and as a share of a `LIKE` scan in the same
//! run; then criterion's figures for the commonest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod report;
mod sample;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::Criterion;
use latchkey_app::key;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{KeyEdit, KeyQuery, KeySort, KeyStatus, VaultKind};
use latchkey_domain::secret::Secret;
use rusqlite::Connection;

use report::Report;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (session, tenant) = measured(&folder.path().join("profile"), 100_000, 20, Duration::from_millis(5));
    common(&session, &tenant);
    drop(session);
    measured(&folder.path().join("large"), 1_000_000, 3, Duration::from_millis(50));
}

/// Writes so many keys and takes every step over them. Answers with the profile and the tenant's identifier.
fn measured(home: &Path, keys: u32, rounds: usize, aim: Duration) -> (Session, String) {
    let passphrase = Secret::new("correct horse battery".into());
    let session = latchkey_profile::create(home, VaultKind::Passphrase, Some(&passphrase)).unwrap();
    let begun = Instant::now();
    let tenant = sample::add_tenant(&*session.store, "Harbour", keys.into(), session.now()).unwrap().to_string();
    println!("{keys} keys generated and written in {} ms", begun.elapsed().as_millis());
    sample::add_tenant(&*session.store, "Depot", 500, session.now()).unwrap();
    drop(session);
    let path = home.join("latchkey.db");
    println!("the file has {} KiB", std::fs::metadata(&path).unwrap().len() / 1024);

    let begun = Instant::now();
    let session = latchkey_profile::open(home, None).unwrap();
    println!("opened in {} µs", begun.elapsed().as_micros());
    let first = KeyQuery { tenant: Some(tenant.clone()), descending: true, limit: 50, ..KeyQuery::default() };
    let quay = KeyQuery { search: "quay".into(), ..first.clone() };
    for (what, query) in [("the first page", &first), ("a search", &quay)] {
        let begun = Instant::now();
        black_box(key::list(&session, query).unwrap());
        println!("{what} after the start in {} µs", begun.elapsed().as_micros());
    }
    let begun = Instant::now();
    black_box(key::count(&session, &first).unwrap());
    println!("all keys read in {} ms", begun.elapsed().as_millis());

    let begun = Instant::now();
    let scan = scan(&path, rounds);
    println!("a LIKE scan: {} µs", scan.as_micros());
    let report = Report { session: &session, keys, rounds, aim, scan };
    report.scope("tenant", Some(&tenant));
    report.scope("all", None);
    after_changes(&report, &first);
    println!("report made in {} ms", begun.elapsed().as_millis());
    (session, tenant)
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

fn operator() -> Operator {
    Operator { name: "Ada".into(), origin: Origin::Window }
}

/// Gives a key one of two names in turn.
fn rename(session: &Session, key: &str, turn: bool) {
    let name = if turn { "Quay-1 crane" } else { "Depot-2 sensor" };
    let edit = KeyEdit { name: Some(name.into()), ..KeyEdit::default() };
    key::edit(session, &operator(), key, &edit).unwrap();
}

/// A key that can be changed.
fn active(session: &Session, first: &KeyQuery) -> String {
    let active = KeyQuery { statuses: vec![KeyStatus::Active], limit: 1, ..first.clone() };
    key::list(session, &active).unwrap().keys.remove(0).id
}

/// The first question after a change of one key.
fn after_changes(report: &Report<'_>, first: &KeyQuery) {
    let by_name = KeyQuery { sort: KeySort::Name, ..first.clone() };
    let changing = active(report.session, first);
    let mut writing = Vec::new();
    let mut reading = Vec::new();
    for round in 0..report.rounds {
        let begun = Instant::now();
        rename(report.session, &changing, round % 2 == 0);
        writing.push(begun.elapsed());
        let begun = Instant::now();
        black_box(key::list(report.session, &by_name).unwrap());
        reading.push(begun.elapsed());
    }
    for (what, times) in [("rename one key", writing), ("first page after it", reading)] {
        let worst = times.iter().max().unwrap();
        println!("{what:<44} at most {:>6} µs", worst.as_micros());
    }
}

fn common(session: &Session, tenant: &str) {
    let mut criterion = Criterion::default()
        .without_plots()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    let first = KeyQuery { tenant: Some(tenant.to_owned()), descending: true, limit: 50, ..KeyQuery::default() };
    let mut bench = |what: &str, query: KeyQuery| {
        criterion.bench_function(what, |b| b.iter(|| key::list(session, &query).unwrap()));
    };
    bench("first page", first.clone());
    bench("search", KeyQuery { search: "gate sca".into(), ..first.clone() });
    bench("search by name", KeyQuery { search: "gate sca".into(), sort: KeySort::Name, ..first.clone() });
    bench("expiring", KeyQuery { statuses: vec![KeyStatus::Expiring], ..first.clone() });
    let changing = active(session, &first);
    let mut turn = false;
    criterion.bench_function("rename one key", |b| {
        b.iter(|| {
            turn = !turn;
            rename(session, &changing, turn);
        });
    });
    criterion.final_summary();
}
