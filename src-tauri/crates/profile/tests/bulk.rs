//! One action on several keys.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver, bulk};
use latchkey_app::wire::{
    BulkAction, EventKind, Expiration, Field, KeyDraft, KeyQuery, KeySelection, KeyStatus, KeyView, Policy, Rule,
};

fn issue(fixture: &Fixture, draft: &KeyDraft, keep: bool) -> KeyView {
    key::new(&fixture.session, &ada(), draft, &HandOver { keep, ..HandOver::default() }).unwrap().key
}

fn shown(fixture: &Fixture, key: &KeyView) -> KeyView {
    key::show(&fixture.session, &key.id).unwrap().key
}

fn these(keys: &[&KeyView]) -> KeySelection {
    KeySelection::Keys { keys: keys.iter().map(|key| key.id.clone()).collect() }
}

fn found(query: KeyQuery) -> KeySelection {
    KeySelection::Found { query, except: Vec::new() }
}

#[test]
fn disabling_is_shown_first_done_at_once_and_undone() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let keys: Vec<_> = (0..4).map(|n| issue(&fixture, &draft(&harbour, &format!("crane {n}")), false)).collect();
    key::disable(&fixture.session, &ada(), &keys[0].id).unwrap();
    key::revoke(&fixture.session, &ada(), &keys[1].id, None).unwrap();
    let all = found(KeyQuery { search: "crane".into(), ..KeyQuery::default() });
    let planned = bulk::preview(&fixture.session, &all, &BulkAction::Disable).unwrap();
    assert_eq!((planned.chosen, planned.changing, planned.losing, planned.gaining), (4, 2, 2, 0));
    let mut names: Vec<_> = planned.first.iter().map(|key| key.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["crane 2", "crane 3"]);

    let (done, undo) = bulk::run(&fixture.session, &ada(), &all, &BulkAction::Disable).unwrap();
    assert_eq!((done.changed, done.unchanged, done.undoable), (2, 2, true));
    assert_eq!(shown(&fixture, &keys[3]).status, KeyStatus::Disabled);
    // Somebody was faster with one of them.
    key::revoke(&fixture.session, &ada(), &keys[2].id, None).unwrap();
    let undone = bulk::undo(&fixture.session, &ada(), &undo).unwrap();
    assert_eq!((undone.changed, undone.unchanged), (1, 1));
    assert_eq!(shown(&fixture, &keys[3]).status, KeyStatus::Active);
    assert_eq!(shown(&fixture, &keys[0]).status, KeyStatus::Disabled, "it was so before");
    let history = key::show(&fixture.session, &keys[3].id).unwrap().events;
    let kinds: Vec<_> = history.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::KeyEnabled, EventKind::KeyDisabled, EventKind::KeyGenerated]);
}

#[test]
fn revoking_takes_the_secrets_and_cannot_be_undone() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let kept = issue(&fixture, &draft(&harbour, "kept"), true);
    let other = issue(&fixture, &draft(&harbour, "other"), false);
    let action = BulkAction::Revoke { reason: Some("lost tablet".into()) };
    let (done, undo) = bulk::run(&fixture.session, &ada(), &these(&[&kept, &other, &kept]), &action).unwrap();
    assert_eq!((done.changed, done.undoable), (2, false));
    assert_eq!(bulk::undo(&fixture.session, &ada(), &undo).unwrap().changed, 0);
    let details = key::show(&fixture.session, &kept.id).unwrap();
    assert_eq!((details.key.status, details.key.kept), (KeyStatus::Revoked, false));
    assert_eq!(details.revoke_reason.as_deref(), Some("lost tablet"));
    let revoked = details.events.iter().find(|event| event.kind == EventKind::KeyRevoked).unwrap();
    assert_eq!(revoked.reason.as_deref(), Some("lost tablet"));
    assert_eq!(fixture.journal_len(), 0);
}

