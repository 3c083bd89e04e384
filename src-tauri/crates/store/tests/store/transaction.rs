use std::sync::mpsc;
use std::thread;

use latchkey_app::error::Error;
use latchkey_app::ports::Store;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::key::Key;
use latchkey_store::SqliteStore;
use rusqlite::Connection;

use crate::fixture::{Fixture, all, key, now, tenant};

#[test]
fn what_fails_is_taken_back_as_a_whole() {
    let (fixture, id) = Fixture::with_tenant();
    let failed = fixture.write(|w| {
        w.add_key(&key(id, "half"))?;
        assert_eq!(w.keys(&all(id), now())?.len(), 1, "a writer sees what it wrote");
        Err::<(), _>(Error::new(ErrorCode::NotNow, "no"))
    });
    assert_eq!(failed.unwrap_err().code(), ErrorCode::NotNow);
    assert!(fixture.names(&all(id)).is_empty());
    let panicked = thread::scope(|scope| {
        let panicking = || -> () {
            let _ = fixture.write::<()>(|w| {
                w.add_key(&key(id, "half"))?;
                std::panic::panic_any("stop")
            });
        };
        scope.spawn(panicking).join().is_err()
    });
    assert!(panicked);
    fixture.add(&key(id, "whole"));
    assert_eq!(fixture.names(&all(id)), ["whole"]);
}

#[test]
fn a_reader_keeps_its_state_and_does_not_wait() {
    let (fixture, id) = Fixture::with_tenant();
    fixture
        .port()
        .reading(|r| {
            assert_eq!(r.keys(&all(id), now())?.len(), 0);
            fixture.add(&key(id, "meanwhile"));
            assert_eq!(r.keys(&all(id), now())?.len(), 0, "one consistent state");
            // Readers inside readers have connections of their own.
            assert_eq!(fixture.names(&all(id)), ["meanwhile"]);
            Ok(())
        })
        .unwrap();
    fixture
        .write(|w| {
            w.add_key(&key(id, "unseen"))?;
            assert_eq!(fixture.names(&all(id)), ["meanwhile"], "a reader does not wait for a writer");
            Ok(())
        })
        .unwrap();
}

#[test]
fn two_stores_on_one_file_write_in_turn_and_notice_each_other() {
    let (fixture, id) = Fixture::with_tenant();
    let other = SqliteStore::open(&fixture.path()).unwrap();
    let before = (fixture.port().version().unwrap(), other.version().unwrap());
    assert_eq!(before, (fixture.port().version().unwrap(), other.version().unwrap()), "nothing changed");
    fixture.add(&key(id, "one"));
    let after = (fixture.port().version().unwrap(), other.version().unwrap());
    assert!(before.0 != after.0 && before.1 != after.1);

    thread::scope(|scope| {
        for store in [&fixture.store as &dyn Store, &other] {
            let keys: Vec<Key> = (0..50).map(|n| key(id, &n.to_string())).collect();
            scope.spawn(move || {
                for key in keys {
                    store.writing(|w| w.add_key(&key)).unwrap();
                }
            });
        }
    });
    assert_eq!(fixture.port().reading(|r| r.count_keys(&all(id), now())).unwrap(), 101);
    let sequence = fixture.port().reading(|r| r.tenant(id)).unwrap().unwrap().sequence;
    assert_eq!(sequence, 101, "every change counted once");
    fixture.store.check().unwrap();
}

#[test]
fn a_held_file_is_said_to_be_busy_and_readable_still() {
    let (fixture, id) = Fixture::with_tenant();
    let (held, wait) = mpsc::channel();
    let (let_go, end) = mpsc::channel::<()>();
    let path = fixture.path();
    let holder = thread::spawn(move || {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        held.send(()).unwrap();
        // Held for as long as somebody waits.
        end.recv().unwrap();
    });
    wait.recv().unwrap();
    assert!(fixture.names(&all(id)).is_empty());
    let busy = fixture.write(|w| w.add_tenant(&tenant("Late"))).unwrap_err();
    assert_eq!(busy.code(), ErrorCode::ProfileBusy);
    assert!(busy.body().hint.is_some());
    let_go.send(()).unwrap();
    holder.join().unwrap();
    fixture.write(|w| w.add_tenant(&tenant("Late"))).unwrap();
}
