//! The keys of a tenant of which time alone says something new next.

use chrono::{DateTime, Utc};
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;
use rusqlite::{Connection, OptionalExtension as _, ToSql, params};

use super::key::{NEVER, first_row, with_rows};
use super::tenant;
use crate::fault::Result;

const DAY: i64 = 86_400;

/// The first to end, the first to enter the warning window and the first to grow due for rotation: each is the beginning
/// of what an index has after `now`.
pub(crate) fn next(connection: &Connection, of: &Tenant, now: DateTime<Utc>) -> Result<Vec<Key>> {
    let Some(tenant) = tenant::row(connection, of.id)? else { return Ok(Vec::new()) };
    let now = now.timestamp();
    let first = |sql: &str, values: &[&dyn ToSql]| -> Result<Option<i64>> {
        Ok(connection.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?)
    };
    let warned = now + DAY * i64::from(of.policy.warning_days);
    let mut rows = vec![
        first(
            "SELECT row FROM key INDEXED BY key_by_status
             WHERE tenant = ?1 AND state = 0 AND ends > ?2 AND ends < ?3 ORDER BY ends LIMIT 1",
            params![tenant, now, NEVER],
        )?,
        first(
            "SELECT row FROM key INDEXED BY key_by_status
             WHERE tenant = ?1 AND state = 0 AND ends > ?2 AND ends < ?3 AND superseded_at IS NULL
             ORDER BY ends LIMIT 1",
            params![tenant, warned, NEVER],
        )?,
    ];
    if let Some(days) = of.policy.rotate_after_days {
        let age = DAY * i64::from(days);
        // Rows rise with the moment of generation.
        rows.push(first(
            "SELECT row FROM key o INDEXED BY key_by_created
             WHERE tenant = ?1 AND row >= ?4 AND state = 0 AND ends > created_at + ?3
                AND superseded_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM key h INDEXED BY key_by_predecessor
                    WHERE h.succeeds IS NOT NULL AND h.succeeds = o.id AND h.state <> 2)
             ORDER BY row LIMIT 1",
            params![tenant, now, age, first_row(now - age + 1)],
        )?);
    }
    let rows: Vec<i64> = rows.into_iter().flatten().collect();
    with_rows(connection, &rows)
}