#[test]
fn extending_never_shortens_and_is_all_or_nothing() {
    let fixture = Fixture::new();
    let (harbour, fleet) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    let days = |tenant: &str, name: &str, days| KeyDraft { expires: Expiration::Days { days }, ..draft(tenant, name) };
    let short = issue(&fixture, &days(&harbour, "short", 10), false);
    let long = issue(&fixture, &days(&harbour, "long", 300), false);
    let endless = issue(&fixture, &draft(&harbour, "endless"), false);
    let strict = issue(&fixture, &days(&fleet, "strict", 10), false);
    fixture.policy(&fleet, Policy { max_lifetime_days: Some(30), ..Policy::default() });
    let action = BulkAction::Extend { expires: Expiration::Days { days: 90 } };
    let refused = bulk::run(&fixture.session, &ada(), &these(&[&short, &strict]), &action).unwrap_err();
    assert_eq!(refused.body().field.as_ref().unwrap().name, Field::Expires);
    assert_eq!(shown(&fixture, &short).expires_at, short.expires_at, "nothing was changed");

    let (done, undo) = bulk::run(&fixture.session, &ada(), &these(&[&short, &long, &endless]), &action).unwrap();
    assert_eq!((done.changed, done.unchanged), (1, 2));
    assert!(shown(&fixture, &short).expires_at > short.expires_at);
    bulk::undo(&fixture.session, &ada(), &undo).unwrap();
    assert_eq!(shown(&fixture, &short).expires_at, short.expires_at);
}

#[test]
fn extending_stops_where_the_template_does() {
    let fixture = Fixture::new();
    let rooms = fixture.tenant_from("docspace");
    let label = KeyDraft { api_sets: Vec::new(), expires: Expiration::Days { days: 7 }, ..draft(&rooms, "LangFlow") };
    let key = issue(&fixture, &label, false);
    let extend = |expires| bulk::run(&fixture.session, &ada(), &these(&[&key]), &BulkAction::Extend { expires });
    let refused = extend(Expiration::Days { days: 366 }).unwrap_err();
    let field = refused.body().field.clone().unwrap();
    assert_eq!((field.name, field.rule), (Field::Expires, Rule::BeyondCeiling { days: 365 }));
    assert_eq!(extend(Expiration::Days { days: 365 }).unwrap().0.changed, 1);
    assert_eq!(extend(Expiration::Never).unwrap().0.changed, 1, "without an end the template says nothing");
}

#[test]
fn tags_are_added_and_taken_away() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let tagged = |name: &str, tags: &[&str]| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        issue(&fixture, &KeyDraft { tags, ..draft(&harbour, name) }, false)
    };
    let (one, two) = (tagged("crane", &["north", "old"]), tagged("gate", &[]));
    let action = BulkAction::Tag { add: vec![" prod ".into()], remove: vec!["old".into()] };
    let (done, undo) = bulk::run(&fixture.session, &ada(), &these(&[&one, &two]), &action).unwrap();
    assert_eq!(done.changed, 2);
    assert_eq!(shown(&fixture, &one).tags, ["north", "prod"]);
    let again = bulk::run(&fixture.session, &ada(), &these(&[&one, &two]), &action).unwrap().0;
    assert_eq!((again.changed, again.undoable), (0, false));
    let search = KeyQuery { search: "prod".into(), ..KeyQuery::default() };
    assert_eq!(key::count(&fixture.session, &search).unwrap().total, 2);
    bulk::undo(&fixture.session, &ada(), &undo).unwrap();
    assert_eq!(shown(&fixture, &one).tags, ["north", "old"]);
    let wrong = BulkAction::Tag { add: vec!["a,b".into()], remove: Vec::new() };
    let refused = bulk::preview(&fixture.session, &these(&[&one]), &wrong).unwrap_err();
    assert_eq!(refused.body().field.as_ref().unwrap().name, Field::Tags);
}

#[test]
fn all_that_is_found_leaves_out_what_is_excepted() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let first = issue(&fixture, &draft(&harbour, "device 0"), false);
    for n in 1..30 {
        issue(&fixture, &draft(&harbour, &format!("device {n}")), false);
    }
    let query = KeyQuery { tenant: Some(harbour), statuses: vec![KeyStatus::Active], limit: 3, ..KeyQuery::default() };
    let selection = KeySelection::Found { query: query.clone(), except: vec![first.id.clone()] };
    let (done, _) = bulk::run(&fixture.session, &ada(), &selection, &BulkAction::Disable).unwrap();
    assert_eq!(done.changed, 29, "the page of the query does not count");
    assert_eq!(key::count(&fixture.session, &query).unwrap().total, 1);
}
