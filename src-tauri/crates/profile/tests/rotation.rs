//! Rotation against a clock that is set: the overlap, what undoing gives back, and who may succeed whom.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::TimeDelta;
use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver, Issued};
use latchkey_app::rotation;
use latchkey_app::wire::{
    Decision, ErrorCode, Expiration, KeyDraft, KeyEdit, KeyQuery, KeyStatus, Overlap, Policy, Refusal, RotationStage,
};
use latchkey_app::{tenant, verify};

fn begin(fixture: &Fixture, key: &str) -> Issued {
    let hand_over = HandOver { print: true, ..HandOver::default() };
    rotation::begin(&fixture.session, &ada(), key, None, &hand_over).unwrap()
}

fn generate(fixture: &Fixture, draft: &KeyDraft) -> Issued {
    key::new(&fixture.session, &ada(), draft, &HandOver::default()).unwrap()
}

fn decided(fixture: &Fixture, tenant: &str, issued: &Issued) -> Option<Refusal> {
    match verify::verify(&fixture.session, tenant, &issued.secret).unwrap() {
        Decision::Valid { .. } => None,
        Decision::Refused { reason, .. } => Some(reason),
    }
}

fn stage(fixture: &Fixture, key: &str) -> Option<RotationStage> {
    key::show(&fixture.session, key).unwrap().lineage.stage
}

#[test]
fn the_overlap_begins_and_ends_by_the_clock() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let old = generate(&fixture, &KeyDraft { expires: Expiration::Days { days: 90 }, ..draft(&harbour, "crane") });
    let new = begin(&fixture, &old.key.id);
    assert_eq!(new.key.api_sets, old.key.api_sets);
    assert_eq!(new.key.expires_at, old.key.expires_at, "it lives as long");
    assert_eq!(stage(&fixture, &old.key.id), Some(RotationStage::UnderWay));
    assert_eq!(key::list(&fixture.session, &KeyQuery::default()).unwrap().rotating, std::slice::from_ref(&old.key.id));

    let week = Overlap::Hours { hours: 24 * 7 };
    let retired = rotation::retire(&fixture.session, &ada(), &old.key.id, &week).unwrap();
    assert_eq!(retired.status, KeyStatus::Superseded);
    assert_eq!(stage(&fixture, &old.key.id), Some(RotationStage::Overlap));
    assert_eq!(tenant::show(&fixture.session, &harbour).unwrap().expiring, 0, "its successor is there");
    fixture.clock.forward(6);
    assert_eq!((decided(&fixture, &harbour, &old), decided(&fixture, &harbour, &new)), (None, None));
    fixture.clock.forward(1);
    assert_eq!(decided(&fixture, &harbour, &old), Some(Refusal::Superseded));
    assert_eq!(decided(&fixture, &harbour, &new), None);
    assert_eq!(stage(&fixture, &old.key.id), Some(RotationStage::Over));
    fixture.clock.forward(-3);
    assert_eq!(decided(&fixture, &harbour, &old), None);

    // The end of a superseded key is its overlap's; another overlap counts from the end before.
    let later = KeyEdit { expires: Some(Expiration::Never), ..KeyEdit::default() };
    assert_eq!(key::edit(&fixture.session, &ada(), &old.key.id, &later).unwrap_err().code(), ErrorCode::NotNow);
    let year = Overlap::Hours { hours: 8_760 };
    let retired = rotation::retire(&fixture.session, &ada(), &new.key.id, &year).unwrap();
    assert_eq!(retired.expires_at, old.key.expires_at, "a rotation does not make a key live longer");
    let undone = rotation::undo(&fixture.session, &ada(), &old.key.id).unwrap();
    assert_eq!((undone.expires_at, undone.superseded_at), (old.key.expires_at, None));
    assert_eq!(decided(&fixture, &harbour, &new), Some(Refusal::Revoked));
}

