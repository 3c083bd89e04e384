//! Whether a tenant accepts a key.

use latchkey_domain::key::KeyStatus;
use latchkey_domain::key_format::{self, KeyDigest, KeyFormat};
use latchkey_domain::secret::Secret;

use crate::access;
use crate::error::Result;
use crate::find;
use crate::session::Session;
use crate::view;
use crate::wire::{Decision, Refusal};

/// Decides whether `tenant` accepts the key in `secret`.
///
/// A key of Latchkey's own format is found by its handle and its digest compared in constant time; a key of another
/// format is found by its digest. A key of another tenant is unknown here.
pub fn verify(session: &Session, tenant: &str, secret: &Secret) -> Result<Decision> {
    let now = session.now();
    let text = secret.expose().trim();
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let refused = |reason, handle: Option<&str>| {
            Ok(Decision::Refused { reason, handle: handle.map(str::to_owned), sequence: tenant.sequence })
        };
        let digest = KeyDigest::of(text);
        let known = match key_format::parse(text) {
            Some(parsed) => reader.key_with_handle(parsed.handle)?.into_iter().collect(),
            None => reader.keys_with_digest(&digest)?,
        };
        let own = known.into_iter().find(|key| key.tenant == tenant.id && key.digest == digest);
        let Some(key) = own else {
            let is_shaped = KeyFormat::ALL.into_iter().any(|format| format.has_shape(text));
            let reason = if is_shaped { Refusal::Unknown } else { Refusal::Malformed };
            return refused(reason, key_format::parse(text).map(|parsed| parsed.handle));
        };
        let handle = key.handle.clone();
        let handle = Some(handle.as_str());
        match key.status(now, tenant.policy.warning_days) {
            KeyStatus::Revoked => refused(Refusal::Revoked, handle),
            KeyStatus::Disabled => refused(Refusal::Disabled, handle),
            KeyStatus::Expired if key.superseded.is_some() => refused(Refusal::Superseded, handle),
            KeyStatus::Expired => refused(Refusal::Expired, handle),
            KeyStatus::Active | KeyStatus::Expiring | KeyStatus::Superseded => {
                let access = access::of_key(reader, &tenant, &key)?;
                Ok(Decision::Valid {
                    api_sets: key.api_sets.clone(),
                    everything: access.everything,
                    organization: key.organization.clone(),
                    groups: key.groups.clone(),
                    permissions: access.permissions.into_iter().map(|permission| permission.id).collect(),
                    sequence: tenant.sequence,
                    key: Box::new(view::key(key, &tenant, now)),
                })
            }
        }
    })
}
