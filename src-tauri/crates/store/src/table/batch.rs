//! Batches that were begun and not ended, and the keys that were drawn for them.

use latchkey_app::ports::{Batch, BatchRow, DrawnKey, FileDelivery};
use latchkey_app::wire::Actor;
use latchkey_domain::id::{BatchId, KeyId, TenantId};
use latchkey_domain::key_format::KeyDigest;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::key::{end, seconds};
use super::organization::lines;
use super::{instant, journal, signed, tenant, unsigned};
use crate::fault::{Result, not_found};

mod step {
    use latchkey_app::ports::BatchStep;
    crate::table::stored_names!(BatchStep {
        Drawing = "drawing",
        Placing = "placing",
        Listing = "listing",
        Undoing = "undoing",
        Withdrawing = "withdrawing",
    });
}

mod delivery {
    use latchkey_app::wire::BatchDelivery;
    crate::table::stored_names!(BatchDelivery { Csv = "csv", Folder = "folder" });
}

/// Columns in the order that [`read`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, (SELECT t.id FROM tenant t WHERE t.row = b.tenant), b.pattern, b.total, b.drawn, b.listed, ",
            "b.length, b.step, b.part, b.target, b.delivery, b.recipients, b.format, b.description, b.owner, ",
            "b.api_sets, b.tags, b.ends, b.operator, b.origin, b.instance, b.begun_at, b.organization, b.user_groups FROM batch b ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: BatchId::from_bytes(row.get(0)?),
        tenant: TenantId::from_bytes(row.get(1)?),
        pattern: row.get(2)?,
        total: row.get(3)?,
        drawn: row.get(4)?,
        listed: row.get(5)?,
        length: unsigned(row.get(6)?)?,
        step: step::named(&row.get::<_, String>(7)?)?,
        file: FileDelivery { part: journal::path(row.get(8)?)?, target: journal::path(row.get(9)?)? },
        delivery: delivery::named(&row.get::<_, String>(10)?)?,
        recipients: lines(&row.get::<_, String>(11)?),
        format: tenant::format_named(&row.get::<_, String>(12)?)?,
        description: row.get(13)?,
        owner: row.get(14)?,
        api_sets: lines(&row.get::<_, String>(15)?),
        tags: lines(&row.get::<_, String>(16)?),
        expires_at: end(row.get(17)?)?,
        actor: Actor { operator: row.get(18)?, origin: row.get(19)? },
        instance: row.get(20)?,
        begun_at: instant(row, 21)?,
        organization: row.get(22)?,
        groups: lines(&row.get::<_, String>(23)?),
    })
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Batch>> {
    let mut statement = connection.prepare_cached(select!("ORDER BY b.begun_at, b.row"))?;
    statement.query_and_then([], read)?.collect()
}

pub(crate) fn get(connection: &Connection, id: BatchId) -> Result<Option<Batch>> {
    let mut statement = connection.prepare_cached(select!("WHERE b.id = ?1"))?;
    statement.query_and_then([id.as_bytes()], read)?.next().transpose()
}

fn row(connection: &Connection, id: BatchId) -> Result<i64> {
    connection
        .prepare_cached("SELECT row FROM batch WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| not_found("The batch").into())
}

pub(crate) fn put(connection: &Connection, batch: &Batch) -> Result<()> {
    let tenant = tenant::existing_row(connection, batch.tenant)?;
    connection
        .prepare_cached(
            "INSERT INTO batch (id, tenant, pattern, total, drawn, listed, length, step, part, target, delivery,
                recipients, format, description, owner, api_sets, tags, ends, operator, origin, instance, begun_at,
                organization, user_groups)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24)
             ON CONFLICT (id) DO UPDATE SET drawn = ?5, listed = ?6, length = ?7, step = ?8, instance = ?21",
        )?
        .execute(params![
            batch.id.as_bytes(),
            tenant,
            batch.pattern,
            batch.total,
            batch.drawn,
            batch.listed,
            signed(batch.length),
            step::name_of(batch.step),
            journal::bytes(&batch.file.part),
            journal::bytes(&batch.file.target),
            delivery::name_of(batch.delivery),
            batch.recipients.join("\n"),
            tenant::format_name(batch.format),
            batch.description,
            batch.owner,
            batch.api_sets.join("\n"),
            batch.tags.join("\n"),
            seconds(batch.expires_at),
            batch.actor.operator,
            batch.actor.origin,
            batch.instance,
            batch.begun_at.timestamp(),
            batch.organization,
            batch.groups.join("\n"),
        ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, id: BatchId) -> Result<()> {
    connection.prepare_cached("DELETE FROM batch WHERE id = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}

pub(crate) fn rows(connection: &Connection, id: BatchId, from: u32, limit: u32) -> Result<Vec<BatchRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, description, owner, recipient FROM batch_row
         WHERE batch = (SELECT row FROM batch WHERE id = ?1) AND number >= ?2 ORDER BY number LIMIT ?3",
    )?;
    let rows = statement.query_map(params![id.as_bytes(), from, limit], |row| {
        Ok(BatchRow { name: row.get(0)?, description: row.get(1)?, owner: row.get(2)?, recipient: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn add_rows(connection: &Connection, id: BatchId, from: u32, rows: &[BatchRow]) -> Result<()> {
    let batch = row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO batch_row (batch, number, name, description, owner, recipient) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (number, given) in (from..).zip(rows) {
        statement.execute(params![batch, number, given.name, given.description, given.owner, given.recipient])?;
    }
    Ok(())
}

pub(crate) fn drawn(connection: &Connection, id: BatchId, from: u32, limit: u32) -> Result<Vec<DrawnKey>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, handle, display, digest, name, description, owner, created_at, file FROM batch_key
         WHERE batch = (SELECT row FROM batch WHERE id = ?1) AND number >= ?2 ORDER BY number LIMIT ?3",
    )?;
    statement
        .query_and_then(params![id.as_bytes(), from, limit], |row| {
            Ok(DrawnKey {
                id: KeyId::from_bytes(row.get(0)?),
                handle: row.get(1)?,
                display: row.get(2)?,
                digest: KeyDigest::from_bytes(row.get(3)?),
                name: row.get(4)?,
                description: row.get(5)?,
                owner: row.get(6)?,
                created_at: instant(row, 7)?,
                file: row.get(8)?,
            })
        })?
        .collect()
}

pub(crate) fn add_drawn(connection: &Connection, id: BatchId, from: u32, keys: &[DrawnKey]) -> Result<()> {
    let batch = row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO batch_key (batch, number, id, handle, display, digest, name, description, owner, created_at, file)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (number, key) in (from..).zip(keys) {
        statement.execute(params![
            batch,
            number,
            key.id.as_bytes(),
            key.handle,
            key.display,
            key.digest.as_bytes(),
            key.name,
            key.description,
            key.owner,
            key.created_at.timestamp(),
            key.file,
        ])?;
    }
    Ok(())
}

pub(crate) fn forget_drawn(connection: &Connection, id: BatchId) -> Result<()> {
    let batch = row(connection, id)?;
    connection.prepare_cached("DELETE FROM batch_key WHERE batch = ?1")?.execute([batch])?;
    Ok(())
}

pub(crate) fn handle_is_taken(connection: &Connection, handle: &str) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM key WHERE handle = ?1) OR EXISTS (SELECT 1 FROM batch_key WHERE handle = ?1)",
        )?
        .query_row([handle], |row| row.get(0))?)
}
