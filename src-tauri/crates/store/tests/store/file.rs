use std::fs;
use std::path::Path;

use latchkey_app::ports::Store;
use latchkey_app::wire::ErrorCode;
use latchkey_store::SqliteStore;
use rusqlite::Connection;

use crate::fixture::{Fixture, all, key, now, profile};

fn code_of_opening(path: &Path) -> ErrorCode {
    let error = SqliteStore::open(path).unwrap_err();
    let body = error.body();
    assert!(body.hint.is_some(), "{body:?}");
    for secret in ["SELECT", "PRAGMA", "sqlite", path.to_str().unwrap()] {
        assert!(!body.message.contains(secret), "{body:?}");
    }
    error.code()
}

#[test]
fn there_is_a_profile_or_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/profile.db");
    assert_eq!(code_of_opening(&path), ErrorCode::ProfileMissing);
    drop(SqliteStore::create(&path, &profile(), now()).unwrap());
    assert_eq!(SqliteStore::create(&path, &profile(), now()).unwrap_err().code(), ErrorCode::ProfileExists);
    drop(SqliteStore::open(&path).unwrap());
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["profile.db"], "the log is folded in when the store closes");
}

#[test]
fn what_a_killed_creation_leaves_is_no_profile() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.db");
    fs::write(&empty, b"").unwrap();
    let no_tables = folder.path().join("no-tables.db");
    let made: String =
        Connection::open(&no_tables).unwrap().query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0)).unwrap();
    assert_eq!(made, "wal");
    let rolled_back = folder.path().join("rolled-back.db");
    {
        let connection = Connection::open(&rolled_back).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; BEGIN; CREATE TABLE profile (one); PRAGMA application_id = 1;")
            .unwrap();
    }
    for path in [&empty, &no_tables, &rolled_back] {
        assert_eq!(code_of_opening(path), ErrorCode::ProfileMissing, "{path:?}");
        SqliteStore::create(path, &profile(), now()).unwrap();
    }
}

#[test]
fn two_creations_at_once_make_one_profile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.db");
    let made = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| SqliteStore::create(&path, &profile(), now()))).collect();
        tries
            .into_iter()
            .map(|one| one.join().unwrap())
            .filter(|made| match made {
                Ok(_) => true,
                Err(error) => {
                    // SQLite does not wait for whoever is just changing the way in which the file is written.
                    assert!(matches!(error.code(), ErrorCode::ProfileExists | ErrorCode::ProfileBusy), "{error}");
                    false
                }
            })
            .count()
    });
    assert_eq!(made, 1);
}

#[test]
fn a_newer_or_foreign_database_is_refused_and_left_alone() {
    let fixture = Fixture::new();
    Connection::open(fixture.path()).unwrap().execute_batch("PRAGMA user_version = 9999").unwrap();
    assert_eq!(code_of_opening(&fixture.path()), ErrorCode::ProfileNewer);
    assert_eq!(SqliteStore::create(&fixture.path(), &profile(), now()).unwrap_err().code(), ErrorCode::ProfileNewer);

    let foreign = fixture.folder.path().join("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE cookies (a)").unwrap();
    let before = fs::read(&foreign).unwrap();
    assert_eq!(code_of_opening(&foreign), ErrorCode::ProfileDamaged);
    assert_eq!(SqliteStore::create(&foreign, &profile(), now()).unwrap_err().code(), ErrorCode::ProfileDamaged);
    assert_eq!(fs::read(&foreign).unwrap(), before);
}

#[test]
fn garbage_and_cut_files_are_damaged() {
    let (fixture, id) = Fixture::with_tenant();
    for n in 0..200 {
        fixture.add(&key(id, &format!("key {n}")));
    }
    let path = fixture.path();
    let Fixture { folder, store } = fixture;
    drop(store);
    let whole = fs::read(&path).unwrap();
    let other = folder.path().join("other.db");
    for length in [1, 50, 100, 600, 4_096, 8_192, whole.len() / 2, whole.len() - 4_096, whole.len() - 1] {
        fs::write(&other, &whole[..length]).unwrap();
        assert_eq!(code_of_opening(&other), ErrorCode::ProfileDamaged, "cut to {length}");
    }
    fs::write(&other, vec![0x5A; 10_000]).unwrap();
    assert_eq!(code_of_opening(&other), ErrorCode::ProfileDamaged);
    let mut zeroed = whole.clone();
    zeroed[100..4_096].fill(0);
    fs::write(&other, &zeroed).unwrap();
    assert_eq!(code_of_opening(&other), ErrorCode::ProfileDamaged);
}

#[test]
fn damage_inside_is_found_by_the_full_check() {
    let (fixture, id) = Fixture::with_tenant();
    for n in 0..500 {
        fixture.add(&key(id, &format!("key {n}")));
    }
    fixture.store.check().unwrap();
    let path = fixture.path();
    let Fixture { folder: _folder, store } = fixture;
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 4_096].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let checked = SqliteStore::open(&path).and_then(|store| store.check());
    assert_eq!(checked.unwrap_err().code(), ErrorCode::ProfileDamaged);
}

#[test]
fn what_cannot_be_opened_is_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.db");
    fs::create_dir(&path).unwrap();
    assert_eq!(code_of_opening(&path), ErrorCode::ReadOnly);
    assert_eq!(SqliteStore::create(&path, &profile(), now()).unwrap_err().code(), ErrorCode::ReadOnly);
    let file = folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    let below = SqliteStore::create(&file.join("profile.db"), &profile(), now()).unwrap_err();
    assert!(matches!(below.code(), ErrorCode::Failed | ErrorCode::FileExists), "{below:?}");
}

#[test]
fn a_file_held_exclusively_is_busy() {
    let fixture = Fixture::new();
    let path = fixture.path();
    let Fixture { folder: _folder, store } = fixture;
    drop(store);
    let holder = Connection::open(&path).unwrap();
    holder
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE profile SET created_at = 1")
        .unwrap();
    assert_eq!(code_of_opening(&path), ErrorCode::ProfileBusy);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("profile");
    let path = folder.join("profile.db");
    let store = SqliteStore::create(&path, &profile(), now()).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["profile.db", "profile.db-wal", "profile.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    for name in ["profile.db", "profile.db-wal", "profile.db-shm"] {
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let second = SqliteStore::open(&path).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["profile.db", "profile.db-wal", "profile.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    drop((store, second));
}

#[test]
fn a_profile_is_whole_after_its_process_was_cut_off() {
    let (fixture, id) = Fixture::with_tenant();
    fixture.add(&key(id, "kept"));
    // Copies of the files as they are: what a power cut leaves.
    let copy = tempfile::tempdir().unwrap();
    for name in ["profile.db", "profile.db-wal"] {
        fs::copy(fixture.folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let store = SqliteStore::open(&copy.path().join("profile.db")).unwrap();
    store.check().unwrap();
    let store: &dyn Store = &store;
    assert_eq!(store.reading(|r| r.count_keys(&all(id), now())).unwrap(), 1);
}
