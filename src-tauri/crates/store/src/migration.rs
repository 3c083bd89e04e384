//! The schema, step by step. Steps are only ever added at the end.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::fault::Result;

/// Says that a SQLite file is a Latchkey profile: the letters `LKey`.
pub(crate) const APPLICATION_ID: i32 = 0x4C4B_6579;

/// Each step turns a database of version n into one of version n + 1.
const STEPS: &[&str] = &[
    concat!(
        include_str!("table/profile.sql"),
        include_str!("table/tenant.sql"),
        include_str!("table/api_set.sql"),
        include_str!("table/key.sql"),
        include_str!("table/event.sql"),
        include_str!("table/journal.sql"),
    ),
    include_str!("table/organization.sql"),
    concat!(include_str!("table/key_change.sql"), include_str!("table/search_word.sql")),
    include_str!("table/conventions.sql"),
    include_str!("table/batch.sql"),
    include_str!("table/offline.sql"),
    include_str!("table/remote.sql"),
    include_str!("table/freshness.sql"),
    include_str!("table/signing_key.sql"),
    include_str!("table/bundle.sql"),
    concat!(include_str!("table/former_signing_key.sql"), include_str!("table/delta_floor.sql")),
];

/// The version that this program writes.
pub(crate) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The version of an open database; 0 for one without a schema.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Runs the steps that a database lacks, inside the caller's transaction.
pub(crate) fn run(transaction: &Transaction<'_>) -> Result<()> {
    let from = usize::try_from(version(transaction)?).unwrap_or(0);
    for step in STEPS.iter().skip(from) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    Ok(())
}

/// Brings an older database up to date, all at once or not at all.
pub(crate) fn upgrade(connection: &mut Connection) -> Result<()> {
    if version(connection)? >= newest() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    run(&transaction)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests;
