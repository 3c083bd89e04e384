//! What a tenant signs with: its seed lies in the vault, what is public of it in the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use latchkey_domain::event::EventKind;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_verify::issue::SigningKey;
use zeroize::Zeroizing;

use super::local_tenant;
use crate::error::{Error, Result};
use crate::ports::{NewEvent, SigningKeyPlace};
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// What the keychain's own program shows of the item, behind the tenant's name.
const LABEL: &str = "signing key";

/// Makes a tenant's signing key: into the vault first, as a saga of the journal, then into the database.
pub(super) fn make(session: &Session, operator: &Operator, tenant: &Tenant) -> Result<SigningKeyPlace> {
    let mut seed = Zeroizing::new([0_u8; SigningKey::SEED_LEN]);
    session.with_rng(|rng| rng.fill_bytes(seed.as_mut_slice()));
    let public_key = SigningKey::from_seed(&seed).public_key();
    let secret = Arc::new(Secret::new(Base64::encode_string(seed.as_slice())));
    let now = session.now();
    let made = remote::with_credentials(
        session,
        &tenant.name,
        &BTreeMap::from([(LABEL.to_owned(), secret)]),
        |writer, places| {
            let tenant = local_tenant(writer, &tenant.id.to_string())?;
            let Some(item) = places.first().map(|place| place.item) else { return Err(not_kept()) };
            if writer.signing_key(tenant.id)?.is_some() {
                return Err(Error::new(ErrorCode::NotNow, format!("{} has a signing key already.", tenant.name)));
            }
            let place = SigningKeyPlace { item, public_key: *public_key.as_bytes(), made_at: now };
            writer.put_signing_key(tenant.id, &place)?;
            writer.add_event(&NewEvent {
                detail: Some(public_key.fingerprint()),
                ..operator.tenant_event(now, EventKind::SigningKeyMade, &tenant)
            })?;
            Ok(place)
        },
    );
    // Another process may have been faster; then its key is the tenant's, and this one has left the vault again.
    made.or_else(|error| session.store.reading(|reader| reader.signing_key(tenant.id))?.ok_or(error))
}

fn not_kept() -> Error {
    Error::new(ErrorCode::Failed, "The signing key has no place in the vault.")
}
/// Takes a tenant's signing key out of the vault, to sign with.
///
/// Fails with `secret_missing` where somebody took it out of the vault, and with the vault's codes.
pub(super) fn take(session: &Session, tenant: &Tenant, place: &SigningKeyPlace) -> Result<SigningKey> {
    let missing = || {
        Error::new(
            ErrorCode::SecretMissing,
            format!("The signing key of {} is not in the vault any more.", tenant.name),
        )
        .hint(
            "Somebody removed it outside Latchkey. Bring the vault back from a backup: verifiers believe no other key.",
        )
    };
    let secret = session.vault.get(place.item)?.ok_or_else(missing)?;
    let mut seed = Zeroizing::new([0_u8; SigningKey::SEED_LEN]);
    let decoded = Base64::decode(secret.expose(), seed.as_mut_slice()).map_err(|_| missing())?;
    if decoded.len() != SigningKey::SEED_LEN {
        return Err(missing());
    }
    let key = SigningKey::from_seed(&seed);
    if *key.public_key().as_bytes() == place.public_key { Ok(key) } else { Err(missing()) }
}
