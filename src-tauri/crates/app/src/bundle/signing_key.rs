//! What a tenant signs with: its seed lies in the vault, what is public of it in the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use latchkey_domain::event::EventKind;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_verify::PublicKey;
use latchkey_verify::issue::SigningKey;
use zeroize::Zeroizing;

use super::local_tenant;
use crate::error::{Error, Result};
use crate::ports::{NewEvent, SigningKeyPlace, Writer};
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// What the keychain's own program shows of the item, behind the tenant's name.
const LABEL: &str = "signing key";

/// Makes a tenant's signing key.
pub(super) fn make(session: &Session, operator: &Operator, tenant: &Tenant) -> Result<SigningKeyPlace> {
    let made = draw(session, tenant, |writer, tenant, place, key| {
        if writer.signing_key(tenant.id)?.is_some() {
            return Err(Error::new(ErrorCode::NotNow, format!("{} has a signing key already.", tenant.name)));
        }
        writer.put_signing_key(tenant.id, place)?;
        writer.add_event(&NewEvent {
            detail: Some(key.fingerprint()),
            ..operator.tenant_event(place.made_at, EventKind::SigningKeyMade, tenant)
        })?;
        Ok(*place)
    });
    // Another process may have been faster; then its key is the tenant's, and this one has left the vault again.
    made.or_else(|error| session.store.reading(|reader| reader.signing_key(tenant.id))?.ok_or(error))
}

/// Draws a signing key: into the vault first, as a saga of the journal, then `work` writes down where it is.
pub(super) fn draw<T>(
    session: &Session,
    tenant: &Tenant,
    mut work: impl FnMut(&mut dyn Writer, &Tenant, &SigningKeyPlace, &PublicKey) -> Result<T>,
) -> Result<T> {
    let mut seed = Zeroizing::new([0_u8; SigningKey::SEED_LEN]);
    session.with_rng(|rng| rng.fill_bytes(seed.as_mut_slice()));
    let key = SigningKey::from_seed(&seed).public_key();
    let secret = Arc::new(Secret::new(Base64::encode_string(seed.as_slice())));
    let made_at = session.now();
    let credential = BTreeMap::from([(LABEL.to_owned(), secret)]);
    remote::with_credentials(session, &tenant.name, &credential, |writer, places| {
        let tenant = local_tenant(writer, &tenant.id.to_string())?;
        let Some(item) = places.first().map(|place| place.item) else { return Err(not_kept()) };
        work(writer, &tenant, &SigningKeyPlace { item, public_key: *key.as_bytes(), made_at }, &key)
    })
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
            "Bring the vault back from a backup: services believe no other key. Where there is none, \
             `latchkey bundle rotate-key --lost` makes a new key, which each service has to be given by hand.",
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
