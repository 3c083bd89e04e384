//! The file of a profile: making, opening, checking, and its transactions.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::{Profile, Reader, Store, Writer};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::columns::Cache;
use crate::fault::{self, Fault, damaged, exists, missing, newer, read_only};
use crate::handle::Handle;
use crate::table::profile;
use crate::{migration, place};

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(3);
/// Readers that stay open for the next to come.
const SPARE_READERS: usize = 4;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 128;
/// Memory for pages of the file, in KiB, of each connection. The system has the whole file in its own cache: with eight times as
/// much, answers over 100 000 keys came no sooner, and whoever reads all keys once never gave it back.
const CACHE_KIB: i64 = 2 * 1024;
/// The same for a batch of keys, whose places in the indexes are all over the file. It is given back.
const BATCH_CACHE_KIB: i64 = 96 * 1024;
/// More changed rows in a transaction are a batch.
const BATCH: u64 = 10_000;
/// The fewest bytes that a SQLite file with anything in it has.
const SMALLEST_PAGE: u64 = 512;

/// The database of a profile in a SQLite file.
///
/// Do not begin a write inside a write: it waits for itself.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    /// Connections for readers, each with a snapshot of its own while it reads.
    readers: Mutex<Vec<Connection>>,
    /// What all readers know of the keys.
    cache: Cache,
    /// Never writes, so that it notices everybody's changes.
    watcher: Mutex<Connection>,
    /// Last, so that it closes last and folds the write-ahead log into the file.
    writer: Mutex<Connection>,
}

/// What stands at a path.
enum Found {
    Nothing,
    Profile,
}

impl SqliteStore {
    /// Makes a profile's database at `path` and its folder, closed to everybody but their owner.
    ///
    /// It is there as a whole or not at all: what a killed attempt leaves is no profile, and the next attempt succeeds.
    /// Fails with `profile_exists`, `profile_damaged` or `profile_newer` when something else stands there, `disk_full`,
    /// `read_only` or `profile_busy`.
    pub fn create(path: &Path, profile: &Profile, now: DateTime<Utc>) -> Result<Self> {
        place::prepare_folder(path)?;
        place::prepare_file(path)?;
        place::tighten(path);
        make(path, profile, now)?;
        Self::open(path)
    }

    /// Opens a profile's database, and brings one of an earlier version up to date.
    ///
    /// Looks at the header, the schema and the profile only; [`SqliteStore::check`] reads everything. Fails with
    /// `profile_missing`, `profile_newer`, `profile_damaged`, `profile_busy`, `disk_full` or `read_only`.
    pub fn open(path: &Path) -> Result<Self> {
        match fs::metadata(path) {
            Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(missing());
            }
            Err(_) => return Err(read_only()),
            Ok(_) => place::tighten(path),
        }
        Ok(opened(path)?)
    }

    /// Reads the whole file: its structure, its references, its search index. Takes seconds in a large profile.
    ///
    /// Fails with `profile_damaged`, or as a read does.
    pub fn check(&self) -> Result<()> {
        let writer = locked(&self.writer);
        Ok(whole(&writer)?)
    }

    fn reader(&self) -> fault::Result<Connection> {
        match locked(&self.readers).pop() {
            Some(reader) => Ok(reader),
            None => reader(&self.path),
        }
    }
}

impl Store for SqliteStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Reader) -> Result<()>) -> Result<()> {
        let mut connection = self.reader()?;
        let done = snapshot(&mut connection, &self.cache, work);
        let mut spare = locked(&self.readers);
        if spare.len() < SPARE_READERS {
            spare.push(connection);
        }
        done
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Writer) -> Result<()>) -> Result<()> {
        let mut connection = locked(&self.writer);
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        // Dropped on any way out but the last, it takes everything back.
        let transaction = begun.map_err(Fault::from)?;
        let before = transaction.total_changes();
        work(&mut Handle::writer(&transaction))?;
        let changes = transaction.total_changes() - before;
        transaction.commit().map_err(Fault::from)?;
        if changes > BATCH {
            connection.release_memory().map_err(Fault::from)?;
        }
        Ok(())
    }

    fn version(&self) -> Result<u64> {
        let version: i64 = locked(&self.watcher)
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(Fault::from)?;
        Ok(version.unsigned_abs())
    }
}

fn snapshot(connection: &mut Connection, cache: &Cache, work: &mut dyn FnMut(&dyn Reader) -> Result<()>) -> Result<()> {
    let transaction = connection.transaction().map_err(Fault::from)?;
    work(&Handle::reader(&transaction, cache))
}

/// A panic while the lock was held took its transaction back, so the connection is fit for use.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make(path: &Path, profile: &Profile, now: DateTime<Utc>) -> fault::Result<()> {
    let mut connection = connect(path)?;
    if let Found::Profile = found(path, &connection)? {
        return Err(exists().into());
    }
    use_write_ahead_log(&connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Somebody else may have been faster.
    if let Found::Profile = found(path, &transaction)? {
        return Err(exists().into());
    }
    migration::run(&transaction)?;
    profile::insert(&transaction, profile, now)?;
    Ok(transaction.commit()?)
}

