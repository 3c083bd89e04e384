//! Keys, what they may use, and what the search knows of them.

use chrono::{DateTime, Utc};
use latchkey_app::error::Error;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::id::{BatchId, KeyId, TenantId};
use latchkey_domain::key::{Key, Superseded};
use latchkey_domain::key_format::{KeyDigest, KeyFormat};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::organization::{self, lines};
use super::{api_set, instant, instant_or_none, key_change, tenant};
use crate::fault::{Fault, Result, damaged, not_found};
use crate::search;

mod holding {
    use latchkey_domain::key::Holding;
    crate::table::stored_names!(Holding { None = "none", Held = "held", Missing = "missing" });
}

mod hashing {
    use latchkey_domain::key_format::Hashing;
    crate::table::stored_names!(Hashing { Sha256 = "sha256", Argon2id = "argon2id" });
}

/// Stands for "never" in the column `ends`, so that such keys sort last.
pub(crate) const NEVER: i64 = i64::MAX;

/// Row numbers that one second has room for, as a power of two.
const PER_SECOND: u32 = 20;

/// From more removed keys on, building the index anew is cheaper than taking each out.
const MANY: i64 = 2_000;

/// Columns in the order that [`read`] takes them; identifiers of API sets come with the row, a line each.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, (SELECT t.id FROM tenant t WHERE t.row = k.tenant), k.handle, k.display, k.digest, k.name, ",
            "k.description, k.owner, (SELECT group_concat(s.id, char(10) ORDER BY s.heading COLLATE NOCASE, ",
            "s.name COLLATE NOCASE, s.id) FROM key_api_set u JOIN api_set s ON s.row = u.api_set WHERE u.key = k.row), ",
            "k.created_at, k.ends, k.disabled_at, k.revoked_at, k.revoke_reason, k.holding, k.handed_over, k.format, ",
            "k.hashing, (SELECT o.id FROM organization o WHERE o.row = k.organization), ",
            "(SELECT group_concat(g.id, char(10) ORDER BY g.name COLLATE NOCASE, g.id) FROM key_user_group u ",
            "JOIN user_group g ON g.row = u.user_group WHERE u.key = k.row), k.tags, k.succeeds, k.superseded_at, ",
            "k.ends_before FROM ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Key> {
    let sets: Option<String> = row.get(8)?;
    let groups: Option<String> = row.get(19)?;
    let superseded = match instant_or_none(row, 22)? {
        Some(at) => Some(Superseded { at, ends_before: end(row.get(23)?)? }),
        None => None,
    };
    Ok(Key {
        id: KeyId::from_bytes(row.get(0)?),
        tenant: TenantId::from_bytes(row.get(1)?),
        handle: row.get(2)?,
        display: row.get(3)?,
        digest: KeyDigest::from_bytes(row.get(4)?),
        name: row.get(5)?,
        description: row.get(6)?,
        owner: row.get(7)?,
        format: row.get::<_, Option<String>>(16)?.map(|name| tenant::format_named(&name)).transpose()?,
        hashing: hashing::named(&row.get::<_, String>(17)?)?,
        api_sets: sets.as_deref().map(lines).unwrap_or_default(),
        organization: row.get(18)?,
        groups: groups.as_deref().map(lines).unwrap_or_default(),
        tags: lines(&row.get::<_, String>(20)?),
        created_at: instant(row, 9)?,
        expires_at: end(row.get(10)?)?,
        disabled_at: instant_or_none(row, 11)?,
        revoked_at: instant_or_none(row, 12)?,
        revoke_reason: row.get(13)?,
        succeeds: row.get::<_, Option<[u8; 16]>>(21)?.map(KeyId::from_bytes),
        superseded,
        holding: holding::named(&row.get::<_, String>(14)?)?,
        handed_over: row.get(15)?,
    })
}

pub(super) fn end(seconds: i64) -> Result<Option<DateTime<Utc>>> {
    match seconds {
        NEVER => Ok(None),
        seconds => DateTime::from_timestamp(seconds, 0).map(Some).ok_or_else(|| damaged().into()),
    }
}

