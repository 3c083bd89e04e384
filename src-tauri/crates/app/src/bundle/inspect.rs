use std::path::Path;

use latchkey_verify::{BundleFile, KeyStatus};

use super::contents::count;
use super::file::{PairBytes, bundle_bytes, trusted_key};
use super::public_key::parsed;
use super::{local_tenant, not_believed, time};
use crate::error::Result;
use crate::session::Session;
use crate::wire::{BundleInspection, BundleKind};

/// Says what a bundle says of itself. Needs no profile. Without the tenant's public key the signature is not looked at, and
/// nothing of it is to be believed.
///
/// Fails with `invalid_input` on `public_key`, and where the file is no bundle, or not the tenant's.
pub fn inspect(bundle: &Path, key: Option<&str>) -> Result<BundleInspection> {
    let key = key.map(trusted_key).transpose()?;
    let (file, size) = if let Some(key) = &key {
        let PairBytes { file, signature } = PairBytes::read(bundle)?;
        (BundleFile::open(&file, &signature, key).map_err(not_believed)?, file.len())
    } else {
        let file = bundle_bytes(bundle)?;
        (BundleFile::peek(&file).map_err(not_believed)?, file.len())
    };
    let header = file.header();
    let with = |status: KeyStatus| count(file.keys().filter(|key| key.status == status).count());
    Ok(BundleInspection {
        checked: key.is_some(),
        fingerprint: key.map(|key| key.fingerprint()),
        tenant: header.name.clone(),
        tenant_id: header.tenant.to_string(),
        kind: if header.base.is_some() { BundleKind::Delta } else { BundleKind::Full },
        sequence: header.sequence,
        base: header.base,
        issued_at: time(header.issued),
        expires_at: time(header.expires),
        keys: count(file.keys().len()),
        active: with(KeyStatus::Active),
        disabled: with(KeyStatus::Disabled),
        revoked: with(KeyStatus::Revoked),
        removed: count(file.removed().len()),
        total: count(header.total),
        foreign: header.foreign,
        size: size as u64,
    })
}

/// The sequence of a bundle that the tenant signed with the key that it has, or with one before.
///
/// Fails with `invalid_input` on `tenant` for a remote one, and where the bundle is not the tenant's.
pub fn sequence_of(session: &Session, tenant: &str, bundle: &Path) -> Result<u64> {
    let keys = session.store.reading(|reader| {
        let tenant = local_tenant(reader, tenant)?;
        let present = reader.signing_key(tenant.id)?.map(|place| place.public_key);
        let former = reader.former_signing_keys(tenant.id)?.into_iter().map(|former| former.public_key);
        present.into_iter().chain(former).map(|key| parsed(&tenant.name, key)).collect::<Result<Vec<_>>>()
    })?;
    let PairBytes { file, signature } = PairBytes::read(bundle)?;
    let mut opened = Err(latchkey_verify::Error::WrongKey);
    for key in &keys {
        opened = BundleFile::open(&file, &signature, key);
        if !matches!(opened, Err(latchkey_verify::Error::WrongKey)) {
            break;
        }
    }
    let found = opened.map_err(|error| {
        not_believed(error).hint("Give the number that `latchkey bundle inspect` or the gate says, with `--above`.")
    })?;
    Ok(found.header().sequence)
}
