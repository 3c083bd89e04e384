//! What tenants sign their bundles with.

use latchkey_app::ports::SigningKeyPlace;
use latchkey_domain::id::{KeyId, TenantId};
use rusqlite::{Connection, Row, params};

use super::{instant, tenant};
use crate::fault::Result;

fn read(row: &Row<'_>) -> Result<SigningKeyPlace> {
    Ok(SigningKeyPlace { item: KeyId::from_bytes(row.get(0)?), public_key: row.get(1)?, made_at: instant(row, 2)? })
}

pub(crate) fn get(connection: &Connection, tenant: TenantId) -> Result<Option<SigningKeyPlace>> {
    let mut statement = connection.prepare_cached(
        "SELECT item, public_key, made_at FROM signing_key WHERE tenant = (SELECT row FROM tenant WHERE id = ?1)",
    )?;
    statement.query_and_then([tenant.as_bytes()], read)?.next().transpose()
}

/// The items of all tenants.
pub(crate) fn items(connection: &Connection) -> Result<Vec<KeyId>> {
    let mut statement = connection.prepare_cached("SELECT item FROM signing_key ORDER BY tenant")?;
    let items = statement.query_map([], |row| row.get(0).map(KeyId::from_bytes))?;
    Ok(items.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn put(connection: &Connection, tenant: TenantId, place: &SigningKeyPlace) -> Result<()> {
    let row = tenant::existing_row(connection, tenant)?;
    connection
        .prepare_cached(
            "INSERT INTO signing_key (tenant, item, public_key, made_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant) DO UPDATE SET item = excluded.item, public_key = excluded.public_key,
                made_at = excluded.made_at",
        )?
        .execute(params![row, place.item.as_bytes(), place.public_key, place.made_at.timestamp()])?;
    Ok(())
}