fn list(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Key>> {
    connection.prepare_cached(sql)?.query_and_then(values, read)?.collect()
}

pub(crate) fn get(connection: &Connection, id: KeyId) -> Result<Option<Key>> {
    Ok(list(connection, select!("key k WHERE k.id = ?1"), &[id.as_bytes()])?.pop())
}

pub(crate) fn with_handle(connection: &Connection, handle: &str) -> Result<Option<Key>> {
    Ok(list(connection, select!("key k WHERE k.handle = ?1"), &[&handle])?.pop())
}

/// The keys without a handle in their text that have this digest; where two tenants imported one, there are two.
pub(crate) fn with_digest(connection: &Connection, digest: &KeyDigest) -> Result<Vec<Key>> {
    list(
        connection,
        select!("key k INDEXED BY key_by_digest WHERE k.digest = ?1 AND k.format IS NOT 'latchkey'"),
        &[digest.as_bytes()],
    )
}

/// The key that was made to succeed this one.
pub(crate) fn successor(connection: &Connection, id: KeyId) -> Result<Option<Key>> {
    Ok(list(connection, select!("key k WHERE k.succeeds = ?1 ORDER BY k.row"), &[id.as_bytes()])?.pop())
}

/// Asked for each row of a page: whole keys take twenty times as long.
pub(crate) fn has_heir(connection: &Connection, id: KeyId) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM key INDEXED BY key_by_predecessor
         WHERE succeeds IS NOT NULL AND succeeds = ?1 AND state <> 2)",
    )?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0))?)
}

/// The keys with these row numbers, in this order.
pub(crate) fn with_rows(connection: &Connection, rows: &[i64]) -> Result<Vec<Key>> {
    let numbers: Vec<String> = rows.iter().map(i64::to_string).collect();
    let array = format!("[{}]", numbers.join(","));
    list(connection, select!("json_each(?1) j CROSS JOIN key k ON k.row = j.value ORDER BY j.key"), &[&array])
}

pub(crate) fn with_holding(connection: &Connection) -> Result<Vec<Key>> {
    list(connection, select!("key k INDEXED BY key_by_holding WHERE k.holding <> 'none' ORDER BY k.row"), &[])
}

/// The index folds case, the name must not: so both are asked.
pub(crate) fn named(connection: &Connection, tenant: Option<TenantId>, name: &str, limit: u32) -> Result<Vec<Key>> {
    match tenant {
        None => list(
            connection,
            select!(
                "key k INDEXED BY any_key_by_name WHERE k.name = ?1 COLLATE NOCASE AND k.name = ?1 ORDER BY k.row LIMIT ?2"
            ),
            &[&name, &limit],
        ),
        Some(id) => {
            let Some(row) = tenant::row(connection, id)? else { return Ok(Vec::new()) };
            list(
                connection,
                select!(
                    "key k INDEXED BY any_key_by_name WHERE k.tenant = ?1 AND k.name = ?2 COLLATE NOCASE AND k.name = ?2 ORDER BY k.row LIMIT ?3"
                ),
                &[&row, &name, &limit],
            )
        }
    }
}

pub(crate) fn count_named(connection: &Connection, tenant: TenantId, name: &str) -> Result<u32> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM key INDEXED BY any_key_by_name
             WHERE tenant = (SELECT row FROM tenant WHERE id = ?1) AND name = ?2 COLLATE NOCASE AND name = ?2",
        )?
        .query_row(params![tenant.as_bytes(), name], |row| row.get(0))?)
}

pub(crate) fn insert(connection: &Connection, key: &Key) -> Result<()> {
    let tenant = tenant::existing_row(connection, key.tenant)?;
    let sets = api_set::rows(connection, tenant, &key.api_sets)?;
    let row = next_row(connection, key.created_at.timestamp())?;
    insert_at(connection, key, tenant, &sets, row, None)?;
    tenant::raise_sequence(connection, tenant, 1)
}

/// Adds keys of one tenant with the same API sets; the row numbers of a second follow one another.
pub(crate) fn insert_all(connection: &Connection, batch: Option<BatchId>, keys: &[Key]) -> Result<()> {
    let Some(first) = keys.first() else { return Ok(()) };
    let tenant = tenant::existing_row(connection, first.tenant)?;
    let sets = api_set::rows(connection, tenant, &first.api_sets)?;
    let mut before: Option<(i64, i64)> = None;
    for key in keys {
        debug_assert!(key.tenant == first.tenant && key.api_sets == first.api_sets);
        let second = key.created_at.timestamp();
        let row = match before {
            Some((at, row)) if at == second && (row + 1) & ((1 << PER_SECOND) - 1) != 0 => row + 1,
            _ => next_row(connection, second)?,
        };
        insert_at(connection, key, tenant, &sets, row, batch)?;
        before = Some((second, row));
    }
    tenant::raise_sequence(connection, tenant, keys.len())
}