#[test]
fn undoing_deletes_a_successor_that_nobody_has() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let old = generate(&fixture, &draft(&harbour, "crane"));
    let new = rotation::begin(&fixture.session, &ada(), &old.key.id, None, &HandOver::default()).unwrap();
    rotation::undo(&fixture.session, &ada(), &old.key.id).unwrap();
    assert_eq!(key::show(&fixture.session, &new.key.id).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(stage(&fixture, &old.key.id), None);
}

#[test]
fn a_line_of_successors_is_undone_from_its_end() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    fixture.policy(&harbour, Policy { unique_names: true, max_lifetime_days: Some(60), ..Policy::default() });
    let old = generate(&fixture, &KeyDraft { expires: Expiration::Days { days: 60 }, ..draft(&harbour, "crane") });
    let code = |done: latchkey_app::error::Result<_>| done.unwrap_err().code();
    let retire = |key: &str| rotation::retire(&fixture.session, &ada(), key, &Overlap::Hours { hours: 1 });
    assert_eq!(code(retire(&old.key.id)), ErrorCode::NotNow, "none was begun");
    let second = begin(&fixture, &old.key.id);
    key::disable(&fixture.session, &ada(), &second.key.id).unwrap();
    assert_eq!(code(retire(&old.key.id)), ErrorCode::NotNow, "the successor cannot be used");
    key::enable(&fixture.session, &ada(), &second.key.id).unwrap();
    retire(&old.key.id).unwrap();
    let third = begin(&fixture, &second.key.id);
    assert_eq!(code(rotation::undo(&fixture.session, &ada(), &old.key.id)), ErrorCode::NotNow);
    rotation::undo(&fixture.session, &ada(), &third.key.id).unwrap();
    rotation::undo(&fixture.session, &ada(), &second.key.id).unwrap();
    assert_eq!(decided(&fixture, &harbour, &old), None);
}

#[test]
fn a_successor_lives_no_longer_than_the_template_has_it() {
    let fixture = Fixture::new();
    let rooms = fixture.tenant_from("docspace");
    let label = |name: &str, expires| KeyDraft { api_sets: Vec::new(), expires, ..draft(&rooms, name) };
    // The end of that day is more than 365 days away.
    let year = generate(&fixture, &label("year", Expiration::Date { date: "2027-11-21".into() }));
    let endless = generate(&fixture, &label("endless", Expiration::Never));
    let expected = fixture.session.now() + TimeDelta::days(365);
    let planned = rotation::plan(&fixture.session, &year.key.id).unwrap().expires_at.unwrap();
    assert_eq!(planned, expected);
    assert_eq!(begin(&fixture, &year.key.id).key.expires_at, Some(expected));

    // Of the policy's ceiling and the template's, the lower one counts, also for a key that had no end.
    fixture.policy(&rooms, Policy { allow_never: false, ..Policy::default() });
    assert_eq!(rotation::plan(&fixture.session, &endless.key.id).unwrap().expires_at, Some(expected));
    fixture.policy(&rooms, Policy { max_lifetime_days: Some(900), ..Policy::default() });
    assert_eq!(begin(&fixture, &endless.key.id).key.expires_at, Some(expected));
}

#[test]
fn keys_are_due_by_their_age() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    fixture.policy(&harbour, Policy { rotate_after_days: Some(30), ..Policy::default() });
    let old = generate(&fixture, &draft(&harbour, "crane"));
    let due = || rotation::due(&fixture.session, None).unwrap().into_iter().map(|key| key.id).collect::<Vec<_>>();
    fixture.clock.forward(29);
    assert!(due().is_empty());
    fixture.clock.forward(1);
    assert_eq!(due(), std::slice::from_ref(&old.key.id));
    assert_eq!(key::list(&fixture.session, &KeyQuery::default()).unwrap().due, std::slice::from_ref(&old.key.id));
    assert!(key::show(&fixture.session, &old.key.id).unwrap().lineage.due);
    begin(&fixture, &old.key.id);
    assert!(due().is_empty());
    fixture.clock.forward(-60);
    assert!(due().is_empty());
}
