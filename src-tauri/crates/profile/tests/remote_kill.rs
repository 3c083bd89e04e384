//! The process killed at every step of what makes, rotates and ends a key of a remote tenant. The next start asks no
//! server; after the next refresh the list and the server agree, and what nobody has the text of is said to be so.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use common::ada;
use common::portal::{Portal, add};
use latchkey_app::key::{self, HandOver};
use latchkey_app::ports::{EventFilter, Watch};
use latchkey_app::save_window::SaveWindow;
use latchkey_app::session::Session;
use latchkey_app::wire::{
    EventKind, Expiration, KeyDraft, KeyQuery, KeyStatus, Overlap, RotationDraft, RotationStage, VaultKind,
};
use latchkey_app::{recover, remote, rotation, tenant};
use latchkey_domain::secret::Secret;
use serde_json::Value;

const PASSPHRASE: &str = "correct horse battery";

/// What the profile is like after a kill, the next start and a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// As before: nothing was made.
    Before,
    /// As before, and the server has a key of that name which nobody has the text of.
    Orphan,
    /// The key is there, and nobody has its text.
    Unsaved,
    /// The key is there and was saved. Of a rotation: both keys work.
    Saved,
    /// The successor is there and was saved, and the old key is revoked.
    Rotated,
}

use After::{Before, Orphan, Rotated, Saved, Unsaved};

/// What the command line does to generate a key, what the window does, and both to rotate one; each step, and what it leaves.
const ROWS: [(&str, &[(&str, After)]); 6] = [
    (
        "generate by a command",
        &[
            ("ask.journaled", Before),
            ("ask.answered", Orphan),
            ("ask.listed", Unsaved),
            ("download.journaled", Unsaved),
            ("download.written", Saved),
            ("download.delivered", Saved),
            ("keep.journaled", Saved),
            ("keep.stored", Saved),
            ("keep.done", Saved),
        ],
    ),
    (
        "generate in the window",
        &[
            ("ask.journaled", Before),
            ("ask.answered", Orphan),
            ("ask.listed", Unsaved),
            ("keep.journaled", Unsaved),
            ("keep.stored", Saved),
            ("keep.done", Saved),
        ],
    ),
    (
        "rotate by a command",
        &[
            ("ask.journaled", Before),
            ("ask.answered", Orphan),
            ("ask.listed", Unsaved),
            ("keep.journaled", Unsaved),
            ("keep.stored", Saved),
            ("keep.done", Saved),
            ("tell.answered", Rotated),
            ("tell.listed", Rotated),
            ("discard.gone", Rotated),
        ],
    ),
    (
        "rotate in the window",
        &[
            ("rotate.journaled", Before),
            ("ask.journaled", Before),
            ("ask.answered", Orphan),
            // Nobody saved it: it is revoked again.
            ("ask.listed", Before),
            ("keep.journaled", Before),
            ("keep.stored", Rotated),
            ("keep.done", Rotated),
            ("tell.answered", Rotated),
            ("tell.listed", Rotated),
            ("discard.gone", Rotated),
        ],
    ),
    (
        "rotate in the window and leave it",
        &[
            ("rotate.journaled", Before),
            ("ask.journaled", Before),
            ("ask.answered", Orphan),
            ("ask.listed", Before),
            ("tell.answered", Before),
            ("tell.listed", Before),
        ],
    ),
    ("undo by a command", &[("tell.answered", Before), ("tell.listed", Before), ("discard.gone", Before)]),
];

fn passphrase() -> Secret {
    Secret::new(PASSPHRASE.into())
}

fn open(home: &Path) -> Session {
    latchkey_profile::open(home, Some(&passphrase())).unwrap()
}

fn refresh(session: &Session) {
    remote::sync(session, &ada(), "Portal", &Watch::default()).unwrap();
}

fn draft(name: &str) -> KeyDraft {
    KeyDraft {
        tenant: "Portal".into(),
        name: name.into(),
        description: String::new(),
        owner: None,
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: Expiration::Never,
    }
}