fn insert_at(
    connection: &Connection,
    key: &Key,
    tenant: i64,
    sets: &[i64],
    row: i64,
    batch: Option<BatchId>,
) -> Result<()> {
    let organization = organization::row(connection, tenant, key.organization.as_deref())?;
    let done = connection
        .prepare_cached(
            "INSERT INTO key (row, id, tenant, handle, display, digest, name, description, owner, created_at, ends,
                disabled_at, revoked_at, revoke_reason, state, holding, handed_over, format, hashing, organization,
                tags, succeeds, superseded_at, ends_before, batch)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                ?23, ?24, ?25)",
        )?
        .execute(params![
            row,
            key.id.as_bytes(),
            tenant,
            key.handle,
            key.display,
            key.digest.as_bytes(),
            key.name,
            key.description,
            key.owner,
            key.created_at.timestamp(),
            ends(key),
            key.disabled_at.map(|at| at.timestamp()),
            key.revoked_at.map(|at| at.timestamp()),
            key.revoke_reason,
            state(key),
            holding::name_of(key.holding),
            key.handed_over,
            key.format.map(tenant::format_name),
            hashing::name_of(key.hashing),
            organization,
            key.tags.join("\n"),
            key.succeeds.map(|id| *id.as_bytes()),
            key.superseded.map(|superseded| superseded.at.timestamp()),
            key.superseded.map(|superseded| seconds(superseded.ends_before)),
            batch.map(|id| *id.as_bytes()),
        ])
        .map_err(Fault::from);
    if let Err(fault) = done {
        return Err(if fault.is_taken() { taken() } else { fault });
    }
    note_change(connection, row, key.succeeds)?;
    link(connection, row, sets)?;
    if !key.groups.is_empty() {
        organization::link(connection, tenant, row, &key.groups)?;
    }
    add_document(connection, row, &document(key, tenant, sets))
}

pub(crate) fn update(connection: &Connection, key: &Key) -> Result<()> {
    let (row, tenant) = existing(connection, key.id)?;
    let sets = api_set::rows(connection, tenant, &key.api_sets)?;
    let organization = organization::row(connection, tenant, key.organization.as_deref())?;
    connection
        .prepare_cached(
            "UPDATE key SET name = ?2, description = ?3, owner = ?4, ends = ?5, disabled_at = ?6, revoked_at = ?7,
                revoke_reason = ?8, state = ?9, holding = ?10, handed_over = ?11, organization = ?12, tags = ?13,
                superseded_at = ?14, ends_before = ?15 WHERE row = ?1",
        )?
        .execute(params![
            row,
            key.name,
            key.description,
            key.owner,
            ends(key),
            key.disabled_at.map(|at| at.timestamp()),
            key.revoked_at.map(|at| at.timestamp()),
            key.revoke_reason,
            state(key),
            holding::name_of(key.holding),
            key.handed_over,
            organization,
            key.tags.join("\n"),
            key.superseded.map(|superseded| superseded.at.timestamp()),
            key.superseded.map(|superseded| seconds(superseded.ends_before)),
        ])?;
    organization::link(connection, tenant, row, &key.groups)?;
    note_change(connection, row, key.succeeds)?;
    connection.prepare_cached("DELETE FROM key_api_set WHERE key = ?1")?.execute([row])?;
    link(connection, row, &sets)?;
    let text = document(key, tenant, &sets);
    let before: String = connection
        .prepare_cached("SELECT text FROM key_document WHERE row = ?1")?
        .query_row([row], |row| row.get(0))?;
    if before != text {
        remove_document(connection, row)?;
        add_document(connection, row, &text)?;
    }
    tenant::raise_sequence(connection, tenant, 1)
}

pub(crate) fn remove(connection: &Connection, id: KeyId) -> Result<()> {
    let (row, tenant) = existing(connection, id)?;
    let succeeds: Option<[u8; 16]> =
        connection.prepare_cached("SELECT succeeds FROM key WHERE row = ?1")?.query_row([row], |row| row.get(0))?;
    remove_document(connection, row)?;
    connection.prepare_cached("DELETE FROM key WHERE row = ?1")?.execute([row])?;
    note_change(connection, row, succeeds.map(KeyId::from_bytes))?;
    tenant::raise_sequence(connection, tenant, 1)
}

/// Writes down that a key came, changed or went: what is known of its predecessor changes with it.
fn note_change(connection: &Connection, row: i64, succeeds: Option<KeyId>) -> Result<()> {
    key_change::insert(connection, row)?;
    let Some(before) = succeeds else { return Ok(()) };
    let mut statement = connection.prepare_cached("SELECT row FROM key WHERE id = ?1")?;
    match statement.query_row([before.as_bytes()], |row| row.get(0)).optional()? {
        Some(before) => key_change::insert(connection, before),
        None => Ok(()),
    }
}

