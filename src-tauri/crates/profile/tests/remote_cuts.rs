//! The connection cut at each point of a request that makes or ends a key at a server: no key is made twice, none is lost
//! without being told, and a rotation goes on or is undone afterwards.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use common::portal::{Cut, Portal, add};
use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::ports::{EventFilter, JournalEntry, JournalStep, Watch};
use latchkey_app::save_window::SaveWindow;
use latchkey_app::wire::{
    BulkAction, ErrorCode, EventKind, KeyDraft, KeyQuery, KeySelection, KeyStatus, KeyView, Overlap, RotationDraft,
    RotationStage, Rule,
};
use latchkey_app::{remote, rotation, tenant};
use latchkey_connectors::HttpsConnectors;
use latchkey_connectors::transport::{Patience, Transport};
use latchkey_domain::id::KeyId;
use serde_json::json;

struct Office {
    fixture: Fixture,
    portal: Arc<Portal>,
    tenant: String,
}

impl Office {
    /// A remote tenant that has been refreshed.
    fn open() -> Self {
        let fixture = Fixture::new();
        let (portal, url) = Portal::start();
        let tenant = add(&fixture.session, "Portal", &url);
        let office = Self { fixture, portal, tenant };
        office.refresh();
        office
    }

    /// With the key Crane, whose text was kept.
    fn with_crane() -> (Self, String) {
        let office = Self::open();
        let keep = HandOver { keep: true, ..HandOver::default() };
        let crane = key::new(&office.fixture.session, &ada(), &office.draft("Crane"), &keep).unwrap().key.id;
        (office, crane)
    }

    fn draft(&self, name: &str) -> KeyDraft {
        KeyDraft { api_sets: Vec::new(), ..draft(&self.tenant, name) }
    }

    /// The next request that begins so is cut; where the answer is held back, nobody waits for it for long.
    fn cut(&mut self, request: &'static str, at: Cut) {
        self.portal.cut(request, at);
        if at == Cut::Held {
            self.wait_for_answers(Duration::from_millis(200));
        }
    }

    fn wait_for_answers(&mut self, answer: Duration) {
        let patience = Patience { pause: Duration::from_millis(1), answer, ..Patience::default() };
        self.fixture.session.connectors = Arc::new(HttpsConnectors::new(Transport::new(patience, false), None));
    }

    /// The next start, with a patient client, and two refreshes: what is late happens after the first.
    fn restarted(mut self) -> Self {
        self.wait_for_answers(Patience::default().answer);
        let connectors = Arc::clone(&self.fixture.session.connectors);
        self.fixture = self.fixture.restarted();
        self.fixture.session.connectors = connectors;
        self.refresh();
        self.refresh();
        self
    }

    fn refresh(&self) {
        remote::sync(&self.fixture.session, &ada(), &self.tenant, &Watch::default()).unwrap();
    }

    fn unanswered(&self) -> u32 {
        tenant::show(&self.fixture.session, &self.tenant).unwrap().remote.unwrap().unanswered
    }

    /// The keys of the list that work.
    fn working(&self) -> Vec<KeyView> {
        let query = KeyQuery { limit: 50, statuses: vec![KeyStatus::Active], ..KeyQuery::default() };
        key::list(&self.fixture.session, &query).unwrap().keys
    }

    fn told(&self, kind: EventKind) -> usize {
        let all = EventFilter { limit: 100, ..EventFilter::default() };
        let log = self.fixture.session.store.reading(|reader| reader.events(&all)).unwrap();
        log.iter().filter(|event| event.event.kind == kind).count()
    }

    /// What the list says works is what the server has.
    fn check_same(&self, cut: Cut) {
        let mut working: Vec<String> = self.working().into_iter().map(|key| key.name).collect();
        let mut there: Vec<String> =
            self.portal.state().keys.iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect();
        working.sort();
        there.sort();
        assert_eq!(working, there, "{cut:?}");
    }

    /// Why a key of this name is not asked for.
    fn refused(&self, name: &str) -> Option<Rule> {
        let keep = HandOver { keep: true, ..HandOver::default() };
        let refused = key::new(&self.fixture.session, &ada(), &self.draft(name), &keep).err()?;
        let rule = refused.body().field.as_ref().map(|problem| problem.rule.clone());
        assert!(rule.is_none() || refused.to_string().contains(name), "{refused}");
        rule
    }

