//! Keys that do not meet what their tenant asks of them.

use chrono::{DateTime, Utc};
use latchkey_app::ports::GapTotals;
use latchkey_domain::gap::{Demands, Gap};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use rusqlite::{Connection, Row, ToSql, params};

use super::key::{NEVER, with_rows};
use super::tenant;
use crate::fault::Result;

/// The usable keys of a tenant with a column for each reason, in the order of [`Gap::ALL`]. SQLite looks at what stands
/// behind an AND only where it matters, so that a question which is not asked costs nothing.
macro_rules! judged {
    ($before:literal, $rest:literal) => {
        concat!(
            $before,
            " FROM (SELECT k.row, ?3 IS NOT NULL AND k.ends < ?9 AND k.ends > ?3 AS g0, ?4 AND k.ends = ?9 AS g1, ",
            "?5 AND NOT EXISTS (SELECT 1 FROM key_api_set u WHERE u.key = k.row) AS g2, ",
            "?6 AND k.holding = 'held' AS g3, ",
            "?7 AND k.superseded_at IS NULL AND EXISTS (SELECT 1 FROM key n INDEXED BY any_key_by_name ",
            "WHERE n.tenant = k.tenant AND n.name = k.name COLLATE NOCASE AND n.name = k.name AND n.row <> k.row ",
            "AND n.state <> 2 AND n.ends > ?2 AND n.superseded_at IS NULL) AS g4, ",
            "?8 IS NOT NULL AND k.owner <> ?8 AS g5, ",
            "k.format IS NOT NULL AND k.format <> ?10 AS g6, ",
            "?11 IS NOT NULL AND k.format = 'latchkey' AND substr(k.display, 1, length(?11)) <> ?11 AS g7 ",
            "FROM key k INDEXED BY key_by_created WHERE k.tenant = ?1 AND k.state = 0 AND k.ends > ?2)",
            $rest
        )
    };
}

/// Whether a key that is not revoked, over or superseded has this very name.
pub(crate) fn name_in_use(
    connection: &Connection,
    tenant: TenantId,
    name: &str,
    but: Option<KeyId>,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM key INDEXED BY any_key_by_name
                WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) AND name = ?2 COLLATE NOCASE AND name = ?2
                    AND state <> 2 AND ends > ?3 AND superseded_at IS NULL AND id IS NOT ?4)",
        )?
        .query_row(params![tenant.as_bytes(), name, now.timestamp(), but.map(|id| *id.as_bytes())], |row| row.get(0))?)
}

pub(crate) fn count(
    connection: &Connection,
    tenant: TenantId,
    demands: &Demands,
    now: DateTime<Utc>,
) -> Result<GapTotals> {
    let Some(row) = tenant::row(connection, tenant)? else { return Ok(GapTotals::default()) };
    let mut statement = connection.prepare_cached(judged!(
        "SELECT count(*), ifnull(sum(g0 OR g1 OR g2 OR g3 OR g4 OR g5 OR g6 OR g7), 0), ifnull(sum(g0), 0), ifnull(sum(g1), 0), ifnull(sum(g2), 0), ifnull(sum(g3), 0), ifnull(sum(g4), 0), ifnull(sum(g5), 0), ifnull(sum(g6), 0), ifnull(sum(g7), 0)",
        ""
    ))?;
    let totals = statement.query_row(asked(row, demands, now).each().as_slice(), |row| {
        let mut reasons = Vec::new();
        for (at, gap) in Gap::ALL.into_iter().enumerate() {
            let keys: u32 = row.get(at + 2)?;
            if keys > 0 {
                reasons.push((gap, keys));
            }
        }
        Ok(GapTotals { usable: row.get(0)?, keys: row.get(1)?, reasons })
    })?;
    Ok(totals)
}

pub(crate) fn list(
    connection: &Connection,
    tenant: TenantId,
    demands: &Demands,
    now: DateTime<Utc>,
    after: Option<KeyId>,
    limit: u32,
) -> Result<Vec<(Key, Vec<Gap>)>> {
    let Some(row) = tenant::row(connection, tenant)? else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(judged!(
        "SELECT row, g0, g1, g2, g3, g4, g5, g6, g7",
        " WHERE (g0 OR g1 OR g2 OR g3 OR g4 OR g5 OR g6 OR g7) AND row > ifnull((SELECT row FROM key WHERE id = ?12), -9223372036854775808) ORDER BY row LIMIT ?13"
    ))?;
    let asked = asked(row, demands, now);
    let after = after.map(|id| *id.as_bytes());
    let mut values = asked.each();
    values.extend([&after as &dyn ToSql, &limit]);
    let found = statement.query_map(values.as_slice(), |row| Ok((row.get(0)?, gaps(row)?)))?;
    let found: Vec<(i64, Vec<Gap>)> = found.collect::<rusqlite::Result<_>>()?;
    let rows: Vec<i64> = found.iter().map(|(row, _)| *row).collect();
    let keys = with_rows(connection, &rows)?;
    Ok(keys.into_iter().zip(found.into_iter().map(|(_, gaps)| gaps)).collect())
}

fn gaps(row: &Row<'_>) -> rusqlite::Result<Vec<Gap>> {
    let mut gaps = Vec::new();
    for (at, gap) in Gap::ALL.into_iter().enumerate() {
        if row.get(at + 1)? {
            gaps.push(gap);
        }
    }
    Ok(gaps)
}

/// The values ?1 to ?11 of [`judged!`].
struct Asked<'d>(i64, i64, Option<i64>, &'static str, &'d Demands);

fn asked(tenant: i64, demands: &Demands, now: DateTime<Utc>) -> Asked<'_> {
    Asked(
        tenant,
        now.timestamp(),
        demands.latest_end.map(|end| end.timestamp()),
        tenant::format_name(demands.format),
        demands,
    )
}

impl Asked<'_> {
    fn each(&self) -> Vec<&dyn ToSql> {
        let Self(tenant, now, latest, format, demands) = self;
        let Demands { end, api_set, not_kept, own_name, owner, begins, .. } = demands;
        vec![tenant, now, latest, end, api_set, not_kept, own_name, owner, &NEVER, format, begins]
    }
}
