//! The file of a passphrase vault: read whole, replaced whole, by one process at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use tempfile::{Builder, NamedTempFile};

use super::damaged;
use super::format::LARGEST;

const PART_PREFIX: &str = ".vault-";
const PART_SUFFIX: &str = ".part";

/// Whether the file is to be there before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It must not be.
    New,
    /// It is, and is replaced.
    Existing,
}

/// Reads the whole file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(damaged(path, "is missing")),
        Err(cause) => return Err(Error::io("read", path, &cause)),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|cause| Error::io("read", path, &cause))?;
    if bytes.len() as u64 > LARGEST {
        return Err(damaged(path, "is far larger than any vault"));
    }
    Ok(bytes)
}

/// Keeps other processes from writing until it is dropped. Waits for the one that writes.
pub(super) fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(&name).map_err(|cause| Error::io("write", &name, &cause))?;
    file.lock().map_err(|cause| Error::io("lock", &name, &cause))?;
    Ok(file)
}

/// Writes the whole file so that after a power cut there is the old one or the new one, readable by its owner alone.
/// Call it under the lock.
pub(super) fn write(path: &Path, bytes: &[u8], place: Place) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    drop_parts(folder);
    let failed = |cause: io::Error| Error::io("write", path, &cause);
    // tempfile makes it readable by its owner alone, and takes it away where anything fails before the end.
    let mut part = Builder::new().prefix(PART_PREFIX).suffix(PART_SUFFIX).tempfile_in(folder).map_err(failed)?;
    part.write_all(bytes).map_err(failed)?;
    part.as_file().sync_all().map_err(failed)?;
    persist(part, path, place).map_err(failed)?;
    sync_folder(folder).map_err(failed)
}

fn persist(part: NamedTempFile, path: &Path, place: Place) -> io::Result<()> {
    match place {
        Place::New => part.persist_noclobber(path)?,
        Place::Existing => part.persist(path)?,
    };
    Ok(())
}

/// Makes the file's new name last. Windows has no such call and does it by itself.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Takes away what a process left that died while writing. It is encrypted, so this is for order only.
fn drop_parts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PART_PREFIX)
            && name.ends_with(PART_SUFFIX)
            && let Err(cause) = fs::remove_file(entry.path())
        {
            tracing::debug!(%cause, "a part of a vault stays behind");
        }
    }
}

/// The refusal to write over a vault that is there.
pub(super) fn refuse_existing(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(Error::new(ErrorCode::FileExists, format!("{} exists already.", path.display()))
            .hint("Unlock the vault that is there, or move the file away first."));
    }
    Ok(())
}