    /// Whether a key that nobody has the text of was found; it is said, can be revoked, and is gone then.
    fn revoke_orphan(&self, name: &str, cut: Cut) -> bool {
        let lost: Vec<KeyView> = self.working().into_iter().filter(|key| !key.handed_over).collect();
        assert_eq!(
            (lost.len(), lost.len()),
            (self.told(EventKind::KeyOrphaned), self.portal.state().named(name)),
            "{cut:?}"
        );
        for key in &lost {
            assert_eq!(key.name, name, "{cut:?}");
            key::revoke(&self.fixture.session, &ada(), &key.id, None).unwrap();
        }
        assert_eq!(self.portal.state().named(name), 0, "{cut:?}");
        !lost.is_empty()
    }

    fn stage(&self, key: &str) -> (KeyStatus, Option<RotationStage>) {
        let shown = key::show(&self.fixture.session, key).unwrap();
        (shown.key.status, shown.lineage.stage)
    }
}

fn rotation_at_once() -> RotationDraft {
    RotationDraft { expires: None, overlap: Overlap::None }
}

/// Each cut, and whether the server makes the key (or ends it) all the same.
const ROWS: [(Cut, bool); 6] = [
    (Cut::Unread, false),
    (Cut::Undone, false),
    (Cut::Late, true),
    (Cut::Silent, true),
    (Cut::Torn, true),
    (Cut::Held, true),
];

#[test]
fn the_rows_are_all_cuts() {
    assert_eq!(ROWS.map(|(cut, _)| cut), Cut::ALL);
}

#[test]
fn a_creation_makes_one_key_or_none_and_what_is_lost_is_told() {
    for (cut, is_made) in ROWS {
        let mut office = Office::open();
        office.cut("POST", cut);
        let keep = HandOver { keep: true, ..HandOver::default() };
        let lost = key::new(&office.fixture.session, &ada(), &office.draft("Quay"), &keep).unwrap_err();
        assert_eq!(lost.code(), ErrorCode::RemoteUnreachable, "{cut:?}: {lost}");

        let office = office.restarted();
        assert_eq!(office.portal.asked("POST"), usize::from(cut != Cut::Unread), "{cut:?}: asked once");
        office.check_same(cut);
        // Where there is no such key, the server may still be making it; after some minutes it is not.
        assert_eq!(office.unanswered(), u32::from(!is_made), "{cut:?}");
        assert_eq!(office.revoke_orphan("Quay", cut), is_made, "{cut:?}");
        office.fixture.clock.forward(1);
        office.refresh();
        assert_eq!((office.unanswered(), office.fixture.journal_len()), (0, 0), "{cut:?}");

        let made = key::new(&office.fixture.session, &ada(), &office.draft("Quay"), &keep).unwrap().key;
        assert!(made.kept && made.handed_over, "{cut:?}");
        office.refresh();
        office.check_same(cut);
    }
}

#[test]
fn a_rotation_whose_successor_was_lost_leaves_the_old_key_and_can_be_begun_again() {
    for (cut, is_made) in ROWS {
        let (mut office, crane) = Office::with_crane();
        office.cut("POST", cut);
        let window = SaveWindow::default();
        window.rotate(&office.fixture.session, &ada(), &crane, &rotation_at_once()).unwrap_err();

        let office = office.restarted();
        let session = &office.fixture.session;
        office.check_same(cut);
        assert_eq!(office.stage(&crane), (KeyStatus::Active, None), "{cut:?}");
        let lost: Vec<KeyView> = office.working().into_iter().filter(|key| !key.handed_over).collect();
        assert_eq!(
            (lost.len(), office.told(EventKind::KeyOrphaned)),
            (usize::from(is_made), usize::from(is_made)),
            "{cut:?}"
        );
        for key in &lost {
            key::revoke(session, &ada(), &key.id, None).unwrap();
        }
        // Where there is none, the server may still be making it; after some minutes it is not.
        office.fixture.clock.forward(1);

        let window = SaveWindow::default();
        let new = window.rotate(session, &ada(), &crane, &rotation_at_once()).unwrap();
        window.keep(session, &ada(), &new.key.id).unwrap();
        window.close(session, &ada(), &new.key.id, false).unwrap();
        assert_eq!(office.stage(&crane), (KeyStatus::Revoked, Some(RotationStage::Done)), "{cut:?}");
        assert_eq!(office.working().iter().map(|key| &key.id).collect::<Vec<_>>(), [&new.key.id], "{cut:?}");
        office.refresh();
        office.check_same(cut);
    }
}

