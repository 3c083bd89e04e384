//! The rotation of the window: what becomes of the old key when the Save window of its successor is closed, or never is.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::save_window::SaveWindow;
use latchkey_app::wire::{
    ErrorCode, EventKind, Expiration, KeyDraft, KeyStatus, NewKey, Overlap, RotationDraft, RotationOutcome,
    RotationStage,
};
use latchkey_app::{recover, rotation};
use latchkey_vault::double::Operation;

fn week() -> RotationDraft {
    RotationDraft { expires: None, overlap: Overlap::Hours { hours: 168 } }
}

struct Begun {
    fixture: Fixture,
    window: SaveWindow,
    old: String,
    new: NewKey,
}

fn begun(draft_of_rotation: &RotationDraft) -> Begun {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let ninety = KeyDraft { expires: Expiration::Days { days: 90 }, ..draft(&harbour, "crane") };
    let old = key::new(&fixture.session, &ada(), &ninety, &HandOver::default()).unwrap().key.id;
    let window = SaveWindow::default();
    let new = window.rotate(&fixture.session, &ada(), &old, draft_of_rotation).unwrap();
    Begun { fixture, window, old, new }
}

fn standing(fixture: &Fixture, key: &str) -> (KeyStatus, Option<RotationStage>) {
    let details = key::show(&fixture.session, key).unwrap();
    (details.key.status, details.lineage.stage)
}

#[test]
fn closing_the_window_of_a_saved_successor_retires_the_old_key() {
    let Begun { fixture, window, old, new } = begun(&week());
    let plan = new.succession.unwrap();
    assert_eq!((plan.old.id, plan.overlap), (old.clone(), week().overlap));
    assert_eq!(standing(&fixture, &old), (KeyStatus::Active, Some(RotationStage::UnderWay)));
    assert_eq!(recover::waiting(&fixture.session).unwrap(), 0, "it waits for a person, not for the vault");
    // Another window does not rotate it too, and a start of this process's own leaves the open window alone.
    let second = SaveWindow::default().rotate(&fixture.session, &ada(), &old, &week()).unwrap_err();
    assert_eq!(second.code(), ErrorCode::NotNow);
    recover::at_start(&fixture.session).unwrap();
    assert_eq!(standing(&fixture, &old).1, Some(RotationStage::UnderWay));

    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    window.close(&fixture.session, &ada(), &new.key.id, false).unwrap();
    assert_eq!(standing(&fixture, &old), (KeyStatus::Superseded, Some(RotationStage::Overlap)));
    assert_eq!(fixture.journal_len(), 0);
}

#[test]
fn closing_the_window_of_an_unsaved_successor_undoes_the_rotation() {
    let Begun { fixture, window, old, new } = begun(&week());
    let unsaved = window.close(&fixture.session, &ada(), &new.key.id, false).unwrap_err();
    assert_eq!(unsaved.code(), ErrorCode::SecretUnsaved);
    window.close(&fixture.session, &ada(), &new.key.id, true).unwrap();
    assert_eq!(standing(&fixture, &old), (KeyStatus::Active, None));
    assert_eq!(key::show(&fixture.session, &new.key.id).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(fixture.journal_len(), 0);
}

#[test]
fn nothing_is_noted_where_a_rotation_cannot_begin() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let old = key::new(&fixture.session, &ada(), &draft(&harbour, "crane"), &HandOver::default()).unwrap().key.id;
    let window = SaveWindow::default();
    let past = Overlap::Date { date: "2020-01-01".into() };
    let wrong = [
        RotationDraft { overlap: past, ..week() },
        RotationDraft { expires: Some(Expiration::Date { date: "2020-01-01".into() }), ..week() },
    ];
    for draft in &wrong {
        let refused = window.rotate(&fixture.session, &ada(), &old, draft).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput, "{draft:?}");
    }
    assert_eq!((fixture.journal_len(), standing(&fixture, &old).1), (0, None));
    assert_eq!(rotation::plan(&fixture.session, &old).unwrap().expires_at, None);
    key::revoke(&fixture.session, &ada(), &old, None).unwrap();
    assert_eq!(rotation::plan(&fixture.session, &old).unwrap_err().code(), ErrorCode::NotNow);
}

