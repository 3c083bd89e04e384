//! What a gate noted for its next start.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use latchkey_verify::{Error, Memory, PublicKey, Verifier};

use crate::config::GateError;

/// What an earlier run noted; `None` for the first one.
pub(crate) fn read(path: &Path) -> Result<Option<Memory>, GateError> {
    match fs::read_to_string(path) {
        Ok(text) => text.parse().map(Some).map_err(|_| GateError::State(path.to_owned())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(GateError::Read { path: path.to_owned(), cause }),
    }
}

/// What a start believes: the public key that it was told now, and the tenant of before. Whoever tells it another key
/// than before means that.
pub(crate) fn memory(key: PublicKey, noted: Option<&Memory>) -> Memory {
    let memory = Memory::new(key);
    match noted.and_then(Memory::tenant) {
        Some(tenant) => memory.of_tenant(tenant),
        None => memory,
    }
}

/// Whether what was opened, full bundle and delta together, is as new as what an earlier run had.
pub(crate) fn check(verifier: &Verifier, noted: Option<&Memory>) -> Result<(), Error> {
    let of = |memory: &Memory| (memory.sequence(), memory.issued());
    if noted.is_some_and(|noted| of(&verifier.memory()) < of(noted)) { Err(Error::Rollback) } else { Ok(()) }
}

/// In one step, so that a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, memory: &Memory) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{memory}")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
