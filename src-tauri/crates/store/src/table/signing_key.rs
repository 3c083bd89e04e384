//! What tenants sign their bundles with.

use latchkey_app::ports::{FormerSigningKey, SignedEndorsement, SigningKeyPlace};
use latchkey_domain::id::{KeyId, TenantId};
use rusqlite::{Connection, Row, params};

use super::{instant, signed, tenant, unsigned};
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

/// Oldest first.
pub(crate) fn former(connection: &Connection, id: TenantId) -> Result<Vec<FormerSigningKey>> {
    let tenant = tenant::existing_row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "SELECT public_key, made_at, ended_at, sequence, file, signature FROM former_signing_key WHERE tenant = ?1
         ORDER BY row",
    )?;
    let read = |row: &Row<'_>| {
        let (file, signature): (Option<Vec<u8>>, Option<String>) = (row.get(4)?, row.get(5)?);
        Ok(FormerSigningKey {
            public_key: row.get(0)?,
            made_at: instant(row, 1)?,
            ended_at: instant(row, 2)?,
            sequence: unsigned(row.get(3)?)?,
            endorsement: file.zip(signature).map(|(file, signature)| SignedEndorsement { file, signature }),
        })
    };
    statement.query_and_then([tenant], read)?.collect()
}

pub(crate) fn insert_former(connection: &Connection, id: TenantId, former: &FormerSigningKey) -> Result<()> {
    let tenant = tenant::existing_row(connection, id)?;
    let endorsement = former.endorsement.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO former_signing_key (tenant, public_key, made_at, ended_at, sequence, file, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            tenant,
            former.public_key,
            former.made_at.timestamp(),
            former.ended_at.timestamp(),
            signed(former.sequence),
            endorsement.map(|signed| &signed.file),
            endorsement.map(|signed| &signed.signature),
        ])?;
    Ok(())
}