fn opened(path: &Path) -> fault::Result<SqliteStore> {
    if place::is_cut(path) {
        return Err(damaged().into());
    }
    let mut writer = connect(path)?;
    if let Found::Nothing = found(path, &writer)? {
        return Err(missing().into());
    }
    if writer.is_readonly("main")? {
        return Err(read_only().into());
    }
    use_write_ahead_log(&writer)?;
    writer.pragma_update(None, "cache_size", -BATCH_CACHE_KIB)?;
    migration::upgrade(&mut writer)?;
    profile::get(&writer)?;
    Ok(SqliteStore {
        path: path.to_path_buf(),
        readers: Mutex::new(vec![reader(path)?]),
        cache: Cache::default(),
        watcher: Mutex::new(reader(path)?),
        writer: Mutex::new(writer),
    })
}

/// Reads the header and the schema. SQLite itself compares the size in the header with the file's, but takes a file of
/// less than a page for an empty one.
fn found(path: &Path, connection: &Connection) -> fault::Result<Found> {
    let pragma = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let tables = pragma("SELECT count(*) FROM sqlite_schema")?;
    let application = pragma("PRAGMA application_id")?;
    if tables == 0 && application == 0 {
        let cut = fs::metadata(path).is_ok_and(|file| (1..SMALLEST_PAGE).contains(&file.len()));
        return if cut { Err(damaged().into()) } else { Ok(Found::Nothing) };
    }
    if application != i64::from(migration::APPLICATION_ID) {
        return Err(damaged().into());
    }
    match migration::version(connection)? {
        version if version > migration::newest() => Err(newer().into()),
        1.. => Ok(Found::Profile),
        _ => Err(damaged().into()),
    }
}

fn whole(connection: &Connection) -> fault::Result<()> {
    let answer: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if answer != "ok" || connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(damaged().into());
    }
    connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)", [])?;
    Ok(())
}

fn connect(path: &Path) -> fault::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch(&format!(
        "PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA synchronous = FULL;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -{CACHE_KIB};"
    ))?;
    Ok(connection)
}

/// The log is cut when it was folded into the file, so that what was deleted does not stay in it.
fn use_write_ahead_log(connection: &Connection) -> fault::Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(read_only().into());
    }
    Ok(connection.execute_batch("PRAGMA journal_size_limit = 0")?)
}

fn reader(path: &Path) -> fault::Result<Connection> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    Ok(connection)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::DateTime;
    use latchkey_app::ports::{NewEvent, Profile, Store};
    use latchkey_app::wire::{Actor, ErrorCode, EventKind, Settings, VaultKind};
    use latchkey_domain::id::ProfileId;

    use super::{SqliteStore, locked};

    /// What every connection, the readers' too, has to have for a commit to outlive a power cut and for a deleted secret's
    /// traces to be gone.
    #[test]
    fn every_connection_is_durable_and_strict() {
        let folder = tempfile::tempdir().unwrap();
        let id = ProfileId::from_bytes([7; 16]);
        let profile = Profile { id, vault: VaultKind::Keychain, settings: Settings::default() };
        let store = SqliteStore::create(&folder.path().join("profile.db"), &profile, DateTime::UNIX_EPOCH).unwrap();
        let mut readers = locked(&store.readers);
        readers.push(super::reader(&store.path).unwrap());
        let (writer, watcher) = (locked(&store.writer), locked(&store.watcher));
        for (connection, writes) in
            [(&*writer, true), (&*watcher, false)].into_iter().chain(readers.iter().map(|reader| (reader, false)))
        {
            let pragma =
                |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).unwrap();
            let set =
                ["synchronous", "foreign_keys", "secure_delete", "cell_size_check", "trusted_schema", "temp_store"];
            // 2 is FULL, and of `temp_store` memory.
            assert_eq!(set.map(pragma), [2, 1, 1, 1, 0, 2]);
            assert_eq!(pragma("query_only"), i64::from(!writes));
            let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
            assert_eq!(journal, "wal");
            assert!(connection.db_config(super::DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
        }
    }

    /// SQLite's own limit stands in for the disk's: the failure is the same.
    #[test]
    fn a_full_disk_is_said_and_nothing_is_half_written() {
        let folder = tempfile::tempdir().unwrap();
        let id = ProfileId::from_bytes([7; 16]);
        let profile = Profile { id, vault: VaultKind::Keychain, settings: Settings::default() };
        let now = DateTime::UNIX_EPOCH;
        let store = SqliteStore::create(&folder.path().join("profile.db"), &profile, now).unwrap();
        let limit = |pages: i64| locked(&store.writer).pragma_update(None, "max_page_count", pages).unwrap();
        limit(1);
        let event = NewEvent {
            at: now,
            actor: Actor { operator: "ada".repeat(4_000), origin: "window".to_owned() },
            kind: EventKind::ProfileCreated,
            tenant: None,
            key: None,
            subject: None,
            detail: None,
            reason: None,
        };
        let port: &dyn Store = &store;
        let full = port.writing(|w| (0..10).try_for_each(|_| w.add_event(&event))).unwrap_err();
        assert_eq!(full.code(), ErrorCode::DiskFull);
        assert!(full.body().hint.is_some());
        limit(1_000_000);
        port.writing(|w| w.add_event(&event)).unwrap();
        let filter = latchkey_app::ports::EventFilter { limit: 100, ..Default::default() };
        assert_eq!(port.reading(|r| r.events(&filter)).unwrap().len(), 1);
        store.check().unwrap();
    }
}
