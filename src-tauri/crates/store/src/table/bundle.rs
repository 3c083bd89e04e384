//! What goes into bundles, what was exported, and what verifiers know of it.

use std::collections::HashMap;

use latchkey_app::ports::{Belonging, BundleContents, BundleExport, BundleKey, BundleStatus, ToldKey, Untold};
use latchkey_domain::id::TenantId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::key::NEVER;
use super::{instant, key_change, signed, tenant, unsigned};
use crate::fault::{Result, damaged};

/// What a key has, by row numbers: its organization, its API sets and its groups.
type Rows = (Option<i64>, Option<String>, Option<String>);

/// Keys in the order of their handles, and what they have, each once: few keys of many have something of their own.
pub(crate) fn contents(connection: &Connection, id: TenantId) -> Result<BundleContents> {
    let tenant = tenant::existing_row(connection, id)?;
    let names = Names::read(connection, tenant)?;
    let mut contents = BundleContents { key_change: unsigned(key_change::newest(connection)?)?, ..Default::default() };
    let mut places: HashMap<Rows, usize> = HashMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT handle, digest, ends, state, format IS NULL, hashing = 'sha256', organization,
            (SELECT group_concat(api_set) FROM key_api_set WHERE key = k.row),
            (SELECT group_concat(user_group) FROM key_user_group WHERE key = k.row)
         FROM key k INDEXED BY key_by_created WHERE tenant = ?1",
    )?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        let handle: String = row.get(0)?;
        if !row.get::<_, bool>(5)? {
            contents.left_out.push(handle);
            continue;
        }
        let has: Rows = (row.get(6)?, row.get(7)?, row.get(8)?);
        let belonging = if let Some(&place) = places.get(&has) {
            place
        } else {
            contents.belongings.push(names.belonging(&has)?);
            places.insert(has, contents.belongings.len() - 1);
            contents.belongings.len() - 1
        };
        let ends: i64 = row.get(2)?;
        contents.keys.push(BundleKey {
            handle,
            digest: row.get(1)?,
            belonging,
            ends: (ends != NEVER).then_some(ends),
            status: status(row.get(3)?)?,
            foreign: row.get(4)?,
        });
    }
    contents.keys.sort_unstable_by(|one, other| one.handle.cmp(&other.handle));
    contents.left_out.sort_unstable();
    Ok(contents)
}

/// What row numbers stand for.
struct Names {
    api_sets: HashMap<i64, String>,
    organizations: HashMap<i64, String>,
    groups: HashMap<i64, String>,
}

impl Names {
    fn read(connection: &Connection, tenant: i64) -> Result<Self> {
        let named = |sql: &str| -> Result<HashMap<i64, String>> {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        Ok(Self {
            api_sets: named("SELECT row, id FROM api_set WHERE tenant = ?1")?,
            organizations: named("SELECT row, id FROM organization WHERE tenant = ?1")?,
            groups: named("SELECT row, id FROM user_group WHERE tenant = ?1")?,
        })
    }

    fn belonging(&self, (organization, api_sets, groups): &Rows) -> Result<Belonging> {
        let one = |names: &HashMap<i64, String>, row: i64| names.get(&row).cloned().ok_or_else(damaged);
        let all = |names: &HashMap<i64, String>, rows: &Option<String>| -> Result<Vec<String>> {
            let rows = rows.as_deref().unwrap_or_default().split(',').filter(|row| !row.is_empty());
            let mut ids = rows
                .map(|row| Ok(one(names, row.parse().map_err(|_| damaged())?)?))
                .collect::<Result<Vec<String>>>()?;
            ids.sort_unstable();
            Ok(ids)
        };
        Ok(Belonging {
            api_sets: all(&self.api_sets, api_sets)?,
            organization: organization.map(|row| one(&self.organizations, row)).transpose()?,
            groups: all(&self.groups, groups)?,
        })
    }
}

fn status(number: i64) -> Result<BundleStatus> {
    match number {
        0 => Ok(BundleStatus::Active),
        1 => Ok(BundleStatus::Disabled),
        2 => Ok(BundleStatus::Revoked),
        _ => Err(damaged().into()),
    }
}

fn number(status: BundleStatus) -> i64 {
    match status {
        BundleStatus::Active => 0,
        BundleStatus::Disabled => 1,
        BundleStatus::Revoked => 2,
    }
}

pub(crate) fn told(connection: &Connection, id: TenantId) -> Result<Vec<ToldKey>> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection
        .prepare_cached("SELECT handle, status, state, since FROM bundle_key WHERE tenant = ?1 ORDER BY handle")?;
    statement.query_and_then([tenant], read_told)?.collect()
}

