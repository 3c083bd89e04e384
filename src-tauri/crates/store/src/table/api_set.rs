//! API sets.

use latchkey_app::error::Error;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{instant_or_none, tenant};
use crate::fault::{Fault, Result, not_found};
use crate::search;

pub(crate) fn all(connection: &Connection, tenant: TenantId) -> Result<Vec<(ApiSet, u32)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, heading, description, retired_at, (SELECT count(*) FROM key_api_set WHERE api_set = s.row)
         FROM api_set s WHERE tenant = (SELECT row FROM tenant WHERE id = ?1)
         ORDER BY heading COLLATE NOCASE, name COLLATE NOCASE, id",
    )?;
    statement
        .query_and_then([tenant.as_bytes()], |row| {
            let set = ApiSet {
                id: row.get(0)?,
                name: row.get(1)?,
                group: row.get(2)?,
                description: row.get(3)?,
                retired_at: instant_or_none(row, 4)?,
            };
            Ok((set, row.get(5)?))
        })?
        .collect()
}

/// The name of a tenant's API set.
pub(crate) fn name(connection: &Connection, tenant: TenantId, id: &str) -> Result<Option<String>> {
    let mut statement = connection
        .prepare_cached("SELECT name FROM api_set WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) AND id = ?2")?;
    Ok(statement.query_row(params![tenant.as_bytes(), id], |row| row.get(0)).optional()?)
}

/// The row numbers of a tenant's API sets with these identifiers, in order.
pub(crate) fn rows(connection: &Connection, tenant: i64, ids: &[String]) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT row FROM api_set WHERE tenant = ?1 AND id = ?2")?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let row = statement.query_row(params![tenant, id], |row| row.get(0)).optional()?;
        rows.push(row.ok_or_else(|| {
            Error::from(FieldProblem { name: Field::ApiSets, rule: Rule::UnknownApiSet { id: id.clone() } })
        })?);
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// The row numbers of the API sets with this identifier, in a tenant or in all.
pub(crate) fn rows_with_id(connection: &Connection, tenant: Option<i64>, id: &str) -> Result<Vec<i64>> {
    let mut statement =
        connection.prepare_cached("SELECT row FROM api_set WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)")?;
    let rows = statement.query_map(params![id, tenant], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn insert(connection: &Connection, tenant: TenantId, set: &ApiSet) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let done = connection
        .prepare_cached(
            "INSERT INTO api_set (tenant, id, name, heading, words, description, retired_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            tenant,
            set.id,
            set.name,
            set.group,
            words(set),
            set.description,
            set.retired_at.map(|at| at.timestamp()),
        ])
        .map_err(Fault::from);
    match done {
        Err(fault) if fault.is_taken() => Err(Error::from(FieldProblem { name: Field::Id, rule: Rule::Taken }).into()),
        done => done.map(drop),
    }
}

/// Keys point at the row, not at the name, so nothing of them is indexed anew.
pub(crate) fn update(connection: &Connection, tenant: TenantId, set: &ApiSet) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let changed = connection
        .prepare_cached(
            "UPDATE api_set SET name = ?3, heading = ?4, words = ?5, description = ?6, retired_at = ?7
             WHERE tenant = ?1 AND id = ?2",
        )?
        .execute(params![
            tenant,
            set.id,
            set.name,
            set.group,
            words(set),
            set.description,
            set.retired_at.map(|at| at.timestamp()),
        ])?;
    if changed == 0 {
        return Err(not_found("The API set").into());
    }
    Ok(())
}

pub(crate) fn remove(connection: &Connection, tenant: TenantId, id: &str) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let done = connection
        .prepare_cached("DELETE FROM api_set WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, id])
        .map_err(Fault::from);
    match done {
        Err(fault) if fault.is_in_use() => {
            Err(Error::new(ErrorCode::NotNow, "The API set cannot be removed while keys use it.")
                .hint("Take it out of those keys first.")
                .into())
        }
        Ok(0) => Err(not_found("The API set").into()),
        done => done.map(drop),
    }
}

fn words(set: &ApiSet) -> String {
    search::joined([set.id.as_str(), set.name.as_str(), set.group.as_deref().unwrap_or_default()])
}