#[test]
fn an_old_key_whose_end_was_cut_is_retired_or_still_works_and_can_be() {
    for (cut, is_ended) in ROWS {
        let (mut office, crane) = Office::with_crane();
        let window = SaveWindow::default();
        let new = window.rotate(&office.fixture.session, &ada(), &crane, &rotation_at_once()).unwrap();
        window.keep(&office.fixture.session, &ada(), &new.key.id).unwrap();
        office.cut("DELETE", cut);
        window.close(&office.fixture.session, &ada(), &new.key.id, false).unwrap();
        assert_eq!(
            office.stage(&crane),
            (KeyStatus::Active, Some(RotationStage::UnderWay)),
            "{cut:?}: nobody has said yes"
        );

        let office = office.restarted();
        let session = &office.fixture.session;
        office.check_same(cut);
        let expected = if is_ended {
            (KeyStatus::Revoked, Some(RotationStage::Done))
        } else {
            (KeyStatus::Active, Some(RotationStage::UnderWay))
        };
        assert_eq!(office.stage(&crane), expected, "{cut:?}");
        if !is_ended {
            rotation::retire(session, &ada(), &crane, &Overlap::None).unwrap();
        }
        assert_eq!(office.working().iter().map(|key| &key.id).collect::<Vec<_>>(), [&new.key.id], "{cut:?}");
        assert_eq!((office.portal.asked("POST"), office.fixture.journal_len()), (2, 0), "{cut:?}");
        office.refresh();
        office.check_same(cut);
    }
}

#[test]
fn a_rotation_that_is_undone_is_undone_or_can_be_again() {
    for (cut, is_ended) in ROWS {
        let (mut office, crane) = Office::with_crane();
        let window = SaveWindow::default();
        let new = window.rotate(&office.fixture.session, &ada(), &crane, &rotation_at_once()).unwrap();
        office.cut("DELETE", cut);
        window.close(&office.fixture.session, &ada(), &new.key.id, true).unwrap();

        let office = office.restarted();
        let session = &office.fixture.session;
        office.check_same(cut);
        let expected = if is_ended { None } else { Some(RotationStage::UnderWay) };
        assert_eq!(office.stage(&crane), (KeyStatus::Active, expected), "{cut:?}");
        if !is_ended {
            // Nobody has its text: it cannot take the old key's place.
            let refused = rotation::retire(session, &ada(), &crane, &Overlap::None).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::NotNow, "{cut:?}");
            rotation::undo(session, &ada(), &crane).unwrap();
        }
        assert_eq!(office.working().iter().map(|key| &key.id).collect::<Vec<_>>(), [&crane], "{cut:?}");
        office.refresh();
        office.check_same(cut);
    }
}

#[test]
fn a_successor_that_does_not_work_takes_no_keys_place() {
    let (office, crane) = Office::with_crane();
    let session = &office.fixture.session;
    let keep = HandOver { keep: true, ..HandOver::default() };
    let new = rotation::begin(session, &ada(), &crane, None, &keep).unwrap().key;
    key::disable(session, &ada(), &new.id).unwrap();
    let refused = rotation::retire(session, &ada(), &crane, &Overlap::None).unwrap_err();
    assert_eq!((refused.code(), office.portal.asked("DELETE")), (ErrorCode::NotNow, 0), "{refused}");
    key::enable(session, &ada(), &new.id).unwrap();
    rotation::retire(session, &ada(), &crane, &Overlap::None).unwrap();
    assert_eq!(office.portal.state().named("Crane"), 1);
}

/// Runs `change` at a server that does what it is asked and never answers, and stops waiting as soon as it was asked.
fn stopped<T>(office: &Office, request: &'static str, change: impl FnOnce(&Office) -> T) -> T {
    office.portal.cut(request, Cut::Held);
    let (portal, changes) = (Arc::clone(&office.portal), office.fixture.session.changes.clone());
    let before = portal.asked(request);
    let stops = std::thread::spawn(move || {
        while portal.asked(request) == before || !changes.cancel() {
            std::thread::yield_now();
        }
    });
    let done = change(office);
    stops.join().unwrap();
    assert!(!office.fixture.session.changes.is_under_way());
    done
}

#[test]
fn a_creation_that_nobody_waits_for_any_more_is_found_out_by_the_next_refresh() {
    let office = Office::open();
    let keep = HandOver { keep: true, ..HandOver::default() };
    let lists = office.portal.asked("GET");
    let lost = stopped(&office, "POST", |office| {
        key::new(&office.fixture.session, &ada(), &office.draft("Quay"), &keep).unwrap_err()
    });
    assert_eq!(lost.code(), ErrorCode::Cancelled, "{lost}");
    assert!(lost.body().hint.as_deref().is_some_and(|hint| hint.contains("refresh the tenant")), "{lost:?}");
    assert_eq!(office.portal.asked("GET"), lists, "who has stopped waiting does not wait for the list");
    assert_eq!((office.unanswered(), office.working().len()), (1, 0), "the question stays");

    office.refresh();
    assert_eq!(office.unanswered(), 0);
    assert!(office.revoke_orphan("Quay", Cut::Held), "the server has made it");
}

