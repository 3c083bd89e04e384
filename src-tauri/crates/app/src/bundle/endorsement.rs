use std::path::Path;

use latchkey_domain::tenant::Tenant;
use latchkey_verify::Endorsement;

use super::pair::{Pair, check_places_of_endorsement, signature_of};
use super::{local_tenant, public_key};
use crate::error::{Error, Result};
use crate::ports::{FormerSigningKey, SignedEndorsement};
use crate::session::Session;
use crate::wire::{EndorsementWritten, ErrorCode, FormerKeyView};

/// The keys that a tenant signed with before, oldest first.
///
/// Fails with `invalid_input` on `tenant` for a remote one.
pub fn former_keys(session: &Session, tenant: &str) -> Result<Vec<FormerKeyView>> {
    let (_, former) = former(session, tenant)?;
    former.iter().map(told).collect()
}

/// Writes an endorsement once more: that of the key with the number `by`, or the newest. Nothing of it is secret, and
/// the vault may be locked.
///
/// Fails with `invalid_input` on `tenant` for a remote one, with `not_found` where no key endorsed another, and with
/// `file_exists` and the codes of files.
pub fn write_endorsement(
    session: &Session,
    tenant: &str,
    by: Option<&str>,
    target: &Path,
) -> Result<EndorsementWritten> {
    let target = std::path::absolute(target).map_err(|cause| Error::io("write", target, &cause))?;
    let (tenant, former) = former(session, tenant)?;
    let numbered = former.iter().map(|key| Ok((key, told(key)?))).collect::<Result<Vec<_>>>()?;
    let meant = |told: &FormerKeyView| by.is_none_or(|by| by.eq_ignore_ascii_case(&told.number));
    let found = numbered.iter().rev().find(|(key, told)| key.endorsement.is_some() && meant(told));
    let Some(endorsed) = found.and_then(|(key, _)| key.endorsement.as_ref()) else {
        let message = format!("There is no such endorsement of {}.", tenant.name);
        let hint = "`latchkey bundle endorsement` lists the keys before; one that was lost endorsed none.";
        return Err(Error::new(ErrorCode::NotFound, message).hint(hint));
    };
    check_places_of_endorsement(&target, tenant.id)?;
    write(session, endorsed, &target)?;
    written(&tenant, endorsed, &target)
}

/// Writes both files beside their places and gives them these, the signature last.
fn write(session: &Session, endorsed: &SignedEndorsement, target: &Path) -> Result<()> {
    let pair = Pair::write(session, target, &endorsed.file, &endorsed.signature, |_| Ok(()))?;
    pair.deliver(session, |_| Ok(()))
}

fn former(session: &Session, tenant: &str) -> Result<(Tenant, Vec<FormerSigningKey>)> {
    session.store.reading(|reader| {
        let tenant = local_tenant(reader, tenant)?;
        let former = reader.former_signing_keys(tenant.id)?;
        Ok((tenant, former))
    })
}

fn told(key: &FormerSigningKey) -> Result<FormerKeyView> {
    let public = public_key::parsed("a tenant", key.public_key)?;
    Ok(FormerKeyView {
        number: public.number(),
        fingerprint: public.fingerprint(),
        made_at: key.made_at,
        ended_at: key.ended_at,
        endorsed_next: key.endorsement.is_some(),
    })
}

fn written(tenant: &Tenant, endorsed: &SignedEndorsement, target: &Path) -> Result<EndorsementWritten> {
    let endorsement = Endorsement::peek(&endorsed.file).map_err(|_| damaged(&tenant.name))?;
    Ok(EndorsementWritten {
        tenant: tenant.name.clone(),
        path: target.display().to_string(),
        signature: signature_of(target).display().to_string(),
        sequence: endorsement.sequence,
        issued_at: super::time(endorsement.issued),
        number: endorsement.key.number(),
        fingerprint: endorsement.key.fingerprint(),
    })
}

fn damaged(tenant: &str) -> Error {
    Error::new(ErrorCode::ProfileDamaged, format!("The endorsement of {tenant} is damaged."))
}
