//! What was begun and not ended.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use latchkey_app::ports::{FileDelivery, JournalEntry, JournalStep};
use latchkey_domain::id::KeyId;
use rusqlite::{Connection, Row, params};

use super::instant;
use crate::fault::{Result, damaged};

/// Stands before the overlap of a rotation.
const ROTATING: &str = "rotating ";

/// Stands before the tenant and the name of a key that a server was asked for.
const ASKING: &str = "asking ";

fn asking(text: &str) -> Result<JournalStep> {
    let (tenant, name) = text.split_once(' ').ok_or_else(damaged)?;
    let tenant = tenant.parse().map_err(|_| damaged())?;
    Ok(JournalStep::Asking { tenant, name: name.to_owned() })
}

fn read(row: &Row<'_>) -> Result<JournalEntry> {
    let part: Option<Vec<u8>> = row.get(2)?;
    let target: Option<Vec<u8>> = row.get(3)?;
    let file = match part.zip(target) {
        Some((part, target)) => Some(FileDelivery { part: path(part)?, target: path(target)? }),
        None => None,
    };
    let step = match (row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, file) {
        ("generating", file) => JournalStep::Generating { file },
        ("delivering", Some(file)) => JournalStep::Delivering { file },
        ("keeping", None) => JournalStep::Keeping,
        ("discarding", None) => JournalStep::Discarding,
        (step, None) if step.starts_with(ASKING) => asking(&step[ASKING.len()..])?,
        (step, None) => match step.strip_prefix(ROTATING).map(str::parse) {
            Some(Ok(overlap)) => JournalStep::Rotating { overlap },
            _ => return Err(damaged().into()),
        },
        _ => return Err(damaged().into()),
    };
    Ok(JournalEntry { key: KeyId::from_bytes(row.get(0)?), step, instance: row.get(4)?, at: instant(row, 5)? })
}

pub(crate) fn list(connection: &Connection) -> Result<Vec<JournalEntry>> {
    let mut statement =
        connection.prepare_cached("SELECT key, step, part, target, instance, at FROM journal ORDER BY at, row")?;
    statement.query_and_then([], read)?.collect()
}

pub(crate) fn put(connection: &Connection, entry: &JournalEntry) -> Result<()> {
    let (step, file) = match &entry.step {
        JournalStep::Generating { file } => ("generating".into(), file.as_ref()),
        JournalStep::Delivering { file } => ("delivering".into(), Some(file)),
        JournalStep::Keeping => ("keeping".into(), None),
        JournalStep::Discarding => ("discarding".into(), None),
        JournalStep::Asking { tenant, name } => (Cow::from(format!("{ASKING}{tenant} {name}")), None),
        JournalStep::Rotating { overlap } => (Cow::from(format!("{ROTATING}{overlap}")), None),
    };
    connection
        .prepare_cached(
            "INSERT INTO journal (key, step, part, target, instance, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (key) DO UPDATE SET step = ?2, part = ?3, target = ?4, instance = ?5, at = ?6",
        )?
        .execute(params![
            entry.key.as_bytes(),
            step,
            file.map(|file| bytes(&file.part)),
            file.map(|file| bytes(&file.target)),
            entry.instance,
            entry.at.timestamp(),
        ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, key: KeyId) -> Result<()> {
    connection.prepare_cached("DELETE FROM journal WHERE key = ?1")?.execute([key.as_bytes()])?;
    Ok(())
}

#[cfg(unix)]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

#[cfg(unix)]
// The other systems' version can fail.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn path(bytes: Vec<u8>) -> Result<PathBuf> {
    Ok(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes).into())
}

#[cfg(windows)]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::os::windows::ffi::OsStrExt::encode_wide(path.as_os_str()).flat_map(u16::to_le_bytes).collect()
}

#[cfg(windows)]
pub(crate) fn path(bytes: Vec<u8>) -> Result<PathBuf> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return Err(damaged().into()) };
    let wide: Vec<u16> = pairs.iter().copied().map(u16::from_le_bytes).collect();
    Ok(<OsString as std::os::windows::ffi::OsStringExt>::from_wide(&wide).into())
}
