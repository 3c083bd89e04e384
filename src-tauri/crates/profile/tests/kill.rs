//! The process killed at every step of what the Save window does; the next start is consistent.
//!
//! The command line's tests do the same for generate, revoke and delete.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

use latchkey_app::key::HandOver;
use latchkey_app::save_window::SaveWindow;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{
    EventKind, Expiration, Holding, KeyDraft, KeyQuery, KeyStatus, Overlap, RotationDraft, RotationOutcome,
    TenantDraft, VaultKind,
};
use latchkey_app::{key, recover, tenant};
use latchkey_domain::secret::Secret;

const PASSPHRASE: &str = "correct horse battery";

fn ada() -> Operator {
    Operator { name: "Ada".into(), origin: Origin::Window }
}

fn passphrase() -> Secret {
    Secret::new(PASSPHRASE.into())
}

fn open(home: &Path) -> Session {
    latchkey_profile::open(home, Some(&passphrase())).unwrap()
}

/// Makes a profile, then generates a key in a process that dies at `point` while it does `what` with it.
fn die(home: &Path, what: &str, point: &str) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("LATCHKEY_FAULT", point)
        .env("LATCHKEY_TEST_HOME", home)
        .env("LATCHKEY_TEST_DOES", what)
        .output()
        .unwrap();
    assert!(!status.status.success(), "{point} was not reached: {status:?}");
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn child() {
    let home = std::env::var("LATCHKEY_TEST_HOME").unwrap();
    let home = Path::new(&home);
    let session = latchkey_profile::create(home, VaultKind::Passphrase, Some(&passphrase())).unwrap();
    let draft = TenantDraft { name: "Harbour".into(), prefix: None, template: None, own_template: None };
    let tenant = tenant::add(&session, &ada(), &draft).unwrap().id;
    let draft = KeyDraft {
        tenant,
        name: "crane".into(),
        description: String::new(),
        owner: None,
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: Expiration::Never,
    };
    let window = SaveWindow::default();
    let does = std::env::var("LATCHKEY_TEST_DOES").unwrap();
    if does.starts_with("rotate") {
        let old = key::new(&session, &ada(), &draft, &HandOver { keep: true, ..HandOver::default() }).unwrap().key;
        let overlap = if does == "rotate at once" { Overlap::None } else { Overlap::Hours { hours: 24 } };
        let new = window.rotate(&session, &ada(), &old.id, &RotationDraft { expires: None, overlap }).unwrap();
        window.keep(&session, &ada(), &new.key.id).unwrap();
        return window.close(&session, &ada(), &new.key.id, false).unwrap();
    }
    let new = window.generate(&session, &ada(), &draft).unwrap();
    match does.as_str() {
        "keep" => drop(window.keep(&session, &ada(), &new.key.id)),
        _ => drop(window.download(&session, &ada(), &new.key.id, &home.join("crane.APIKEY"))),
    }
}

#[test]
fn keeping_is_finished_or_undone() {
    for (point, kept) in [("keep.journaled", false), ("keep.stored", true), ("keep.done", true)] {
        let folder = tempfile::tempdir().unwrap();
        die(folder.path(), "keep", point);
        let session = open(folder.path());
        let details = key::show(&session, "crane").unwrap();
        assert_eq!(details.key.holding, if kept { Holding::Held } else { Holding::None }, "{point}");
        assert_eq!(details.key.handed_over, kept, "{point}");
        assert_eq!(session.vault.items().unwrap().len(), usize::from(kept), "{point}");
        assert_eq!(recover::waiting(&session).unwrap(), 0, "{point}");
    }
}

#[test]
fn a_download_is_finished_or_undone() {
    let points = [("download.journaled", false), ("download.written", true), ("download.delivered", true)];
    for (point, delivered) in points {
        let folder = tempfile::tempdir().unwrap();
        die(folder.path(), "download", point);
        let session = open(folder.path());
        let details = key::show(&session, "crane").unwrap();
        let file = folder.path().join("crane.APIKEY");
        assert_eq!(file.exists(), delivered, "{point}");
        assert_eq!(details.key.handed_over, delivered, "{point}");
        let told = if delivered { EventKind::SagaFinished } else { EventKind::SagaUndone };
        assert_eq!(details.events[0].kind, told, "{point}");
        let parts = std::fs::read_dir(folder.path()).unwrap().flatten();
        assert_eq!(parts.filter(|entry| entry.file_name().to_string_lossy().contains("part")).count(), 0, "{point}");
        assert_eq!(recover::waiting(&session).unwrap(), 0, "{point}");
    }
}

/// Both keys are there with their secrets and one of them is retired, or the old one is as it was and alone.
#[test]
fn a_rotation_is_finished_or_undone() {
    let points = [
        ("rotate.journaled", None),
        ("keep.journaled", None),
        ("keep.stored", Some(RotationOutcome::Resumed)),
        ("keep.done", Some(RotationOutcome::Resumed)),
        ("retire.listed", None),
        ("retire.done", None),
    ];
    for (does, (point, outcome)) in
        ["rotate", "rotate at once"].into_iter().flat_map(|does| points.map(|point| (does, point)))
    {
        let folder = tempfile::tempdir().unwrap();
        die(folder.path(), does, point);
        let session = open(folder.path());
        let keys = key::list(&session, &KeyQuery::default()).unwrap().keys;
        let retired = outcome.is_some() || point.starts_with("retire");
        let status = match (retired, does) {
            (false, _) => KeyStatus::Active,
            (true, "rotate") => KeyStatus::Superseded,
            (true, _) => KeyStatus::Revoked,
        };
        assert_eq!(keys[0].status, status, "{point}");
        assert_eq!(keys.len(), if retired { 2 } else { 1 }, "{point}");
        let held = if status == KeyStatus::Revoked { 1 } else { keys.len() };
        assert_eq!(session.vault.items().unwrap().len(), held, "{point}");
        let told = session.settled.lock().unwrap().clone();
        // Before the successor was listed, and after the old key was retired, there is nothing to tell.
        let expected = if point == "keep.journaled" { Some(RotationOutcome::Undone) } else { outcome };
        assert_eq!(told.first().map(|told| told.outcome), expected, "{point}");
        assert!(session.store.reading(|reader| reader.journal()).unwrap().is_empty(), "{point}");
    }
}

/// A vault that is still locked keeps what waits for it, and a wrong passphrase changes nothing.
#[test]
fn what_needs_the_vault_waits_until_it_is_unlocked() {
    let folder = tempfile::tempdir().unwrap();
    die(folder.path(), "keep", "keep.stored");
    let session = latchkey_profile::open(folder.path(), None).unwrap();
    assert_eq!(recover::waiting(&session).unwrap(), 1);
    let wrong = session.vault.unlock(&Secret::new("something else entirely".into())).unwrap_err();
    assert_eq!(wrong.code(), latchkey_app::wire::ErrorCode::VaultWrongPassphrase);
    session.vault.unlock(&passphrase()).unwrap();
    assert_eq!(recover::at_start(&session).unwrap(), 0);
    assert!(key::show(&session, "crane").unwrap().key.kept);
}
