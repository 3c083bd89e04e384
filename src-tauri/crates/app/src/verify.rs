//! Whether a tenant accepts a key.

use std::path::Path;

use latchkey_domain::key::{Key, KeyStatus};
use latchkey_domain::key_format::{self, KeyDigest, KeyFormat, Salt, SlowDigests};
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;

use crate::access;
use crate::error::Result;
use crate::find;
use crate::import;
use crate::ports::Reader;
use crate::remote::{key_in, on_clipboard};
use crate::session::Session;
use crate::view;
use crate::wire::{Decision, Refusal};

/// Decides whether `tenant` accepts the key in `secret`.
///
/// A key of Latchkey's own format is found by its handle and its digest compared in constant time; a key of another
/// format is found by its digest. A text that is none of these is digested slowly, once, where the tenant has or had
/// keys that a person may have chosen. A key of another tenant is unknown here.
pub fn verify(session: &Session, tenant: &str, secret: &Secret) -> Result<Decision> {
    let text = secret.expose().trim();
    let digest = KeyDigest::of(text);
    let looked = session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let salt = reader.tenant_salt(tenant.id)?;
        match (own(reader, &tenant, text, &digest)?, salt) {
            (None, Some(salt)) if may_be_chosen(text) => Ok(Looked::Wanting { salt }),
            (key, _) => Ok(Looked::Decided(decided(session, reader, &tenant, text, key)?)),
        }
    })?;
    match looked {
        Looked::Decided(decision) => Ok(decision),
        Looked::Wanting { salt } => {
            // Outside the reading: it takes a tenth of a second.
            let slow = SlowDigests::new().and_then(|mut slow| slow.of(text, &salt));
            let digest = slow.map_err(import::no_memory)?;
            session.store.reading(|reader| {
                let tenant = find::tenant(reader, tenant)?;
                let key = with_digest(reader, &tenant, &digest)?;
                decided(session, reader, &tenant, text, key)
            })
        }
    }
}

/// The same for the key that was copied. Fails with `invalid_input` on `secret` where there is no text on the clipboard.
pub fn verify_copied(session: &Session, tenant: &str, copied: Option<Secret>) -> Result<Decision> {
    verify(session, tenant, &on_clipboard(copied, "Copy the key first.")?)
}

/// The same for the key in a file, such as an `.APIKEY` file. Fails with `invalid_input` on `file` as
/// [`crate::remote::read_key_file`] does.
pub fn verify_file(session: &Session, tenant: &str, path: &Path) -> Result<Decision> {
    verify(session, tenant, &key_in(path)?)
}

/// How far a look at the list went.
enum Looked {
    Decided(Decision),
    /// Only a slow digest can tell.
    Wanting {
        salt: Salt,
    },
}

/// Nothing shorter or longer was ever imported.
fn may_be_chosen(text: &str) -> bool {
    text.len() <= latchkey_import::MAX_KEY && text.chars().count() >= latchkey_import::MIN_KEY
}

fn own(reader: &dyn Reader, tenant: &Tenant, text: &str, digest: &KeyDigest) -> Result<Option<Key>> {
    if let Some(parsed) = key_format::parse(text)
        && let Some(key) = reader.key_with_handle(parsed.handle)?
        && key.tenant == tenant.id
        && key.digest == *digest
    {
        return Ok(Some(key));
    }
    with_digest(reader, tenant, digest)
}

fn with_digest(reader: &dyn Reader, tenant: &Tenant, digest: &KeyDigest) -> Result<Option<Key>> {
    let found = reader.keys_with_digest(digest)?;
    Ok(found.into_iter().find(|key| key.tenant == tenant.id && key.digest == *digest))
}

fn decided(session: &Session, reader: &dyn Reader, tenant: &Tenant, text: &str, key: Option<Key>) -> Result<Decision> {
    let now = session.now();
    let refused = |reason, handle: Option<&str>| {
        Ok(Decision::Refused { reason, handle: handle.map(str::to_owned), sequence: tenant.sequence })
    };
    let Some(key) = key else {
        let is_shaped = KeyFormat::ALL.into_iter().any(|format| format.has_shape(text));
        let reason = if is_shaped { Refusal::Unknown } else { Refusal::Malformed };
        return refused(reason, key_format::parse(text).map(|parsed| parsed.handle));
    };
    match key.status(now, tenant.policy.warning_days) {
        KeyStatus::Revoked => refused(Refusal::Revoked, Some(&key.handle)),
        KeyStatus::Disabled => refused(Refusal::Disabled, Some(&key.handle)),
        KeyStatus::Expired if key.superseded.is_some() => refused(Refusal::Superseded, Some(&key.handle)),
        KeyStatus::Expired => refused(Refusal::Expired, Some(&key.handle)),
        KeyStatus::Active | KeyStatus::Expiring | KeyStatus::Superseded => {
            let access = access::of_key(reader, tenant, &key)?;
            Ok(Decision::Valid {
                api_sets: key.api_sets.clone(),
                everything: access.everything,
                organization: key.organization.clone(),
                groups: key.groups.clone(),
                permissions: access.permissions.into_iter().map(|permission| permission.id).collect(),
                sequence: tenant.sequence,
                key: Box::new(view::key(key, tenant, now)),
            })
        }
    }
}
