//! How long an export takes with 100 000 keys in a tenant: the first, which tells services of all of them, one in which
//! nothing is new, and a delta of five hundred.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "list/sample.rs"]
mod sample;

use std::path::Path;
use std::time::Instant;

use criterion::Criterion;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{BundleDraft, BundleExported, BundleNeed, KeyQuery, KeyStatus, VaultKind};
use latchkey_app::{bundle, key};
use latchkey_domain::secret::Secret;

const KEYS: u32 = 100_000;
const CHANGED: u32 = 500;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let passphrase = Secret::new("correct horse battery".into());
    let home = folder.path().join("profile");
    let session = latchkey_profile::create(&home, VaultKind::Passphrase, Some(&passphrase)).unwrap();
    let tenant = sample::add_tenant(&*session.store, "Harbour", KEYS.into(), session.now()).unwrap().to_string();
    let ada = Operator { name: "Ada".into(), origin: Origin::CommandLine };
    bundle::public_key(&session, &ada, &tenant).unwrap();
    let target = folder.path().join("harbour.bundle");

    page(&session, &tenant, "before the first export");
    let begun = Instant::now();
    let first = export(&session, &ada, &tenant, None, &target);
    println!(
        "the first bundle of {} keys, {} KiB, in {} ms",
        first.keys,
        first.size / 1_024,
        begun.elapsed().as_millis()
    );
    let query = KeyQuery {
        tenant: Some(tenant.clone()),
        statuses: vec![KeyStatus::Active],
        limit: CHANGED,
        ..KeyQuery::default()
    };
    page(&session, &tenant, "after it");
    for chosen in key::list(&session, &query).unwrap().keys {
        key::disable(&session, &ada, &chosen.id).unwrap();
    }
    page(&session, &tenant, "with ends that services were not told of");
    let begun = Instant::now();
    let delta = export(&session, &ada, &tenant, Some(first.sequence), &target);
    println!("a delta of {} keys, {} KiB, in {} ms", delta.keys, delta.size / 1_024, begun.elapsed().as_millis());

    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    criterion.bench_function("a bundle of 100 000 keys of which nothing is new", |bencher| {
        bencher.iter(|| export(&session, &ada, &tenant, None, &target));
    });
    criterion.final_summary();
}

/// A page of the list with its marks, and the counts that the reminders ask for: they must not grow with the keys.
fn page(session: &Session, tenant: &str, when: &str) {
    let query = KeyQuery { tenant: Some(tenant.to_owned()), descending: true, limit: 100, ..KeyQuery::default() };
    let begun = Instant::now();
    key::count(session, &query).unwrap();
    let read = begun.elapsed();
    let begun = Instant::now();
    let listed = key::list(session, &query).unwrap();
    let listing = begun.elapsed();
    let begun = Instant::now();
    let needs = [BundleNeed::InNone, BundleNeed::EndUntold];
    let counts =
        needs.map(|need| key::count(session, &KeyQuery { bundle: Some(need), ..query.clone() }).unwrap().total);
    println!(
        "{when}: columns in {} ms, a page with {} marks in {} µs, {counts:?} counted in {} µs",
        read.as_millis(),
        listed.in_no_bundle.len() + listed.end_untold.len(),
        listing.as_micros(),
        begun.elapsed().as_micros()
    );
}

fn export(session: &Session, ada: &Operator, tenant: &str, since: Option<u64>, target: &Path) -> BundleExported {
    let draft = BundleDraft { tenant: tenant.to_owned(), since, valid_for: None, above: None };
    bundle::export(session, ada, &draft, target, true).unwrap()
}
