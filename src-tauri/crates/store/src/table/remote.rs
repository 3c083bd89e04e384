//! Remote tenants, their credentials' places and what their servers know of their keys.

use chrono::{DateTime, Utc};
use latchkey_app::ports::{Freshness, RemoteCredential};
use latchkey_app::wire::{ErrorBody, ErrorCode, ServerProblem};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::remote::{Remote, RemoteKey};
use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{instant_or_none, key, tenant};
use crate::fault::{Result, damaged};

pub(crate) fn get(connection: &Connection, id: TenantId) -> Result<Option<Remote>> {
    let Some(tenant) = tenant::row(connection, id)? else { return Ok(None) };
    let mut statement =
        connection.prepare_cached("SELECT connector, url, options, network FROM remote_tenant WHERE tenant = ?1")?;
    let mut rows = statement.query_and_then([tenant], |row| {
        Ok(Remote {
            connector: row.get(0)?,
            url: row.get(1)?,
            options: from_json(&row.get::<_, String>(2)?)?,
            network: from_json(&row.get::<_, String>(3)?)?,
        })
    })?;
    rows.next().transpose()
}

pub(crate) fn put(connection: &Connection, id: TenantId, remote: &Remote) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    connection
        .prepare_cached(
            "INSERT INTO remote_tenant (tenant, connector, url, options, network) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (tenant) DO UPDATE SET connector = ?2, url = ?3, options = ?4, network = ?5",
        )?
        .execute(params![tenant, remote.connector, remote.url, json(&remote.options)?, json(&remote.network)?])?;
    Ok(())
}

pub(crate) fn freshness(connection: &Connection, id: TenantId) -> Result<Freshness> {
    let Some(tenant) = tenant::row(connection, id)? else { return Ok(Freshness::default()) };
    let mut statement = connection
        .prepare_cached("SELECT synced_at, asked_at, problem, skipped FROM remote_tenant WHERE tenant = ?1")?;
    let mut rows = statement.query_and_then([tenant], |row| {
        let problem: Option<String> = row.get(2)?;
        Ok(Freshness {
            synced_at: instant_or_none(row, 0)?,
            asked_at: instant_or_none(row, 1)?,
            problem: problem.map(Noted::read),
            skipped: row.get(3)?,
        })
    })?;
    rows.next().unwrap_or_else(|| Ok(Freshness::default()))
}

pub(crate) fn note_asked(
    connection: &Connection,
    id: TenantId,
    at: DateTime<Utc>,
    came: std::result::Result<u32, &ErrorBody>,
) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    let problem = came.err().map(|body| json(&Noted::of(body))).transpose()?;
    connection
        .prepare_cached(
            "UPDATE remote_tenant SET asked_at = ?2, problem = ?3, synced_at = iif(?3 IS NULL, ?2, synced_at),
                 skipped = coalesce(?4, skipped)
             WHERE tenant = ?1",
        )?
        .execute(params![tenant, at.timestamp(), problem, came.ok()])?;
    Ok(())
}

pub(crate) fn credentials(connection: &Connection, id: TenantId) -> Result<Vec<RemoteCredential>> {
    let Some(tenant) = tenant::row(connection, id)? else { return Ok(Vec::new()) };
    let mut statement =
        connection.prepare_cached("SELECT id, item FROM remote_credential WHERE tenant = ?1 ORDER BY id")?;
    statement.query_and_then([tenant], credential)?.collect()
}

pub(crate) fn all_credentials(connection: &Connection) -> Result<Vec<RemoteCredential>> {
    let mut statement = connection.prepare_cached("SELECT id, item FROM remote_credential ORDER BY tenant, id")?;
    statement.query_and_then([], credential)?.collect()
}

fn credential(row: &Row<'_>) -> Result<RemoteCredential> {
    Ok(RemoteCredential { id: row.get(0)?, item: KeyId::from_bytes(row.get(1)?) })
}

pub(crate) fn put_credential(connection: &Connection, id: TenantId, credential: &RemoteCredential) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    connection
        .prepare_cached(
            "INSERT INTO remote_credential (tenant, id, item) VALUES (?1, ?2, ?3)
             ON CONFLICT (tenant, id) DO UPDATE SET item = ?3",
        )?
        .execute(params![tenant, credential.id, credential.item.as_bytes()])?;
    Ok(())
}

pub(crate) fn remove_credential(connection: &Connection, id: TenantId, credential: &str) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    connection
        .prepare_cached("DELETE FROM remote_credential WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, credential])?;
    Ok(())
}

pub(crate) fn key(connection: &Connection, id: KeyId) -> Result<Option<RemoteKey>> {
    let mut statement = connection.prepare_cached(
        "SELECT r.id, r.everything, r.last_used_at FROM remote_key r JOIN key k ON k.row = r.key
         WHERE k.id = ?1",
    )?;
    let mut rows = statement.query_and_then([id.as_bytes()], |row| {
        Ok(RemoteKey { id: row.get(0)?, everything: row.get(1)?, last_used_at: instant_or_none(row, 2)? })
    })?;
    rows.next().transpose()
}

pub(crate) fn keys(connection: &Connection, id: TenantId) -> Result<Vec<(String, KeyId)>> {
    let Some(tenant) = tenant::row(connection, id)? else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(
        "SELECT r.id, k.id FROM remote_key r JOIN key k ON k.row = r.key WHERE r.tenant = ?1 AND r.id IS NOT NULL",
    )?;
    let keys = statement.query_map([tenant], |row| Ok((row.get(0)?, KeyId::from_bytes(row.get(1)?))))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn put_key(connection: &Connection, id: KeyId, remote: &RemoteKey) -> Result<()> {
    let (row, tenant) = key::existing(connection, id)?;
    connection
        .prepare_cached(
            "INSERT INTO remote_key (key, tenant, id, everything, last_used_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (key) DO UPDATE SET id = ?3, everything = ?4, last_used_at = ?5",
        )?
        .execute(params![row, tenant, remote.id, remote.everything, remote.last_used_at.map(|at| at.timestamp()),])?;
    Ok(())
}

/// An error as it is noted. No field of the window is at fault.
#[derive(Serialize, Deserialize)]
struct Noted {
    code: ErrorCode,
    message: String,
    hint: Option<String>,
    server: Option<Box<ServerProblem>>,
}

impl Noted {
    fn of(body: &ErrorBody) -> Self {
        let ErrorBody { code, message, hint, server, .. } = body.clone();
        Self { code, message, hint, server }
    }

    /// What another version of the program noted may not be known to this one: then it is told as it stands there.
    fn read(text: String) -> ErrorBody {
        let noted = serde_json::from_str(&text).unwrap_or(Self {
            code: ErrorCode::Failed,
            message: text,
            hint: None,
            server: None,
        });
        ErrorBody { code: noted.code, message: noted.message, hint: noted.hint, field: None, server: noted.server }
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| damaged().into())
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| damaged().into())
}
