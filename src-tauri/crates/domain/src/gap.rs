//! What a key has that its tenant's policy does not allow any more.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::key_format::KeyFormat;
use crate::policy::{KeepPolicy, Policy};
use crate::tenant::Tenant;

/// Why a key does not meet a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// It ends later than a key could be given an end today.
    BeyondCeiling,
    /// It has no end.
    NoEnd,
    /// It has no API set.
    NoApiSet,
    /// Its secret is kept.
    Kept,
    /// Another key in use has its name.
    SameName,
    /// It belongs to somebody else than the operator who asks.
    OtherOwner,
    /// It is made up otherwise than the tenant's new keys.
    OtherFormat,
    /// It begins with another prefix than the tenant's new keys.
    OtherPrefix,
}

impl Gap {
    /// Every one, in the order of lists.
    pub const ALL: [Self; 8] = [
        Self::BeyondCeiling,
        Self::NoEnd,
        Self::NoApiSet,
        Self::Kept,
        Self::SameName,
        Self::OtherOwner,
        Self::OtherFormat,
        Self::OtherPrefix,
    ];
}

/// What a tenant asks of a key that is in use, at one moment and for one operator.
#[allow(clippy::struct_excessive_bools)] // Each is a question of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demands {
    /// The last end that may be chosen; `None` for any.
    pub latest_end: Option<DateTime<Utc>>,
    /// Whether it must have an end.
    pub end: bool,
    /// Whether it needs an API set.
    pub api_set: bool,
    /// Whether its secret must not be kept.
    pub not_kept: bool,
    /// Whether its name must be its own.
    pub own_name: bool,
    /// Who it must belong to; `None` for anybody.
    pub owner: Option<String>,
    /// How it must be made up. A key from elsewhere keeps what it has.
    pub format: KeyFormat,
    /// What it must begin with, `_` included, where it is of Latchkey's own format; `None` for anything.
    pub begins: Option<String>,
}

impl Demands {
    /// What `tenant` asks at `now`, where `operator` asks.
    #[must_use]
    pub fn of(tenant: &Tenant, now: DateTime<Utc>, operator: &str) -> Self {
        let Tenant { policy, conventions, format, .. } = tenant;
        let longest = Policy { max_lifetime_days: conventions.longest(policy), ..*policy };
        Self {
            latest_end: longest.latest_end(now),
            end: policy.must_end(),
            api_set: policy.require_api_set,
            not_kept: policy.keep == KeepPolicy::Forbid,
            own_name: policy.unique_names,
            owner: policy.own_keys_only.then(|| operator.to_owned()),
            format: *format,
            begins: (*format == KeyFormat::Latchkey).then(|| format!("{}_", tenant.prefix)),
        }
    }
}
