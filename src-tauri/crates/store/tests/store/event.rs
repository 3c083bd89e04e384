use latchkey_app::ports::{EventFilter, NewEvent};
use latchkey_app::wire::{Actor, EventKind};
use latchkey_domain::id::{KeyId, TenantId};
use rusqlite::Connection;

use crate::fixture::{Fixture, days, now, with_rng};

fn event(kind: EventKind) -> NewEvent {
    NewEvent {
        at: now(),
        actor: Actor { operator: "ada".to_owned(), origin: "window".to_owned() },
        kind,
        tenant: None,
        key: None,
        subject: None,
        detail: None,
        reason: None,
    }
}

fn limit(limit: u32) -> EventFilter {
    EventFilter { limit, ..EventFilter::default() }
}

#[test]
fn events_are_numbered_without_gaps_and_come_newest_first() {
    let fixture = Fixture::new();
    let full = NewEvent {
        tenant: Some((with_rng(TenantId::random), "Harbour".to_owned())),
        key: Some((with_rng(KeyId::random), "8fK2pQ7z".to_owned())),
        subject: Some("quay".to_owned()),
        detail: Some("name".to_owned()),
        reason: Some("leak".to_owned()),
        ..event(EventKind::KeyRevoked)
    };
    fixture.write(|w| w.add_event(&event(EventKind::ProfileCreated))).unwrap();
    let _ = fixture.write(|w| {
        w.add_event(&event(EventKind::TenantAdded))?;
        w.remove_tenant(with_rng(TenantId::random))
    });
    fixture.write(|w| w.add_event(&full)).unwrap();
    let events = fixture.port().reading(|r| r.events(&limit(10))).unwrap();
    assert_eq!(events.iter().map(|e| e.sequence).collect::<Vec<_>>(), [2, 1], "what was taken back left no gap");
    assert_eq!(events[0].event, full);
}

#[test]
fn a_key_a_number_and_a_moment_narrow_the_log() {
    let fixture = Fixture::new();
    let id = with_rng(KeyId::random);
    for day in 0..6 {
        let key = (day % 2 == 0).then(|| (id, "8fK2pQ7z".to_owned()));
        fixture
            .write(|w| w.add_event(&NewEvent { at: days(day), key: key.clone(), ..event(EventKind::KeyEdited) }))
            .unwrap();
    }
    let numbers = |filter: &EventFilter| -> Vec<u64> {
        fixture.port().reading(|r| r.events(filter)).unwrap().iter().map(|e| e.sequence).collect()
    };
    assert_eq!(numbers(&EventFilter { key: Some(id), ..limit(2) }), [5, 3]);
    assert_eq!(numbers(&EventFilter { before: Some(4), ..limit(2) }), [3, 2]);
    assert_eq!(numbers(&EventFilter { since: Some(days(4)), ..limit(9) }), [6, 5]);
    let later = days(4) + chrono::TimeDelta::milliseconds(1);
    assert_eq!(numbers(&EventFilter { since: Some(later), ..limit(9) }), [6]);
}

#[test]
fn nobody_changes_removes_or_skips_a_line() {
    let fixture = Fixture::new();
    fixture.write(|w| w.add_event(&event(EventKind::ProfileCreated))).unwrap();
    let direct = Connection::open(fixture.path()).unwrap();
    let line = "(sequence, at, operator, origin, kind) VALUES";
    for refused in [
        "UPDATE event SET operator = 'eve'".to_owned(),
        "DELETE FROM event".to_owned(),
        format!("INSERT OR REPLACE INTO event {line} (1, 0, 'eve', 'window', 'key_edited')"),
        format!("INSERT INTO event {line} (7, 0, 'eve', 'window', 'key_edited')"),
    ] {
        assert!(direct.execute_batch(&refused).is_err(), "{refused}");
    }
    assert_eq!(fixture.port().reading(|r| r.events(&limit(10))).unwrap().len(), 1);
}
