use serde::Serialize;

use super::{ErrorBody, SyncDone};

/// How far the refreshes of remote tenants are that this process does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RefreshProgress {
    /// How many have ended, since none was under way.
    pub done: u32,
    /// How many there are in all.
    pub total: u32,
    /// Those that have not ended.
    pub under_way: Vec<TenantRefresh>,
}

/// A tenant whose server is being asked, or will be when its turn comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantRefresh {
    /// The tenant's identifier.
    pub tenant: String,
    /// Whether its turn has come.
    pub begun: bool,
    /// How many keys have arrived.
    pub keys: u32,
    /// In how many seconds the server is asked again, where it wants to be left alone.
    pub waiting: Option<u32>,
    /// Whether it was asked to stop.
    pub cancelling: bool,
}

/// What refreshing one of several tenants came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantRefreshed {
    /// The tenant's identifier.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// What the server told.
    pub done: Option<SyncDone>,
    /// Why it could not be asked.
    pub problem: Option<ErrorBody>,
}