fn keep() -> HandOver {
    HandOver { keep: true, ..HandOver::default() }
}

/// A profile with the key Crane at a portal, made once, and put back before each kill.
struct Office {
    folder: tempfile::TempDir,
    portal: Arc<Portal>,
    keys: Vec<Value>,
    crane: String,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("made");
        let session = latchkey_profile::create(&home, VaultKind::Passphrase, Some(&passphrase())).unwrap();
        let (portal, url) = Portal::start();
        add(&session, "Portal", &url);
        refresh(&session);
        let crane = key::new(&session, &ada(), &draft("Crane"), &keep()).unwrap().key.id;
        let keys = portal.state().keys.clone();
        Self { folder, portal, keys, crane }
    }

    fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    /// The profile and the portal as they were made; for an undoing, with a successor that is there.
    fn again(&self, saga: &str) {
        fs::remove_dir_all(self.home()).unwrap_or_default();
        fs::create_dir(self.home()).unwrap();
        for name in ["latchkey.db", "vault.lkv"] {
            fs::copy(self.folder.path().join("made").join(name), self.home().join(name)).unwrap();
        }
        self.portal.state().keys.clone_from(&self.keys);
        if saga.starts_with("undo") {
            let session = open(&self.home());
            rotation::begin(&session, &ada(), &self.crane, None, &keep()).unwrap();
        }
        self.portal.state().asked.clear();
    }

    /// Does it in a process of its own.
    fn run(&self, saga: &str, env: (&str, &str)) -> Output {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("LATCHKEY_TEST_HOME", self.home())
            .env("LATCHKEY_TEST_DOES", saga)
            .env("LATCHKEY_TEST_KEY", &self.crane)
            .env(env.0, env.1)
            .output()
            .unwrap()
    }
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn child() {
    let home = std::env::var("LATCHKEY_TEST_HOME").unwrap();
    let home = Path::new(&home);
    let crane = std::env::var("LATCHKEY_TEST_KEY").unwrap();
    let session = open(home);
    let window = SaveWindow::default();
    let at_once = RotationDraft { expires: None, overlap: Overlap::None };
    match std::env::var("LATCHKEY_TEST_DOES").unwrap().as_str() {
        "generate by a command" => {
            let both = HandOver { file: Some(home.join("Quay.APIKEY")), ..keep() };
            key::new(&session, &ada(), &draft("Quay"), &both).map(drop)
        }
        "generate in the window" => {
            let new = window.generate(&session, &ada(), &draft("Quay")).unwrap();
            window.keep(&session, &ada(), &new.key.id).map(drop)
        }
        "rotate by a command" => {
            rotation::begin(&session, &ada(), &crane, None, &keep()).unwrap();
            rotation::retire(&session, &ada(), &crane, &Overlap::None).map(drop)
        }
        "rotate in the window" => {
            let new = window.rotate(&session, &ada(), &crane, &at_once).unwrap();
            window.keep(&session, &ada(), &new.key.id).unwrap();
            window.close(&session, &ada(), &new.key.id, false)
        }
        "rotate in the window and leave it" => {
            let new = window.rotate(&session, &ada(), &crane, &at_once).unwrap();
            window.close(&session, &ada(), &new.key.id, true)
        }
        _ => rotation::undo(&session, &ada(), &crane).map(drop),
    }
    .unwrap();
}

/// Every fault point that a saga comes by has its row.
#[test]
fn each_step_has_its_row() {
    let office = Office::open();
    for (saga, rows) in ROWS {
        office.again(saga);
        let seen = office.folder.path().join("reached");
        fs::remove_file(&seen).unwrap_or_default();
        let done = office.run(saga, ("LATCHKEY_REACHED", seen.to_str().unwrap()));
        assert!(done.status.success(), "{saga}: {done:?}");
        let reached = fs::read_to_string(&seen).unwrap();
        let mut reached: Vec<&str> = reached.lines().collect();
        reached.dedup();
        assert_eq!(rows.iter().map(|(point, _)| *point).collect::<Vec<_>>(), reached, "{saga}");
    }
}

