//! What a window shows first.

use crate::error::Result;
use crate::session::Session;
use crate::wire::{KeyQuery, KeySort, Opening, ProfileView};
use crate::{connector, key, tenant};

/// A page of the window's list.
const LIMIT: u32 = 100;

/// The profile as it was told, its tenants, its connectors, and the page of its newest keys.
///
/// Each part is what the use case of its own answers. Fails as they do.
pub fn look(session: &Session, profile: ProfileView) -> Result<Opening> {
    let newest = KeyQuery { sort: KeySort::Created, descending: true, limit: LIMIT, ..KeyQuery::default() };
    Ok(Opening {
        profile,
        tenants: tenant::list(session)?,
        connectors: connector::list(session),
        keys: key::list(session, &newest)?,
        limit: LIMIT,
    })
}
