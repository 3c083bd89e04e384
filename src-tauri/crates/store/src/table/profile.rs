//! The one row about the profile itself.

use chrono::{DateTime, Utc};
use latchkey_app::ports::Profile;
use latchkey_app::wire::Settings;
use latchkey_domain::id::ProfileId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::{Result, damaged};

mod vault {
    use latchkey_app::wire::VaultKind;
    crate::table::stored_names!(VaultKind { Keychain = "keychain", Passphrase = "passphrase" });
}

mod appearance {
    use latchkey_app::wire::Appearance;
    crate::table::stored_names!(Appearance { System = "system", Light = "light", Dark = "dark" });
}

pub(crate) fn insert(connection: &Connection, profile: &Profile, now: DateTime<Utc>) -> Result<()> {
    connection.execute(
        "INSERT INTO profile (one, id, vault, appearance, offline, created_at) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![
            profile.id.as_bytes(),
            vault::name_of(profile.vault),
            appearance::name_of(profile.settings.appearance),
            profile.settings.offline,
            now.timestamp(),
        ],
    )?;
    Ok(())
}

pub(crate) fn get(connection: &Connection) -> Result<Profile> {
    let (id, kind, look, offline): (_, String, String, bool) = connection
        .prepare_cached("SELECT id, vault, appearance, offline FROM profile")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?
        .ok_or_else(damaged)?;
    Ok(Profile {
        id: ProfileId::from_bytes(id),
        vault: vault::named(&kind)?,
        settings: Settings { appearance: appearance::named(&look)?, offline },
    })
}

pub(crate) fn set_settings(connection: &Connection, settings: Settings) -> Result<()> {
    connection
        .prepare_cached("UPDATE profile SET appearance = ?1, offline = ?2")?
        .execute(params![appearance::name_of(settings.appearance), settings.offline])?;
    Ok(())
}