#[test]
fn after_a_kill_the_list_and_the_server_agree() {
    let office = Office::open();
    for (saga, (point, after)) in ROWS.into_iter().flat_map(|(saga, rows)| rows.iter().map(move |row| (saga, *row))) {
        let what = format!("{saga}, killed at {point}");
        office.again(saga);
        let died = office.run(saga, ("LATCHKEY_FAULT", point));
        assert!(!died.status.success(), "{what}: not reached: {died:?}");
        let posts = office.portal.asked("POST");

        office.portal.state().asked.clear();
        let session = open(&office.home());
        assert_eq!(office.portal.state().asked, [""; 0], "{what}: a start asks no server");
        refresh(&session);
        let reads =
            office.portal.state().asked.iter().all(|line| line.starts_with("GET") || line.starts_with("DELETE"));
        assert!(reads && posts <= 1, "{what}: nothing is made twice");
        check(&office, &session, saga, after, &what);
    }
}

/// Names, sorted.
fn names<'n>(of: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = of.map(str::to_owned).collect();
    names.sort();
    names
}

fn check(office: &Office, session: &Session, saga: &str, after: After, what: &str) {
    let query = KeyQuery { limit: 50, statuses: vec![KeyStatus::Active], ..KeyQuery::default() };
    let working = key::list(session, &query).unwrap().keys;
    let there = names(office.portal.state().keys.iter().map(|key| key["name"].as_str().unwrap()));
    assert_eq!(names(working.iter().map(|key| key.name.as_str())), there, "{what}");

    let (is_rotation, others) = (!saga.starts_with("generate"), working.iter().filter(|key| key.id != office.crane));
    let others: Vec<_> = others.collect();
    let stage = key::show(session, &office.crane).unwrap().lineage.stage;
    let expected_stage = match after {
        Unsaved | Saved if is_rotation => Some(RotationStage::UnderWay),
        Rotated => Some(RotationStage::Done),
        _ => None,
    };
    assert_eq!(stage, expected_stage, "{what}");
    assert_eq!(working.len(), if matches!(after, Before | Rotated) { 1 } else { 2 }, "{what}");
    let saved: Vec<bool> = others.iter().map(|key| key.handed_over).collect();
    let expected: &[bool] = match after {
        Before => &[],
        Orphan | Unsaved => &[false],
        Saved | Rotated => &[true],
    };
    assert_eq!(saved, expected, "{what}");
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 100, ..EventFilter::default() })).unwrap();
    let orphaned = log.iter().filter(|event| event.event.kind == EventKind::KeyOrphaned).count();
    assert_eq!(orphaned, usize::from(after == Orphan), "{what}");

    // The vault has what the list says it has, and the credential; nothing waits but an answer that may still come.
    let held = working.iter().filter(|key| key.kept).count();
    assert_eq!(session.vault.items().unwrap().len(), held + 1, "{what}");
    assert_eq!(recover::waiting(session).unwrap(), 0, "{what}");
    let unanswered = tenant::show(session, "Portal").unwrap().remote.unwrap().unanswered;
    assert!(unanswered == 0 || after == Before, "{what}");

    // What nobody has the text of can be revoked, and a rotation that is under way undone.
    if is_rotation && matches!(after, Unsaved | Saved) {
        rotation::undo(session, &ada(), &office.crane).unwrap();
    } else {
        for key in others.iter().filter(|key| !key.handed_over) {
            key::revoke(session, &ada(), &key.id, None).unwrap();
        }
    }
    refresh(session);
    let left = key::list(session, &query).unwrap().keys;
    assert!(left.iter().all(|key| key.handed_over), "{what}");
    assert_eq!(office.portal.state().keys.len(), left.len(), "{what}");
}
