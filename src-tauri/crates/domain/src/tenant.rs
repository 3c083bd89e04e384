//! Tenants.

use chrono::{DateTime, Utc};

use crate::conventions::Conventions;
use crate::id::TenantId;
use crate::key_format::{KeyFormat, Prefix};
use crate::policy::Policy;

/// A local tenant: Latchkey issues its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Identifier.
    pub id: TenantId,
    /// Name, unique in the profile.
    pub name: String,
    /// What its keys begin with.
    pub prefix: Prefix,
    /// How its new keys are made up.
    pub format: KeyFormat,
    /// What it demands of its keys.
    pub policy: Policy,
    /// What it keeps of its template.
    pub conventions: Conventions,
    /// Number of the newest change to its keys; every change raises it by one.
    pub sequence: u64,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}
