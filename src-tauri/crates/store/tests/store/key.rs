use std::fs;

use chrono::TimeDelta;
use latchkey_app::wire::{ErrorCode, Holding, Rule};
use rusqlite::Connection;

use crate::fixture::{Fixture, all, days, key, now, searching, tenant};

#[test]
fn a_key_is_read_back_as_written_and_every_change_raises_the_sequence() {
    let (fixture, id) = Fixture::with_tenant();
    let mut quay = key(id, "Quay gate");
    quay.api_sets = vec!["files:read".to_owned(), "billing".to_owned()];
    quay.expires_at = Some(days(30));
    fixture.add(&quay);
    let sequence = || fixture.port().reading(|r| r.tenant(id)).unwrap().unwrap().sequence;
    assert_eq!(fixture.port().reading(|r| r.key(quay.id)).unwrap(), Some(quay.clone()));
    assert_eq!(fixture.port().reading(|r| r.key_with_handle(&quay.handle)).unwrap(), Some(quay.clone()));
    assert_eq!(sequence(), 1);

    quay.name = "Pier gate".to_owned();
    quay.description = "on the west side".to_owned();
    quay.owner = "Grace".to_owned();
    quay.api_sets = vec!["billing".to_owned()];
    quay.expires_at = None;
    quay.disabled_at = Some(days(1));
    quay.revoked_at = Some(days(2));
    quay.revoke_reason = Some("leak".to_owned());
    quay.holding = Holding::Missing;
    quay.handed_over = true;
    fixture.write(|w| w.update_key(&quay)).unwrap();
    assert_eq!(fixture.port().reading(|r| r.key(quay.id)).unwrap(), Some(quay.clone()));
    assert_eq!(fixture.port().reading(|r| r.keys_with_holding()).unwrap(), [quay.clone()]);
    assert_eq!(sequence(), 2);
    assert!(fixture.names(&searching(Some(id), "quay")).is_empty(), "the old name is forgotten");
    assert_eq!(fixture.names(&searching(Some(id), "pier west grace")), ["Pier gate"]);

    fixture.write(|w| w.remove_key(quay.id)).unwrap();
    assert_eq!(sequence(), 3);
    assert_eq!(fixture.port().reading(|r| r.key(quay.id)).unwrap(), None);
    assert!(fixture.names(&searching(Some(id), "pier")).is_empty());
    fixture.store.check().unwrap();
}

#[test]
fn what_is_missing_is_said() {
    let (fixture, id) = Fixture::with_tenant();
    assert_eq!(fixture.write(|w| w.update_key(&key(id, "gone"))).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(fixture.write(|w| w.remove_key(key(id, "gone").id)).unwrap_err().code(), ErrorCode::NotFound);
    let homeless = key(tenant("Gone").id, "homeless");
    assert_eq!(fixture.write(|w| w.add_key(&homeless)).unwrap_err().code(), ErrorCode::NotFound);
    let mut unknown = key(id, "unknown");
    unknown.api_sets = vec!["nothing".to_owned()];
    let error = fixture.write(|w| w.add_key(&unknown)).unwrap_err();
    let rule = error.body().field.clone().map(|field| field.rule);
    assert_eq!(rule, Some(Rule::UnknownApiSet { id: "nothing".to_owned() }));
    let first = key(id, "first");
    fixture.add(&first);
    let same_handle = latchkey_domain::key::Key { handle: first.handle, ..key(id, "second") };
    assert_eq!(fixture.write(|w| w.add_key(&same_handle)).unwrap_err().code(), ErrorCode::Failed);
}

#[test]
fn this_very_name_is_that_very_name() {
    let (fixture, id) = Fixture::with_tenant();
    let other = tenant("Other");
    fixture.write(|w| w.add_tenant(&other)).unwrap();
    for (tenant, name) in [(id, "quay"), (id, "Quay"), (id, "quay"), (other.id, "quay")] {
        fixture.add(&key(tenant, name));
    }
    let named = |tenant, limit| fixture.port().reading(|r| r.keys_named(tenant, "quay", limit)).unwrap().len();
    assert_eq!((named(None, 9), named(Some(id), 9), named(Some(id), 1)), (3, 2, 1));
    assert_eq!(fixture.port().reading(|r| r.count_named(id, "quay")).unwrap(), 2);
    assert_eq!(fixture.port().reading(|r| r.count_named(id, "qua")).unwrap(), 0);
}

#[test]
fn the_default_order_is_that_of_generation_even_when_added_later() {
    let (fixture, id) = Fixture::with_tenant();
    for (name, seconds) in [("third", 5), ("first", -5), ("second", 0), ("second too", 0)] {
        let mut key = key(id, name);
        key.created_at = now() + TimeDelta::seconds(seconds);
        fixture.add(&key);
    }
    assert_eq!(fixture.names(&all(id)), ["first", "second", "second too", "third"]);
}

#[test]
fn a_deleted_name_leaves_no_trace_in_the_file() {
    let (fixture, id) = Fixture::with_tenant();
    let mut secretive = key(id, "Zanzibarquay");
    secretive.description = "Quetzalcoatlish".to_owned();
    for n in 0..300 {
        fixture.add(&key(id, &format!("zebra {n}")));
    }
    fixture.add(&secretive);
    let traces = || {
        Connection::open(fixture.path()).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let mut traces = 0;
        for entry in fs::read_dir(fixture.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "db-shm") {
                continue;
            }
            let bytes = fs::read(path).unwrap();
            // Words are stored in lower case and without the letters they share with the word before.
            for trace in ["anzibar", "uetzalc"] {
                traces += bytes.windows(trace.len()).filter(|at| at.eq_ignore_ascii_case(trace.as_bytes())).count();
            }
        }
        traces
    };
    assert!(traces() >= 4, "the table, the index, the document and the words");
    let mut renamed = secretive.clone();
    renamed.name = "plain".to_owned();
    renamed.description = String::new();
    fixture.write(|w| w.update_key(&renamed)).unwrap();
    assert_eq!(traces(), 0, "after a new name");
    fixture.write(|w| w.update_key(&secretive)).unwrap();
    assert!(traces() > 0);
    fixture.write(|w| w.remove_key(secretive.id)).unwrap();
    assert_eq!(traces(), 0, "after deletion");
    fixture.store.check().unwrap();
}
