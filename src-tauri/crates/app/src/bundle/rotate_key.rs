use std::io;
use std::path::Path;

use latchkey_domain::event::EventKind;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;
use latchkey_verify::issue::SigningKey;
use latchkey_verify::{Endorsement, TenantId};

use super::contents::{check_clock, seconds};
use super::pair::check_places_of_endorsement;
use super::public_key::{looked_up, view};
use super::{signing_key, write_endorsement};
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{FormerSigningKey, NewEvent, SignedEndorsement, SigningKeyPlace};
use crate::recover;
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, SigningKeyReplaced, SigningKeyRotated};

/// Gives a local tenant a new signing key, which the old one endorses, and writes the endorsement to `target`.
///
/// The endorsement is in the database in the same transaction as the new key; after that the old seed leaves the vault.
/// So where the file cannot be written, [`super::write_endorsement`] writes it later. The first bundle that the new key
/// signs is a full one.
///
/// Fails with `invalid_input` on `tenant` for a remote one, with `not_now` for a tenant that never signed anything and where
/// the clock was set back, with `file_exists` and the codes of files, with `secret_missing` and the vault's codes.
pub fn rotate_key(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    reason: Option<&str>,
    target: &Path,
) -> Result<SigningKeyRotated> {
    let reason = text::reason(reason)?;
    let target = std::path::absolute(target).map_err(|cause| Error::io("write", target, &cause))?;
    let (tenant, place) = signing(session, tenant)?;
    check_places_of_endorsement(&target, tenant.id)?;
    if !target.parent().is_some_and(Path::is_dir) {
        // Found out now, and not when the key is rotated.
        return Err(Error::io("write", &target, &io::ErrorKind::NotFound.into()));
    }
    let old = signing_key::take(session, &tenant, &place)?;
    let place = replace(session, operator, &tenant, &place, Some(&old), reason.as_deref())?;
    drop(old);
    fault::point("rekey.stored");
    recover::finish_own(session);
    fault::point("rekey.wiped");
    let written = write_endorsement(session, &tenant.id.to_string(), None, &target).map_err(|error| {
        let message = format!("{} has its new signing key, but the endorsement is not written: {error}", tenant.name);
        Error::new(error.code(), message).hint("Write it with `latchkey bundle endorsement --out FILE`.")
    })?;
    fault::point("rekey.done");
    Ok(SigningKeyRotated { key: view(&tenant, &place)?, written })
}

/// Gives a local tenant a new signing key that nothing endorses: the old one is lost, or services do not believe it any
/// more. Each service has to be given the new public key by hand.
///
/// Fails with `invalid_input` on `tenant` for a remote one, with `not_now` for a tenant that never signed anything and where
/// the clock was set back, and with the vault's codes.
pub fn replace_key(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    reason: Option<&str>,
) -> Result<SigningKeyReplaced> {
    let reason = text::reason(reason)?;
    let (tenant, place) = signing(session, tenant)?;
    let before = view(&tenant, &place)?;
    let place = replace(session, operator, &tenant, &place, None, reason.as_deref())?;
    recover::finish_own(session);
    Ok(SigningKeyReplaced { key: view(&tenant, &place)?, before })
}

fn signing(session: &Session, tenant: &str) -> Result<(Tenant, SigningKeyPlace)> {
    let (tenant, place) = looked_up(session, tenant)?;
    let place = place.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("{} has no signing key yet.", tenant.name))
            .hint("`latchkey bundle public-key` makes it.")
    })?;
    Ok((tenant, place))
}

/// Puts a new key in the place of `before`. `old` is that one's secret half, for it to sign with.
fn replace(
    session: &Session,
    operator: &Operator,
    tenant: &Tenant,
    before: &SigningKeyPlace,
    old: Option<&SigningKey>,
    reason: Option<&str>,
) -> Result<SigningKeyPlace> {
    signing_key::draw(session, tenant, |writer, tenant, place, key| {
        if writer.signing_key(tenant.id)?.as_ref() != Some(before) {
            return Err(Error::new(ErrorCode::NotNow, format!("Somebody else has given {} a new key.", tenant.name))
                .hint("Look at it with `latchkey bundle public-key`."));
        }
        check_clock(writer, tenant, place.made_at)?;
        // Signed within the transaction: what is in it of the tenant is what the transaction finds.
        let signed = old.map(|old| {
            let issued = seconds(place.made_at);
            let (id, sequence, key) = (TenantId(*tenant.id.as_bytes()), tenant.sequence, key.clone());
            old.endorse(&Endorsement { tenant: id, sequence, issued, key })
        });
        let endorsement = signed.transpose().map_err(|error| {
            Error::new(ErrorCode::Failed, format!("No verifier would take an endorsement of {}: {error}.", tenant.name))
        })?;
        let endorsement = endorsement.map(|(file, signature)| SignedEndorsement { file, signature });
        writer.add_former_signing_key(
            tenant.id,
            &FormerSigningKey {
                public_key: before.public_key,
                made_at: before.made_at,
                ended_at: place.made_at,
                sequence: tenant.sequence,
                endorsement,
            },
        )?;
        writer.put_signing_key(tenant.id, place)?;
        // A start of a service believes one key: a full bundle of the old one is no base for it.
        writer.end_deltas(tenant.id)?;
        remote::discard(session, writer, before.item)?;
        let kind = if old.is_some() { EventKind::SigningKeyRotated } else { EventKind::SigningKeyReplaced };
        writer.add_event(&NewEvent {
            detail: Some(key.fingerprint()),
            reason: reason.map(str::to_owned),
            ..operator.tenant_event(place.made_at, kind, tenant)
        })?;
        Ok(*place)
    })
}