#[test]
fn a_change_that_nobody_waits_for_any_more_may_have_been_done_and_the_next_refresh_tells() {
    let (office, crane) = Office::with_crane();
    let session = &office.fixture.session;
    let said = |lost: &latchkey_app::error::Error| {
        assert_eq!(lost.code(), ErrorCode::Cancelled, "{lost}");
        assert!(lost.body().hint.as_deref().is_some_and(|hint| hint.contains("nevertheless")), "{lost:?}");
    };
    said(&stopped(&office, "PUT", |_| key::disable(session, &ada(), &crane).unwrap_err()));
    assert_eq!(office.stage(&crane).0, KeyStatus::Active, "nobody has said yes");
    office.refresh();
    assert_eq!(office.stage(&crane).0, KeyStatus::Disabled, "the server says so");

    said(&stopped(&office, "DELETE", |_| key::revoke(session, &ada(), &crane, None).unwrap_err()));
    assert_eq!(office.stage(&crane).0, KeyStatus::Disabled);
    office.refresh();
    assert_eq!(office.stage(&crane).0, KeyStatus::Revoked);
    office.check_same(Cut::Held);
}

#[test]
fn an_action_on_several_keys_stops_with_the_one_that_is_cancelled() {
    let (office, _) = Office::with_crane();
    let session = &office.fixture.session;
    let keep = HandOver { keep: true, ..HandOver::default() };
    key::new(session, &ada(), &office.draft("Quay"), &keep).unwrap();
    let selection = KeySelection::Keys { keys: office.working().into_iter().map(|key| key.id).collect() };
    let stopped = stopped(&office, "PUT", |_| {
        key::bulk::run(session, &ada(), &selection, &BulkAction::Disable).map(drop).unwrap_err()
    });
    assert_eq!((stopped.code(), office.portal.asked("PUT")), (ErrorCode::Cancelled, 1), "the other is not asked for");
}

#[test]
fn what_was_asked_for_without_an_answer_is_looked_for_before_it_is_asked_for_again() {
    for (cut, is_made) in ROWS {
        let mut office = Office::open();
        let asked = office.fixture.session.now();
        office.cut("POST", cut);
        let keep = HandOver { keep: true, ..HandOver::default() };
        key::new(&office.fixture.session, &ada(), &office.draft("Quay"), &keep).unwrap_err();
        office.wait_for_answers(Patience::default().answer);
        let posts = office.portal.asked("POST");

        let expected = if is_made { Rule::Orphaned } else { Rule::Asked };
        assert_eq!(office.refused("Quay"), Some(expected.clone()), "{cut:?}");
        assert_eq!(office.refused("Quay"), Some(expected), "{cut:?}: it stays so");
        assert_eq!(office.refused("Pier"), None, "{cut:?}: another one can be made");
        assert_eq!(office.portal.asked("POST"), posts + 1, "{cut:?}: nothing but that was asked for");

        if is_made {
            assert!(office.revoke_orphan("Quay", cut));
        } else {
            office.fixture.clock.set(asked + TimeDelta::minutes(5));
        }
        assert_eq!(office.refused("Quay"), None, "{cut:?}: it can be made now");
        assert_eq!(office.portal.state().named("Quay"), 1, "{cut:?}");
        assert_eq!((office.unanswered(), office.fixture.journal_len()), (0, 0), "{cut:?}");
    }
}

#[test]
fn a_row_that_nobody_understands_may_be_the_key_whose_answer_was_lost() {
    let mut office = Office::open();
    let asked = office.fixture.session.now();
    office.portal.state().keys.push(json!("nobody knows what this is"));
    office.cut("POST", Cut::Undone);
    assert_eq!(office.refused("Quay"), None, "nobody knows what became of it");

    office.fixture.clock.set(asked + TimeDelta::minutes(6));
    office.refresh();
    assert_eq!((office.unanswered(), office.refused("Quay")), (1, Some(Rule::Asked)), "no second one is asked for");
    assert_eq!(office.refused("Pier"), None, "another one can be made");

    office.portal.state().keys.remove(0);
    office.refresh();
    assert_eq!(
        (office.unanswered(), office.refused("Quay")),
        (0, None),
        "all rows were understood: it can be made now"
    );
    let there = ["Quay", "Pier"].map(|name| office.portal.state().named(name));
    assert_eq!(there, [1, 1], "each was made once");
}

