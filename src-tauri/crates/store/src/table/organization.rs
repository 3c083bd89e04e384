//! Organizations and user groups.

use std::collections::HashMap;

use latchkey_app::error::Error;
use latchkey_app::wire::{ErrorCode, NamedCount};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::organization::{Organization, UserGroup};
use rusqlite::{Connection, OptionalExtension, params};

use super::tenant;
use crate::fault::{Fault, Result, not_found};

/// The organizations of a tenant by name, each with the number of its keys.
pub(crate) fn all(connection: &Connection, tenant: TenantId) -> Result<Vec<(Organization, u32)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, permissions, (SELECT count(*) FROM key WHERE organization = o.row)
         FROM organization o WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) ORDER BY name COLLATE NOCASE, id",
    )?;
    let rows = statement.query_map([tenant.as_bytes()], |row| {
        let permissions = row.get::<_, Option<String>>(2)?.map(|text| lines(&text));
        Ok((Organization { id: row.get(0)?, name: row.get(1)?, permissions }, row.get(3)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds an organization, or writes the name and the permissions of the one with this identifier.
/// What keys may do changes with it, so the tenant's sequence rises.
pub(crate) fn put(connection: &Connection, tenant: TenantId, organization: &Organization) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let permissions = organization.permissions.as_ref().map(|all| all.join("\n"));
    connection
        .prepare_cached(
            "INSERT INTO organization (tenant, id, name, permissions) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, permissions = excluded.permissions",
        )?
        .execute(params![tenant, organization.id, organization.name, permissions])?;
    tenant::raise_sequence(connection, tenant, 1)
}

pub(crate) fn remove(connection: &Connection, tenant: TenantId, id: &str) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let done = connection
        .prepare_cached("DELETE FROM organization WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, id])
        .map_err(Fault::from);
    removed(done, "The organization")
}

/// The user groups of a tenant by name, each with the number of its keys.
pub(crate) fn groups(connection: &Connection, tenant: TenantId) -> Result<Vec<(UserGroup, u32)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, permissions, (SELECT count(*) FROM key_user_group WHERE user_group = g.row)
         FROM user_group g WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) ORDER BY name COLLATE NOCASE, id",
    )?;
    let rows = statement.query_map([tenant.as_bytes()], |row| {
        let permissions = lines(&row.get::<_, String>(2)?);
        Ok((UserGroup { id: row.get(0)?, name: row.get(1)?, permissions }, row.get(3)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a user group, or writes the name and the permissions of the one with this identifier.
/// What keys may do changes with it, so the tenant's sequence rises.
pub(crate) fn put_group(connection: &Connection, tenant: TenantId, group: &UserGroup) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    connection
        .prepare_cached(
            "INSERT INTO user_group (tenant, id, name, permissions) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, permissions = excluded.permissions",
        )?
        .execute(params![tenant, group.id, group.name, group.permissions.join("\n")])?;
    tenant::raise_sequence(connection, tenant, 1)
}

pub(crate) fn remove_group(connection: &Connection, tenant: TenantId, id: &str) -> Result<()> {
    let tenant = tenant::existing_row(connection, tenant)?;
    let done = connection
        .prepare_cached("DELETE FROM user_group WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, id])
        .map_err(Fault::from);
    removed(done, "The user group")
}

/// A tenant's organizations by name, with the number of keys that is known by row number.
pub(crate) fn counted(connection: &Connection, tenant: i64, keys: &HashMap<i64, u32>) -> Result<Vec<NamedCount>> {
    let mut statement = connection
        .prepare_cached("SELECT row, id, name FROM organization WHERE tenant = ?1 ORDER BY name COLLATE NOCASE, id")?;
    let rows = statement.query_map([tenant], |row| {
        let keys = keys.get(&row.get(0)?).copied().unwrap_or_default();
        Ok(NamedCount { id: row.get(1)?, name: row.get(2)?, keys })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The name of a tenant's organization.
pub(crate) fn name(connection: &Connection, tenant: TenantId, id: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT name FROM organization WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) AND id = ?2",
    )?;
    Ok(statement.query_row(params![tenant.as_bytes(), id], |row| row.get(0)).optional()?)
}

/// The name of a tenant's user group.
pub(crate) fn group_name(connection: &Connection, tenant: TenantId, id: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT name FROM user_group WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) AND id = ?2",
    )?;
    Ok(statement.query_row(params![tenant.as_bytes(), id], |row| row.get(0)).optional()?)
}

/// The row numbers of the organizations with this identifier or name, in one tenant or in all.
pub(crate) fn rows_named(connection: &Connection, tenant: Option<i64>, text: &str) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT row FROM organization WHERE (id = ?1 OR name = ?1 COLLATE NOCASE) AND (?2 IS NULL OR tenant = ?2)",
    )?;
    let rows = statement.query_map(params![text, tenant], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The row number of a tenant's organization.
pub(crate) fn row(connection: &Connection, tenant: i64, id: Option<&str>) -> Result<Option<i64>> {
    let Some(id) = id else { return Ok(None) };
    let mut statement = connection.prepare_cached("SELECT row FROM organization WHERE tenant = ?1 AND id = ?2")?;
    let row = statement.query_row(params![tenant, id], |row| row.get(0)).optional()?;
    row.map(Some).ok_or_else(|| unknown(Field::Organization))
}

/// Writes which user groups a key belongs to.
pub(crate) fn link(connection: &Connection, tenant: i64, key: i64, groups: &[String]) -> Result<()> {
    connection.prepare_cached("DELETE FROM key_user_group WHERE key = ?1")?.execute([key])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO key_user_group (key, user_group) SELECT ?1, row FROM user_group WHERE tenant = ?2 AND id = ?3",
    )?;
    for group in groups {
        if statement.execute(params![key, tenant, group])? == 0 {
            return Err(unknown(Field::Groups));
        }
    }
    Ok(())
}

fn removed(done: Result<usize>, what: &str) -> Result<()> {
    match done {
        Err(fault) if fault.is_in_use() => {
            Err(Error::new(ErrorCode::NotNow, format!("{what} cannot be removed while keys belong to it."))
                .hint("Move those keys elsewhere or delete them first.")
                .into())
        }
        Ok(0) => Err(not_found(what).into()),
        done => done.map(drop),
    }
}

fn unknown(name: Field) -> Fault {
    Error::from(FieldProblem { name, rule: Rule::Unknown }).into()
}

/// Words of a column that has one a line.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
