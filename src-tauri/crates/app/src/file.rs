//! Files that people ask for and that hold no key: how they are called, and how they come to their place.

use std::io::{self, Write as _};
use std::path::Path;

use crate::error::{Error, Result};

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever asked for it.
    Owner,
    /// Everybody whom the system's settings let: services have accounts of their own.
    Everybody,
}

/// `<of>.<ending>`, without the characters that file systems refuse.
pub(crate) fn name(of: &str, ending: &str) -> String {
    let safe: String = of.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
    format!("{}.{ending}", safe.trim_matches(['.', ' ']))
}

/// Writes a file, in place of what stands there where `replace` says so. It is there as a whole or not at all.
///
/// Fails with `file_exists` or the codes of files.
pub(crate) fn write(target: &Path, bytes: &[u8], replace: bool, readers: Readers) -> Result<()> {
    let failed = |cause: io::Error| Error::io("write", target, &cause);
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    // Beside its place first: a full disk leaves no half of a file.
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::Everybody {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut part = builder.tempfile_in(folder).map_err(failed)?;
    part.write_all(bytes).and_then(|()| part.as_file().sync_all()).map_err(failed)?;
    let placed = if replace { part.persist(target) } else { part.persist_noclobber(target) };
    placed.map(drop).map_err(|error| failed(error.error))
}