pub(crate) fn told_key(connection: &Connection, id: TenantId, handle: &str) -> Result<Option<ToldKey>> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection.prepare_cached(TOLD_KEY)?;
    statement.query_and_then(params![tenant, handle], read_told)?.next().transpose()
}

const TOLD_KEY: &str = "SELECT handle, status, state, since FROM bundle_key WHERE tenant = ?1 AND handle = ?2";

fn read_told(row: &Row<'_>) -> Result<ToldKey> {
    Ok(ToldKey {
        handle: row.get(0)?,
        status: row.get::<_, Option<i64>>(1)?.map(status).transpose()?,
        state: row.get(2)?,
        since: unsigned(row.get(3)?)?,
    })
}

pub(crate) fn exporting(connection: &Connection) -> Result<Vec<TenantId>> {
    let mut statement = connection.prepare_cached(EXPORTING)?;
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0))?;
    Ok(ids.map(|id| id.map(TenantId::from_bytes)).collect::<rusqlite::Result<_>>()?)
}

/// One look-up a tenant, however many exports there are.
const EXPORTING: &str = "SELECT id FROM tenant t WHERE EXISTS (SELECT 1 FROM bundle_export x WHERE x.tenant = t.row)";

/// Whether the tenant of a key `k` has exported: only then is the key marked.
pub(crate) const EXPORTS: &str = "EXISTS (SELECT 1 FROM bundle_export x WHERE x.tenant = k.tenant)";

/// Whether a key `k` is in use, and no bundle has it; `bundle::mark` says the same.
pub(crate) const IN_NONE: &str = "k.state = 0 AND k.hashing = 'sha256'
    AND NOT EXISTS (SELECT 1 FROM bundle_key b WHERE b.tenant = k.tenant AND b.handle = k.handle)";

/// Whether a key `k` has ended, and is in use by the newest bundle.
pub(crate) const END_UNTOLD: &str = "k.state > 0
    AND EXISTS (SELECT 1 FROM bundle_key b WHERE b.tenant = k.tenant AND b.handle = k.handle AND b.status = 0)";

/// The rows of all keys of exporting tenants of which that is so.
pub(crate) fn rows_where(condition: &str) -> String {
    format!(
        "SELECT k.row FROM tenant t CROSS JOIN key k INDEXED BY key_by_status ON k.tenant = t.row
         WHERE EXISTS (SELECT 1 FROM bundle_export x WHERE x.tenant = t.row) AND {condition}"
    )
}

pub(crate) fn put_told(connection: &Connection, id: TenantId, keys: &[ToldKey]) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO bundle_key (tenant, handle, status, state, since) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (tenant, handle) DO UPDATE SET status = excluded.status, state = excluded.state,
            since = excluded.since",
    )?;
    let unmarked = exports(connection, id, 1)?.is_empty();
    let mut row = connection.prepare_cached("SELECT row FROM key WHERE handle = ?1")?;
    for key in keys {
        statement.execute(params![tenant, key.handle, key.status.map(number), key.state, signed(key.since)])?;
        // The list marks keys by what was told of them, from the first export on.
        let listed = if unmarked { None } else { row.query_row([&key.handle], |row| row.get(0)).optional()? };
        if let Some(row) = listed {
            key_change::insert(connection, row)?;
        }
    }
    Ok(())
}

