use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use latchkey_domain::id::TenantId;
use latchkey_qr::Pair;
use latchkey_verify::BundleFile;

use super::file::trusted_key;
use super::not_believed;
use super::pair::{check_places, signature_of};
use crate::error::{Error, Result};

/// Writes what was received to `target`, and its signature beside it. Needs no profile. What comes without `key` is not to be
/// believed before somebody has checked it.
///
/// An older bundle of the tenant gives its place to the new one; anything else does not. Fails with `invalid_input` on
/// `public_key`, with `file_exists` and the codes of files, and where what came is no bundle, or not the tenant's.
pub fn receive(pair: &Pair, key: Option<&str>, target: &Path) -> Result<()> {
    let read = match key {
        Some(key) => BundleFile::open(&pair.file, &pair.signature, &trusted_key(key)?),
        None => BundleFile::peek(&pair.file),
    };
    let tenant = read.map_err(not_believed)?.header().tenant;
    check_places(target, TenantId::from_bytes(tenant.0))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let failed = |cause: io::Error| Error::io("write", target, &cause);
    // Beside their places first: a full disk leaves no half of a file. Nothing in them is secret, and services of other
    // accounts read them, so they are not a temporary file's.
    let beside = tempfile::tempdir_in(folder).map_err(failed)?;
    let places = [(target.to_path_buf(), &pair.file), (signature_of(target), &pair.signature)];
    let mut parts = Vec::new();
    for (number, (place, bytes)) in places.into_iter().enumerate() {
        let part = beside.path().join(number.to_string());
        let mut file = fs::File::create_new(&part).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        parts.push((part, place));
    }
    // The signature last: a bundle without its own is believed by nobody.
    for (part, place) in parts {
        fs::rename(&part, &place).map_err(|cause| Error::io("write", &place, &cause))?;
    }
    Ok(())
}
