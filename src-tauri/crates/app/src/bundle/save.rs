//! What of bundles people print or carry as a file of its own. Nothing here is secret.

use std::path::Path;

use latchkey_qr::Page;

use crate::error::Result;
use crate::file::{self, Readers};
use crate::wire::PublicKeyView;

/// What a tenant's file is called where nobody calls it otherwise.
#[must_use]
pub fn file_name(tenant: &str, ending: &str) -> String {
    file::name(tenant, ending)
}

/// Writes a page to print, in place of what stands there. Fails with the codes of files.
pub fn save_page(page: &Page<'_>, target: &Path) -> Result<()> {
    file::write(target, page.to_svg().as_bytes(), true, Readers::Everybody)
}

/// Writes what verifiers are told, as minisign reads it, in place of what stands there. Fails with the codes of files.
pub fn save_public_key(key: &PublicKeyView, target: &Path) -> Result<()> {
    file::write(target, key_file(key).as_bytes(), true, Readers::Everybody)
}

/// A file with a public key: two lines.
#[must_use]
pub fn key_file(key: &PublicKeyView) -> String {
    format!("untrusted comment: minisign public key {}\n{}\n", key.number, key.public_key)
}
