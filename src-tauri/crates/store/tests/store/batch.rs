//! Batches: what is drawn is not listed, and what is listed at once is as if it were added one by one.

use latchkey_app::ports::{Batch, BatchRow, BatchStep, DrawnKey, EventFilter, FileDelivery, NewEvent};
use latchkey_app::wire::{Actor, BatchDelivery, ErrorCode, EventKind};
use latchkey_domain::id::{BatchId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::KeyFormat;

use crate::fixture::{Fixture, all, days, key, now, searching, with_rng};

fn actor() -> Actor {
    Actor { operator: "ada".to_owned(), origin: "window".to_owned() }
}

fn batch(tenant: TenantId) -> Batch {
    Batch {
        id: with_rng(BatchId::random),
        tenant,
        pattern: None,
        total: 3,
        drawn: 0,
        listed: 0,
        length: 0,
        step: BatchStep::Drawing,
        file: FileDelivery { part: "/tmp/.latchkey.part".into(), target: "/tmp/keys.csv".into() },
        delivery: BatchDelivery::Folder,
        recipients: vec!["age1a".to_owned(), "age1b".to_owned()],
        format: KeyFormat::Latchkey,
        description: "Kiosk".to_owned(),
        owner: "ada".to_owned(),
        api_sets: vec!["billing".to_owned()],
        organization: None,
        groups: Vec::new(),
        tags: vec!["kiosks".to_owned()],
        expires_at: Some(days(30)),
        actor: actor(),
        instance: "one".to_owned(),
        begun_at: now(),
    }
}

fn row(name: &str) -> BatchRow {
    BatchRow { name: name.to_owned(), description: None, owner: Some("grace".to_owned()), recipient: None }
}

fn drawn(key: &Key) -> DrawnKey {
    DrawnKey {
        id: key.id,
        handle: key.handle.clone(),
        display: key.display.clone(),
        digest: key.digest,
        name: key.name.clone(),
        description: key.description.clone(),
        owner: key.owner.clone(),
        created_at: key.created_at,
        file: Some("gate.APIKEY".to_owned()),
    }
}

#[test]
fn a_batch_is_read_as_it_was_written() {
    let (fixture, tenant) = Fixture::with_tenant();
    let mut batch = batch(tenant);
    let rows = ["Gate", "Pier", "Quay"].map(row);
    fixture
        .write(|w| {
            w.put_batch(&batch)?;
            w.add_batch_rows(batch.id, 0, &rows)
        })
        .unwrap();
    (batch.drawn, batch.length, batch.step) = (2, 1_234, BatchStep::Withdrawing);
    "two".clone_into(&mut batch.instance);
    fixture.write(|w| w.put_batch(&batch)).unwrap();
    let (all, one, rest) =
        fixture.port().reading(|r| Ok((r.batches()?, r.batch(batch.id)?, r.batch_rows(batch.id, 1, 10)?))).unwrap();
    assert_eq!((all, one), (vec![batch.clone()], Some(batch.clone())));
    assert_eq!(rest, rows[1..]);
    fixture.write(|w| w.remove_batch(batch.id)).unwrap();
    assert_eq!(fixture.port().reading(|r| r.batches()).unwrap(), []);
    assert_eq!(fixture.port().reading(|r| r.batch_rows(batch.id, 0, 10)).unwrap(), []);
}

#[test]
fn a_drawn_key_is_in_no_list_and_its_handle_is_taken() {
    let (fixture, tenant) = Fixture::with_tenant();
    let batch = batch(tenant);
    let key = key(tenant, "gate");
    let drawn = drawn(&key);
    fixture
        .write(|w| {
            w.put_batch(&batch)?;
            w.add_drawn_keys(batch.id, 0, std::slice::from_ref(&drawn))
        })
        .unwrap();
    assert_eq!(fixture.names(&all(tenant)), [""; 0]);
    fixture
        .port()
        .reading(|r| {
            assert_eq!(r.key(key.id)?, None);
            assert_eq!(r.key_with_handle(&key.handle)?, None);
            assert_eq!(r.keys_with_digest(&key.digest)?, []);
            assert!(r.handle_is_taken(&key.handle)?);
            assert_eq!(r.drawn_keys(batch.id, 0, 10)?, std::slice::from_ref(&drawn));
            assert_eq!(r.drawn_keys(batch.id, 1, 10)?, []);
            Ok(())
        })
        .unwrap();
    fixture.write(|w| w.forget_drawn_keys(batch.id)).unwrap();
    assert!(!fixture.port().reading(|r| r.handle_is_taken(&key.handle)).unwrap());
}

#[test]
fn keys_added_at_once_are_listed_found_and_counted() {
    let (fixture, tenant) = Fixture::with_tenant();
    fixture.add(&key(tenant, "before"));
    let id = with_rng(BatchId::random);
    let keys: Vec<Key> = (0..300)
        .map(|n| Key { api_sets: vec!["billing".to_owned()], ..key(tenant, &format!("kiosk {n:03}")) })
        .collect();
    fixture.write(|w| w.add_keys(Some(id), &keys)).unwrap();
    fixture.add(&key(tenant, "after"));
    let names = fixture.names(&latchkey_app::ports::KeyFilter { limit: 500, ..all(tenant) });
    let expected: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
    assert_eq!(names[0], "before");
    assert_eq!(names[1..301], expected);
    assert_eq!(names[301], "after");
    assert_eq!(fixture.names(&searching(Some(tenant), "kiosk 299")), ["kiosk 299"]);
    let read = fixture.port().reading(|r| r.key(keys[7].id)).unwrap();
    assert_eq!(read.as_ref(), Some(&keys[7]));
    assert_eq!(fixture.port().reading(|r| r.tenant(tenant)).unwrap().unwrap().sequence, 302);

    assert_eq!(fixture.write(|w| w.remove_batch_keys(id, 200)).unwrap(), 200);
    assert_eq!(fixture.write(|w| w.remove_batch_keys(id, 200)).unwrap(), 100);
    assert_eq!(fixture.names(&all(tenant)), ["before", "after"]);
    fixture.store.check().unwrap();
}

#[test]
fn keys_added_at_once_come_all_or_not_at_all() {
    let (fixture, tenant) = Fixture::with_tenant();
    let twice = key(tenant, "gate");
    let failed = fixture.write(|w| w.add_keys(None, &[key(tenant, "pier"), twice.clone(), twice.clone()]));
    assert_eq!(failed.unwrap_err().code(), ErrorCode::Failed);
    assert_eq!(fixture.names(&all(tenant)), [""; 0]);
}

#[test]
fn what_happened_to_a_batch_is_in_the_history_of_each_key() {
    let (fixture, tenant) = Fixture::with_tenant();
    let id = with_rng(BatchId::random);
    let (mine, other) = (key(tenant, "gate"), key(tenant, "pier"));
    fixture.add(&other);
    let event = |kind| NewEvent {
        at: now(),
        actor: actor(),
        kind,
        tenant: Some((tenant, "Harbour".to_owned())),
        key: None,
        subject: None,
        detail: None,
        reason: None,
    };
    let about = NewEvent { key: Some((mine.id, mine.handle.clone())), ..event(EventKind::KeyEdited) };
    fixture
        .write(|w| {
            w.add_batch_event(id, &event(EventKind::BatchGenerated))?;
            w.add_keys(Some(id), std::slice::from_ref(&mine))?;
            w.add_event(&event(EventKind::TenantEdited))?;
            w.add_event(&about)
        })
        .unwrap();
    let history = |key: &Key| {
        let filter = EventFilter { key: Some(key.id), limit: 10, ..EventFilter::default() };
        let events = fixture.port().reading(|r| r.events(&filter)).unwrap();
        events.into_iter().map(|event| event.event.kind).collect::<Vec<_>>()
    };
    assert_eq!(history(&mine), [EventKind::KeyEdited, EventKind::BatchGenerated]);
    assert_eq!(history(&other), []);
}