/// Removes the first keys of a batch, at most `limit`, and answers with how many there were.
pub(crate) fn remove_of_batch(connection: &Connection, batch: BatchId, limit: u32) -> Result<u32> {
    let rows = connection
        .prepare_cached("SELECT row, tenant FROM key WHERE batch = ?1 ORDER BY row LIMIT ?2")?
        .query_map(params![batch.as_bytes(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    for (row, _) in &rows {
        remove_document(connection, *row)?;
        connection.prepare_cached("DELETE FROM key WHERE row = ?1")?.execute([row])?;
        key_change::insert(connection, *row)?;
    }
    if let Some((_, tenant)) = rows.first() {
        tenant::raise_sequence(connection, *tenant, rows.len())?;
    }
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

/// Removes all keys of a tenant that is about to go.
pub(crate) fn remove_all(connection: &Connection, tenant: i64) -> Result<()> {
    let many: bool = connection.query_row(
        "SELECT count(*) > ?2 FROM key INDEXED BY key_by_status WHERE tenant = ?1",
        [tenant, MANY],
        |row| row.get(0),
    )?;
    if !many {
        connection.execute("DELETE FROM search WHERE rowid IN (SELECT row FROM key WHERE tenant = ?1)", [tenant])?;
    }
    key_change::insert_all(connection, tenant)?;
    // What hangs on a key goes with it.
    connection.execute("DELETE FROM key WHERE tenant = ?1", [tenant])?;
    if many {
        connection.execute("INSERT INTO search (search) VALUES ('rebuild')", [])?;
    }
    Ok(())
}

/// The first row number of a second: rows rise with the moment of generation.
pub(crate) fn first_row(second: i64) -> i64 {
    // Within 2^43 seconds of 1970 either way; an instant cannot be farther.
    second.clamp(-(1 << 42), 1 << 42) << PER_SECOND
}

/// The first free row number of a second. A second without room (a million keys) borrows from the next.
fn next_row(connection: &Connection, second: i64) -> Result<i64> {
    let mut newest =
        connection.prepare_cached("SELECT row FROM key WHERE row >= ?1 AND row < ?2 ORDER BY row DESC LIMIT 1")?;
    let mut from = first_row(second);
    loop {
        let end = from + (1 << PER_SECOND);
        let last: Option<i64> = newest.query_row([from, end], |row| row.get(0)).optional()?;
        match last {
            None => return Ok(from),
            Some(last) if last + 1 < end => return Ok(last + 1),
            Some(_) => from = end,
        }
    }
}

pub(super) fn existing(connection: &Connection, id: KeyId) -> Result<(i64, i64)> {
    connection
        .prepare_cached("SELECT row, tenant FROM key WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| not_found("The key").into())
}

fn link(connection: &Connection, row: i64, sets: &[i64]) -> Result<()> {
    let mut statement = connection.prepare_cached("INSERT INTO key_api_set (key, api_set) VALUES (?1, ?2)")?;
    for set in sets {
        statement.execute([row, *set])?;
    }
    Ok(())
}

fn document(key: &Key, tenant: i64, sets: &[i64]) -> String {
    let texts = [key.name.as_str(), &key.description, &key.owner, &key.display];
    // Only Latchkey's own form shows the handle.
    let hidden = Some(key.handle.as_str()).filter(|_| key.format != Some(KeyFormat::Latchkey));
    let texts = texts.into_iter().chain(hidden).chain(key.tags.iter().map(String::as_str));
    search::document(texts, tenant, sets)
}

fn add_document(connection: &Connection, row: i64, text: &str) -> Result<()> {
    connection.prepare_cached("INSERT INTO key_document (row, text) VALUES (?1, ?2)")?.execute(params![row, text])?;
    connection.prepare_cached("INSERT INTO search (rowid, text) VALUES (?1, ?2)")?.execute(params![row, text])?;
    Ok(())
}

/// The index first: it reads in the document what it has to forget.
fn remove_document(connection: &Connection, row: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([row])?;
    connection.prepare_cached("DELETE FROM key_document WHERE row = ?1")?.execute([row])?;
    Ok(())
}

fn ends(key: &Key) -> i64 {
    seconds(key.expires_at)
}

pub(super) fn seconds(end: Option<DateTime<Utc>>) -> i64 {
    end.map_or(NEVER, |at| at.timestamp())
}

fn state(key: &Key) -> i64 {
    match (key.revoked_at, key.disabled_at) {
        (Some(_), _) => 2,
        (None, Some(_)) => 1,
        (None, None) => 0,
    }
}

fn taken() -> Fault {
    Error::new(ErrorCode::Failed, "A key with this identifier or handle is there already.").hint("Try again.").into()
}