pub(crate) fn exports(connection: &Connection, id: TenantId, limit: u32) -> Result<Vec<BundleExport>> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "SELECT sequence, base, issued, expires, keys, left_out, key_change, file FROM bundle_export
         WHERE tenant = ?1 ORDER BY sequence DESC, row DESC LIMIT ?2",
    )?;
    let read = |row: &Row<'_>| {
        Ok(BundleExport {
            sequence: unsigned(row.get(0)?)?,
            base: row.get::<_, Option<i64>>(1)?.map(unsigned).transpose()?,
            issued: instant(row, 2)?,
            expires: instant(row, 3)?,
            keys: row.get(4)?,
            left_out: row.get(5)?,
            key_change: unsigned(row.get(6)?)?,
            file: row.get(7)?,
        })
    };
    statement.query_and_then(params![tenant, limit], read)?.collect()
}

pub(crate) fn was_exported(connection: &Connection, id: TenantId, sequence: u64) -> Result<bool> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM bundle_export WHERE tenant = ?1 AND sequence = ?2
         AND row > ifnull((SELECT export FROM delta_floor WHERE tenant = ?1), 0) LIMIT 1",
    )?;
    Ok(statement.exists(params![tenant, signed(sequence)])?)
}

pub(crate) fn end_deltas(connection: &Connection, id: TenantId) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    connection
        .prepare_cached(
            "INSERT INTO delta_floor (tenant, export)
             SELECT ?1, ifnull(max(row), 0) FROM bundle_export WHERE tenant = ?1
             ON CONFLICT (tenant) DO UPDATE SET export = excluded.export",
        )?
        .execute([tenant])?;
    Ok(())
}

pub(crate) fn insert_export(connection: &Connection, id: TenantId, export: &BundleExport) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    if exports(connection, id, 1)?.is_empty() {
        // From now on all its keys are marked, or not.
        key_change::insert_all(connection, tenant)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO bundle_export (tenant, sequence, base, issued, expires, keys, left_out, key_change, file)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            tenant,
            signed(export.sequence),
            export.base.map(signed),
            export.issued.timestamp(),
            export.expires.timestamp(),
            export.keys,
            export.left_out,
            signed(export.key_change),
            export.file,
        ])?;
    Ok(())
}

/// A key that ended without verifiers knowing is one that they still take for valid.
pub(crate) fn untold(connection: &Connection, id: TenantId) -> Result<Untold> {
    let tenant = tenant::existing_row(connection, id)?;
    let count =
        |sql: &str| -> Result<u32> { Ok(connection.prepare_cached(sql)?.query_row([tenant], |row| row.get(0))?) };
    Ok(Untold {
        keys: count(
            "SELECT count(*) FROM key k INDEXED BY key_by_created WHERE tenant = ?1 AND state = 0 AND hashing = 'sha256'
             AND NOT EXISTS (SELECT 1 FROM bundle_key b WHERE b.tenant = k.tenant AND b.handle = k.handle)",
        )?,
        ended: count(
            "SELECT count(*) FROM bundle_key b LEFT JOIN key k ON k.handle = b.handle
             WHERE b.tenant = ?1 AND b.status = 0 AND ifnull(k.state, 2) > 0",
        )?,
        left_out: count(
            "SELECT count(*) FROM key INDEXED BY key_by_created WHERE tenant = ?1 AND hashing <> 'sha256'",
        )?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rusqlite::Connection;

    use super::{END_UNTOLD, EXPORTING, EXPORTS, IN_NONE, TOLD_KEY};

    /// What is asked of each key of a page, and of each that changed, costs the same in a tenant of any size.
    #[test]
    fn a_page_looks_its_keys_up_and_scans_nothing() {
        let mut file = Connection::open_in_memory().unwrap();
        let connection = file.transaction().unwrap();
        crate::migration::run(&connection).unwrap();
        // What the columns ask of each key that changed.
        let changed = format!("SELECT {EXPORTS}, {IN_NONE}, {END_UNTOLD} FROM key k WHERE row = ?1");
        let tenants = vec!["SCAN t USING COVERING INDEX sqlite_autoindex_tenant_1"];
        for (sql, scans) in [(TOLD_KEY, vec![]), (&changed, vec![]), (EXPORTING, tenants)] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let values = ["1", "2"].iter().take(sql.matches('?').count());
            let steps = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let found: Vec<&str> = steps.iter().map(String::as_str).filter(|step| step.starts_with("SCAN")).collect();
            assert_eq!(found, scans, "{steps:?}");
        }
    }
}