#[test]
fn what_nobody_waits_for_any_more_is_looked_for_by_every_process() {
    let office = Office::open();
    assert_eq!(stopped(&office, "POST", |office| office.refused("Quay")), None, "cancelled");
    // The window that asked stays open; another process generates the same.
    let connectors = Arc::clone(&office.fixture.session.connectors);
    let mut office = Office { fixture: office.fixture.restarted(), ..office };
    office.fixture.gone.revive();
    office.fixture.session.connectors = connectors;
    assert_eq!(office.refused("Quay"), Some(Rule::Orphaned));
    assert_eq!((office.portal.asked("POST"), office.portal.state().named("Quay")), (1, 1), "it was made once");
    assert!(office.revoke_orphan("Quay", Cut::Held));
}

#[test]
fn a_process_that_died_while_it_asked_is_followed_by_a_look() {
    let office = Office::open();
    let asked = JournalEntry {
        key: KeyId::from_bytes([7; 16]),
        step: JournalStep::Asking { tenant: office.tenant.parse().unwrap(), name: "Quay".into() },
        instance: office.fixture.session.instance.id().into(),
        at: office.fixture.session.now(),
    };
    office.fixture.session.store.writing(|writer| writer.put_journal(&asked)).unwrap();
    office.portal.state().make("Quay");
    let office = Office { fixture: office.fixture.restarted(), ..office };
    assert_eq!(office.refused("Quay"), Some(Rule::Orphaned));
    assert_eq!(office.portal.asked("POST"), 0, "it was asked for already");
}

#[test]
fn what_cannot_be_found_out_is_not_asked_for_again() {
    let mut office = Office::open();
    stopped(&office, "POST", |office| office.refused("Quay"));
    let generate = |office: &Office| {
        let keep = HandOver { keep: true, ..HandOver::default() };
        key::new(&office.fixture.session, &ada(), &office.draft("Quay"), &keep).unwrap_err()
    };

    let lost = stopped(&office, "GET", generate);
    assert_eq!(lost.code(), ErrorCode::Cancelled, "{lost}");
    assert!(lost.body().hint.as_deref().is_some_and(|hint| hint.contains("refresh the tenant")), "{lost:?}");

    office.portal.state().trouble = true;
    let lost = generate(&office);
    assert_eq!(lost.code(), ErrorCode::RemoteUnreachable, "{lost}");
    assert!(lost.to_string().starts_with("What became of Quay, asked for before, cannot be found out: "), "{lost}");
    office.portal.state().trouble = false;

    office.fixture.session.connectors = Arc::new(HttpsConnectors::new(Transport::new(Patience::default(), true), None));
    assert_eq!(generate(&office).code(), ErrorCode::Offline);
    assert_eq!((office.unanswered(), office.portal.asked("POST")), (1, 1), "the question stays");

    office.wait_for_answers(Patience::default().answer);
    assert_eq!(office.refused("Quay"), Some(Rule::Orphaned));
}

#[test]
fn a_successor_whose_answer_was_lost_is_looked_for_before_another_one_is_made() {
    let (office, crane) = Office::with_crane();
    let session = &office.fixture.session;
    let window = SaveWindow::default();
    let rotate = || window.rotate(session, &ada(), &crane, &rotation_at_once());
    assert_eq!(stopped(&office, "POST", |_| rotate().unwrap_err().code()), ErrorCode::Cancelled);
    let refused = rotate().unwrap_err();
    assert_eq!(refused.body().field.as_ref().map(|problem| &problem.rule), Some(&Rule::Orphaned), "{refused}");
    assert_eq!((office.portal.asked("POST"), office.stage(&crane)), (2, (KeyStatus::Active, None)));
    let lost = office.working().into_iter().find(|key| !key.handed_over).unwrap();

    // What nobody has the text of can itself be succeeded: its own name is no reason against that.
    let next = window.rotate(session, &ada(), &lost.id, &rotation_at_once()).unwrap();
    window.keep(session, &ada(), &next.key.id).unwrap();
    window.close(session, &ada(), &next.key.id, false).unwrap();
    assert_eq!(office.stage(&lost.id).0, KeyStatus::Revoked);
    assert!(rotate().is_ok());
}
