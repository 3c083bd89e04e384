//! Which keys changed, one after the other, so that what was read of all keys before can be brought up to date.
//!
//! Whoever writes to `key` says so here. Triggers could not forget it, but with one SQLite keeps a journal for each
//! statement, and a batch of keys takes twice as long.

use rusqlite::Connection;

use crate::fault::Result;

/// So many changes are kept. From a few thousand on it is cheaper to read all keys anew.
pub(crate) const KEPT: i64 = 4_096;

/// Writes down that a key came, changed or went.
pub(crate) fn insert(connection: &Connection, key: i64) -> Result<()> {
    connection.prepare_cached("INSERT INTO key_change (key) VALUES (?1)")?.execute([key])?;
    if connection.last_insert_rowid() % KEPT == 0 {
        remove_old(connection)?;
    }
    Ok(())
}

/// The same for all keys of a tenant.
pub(crate) fn insert_all(connection: &Connection, tenant: i64) -> Result<()> {
    connection.execute("INSERT INTO key_change (key) SELECT row FROM key WHERE tenant = ?1", [tenant])?;
    remove_old(connection)
}

/// The number of the newest change.
pub(crate) fn newest(connection: &Connection) -> Result<i64> {
    Ok(connection.prepare_cached("SELECT ifnull(max(number), 0) FROM key_change")?.query_row([], |row| row.get(0))?)
}

/// The keys that changed after a change, in order; `None` when that is not known any more.
pub(crate) fn since(connection: &Connection, number: i64) -> Result<Option<Vec<i64>>> {
    let oldest: i64 =
        connection.prepare_cached("SELECT ifnull(min(number), 0) FROM key_change")?.query_row([], |row| row.get(0))?;
    if oldest > number + 1 {
        return Ok(None);
    }
    let mut changed =
        connection.prepare_cached("SELECT DISTINCT key FROM key_change WHERE number > ?1 ORDER BY key")?;
    Ok(Some(changed.query_map([number], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?))
}

/// The newest always stays: its number is the next one's beginning.
fn remove_old(connection: &Connection) -> Result<()> {
    connection.execute("DELETE FROM key_change WHERE number <= (SELECT max(number) FROM key_change) - ?1", [KEPT])?;
    Ok(())
}
