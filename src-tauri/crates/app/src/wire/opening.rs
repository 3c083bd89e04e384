use serde::Serialize;

use super::{Connector, KeyPage, ProfileView, TenantView};

/// All that a window shows first, so that it need not ask for it piece by piece.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Opening {
    /// The profile, its vault and the machine under it.
    pub profile: ProfileView,
    /// All tenants by name.
    pub tenants: Vec<TenantView>,
    /// How the servers of remote tenants are spoken to.
    pub connectors: Vec<Connector>,
    /// The tenant that was open last; `None` where it was all of them.
    pub tenant: Option<String>,
    /// Its newest keys.
    pub keys: KeyPage,
    /// How many keys were asked for: a shorter page is the whole list.
    pub limit: u32,
}
