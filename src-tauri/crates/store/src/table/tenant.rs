//! Tenants.

use chrono::{DateTime, Utc};
use latchkey_app::error::Error;
use latchkey_app::ports::TenantCounts;
use latchkey_domain::conventions::Conventions;
use latchkey_domain::expiry::DefaultExpiration;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::{Prefix, Salt};
use latchkey_domain::policy::Policy;
use latchkey_domain::tenant::Tenant;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{instant, key, signed, unsigned};
use crate::fault::{Fault, Result, damaged, not_found};

mod keep {
    use latchkey_domain::policy::KeepPolicy;
    crate::table::stored_names!(KeepPolicy { Offer = "offer", Default = "default", Forbid = "forbid" });
}

mod format {
    use latchkey_domain::key_format::KeyFormat;
    crate::table::stored_names!(KeyFormat { Latchkey = "latchkey", Hex32 = "hex32", SkHex64 = "sk-hex64" });
}
pub(crate) use format::{name_of as format_name, named as format_named};

/// Columns in the order that [`read`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, prefix, max_lifetime_days, allow_never, require_api_set, keep, warning_days, sequence, ",
            "created_at, format, default_days, unique_names, own_keys_only, rotate_after_days, conventions FROM tenant ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Tenant> {
    Ok(Tenant {
        id: TenantId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        prefix: Prefix::parse(&row.get::<_, String>(2)?).map_err(|_| damaged())?,
        policy: Policy {
            max_lifetime_days: row.get(3)?,
            allow_never: row.get(4)?,
            default_expiration: row.get::<_, Option<u32>>(11)?.map(default_expiration),
            require_api_set: row.get(5)?,
            keep: keep::named(&row.get::<_, String>(6)?)?,
            warning_days: row.get(7)?,
            unique_names: row.get(12)?,
            own_keys_only: row.get(13)?,
            rotate_after_days: row.get(14)?,
        },
        format: format_named(&row.get::<_, String>(10)?)?,
        conventions: match row.get::<_, Option<String>>(15)? {
            Some(text) => Conventions::read(&text).ok_or_else(damaged)?,
            None => Conventions::default(),
        },
        sequence: unsigned(row.get(8)?)?,
        created_at: instant(row, 9)?,
    })
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Tenant>> {
    let mut statement = connection.prepare_cached(select!("ORDER BY folded"))?;
    statement.query_and_then([], read)?.collect()
}

pub(crate) fn get(connection: &Connection, id: TenantId) -> Result<Option<Tenant>> {
    let mut statement = connection.prepare_cached(select!("WHERE id = ?1"))?;
    statement.query_and_then([id.as_bytes()], read)?.next().transpose()
}

pub(crate) fn named(connection: &Connection, name: &str) -> Result<Option<Tenant>> {
    let mut statement = connection.prepare_cached(select!("WHERE folded = ?1"))?;
    statement.query_and_then([folded(name)], read)?.next().transpose()
}

/// The row number of a tenant.
pub(crate) fn row(connection: &Connection, id: TenantId) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT row FROM tenant WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// The times that a tenant counts in, in days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    /// Its row number.
    pub(crate) tenant: i64,
    /// So long before its end a key is expiring.
    pub(crate) warning: i64,
    /// After so long a key wants to be rotated.
    pub(crate) rotation: Option<i64>,
}

/// Those of all tenants.
pub(crate) fn spans(connection: &Connection) -> Result<Vec<Spans>> {
    let mut statement = connection.prepare_cached("SELECT row, warning_days, rotate_after_days FROM tenant")?;
    let spans = statement
        .query_map([], |row| Ok(Spans { tenant: row.get(0)?, warning: row.get(1)?, rotation: row.get(2)? }))?;
    Ok(spans.collect::<rusqlite::Result<_>>()?)
}

/// The row number of a tenant that has to be there.
pub(crate) fn existing_row(connection: &Connection, id: TenantId) -> Result<i64> {
    row(connection, id)?.ok_or_else(|| not_found("The tenant").into())
}

pub(crate) fn counts(connection: &Connection, id: TenantId, now: DateTime<Utc>) -> Result<TenantCounts> {
    let mut statement = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM key INDEXED BY key_by_status WHERE tenant = t.row),
                (SELECT count(*) FROM key INDEXED BY key_by_status WHERE tenant = t.row AND state = 0 AND ends > ?2),
                (SELECT count(*) FROM key INDEXED BY key_by_status WHERE tenant = t.row AND state = 0 AND ends > ?2
                    AND ends <= ?2 + 86400 * t.warning_days AND superseded_at IS NULL),
                (SELECT count(*) FROM api_set WHERE tenant = t.row),
                (SELECT count(*) FROM organization WHERE tenant = t.row),
                (SELECT count(*) FROM user_group WHERE tenant = t.row)
         FROM tenant t WHERE t.id = ?1",
    )?;
    statement
        .query_row(params![id.as_bytes(), now.timestamp()], |row| {
            Ok(TenantCounts {
                keys: row.get(0)?,
                usable: row.get(1)?,
                expiring: row.get(2)?,
                api_sets: row.get(3)?,
                organizations: row.get(4)?,
                user_groups: row.get(5)?,
            })
        })
        .optional()?
        .ok_or_else(|| not_found("The tenant").into())
}

