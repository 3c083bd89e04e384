//! What a window shows first.

use crate::error::Result;
use crate::session::Session;
use crate::wire::{KeyQuery, KeySort, Opening, ProfileView};
use crate::{connector, key, tenant};

/// A page of the window's list.
const LIMIT: u32 = 100;

/// The profile as it was told, its tenants, its connectors, and the page of the newest keys of the tenant that was open
/// `last`, or of all tenants where there was none or it is gone since.
///
/// Each part is what the use case of its own answers. Fails as they do.
pub fn look(session: &Session, profile: ProfileView, last: Option<&str>) -> Result<Opening> {
    let tenants = tenant::list(session)?;
    let tenant = tenants.iter().map(|tenant| &tenant.id).find(|id| Some(id.as_str()) == last).cloned();
    let sort = KeySort::Created;
    let newest = KeyQuery { tenant: tenant.clone(), sort, descending: true, limit: LIMIT, ..KeyQuery::default() };
    let keys = key::list(session, &newest)?;
    Ok(Opening { profile, tenants, connectors: connector::list(session), tenant, keys, limit: LIMIT })
}
