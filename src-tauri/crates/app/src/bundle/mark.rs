use latchkey_domain::key::Key;
use latchkey_domain::key_format::Hashing;

use crate::error::Result;
use crate::ports::{BundleStatus, Reader};
use crate::wire::{BundleNeed, KeyBundle};

/// What bundles have said of a key, and what they have to; `None` where its tenant has exported none.
pub(crate) fn told_of(reader: &dyn Reader, key: &Key) -> Result<Option<KeyBundle>> {
    if reader.exporting_tenants()?.contains(&key.tenant) { mark(reader, key).map(Some) } else { Ok(None) }
}

/// The same, of a tenant that is known to have exported one. The list's filter says it in SQL.
pub(crate) fn mark(reader: &dyn Reader, key: &Key) -> Result<KeyBundle> {
    let told = reader.told_key(key.tenant, &key.handle)?;
    let stays = key.hashing == Hashing::Argon2id;
    let ended = key.revoked_at.is_some() || key.disabled_at.is_some();
    let need = match &told {
        // Whom nobody knows nobody lets in: an end need not be told then.
        None => (!ended && !stays).then_some(BundleNeed::InNone),
        Some(told) => (ended && told.status == Some(BundleStatus::Active)).then_some(BundleNeed::EndUntold),
    };
    Ok(KeyBundle { since: told.map(|told| told.since), need, stays })
}
