use latchkey_domain::tenant::Tenant;
use latchkey_verify::PublicKey;

use super::{local_tenant, signing_key};
use crate::error::{Error, Result};
use crate::ports::SigningKeyPlace;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, PublicKeyView};

/// What verifiers are told of a tenant, made at the first asking: from then on the vault may be locked.
///
/// Fails with `invalid_input` on `tenant` for a remote one and, where the key has to be made, with the vault's codes.
pub fn public_key(session: &Session, operator: &Operator, tenant: &str) -> Result<PublicKeyView> {
    let (tenant, place) = owned(session, operator, tenant)?;
    view(&tenant, &place)
}

/// The same of a tenant that has a signing key already; `None` for one that never signed anything.
pub fn known_key(session: &Session, tenant: &str) -> Result<Option<PublicKeyView>> {
    let (tenant, place) = looked_up(session, tenant)?;
    place.map(|place| view(&tenant, &place)).transpose()
}

/// A tenant, and where its signing key is; made where it has none.
pub(super) fn owned(session: &Session, operator: &Operator, tenant: &str) -> Result<(Tenant, SigningKeyPlace)> {
    let (tenant, place) = looked_up(session, tenant)?;
    let place = match place {
        Some(place) => place,
        None => signing_key::make(session, operator, &tenant)?,
    };
    Ok((tenant, place))
}

pub(super) fn looked_up(session: &Session, tenant: &str) -> Result<(Tenant, Option<SigningKeyPlace>)> {
    session.store.reading(|reader| {
        let tenant = local_tenant(reader, tenant)?;
        let place = reader.signing_key(tenant.id)?;
        Ok((tenant, place))
    })
}

pub(super) fn view(tenant: &Tenant, place: &SigningKeyPlace) -> Result<PublicKeyView> {
    let key = parsed(&tenant.name, place.public_key)?;
    Ok(PublicKeyView {
        tenant: tenant.name.clone(),
        tenant_id: tenant.id.to_string(),
        public_key: key.to_string(),
        number: key.number(),
        fingerprint: key.fingerprint(),
        made_at: place.made_at,
    })
}

/// A public key as the database has it.
pub(super) fn parsed(tenant: &str, bytes: [u8; 42]) -> Result<PublicKey> {
    PublicKey::from_bytes(bytes).map_err(|error| {
        Error::new(ErrorCode::ProfileDamaged, format!("The public key of {tenant} is damaged: {error}."))
    })
}
