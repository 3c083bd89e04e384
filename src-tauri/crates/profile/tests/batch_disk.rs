//! A disk that is full, under the keys of a batch or under the profile.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::ops::ControlFlow;

use common::batch::{KEYS, Place, accepted, count, keys_of, names_in, numbered, on, run};
use common::disk::Disk;
use common::{Fixture, ada};
use latchkey_app::batch;
use latchkey_app::wire::{BatchDelivery, BatchDraft, BatchEnd, ErrorCode, KeyQuery};
use latchkey_app::{key, recover};

#[test]
fn a_full_disk_leaves_nothing_of_the_keys() {
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let (table, folder) = (BatchDelivery::Csv, BatchDelivery::Folder);
    for (delivery, recipients) in
        [(table, vec![]), (folder, vec![]), (table, vec![recipient.clone()]), (folder, vec![recipient])]
    {
        let Some(disk) = Disk::mount(64) else { return };
        let fixture = Fixture::new();
        let tenant = fixture.tenant("Harbour");
        let draft = BatchDraft { delivery, recipients, ..numbered(&tenant, KEYS) };
        let what = format!("{delivery:?}, sealed for {}", draft.recipients.len());
        let failed = run(&fixture, &draft, None, &disk.path().join("keys"));
        assert_eq!(failed.unwrap_err().code(), ErrorCode::DiskFull, "{what}");
        assert_eq!(names_in(disk.path()), [""; 0], "{what}");
        assert_eq!(count(&fixture, &tenant), 0, "{what}");
        assert!(batch::unfinished(&fixture.session).unwrap().is_empty(), "{what}");
        // Nothing stands in the way of the next try.
        run(&fixture, &BatchDraft { recipients: vec![], ..numbered(&tenant, 20) }, None, &disk.path().join("keys"))
            .unwrap();
    }
}

/// The database cannot grow from the first keys on that are noted, or listed. What was begun is taken back, or it waits and
/// can be resumed or undone once there is room.
#[test]
fn a_full_disk_under_the_profile_leaves_nothing_half_made() {
    for (full_at, resumes) in [("drawn", true), ("drawn", false), ("listed", true), ("listed", false)] {
        let Some(disk) = Disk::mount(16 * 1_024) else { return };
        let place = Place::new();
        let fixture = Fixture::in_folder(tempfile::tempdir_in(disk.path()).unwrap());
        let tenant = fixture.tenant("Harbour");
        let what = format!("full when the first are {full_at}, resumed {resumes}");
        let mut filled = false;
        let end =
            batch::run(&fixture.session, &ada(), &numbered(&tenant, KEYS), None, &place.file(), &mut |progress| {
                if !filled && (full_at == "drawn" || progress.listed > 0) {
                    filled = true;
                    disk.fill();
                }
                ControlFlow::Continue(())
            });
        assert_eq!(end.unwrap_err().code(), ErrorCode::DiskFull, "{what}");
        // The list can be read, and a key is in it only if it is in the file too.
        let listed = key::list(&fixture.session, &KeyQuery::default()).unwrap().keys.len();
        assert_eq!(listed > 0, full_at == "listed", "{what}");
        assert_eq!(place.file().exists(), full_at == "listed", "{what}");
        disk.empty();

        let waits = batch::unfinished(&fixture.session).unwrap();
        assert_eq!(waits.len(), 1, "{what}");
        if resumes {
            let end = batch::resume(&fixture.session, &ada(), &waits[0].id, &mut on).unwrap();
            assert!(matches!(end, BatchEnd::Done { summary } if summary.keys == KEYS), "{what}");
            let keys = keys_of(&fs::read_to_string(place.file()).unwrap());
            assert_eq!((keys.len(), count(&fixture, &tenant)), (KEYS as usize, KEYS), "{what}");
            assert!(keys.iter().all(|text| accepted(&fixture, &tenant, text)), "{what}");
            assert_eq!(place.names(), ["keys.csv"], "{what}");
        } else {
            batch::undo(&fixture.session, &ada(), &waits[0].id).unwrap();
            assert_eq!((count(&fixture, &tenant), place.names()), (0, vec![]), "{what}");
        }
        assert_eq!(recover::at_start(&fixture.session).unwrap(), 0, "{what}");
        assert!(batch::unfinished(&fixture.session).unwrap().is_empty(), "{what}");
    }
}
