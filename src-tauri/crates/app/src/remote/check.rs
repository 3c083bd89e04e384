use latchkey_domain::secret::Secret;

use super::site;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::Watch;
use crate::session::Session;
use crate::wire::{CheckedKey, ErrorCode};

/// Asks a server with a key whether the key works: with the text given, or with the one that was kept.
///
/// Fails with `not_now` for a key of a local tenant, or one that was neither given nor kept; with the vault's codes and
/// those of the network.
pub fn check(session: &Session, key: &str, given: Option<&Secret>, watch: &Watch) -> Result<CheckedKey> {
    let (key, tenant) = session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        let tenant = find::tenant_of(reader, &key)?;
        Ok((key, tenant))
    })?;
    let site = site(session, &tenant)?;
    let kept = match given {
        Some(_) => None,
        None => session.vault.get(key.id)?,
    };
    let secret = given.or(kept.as_ref()).ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("The text of {} was not kept.", key.name))
            .hint("Give the key itself, on standard input or in the field.")
    })?;
    session.connectors.check(&site.at(), secret, watch).map_err(|failure| failure.error)
}