#[test]
fn a_start_goes_on_with_a_saved_successor_and_undoes_the_rest() {
    for saved in [true, false] {
        let Begun { fixture, window, old, new } = begun(&week());
        if saved {
            window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
        }
        let fixture = fixture.restarted();
        recover::at_start(&fixture.session).unwrap();
        let stage = saved.then_some(RotationStage::Overlap);
        assert_eq!(standing(&fixture, &old).1, stage);
        let told = fixture.session.settled.lock().unwrap().clone();
        let outcome = if saved { RotationOutcome::Resumed } else { RotationOutcome::Undone };
        assert_eq!((told.len(), told[0].outcome, &told[0].key), (1, outcome, &old));
        assert_eq!(key::show(&fixture.session, &new.key.id).is_ok(), saved);
        let events = key::show(&fixture.session, &old).unwrap().events;
        let kind = if saved { EventKind::KeySuperseded } else { EventKind::RotationUndone };
        assert_eq!((events[0].kind, events[0].actor.origin.as_str()), (kind, "start"));
        assert_eq!(fixture.journal_len(), 0);
    }
}

#[test]
fn a_start_waits_for_the_vault_before_it_judges() {
    let Begun { fixture, window, old, new } = begun(&week());
    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    // The process dies while another try to keep it is noted.
    fixture
        .session
        .store
        .writing(|writer| {
            writer.put_journal(&latchkey_app::ports::JournalEntry {
                key: new.key.id.parse().unwrap(),
                step: latchkey_app::ports::JournalStep::Keeping,
                instance: "first".into(),
                at: fixture.session.now(),
            })
        })
        .unwrap();
    let fixture = fixture.restarted();
    fixture.vault.fail_each(Operation::Get, ErrorCode::KeychainNoBus);
    recover::at_start(&fixture.session).unwrap();
    assert_eq!(standing(&fixture, &old).1, Some(RotationStage::UnderWay));
    fixture.vault.heal();
    recover::at_start(&fixture.session).unwrap();
    assert_eq!(standing(&fixture, &old).1, Some(RotationStage::Overlap));
}

#[test]
fn a_rotation_that_cannot_go_on_as_chosen_stays_under_way() {
    let day = Overlap::Date { date: "2026-11-22".into() };
    let Begun { fixture, window, old, new } = begun(&RotationDraft { expires: None, overlap: day });
    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    let fixture = fixture.restarted();
    fixture.clock.forward(5);
    recover::at_start(&fixture.session).unwrap();
    assert_eq!(standing(&fixture, &old).1, Some(RotationStage::UnderWay));
    assert_eq!(fixture.session.settled.lock().unwrap()[0].outcome, RotationOutcome::UnderWay);
    assert_eq!(fixture.journal_len(), 0);
    // Nor does a window stay open over it: the successor was disabled by somebody else.
    let Begun { fixture, window, old, new } = begun(&week());
    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    key::disable(&fixture.session, &ada(), &new.key.id).unwrap();
    window.close(&fixture.session, &ada(), &new.key.id, false).unwrap();
    assert_eq!(standing(&fixture, &old).1, Some(RotationStage::UnderWay));
}

#[test]
fn what_somebody_else_ended_stays_as_it_is() {
    let Begun { fixture, window, old, new } = begun(&week());
    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    rotation::retire(&fixture.session, &ada(), &old, &Overlap::Hours { hours: 1 }).unwrap();
    let end = key::show(&fixture.session, &old).unwrap().key.expires_at;
    window.close(&fixture.session, &ada(), &new.key.id, false).unwrap();
    assert_eq!(key::show(&fixture.session, &old).unwrap().key.expires_at, end);
    assert_eq!(fixture.journal_len(), 0);

    let Begun { fixture, window, old, new } = begun(&RotationDraft { overlap: Overlap::None, ..week() });
    window.keep(&fixture.session, &ada(), &new.key.id).unwrap();
    // The program ends with the window still open.
    window.leave(&fixture.session, &ada());
    assert_eq!(standing(&fixture, &old), (KeyStatus::Revoked, Some(RotationStage::Done)));
    assert_eq!(window.close(&fixture.session, &ada(), &new.key.id, false).unwrap_err().code(), ErrorCode::SecretGone);
}
