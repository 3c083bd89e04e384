//! Whether a tenant accepts a key.

use latchkey_domain::key::KeyStatus;
use latchkey_domain::key_format::{self, KeyDigest};
use latchkey_domain::secret::Secret;

use crate::error::Result;
use crate::find;
use crate::session::Session;
use crate::view;
use crate::wire::{Decision, Refusal};

/// Decides whether `tenant` accepts the key in `secret`.
///
/// The form and the checksum are looked at first, then the handle is looked up and the digest compared in constant
/// time. A key of another tenant is unknown here.
pub fn verify(session: &Session, tenant: &str, secret: &Secret) -> Result<Decision> {
    let now = session.now();
    let text = secret.expose().trim();
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let refused = |reason, handle: Option<&str>| {
            Ok(Decision::Refused { reason, handle: handle.map(str::to_owned), sequence: tenant.sequence })
        };
        let Some(parsed) = key_format::parse(text) else {
            return refused(Refusal::Malformed, None);
        };
        let handle = Some(parsed.handle);
        let known = reader
            .key_with_handle(parsed.handle)?
            .filter(|key| key.tenant == tenant.id && key.digest == KeyDigest::of(text));
        let Some(key) = known else {
            return refused(Refusal::Unknown, handle);
        };
        match key.status(now, tenant.policy.warning_days) {
            KeyStatus::Revoked => refused(Refusal::Revoked, handle),
            KeyStatus::Disabled => refused(Refusal::Disabled, handle),
            KeyStatus::Expired => refused(Refusal::Expired, handle),
            KeyStatus::Active | KeyStatus::Expiring => Ok(Decision::Valid {
                api_sets: key.api_sets.clone(),
                sequence: tenant.sequence,
                key: Box::new(view::key(key, &tenant, now)),
            }),
        }
    })
}
