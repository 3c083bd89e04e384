//! How long the first refresh of 50 remote tenants takes, with 200 keys each, on servers that answer after 100 ms: all of
//! them together, in milliseconds and as a multiple of the slowest single one of the same run, for several numbers of
//! servers that are asked at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use latchkey_app::key;
use latchkey_app::ports::Watch;
use latchkey_app::remote::{self, Refreshes};
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{KeyQuery, NetworkEdit, RemoteTenantDraft, VaultKind};
use latchkey_domain::secret::Secret;

const TENANTS: usize = 50;
const KEYS: u32 = 200;
const ANSWERS_AFTER: Duration = Duration::from_millis(100);
const ROUNDS: usize = 3;

fn main() {
    let urls: Vec<String> = (0..TENANTS).map(|tenant| server::start(tenant, KEYS, ANSWERS_AFTER)).collect();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();

    let session = office(&folder.path().join("single"), &urls);
    let mut alone: Vec<Duration> = (0..TENANTS)
        .map(|tenant| {
            let begun = Instant::now();
            remote::sync(&session, &operator(), &name(tenant), &Watch::default()).unwrap();
            begun.elapsed()
        })
        .collect();
    alone.sort_unstable();
    let (median, slowest) = (alone[TENANTS / 2], alone[TENANTS - 1]);
    println!("one tenant alone: {} ms, the slowest {} ms", median.as_millis(), slowest.as_millis());
    check(&session);
    drop(session);

    for at_once in [8, 16, 32, 64] {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|round| {
                let session = office(&folder.path().join(format!("{at_once} {round}")), &urls);
                let refreshes = Refreshes::new(|_| ()).at_once(at_once);
                let begun = Instant::now();
                let done = remote::refresh(&session, &operator(), &refreshes).unwrap();
                let took = begun.elapsed();
                assert!(done.iter().all(|one| one.problem.is_none()), "{done:?}");
                check(&session);
                took
            })
            .collect();
        times.sort_unstable();
        let took = times[ROUNDS / 2];
        let multiple = took.as_secs_f64() / slowest.as_secs_f64();
        println!(
            "{TENANTS} tenants, {at_once:>2} at once: {} ms, {multiple:.1} times the slowest one",
            took.as_millis()
        );
    }
}

fn operator() -> Operator {
    Operator { name: "Ada".into(), origin: Origin::Window }
}

fn name(tenant: usize) -> String {
    format!("Portal {tenant:02}")
}

/// A profile with all tenants, none of which was refreshed yet.
fn office(home: &Path, urls: &[String]) -> Session {
    let passphrase = Secret::new("correct horse battery".into());
    let session = latchkey_profile::create(home, VaultKind::Passphrase, Some(&passphrase)).unwrap();
    for (tenant, url) in urls.iter().enumerate() {
        let draft = RemoteTenantDraft {
            name: name(tenant),
            connector: "docspace".into(),
            url: url.clone(),
            options: BTreeMap::new(),
            plain_http: false,
            accept_caution: false,
            network: NetworkEdit::default(),
        };
        let credentials = BTreeMap::from([("key".to_owned(), Arc::new(Secret::new("sk-admin".into())))]);
        remote::add(&session, &operator(), &draft, &credentials).unwrap();
    }
    session
}

/// All keys have come.
fn check(session: &Session) {
    let all = key::count(session, &KeyQuery::default()).unwrap().total;
    assert_eq!(u64::from(all), TENANTS as u64 * u64::from(KEYS));
}
