//! What a gate noted for its next start.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use latchkey_verify::{Error, Memory, PublicKey, Verifier};

use crate::config::GateError;

/// Stands before the public key that a start was told, where endorsements led to another one since.
const TOLD: &str = "told ";

/// What an earlier run noted.
#[derive(Debug)]
pub(crate) struct Noted {
    memory: Memory,
    /// The public key that it was told.
    told: PublicKey,
}

/// What an earlier run noted; `None` for the first one.
pub(crate) fn read(path: &Path) -> Result<Option<Noted>, GateError> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map(Some).ok_or_else(|| GateError::State(path.to_owned())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(GateError::Read { path: path.to_owned(), cause }),
    }
}

fn parse(text: &str) -> Option<Noted> {
    let mut lines = text.lines();
    let memory: Memory = lines.next()?.parse().ok()?;
    let told = match lines.next() {
        Some(line) => line.strip_prefix(TOLD)?.parse().ok()?,
        None => memory.key().clone(),
    };
    lines.next().is_none().then_some(Noted { memory, told })
}

/// What a start believes: the public key that it is told, or the one that endorsements have led to from there, and the tenant
/// of before. Whoever tells it another key than before means that.
pub(crate) fn memory(told: &PublicKey, noted: Option<&Noted>) -> Memory {
    let endorsed = noted.filter(|noted| noted.told == *told).map(|noted| noted.memory.key());
    let memory = Memory::new(endorsed.unwrap_or(told).clone());
    match noted.and_then(|noted| noted.memory.tenant()) {
        Some(tenant) => memory.of_tenant(tenant),
        None => memory,
    }
}

/// Whether what was opened, full bundle and delta together, is as new as what an earlier run had.
pub(crate) fn check(verifier: &Verifier, noted: Option<&Noted>) -> Result<(), Error> {
    let of = |memory: &Memory| (memory.sequence(), memory.issued());
    if noted.is_some_and(|noted| of(&verifier.memory()) < of(&noted.memory)) { Err(Error::Rollback) } else { Ok(()) }
}

/// In one step, so that a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, memory: &Memory, told: &PublicKey) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{memory}")?;
    if memory.key() != told {
        writeln!(file, "{TOLD}{told}")?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
