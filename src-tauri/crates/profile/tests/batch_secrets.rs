//! The secrets of a batch are in its file and nowhere else: not one of them is anywhere in the profile folder or in the
//! vault, however the batch ends.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use common::batch::{KEYS, Place, count, interrupted, keys_of, numbered, on, run};
use common::{Fixture, ada};
use latchkey_app::batch;
use latchkey_app::wire::{BatchDelivery, BatchDraft, BatchEnd};

/// The keys in what lies in a folder: tables, files of one key each, and parts of both.
fn drawn(folder: &Path) -> Vec<String> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            keys.extend(drawn(&entry));
            continue;
        }
        let text = fs::read_to_string(entry).unwrap();
        keys.extend(text.split([',', '\n']).filter(|cell| cell.starts_with("lk_")).map(str::to_owned));
    }
    keys
}

/// Looks for each key's secret part in every file of the profile, those of its folders too.
fn check_none_in_profile(fixture: &Fixture, keys: &[String], what: &str) {
    // `lk_`, the handle and `_` are no secret.
    let secrets: HashMap<[u8; 8], &[u8]> = keys
        .iter()
        .map(|key| &key.as_bytes()[12..55])
        .map(|secret| (secret[..8].try_into().unwrap(), secret))
        .collect();
    assert_eq!(secrets.len(), keys.len(), "{what}");
    let mut searched = 0;
    search(fixture.path(), &mut |path, bytes| {
        searched += bytes.len();
        for (at, window) in bytes.windows(8).enumerate() {
            let found = secrets.get(window).is_some_and(|secret| bytes[at..].starts_with(secret));
            assert!(!found, "{what}: a secret is in {}", path.display());
        }
    });
    assert!(searched > 100_000, "{what}: the database was searched");
    assert_eq!(fixture.vault.keys(), [], "{what}");
}

fn search(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            search(&entry, look);
        } else {
            look(&entry, &fs::read(&entry).unwrap());
        }
    }
}

#[test]
fn a_batch_that_is_done_has_its_secrets_in_its_file_alone() {
    for delivery in [BatchDelivery::Csv, BatchDelivery::Folder] {
        let (fixture, place) = (Fixture::new(), Place::new());
        let tenant = fixture.tenant("Harbour");
        run(&fixture, &BatchDraft { delivery, ..numbered(&tenant, KEYS) }, None, &place.file()).unwrap();
        let keys = drawn(place.0.path());
        assert_eq!(keys.len(), KEYS as usize, "{delivery:?}");
        check_none_in_profile(&fixture, &keys, &format!("{delivery:?}"));
        // The search finds what is there.
        fs::create_dir(fixture.path().join("inside")).unwrap();
        fs::write(fixture.path().join("inside/log"), format!("oops {}!", keys[4_321])).unwrap();
        let search = std::panic::AssertUnwindSafe(|| check_none_in_profile(&fixture, &keys, "on purpose"));
        assert!(std::panic::catch_unwind(search).is_err());
    }
}

#[test]
fn a_cancelled_batch_leaves_no_secret() {
    for (step, after) in [("drawn", 4_000), ("listed", 2_000)] {
        let (fixture, place) = (Fixture::new(), Place::new());
        let tenant = fixture.tenant("Harbour");
        let mut keys = Vec::new();
        let end =
            batch::run(&fixture.session, &ada(), &numbered(&tenant, KEYS), None, &place.file(), &mut |progress| {
                let done = if step == "drawn" { progress.drawn } else { progress.listed };
                if done < after {
                    return ControlFlow::Continue(());
                }
                keys = drawn(place.0.path());
                ControlFlow::Break(())
            });
        assert_eq!(end.unwrap(), BatchEnd::Cancelled);
        assert!(keys.len() >= 4_000, "{step}");
        check_none_in_profile(&fixture, &keys, step);
    }
}

#[test]
fn a_killed_batch_has_no_secret_in_the_profile_before_and_after() {
    for resumes in [true, false] {
        let (fixture, place, tenant) = interrupted(BatchDelivery::Csv, Vec::new());
        let mut keys = drawn(place.0.path());
        assert!(keys.len() >= 2_000);
        check_none_in_profile(&fixture, &keys, "killed");
        let waits = batch::find(&fixture.session, None).unwrap().id;
        if resumes {
            batch::resume(&fixture.session, &ada(), &waits, &mut on).unwrap();
            keys.extend(keys_of(&fs::read_to_string(place.file()).unwrap()));
            keys.sort();
            keys.dedup();
            assert!(keys.len() >= KEYS as usize);
        } else {
            batch::undo(&fixture.session, &ada(), &waits).unwrap();
        }
        check_none_in_profile(&fixture, &keys, if resumes { "resumed" } else { "undone" });
        assert_eq!(count(&fixture, &tenant), if resumes { KEYS } else { 0 });
    }
}
