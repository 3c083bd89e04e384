//! What an open window is told of, with a clock that is moved.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::reminder::{self, Watch};
use latchkey_app::wire::{Expiration, KeyDraft, KeyQuery, KeyStatus, Policy};

fn issue(fixture: &Fixture, draft: &KeyDraft) {
    key::new(&fixture.session, &ada(), draft, &HandOver::default()).unwrap();
}

fn count(fixture: &Fixture, statuses: Vec<KeyStatus>) -> u32 {
    key::count(&fixture.session, &KeyQuery { statuses, ..KeyQuery::default() }).unwrap().total
}

#[test]
fn each_moment_is_told_once_when_it_comes() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    fixture.policy(&harbour, Policy { rotate_after_days: Some(30), ..Policy::default() });
    // It expires soon from its 76th day on.
    issue(&fixture, &KeyDraft { expires: Expiration::Days { days: 90 }, ..draft(&harbour, "crane") });
    let mut watch = Watch::new(Some(&fixture.session));
    let mut told = || watch.look(&fixture.session, false).unwrap();
    assert!(!told(), "nothing has happened yet");

    let at = |text: &str| fixture.clock.set(text.parse().unwrap());
    for (before, moment) in [
        ("2026-12-21T09:59:59Z", "2026-12-21T10:00:00Z"),
        ("2027-02-05T09:59:59Z", "2027-02-05T10:00:00Z"),
        ("2027-02-19T09:59:59Z", "2027-02-19T10:00:00Z"),
    ] {
        let next = reminder::next(&fixture.session).unwrap().unwrap();
        assert_eq!(next, moment.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
        at(before);
        // Not for the key, but because so much time has passed.
        assert!(told());
        assert!(!told());
        at(moment);
        assert!(told(), "{moment}");
        assert!(!told(), "it was told");
    }
    assert_eq!(count(&fixture, vec![KeyStatus::Expired]), 1);
    assert_eq!(reminder::next(&fixture.session).unwrap(), None);
}

#[test]
fn a_change_makes_the_next_moment_another() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let mut watch = Watch::new(Some(&fixture.session));
    assert!(!watch.look(&fixture.session, false).unwrap());
    issue(&fixture, &KeyDraft { expires: Expiration::Days { days: 1 }, ..draft(&harbour, "crane") });
    assert!(watch.look(&fixture.session, false).unwrap(), "somebody changed the profile");
    assert_eq!(reminder::next(&fixture.session).unwrap(), Some("2026-11-22T10:00:00Z".parse().unwrap()));
    fixture.clock.set("2026-11-22T10:00:00Z".parse().unwrap());
    assert!(watch.look(&fixture.session, false).unwrap());
}

#[test]
fn what_was_shown_long_ago_is_looked_at_again() {
    let fixture = Fixture::new();
    fixture.tenant("Harbour");
    let mut watch = Watch::new(Some(&fixture.session));
    let mut told = |returned| watch.look(&fixture.session, returned).unwrap();
    assert!(!told(false));
    assert!(!told(true), "who comes back at once sees the same");
    fixture.clock.set("2026-11-21T10:01:00Z".parse().unwrap());
    assert!(!told(false));
    assert!(told(true), "who comes back after a minute sees what is so now");
    fixture.clock.set("2026-11-21T11:01:00Z".parse().unwrap());
    assert!(told(false), "an hour has passed");
    fixture.clock.set("2026-11-20T11:00:00Z".parse().unwrap());
    assert!(told(false), "the clock was set back");
    assert!(!told(false));
}

#[test]
fn the_first_look_at_a_profile_that_could_not_be_asked_before_is_news() {
    let fixture = Fixture::new();
    fixture.tenant("Harbour");
    let mut watch = Watch::new(None);
    assert!(watch.look(&fixture.session, false).unwrap());
    assert!(!watch.look(&fixture.session, false).unwrap());
}
