//! What of bundles people print or carry as a file of its own. Nothing here is secret.

use std::io::Write as _;
use std::path::Path;

use latchkey_qr::Page;

use crate::error::{Error, Result};
use crate::wire::PublicKeyView;

/// What a tenant's file is called where nobody calls it otherwise.
#[must_use]
pub fn file_name(tenant: &str, ending: &str) -> String {
    let safe: String = tenant.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
    format!("{}.{ending}", safe.trim_matches(['.', ' ']))
}

/// Writes a page to print, in place of what stands there. Fails with the codes of files.
pub fn save_page(page: &Page<'_>, target: &Path) -> Result<()> {
    save(&page.to_svg(), target)
}

/// Writes what verifiers are told, as minisign reads it, in place of what stands there. Fails with the codes of files.
pub fn save_public_key(key: &PublicKeyView, target: &Path) -> Result<()> {
    save(&key_file(key), target)
}

/// A file with a public key: two lines.
#[must_use]
pub fn key_file(key: &PublicKeyView) -> String {
    format!("untrusted comment: minisign public key {}\n{}\n", key.number, key.public_key)
}

fn save(text: &str, target: &Path) -> Result<()> {
    let failed = |cause: std::io::Error| Error::io("write", target, &cause);
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Beside its place first, so that nobody finds half a file there.
    let mut part = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    part.write_all(text.as_bytes()).and_then(|()| part.as_file().sync_all()).map_err(failed)?;
    part.persist(target).map(drop).map_err(|error| failed(error.error))
}
