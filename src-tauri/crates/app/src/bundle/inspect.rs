use std::path::Path;

use latchkey_verify::{BundleFile, KeyStatus};

use super::contents::count;
use super::file::{PairBytes, bundle_bytes, trusted_key};
use super::{not_believed, time};
use crate::error::Result;
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
