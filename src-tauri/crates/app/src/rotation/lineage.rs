use chrono::{DateTime, Utc};
use latchkey_domain::key::{Key, KeyStatus};
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::ports::Reader;
use crate::wire::{KeyLink, Lineage, RotationStage};

/// What a list marks a key with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Its successor is there, and it is not retired.
    Rotating,
    /// It is to be rotated by now.
    Due,
}

/// What a list marks a key with.
pub(crate) fn mark(reader: &dyn Reader, key: &Key, tenant: &Tenant, now: DateTime<Utc>) -> Result<Option<Mark>> {
    if key.revoked_at.is_some() || key.superseded.is_some() {
        return Ok(None);
    }
    if reader.has_heir(key.id)? {
        return Ok(Some(Mark::Rotating));
    }
    Ok(key.is_old(&tenant.policy, now).then_some(Mark::Due))
}

/// Another key of the same tenant, as a link to it needs.
pub(crate) fn link(key: &Key, tenant: &Tenant, now: DateTime<Utc>) -> KeyLink {
    KeyLink {
        id: key.id.to_string(),
        handle: key.handle.clone(),
        display: key.display.clone(),
        status: key.status(now, tenant.policy.warning_days),
    }
}

/// Which keys came before and after a key.
pub(crate) fn lineage(reader: &dyn Reader, key: &Key, tenant: &Tenant, now: DateTime<Utc>) -> Result<Lineage> {
    let link = |key: &Key| link(key, tenant, now);
    let successor = reader.successor(key.id)?;
    let heir = successor.as_ref().filter(|successor| successor.revoked_at.is_none());
    let stage = heir.map(|_| match (key.revoked_at, key.superseded) {
        (Some(_), _) => RotationStage::Done,
        (None, None) => RotationStage::UnderWay,
        (None, Some(_)) if key.status(now, 0) == KeyStatus::Expired => RotationStage::Over,
        (None, Some(_)) => RotationStage::Overlap,
    });
    let before = match key.succeeds {
        Some(id) => reader.key(id)?,
        None => None,
    };
    Ok(Lineage {
        predecessor: before.as_ref().map(link),
        successor: successor.as_ref().map(link),
        stage,
        ends_before: key.superseded.and_then(|superseded| superseded.ends_before),
        due: mark(reader, key, tenant, now)? == Some(Mark::Due),
    })
}
