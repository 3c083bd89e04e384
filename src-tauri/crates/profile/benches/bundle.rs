//! How long an export takes with 100 000 keys in a tenant: the first, which tells services of all of them, one in which
//! nothing is new, and a delta of five hundred.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "list/sample.rs"]
mod sample;

use std::path::Path;
use std::time::Instant;

use criterion::Criterion;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{BundleDraft, BundleExported, KeyQuery, KeyStatus, VaultKind};
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
    for chosen in key::list(&session, &query).unwrap().keys {
        key::disable(&session, &ada, &chosen.id).unwrap();
    }
    let begun = Instant::now();
    let delta = export(&session, &ada, &tenant, Some(first.sequence), &target);
    println!("a delta of {} keys, {} KiB, in {} ms", delta.keys, delta.size / 1_024, begun.elapsed().as_millis());

    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    criterion.bench_function("a bundle of 100 000 keys of which nothing is new", |bencher| {
        bencher.iter(|| export(&session, &ada, &tenant, None, &target));
    });
    criterion.final_summary();
}

fn export(session: &Session, ada: &Operator, tenant: &str, since: Option<u64>, target: &Path) -> BundleExported {
    let draft = BundleDraft { tenant: tenant.to_owned(), since, valid_for: None };
    bundle::export(session, ada, &draft, target, true).unwrap()
}