pub(crate) fn insert(connection: &Connection, tenant: &Tenant) -> Result<()> {
    let policy = &tenant.policy;
    let done = connection
        .prepare_cached(
            "INSERT INTO tenant (id, name, folded, prefix, max_lifetime_days, allow_never, require_api_set, keep,
                warning_days, sequence, created_at, format, default_days, unique_names, own_keys_only,
                rotate_after_days, conventions)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            tenant.id.as_bytes(),
            tenant.name,
            folded(&tenant.name),
            tenant.prefix.as_str(),
            policy.max_lifetime_days,
            policy.allow_never,
            policy.require_api_set,
            keep::name_of(policy.keep),
            policy.warning_days,
            signed(tenant.sequence),
            tenant.created_at.timestamp(),
            format_name(tenant.format),
            policy.default_expiration.map(default_days),
            policy.unique_names,
            policy.own_keys_only,
            policy.rotate_after_days,
            conventions(tenant),
        ]);
    done.map(drop).map_err(|error| or_taken(error.into()))
}

pub(crate) fn update(connection: &Connection, tenant: &Tenant) -> Result<()> {
    let policy = &tenant.policy;
    let changed = connection
        .prepare_cached(
            "UPDATE tenant SET name = ?2, folded = ?3, prefix = ?4, max_lifetime_days = ?5, allow_never = ?6,
                require_api_set = ?7, keep = ?8, warning_days = ?9, format = ?10, default_days = ?11, unique_names = ?12,
                own_keys_only = ?13, rotate_after_days = ?14, conventions = ?15 WHERE id = ?1",
        )?
        .execute(params![
            tenant.id.as_bytes(),
            tenant.name,
            folded(&tenant.name),
            tenant.prefix.as_str(),
            policy.max_lifetime_days,
            policy.allow_never,
            policy.require_api_set,
            keep::name_of(policy.keep),
            policy.warning_days,
            format_name(tenant.format),
            policy.default_expiration.map(default_days),
            policy.unique_names,
            policy.own_keys_only,
            policy.rotate_after_days,
            conventions(tenant),
        ])
        .map_err(|error| or_taken(error.into()))?;
    if changed == 0 {
        return Err(not_found("The tenant").into());
    }
    Ok(())
}

pub(crate) fn salt(connection: &Connection, id: TenantId) -> Result<Option<Salt>> {
    let mut statement = connection.prepare_cached("SELECT salt FROM tenant WHERE id = ?1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?.flatten())
}

/// A salt never changes: every slow digest of the tenant depends on it.
pub(crate) fn put_salt(connection: &Connection, id: TenantId, salt: &Salt) -> Result<()> {
    connection
        .prepare_cached("UPDATE tenant SET salt = ?2 WHERE id = ?1 AND salt IS NULL")?
        .execute(params![id.as_bytes(), salt])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, id: TenantId) -> Result<()> {
    let row = existing_row(connection, id)?;
    key::remove_all(connection, row)?;
    connection.execute("DELETE FROM api_set WHERE tenant = ?1", [row])?;
    connection.execute("DELETE FROM organization WHERE tenant = ?1", [row])?;
    connection.execute("DELETE FROM user_group WHERE tenant = ?1", [row])?;
    connection.execute("DELETE FROM tenant WHERE row = ?1", [row])?;
    Ok(())
}

/// Counts so many more changes to a tenant's keys.
pub(crate) fn raise_sequence(connection: &Connection, row: i64, changes: usize) -> Result<()> {
    let changes = i64::try_from(changes).unwrap_or(i64::MAX);
    connection.prepare_cached("UPDATE tenant SET sequence = sequence + ?2 WHERE row = ?1")?.execute([row, changes])?;
    Ok(())
}

/// A tenant without a template has nothing to store.
fn conventions(tenant: &Tenant) -> Option<String> {
    (tenant.conventions != Conventions::default()).then(|| tenant.conventions.write())
}

/// Never is stored as 0: no key ends on the day that it is generated.
fn default_days(end: DefaultExpiration) -> u32 {
    match end {
        DefaultExpiration::Never => 0,
        DefaultExpiration::Days { days } => days,
    }
}

fn default_expiration(days: u32) -> DefaultExpiration {
    if days == 0 { DefaultExpiration::Never } else { DefaultExpiration::Days { days } }
}

fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn or_taken(fault: Fault) -> Fault {
    if fault.is_taken() { Error::from(FieldProblem { name: Field::Name, rule: Rule::Taken }).into() } else { fault }
}
