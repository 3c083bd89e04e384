//! The file and its folder: who may read them.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use latchkey_app::error::{Error, Result};

/// Makes the folder of `file` where it is missing, and closes it to everybody but its owner.
pub(crate) fn prepare_folder(file: &Path) -> Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    make_private_folder(folder).map_err(|cause| Error::io("make the folder", folder, &cause))?;
    tighten_folder(folder);
    Ok(())
}

/// Makes an empty file that only its owner can read, unless the file is there.
pub(crate) fn prepare_file(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(Error::io("make the file", file, &cause)),
        _ => Ok(()),
    }
}

/// Closes a database to everybody but its owner. SQLite gives its own two files the mode of the database.
pub(crate) fn tighten(file: &Path) {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tighten_folder(folder);
    }
    for file in [file.to_path_buf(), beside(file, "-wal"), beside(file, "-shm")] {
        if fs::symlink_metadata(&file).is_ok_and(|found| found.is_file()) {
            restrict(&file, 0o600);
        }
    }
}

/// Whether a database ends before the last page that its header counts. SQLite notices whole missing pages only.
pub(crate) fn is_cut(file: &Path) -> bool {
    // With a write-ahead log the file may lag behind its header: then the log has the rest. Asked before and after,
    // since somebody may be folding it in right now.
    let has_log = || fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0);
    !has_log() && is_short(file).unwrap_or(false) && !has_log()
}

/// By the database header (<https://www.sqlite.org/fileformat.html>, 1.3).
fn is_short(file: &Path) -> io::Result<bool> {
    let mut header = [0; 100];
    let mut open = fs::File::open(file)?;
    open.read_exact(&mut header)?;
    let number =
        |at: usize| u64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]));
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        size => size,
    };
    // The count is valid only where the two change counters agree.
    Ok(number(24) == number(92) && open.metadata()?.len() < page * number(28))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn tighten_folder(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    /// Folders that many share, such as `/tmp`, carry it: they are not ours to close.
    const STICKY: u32 = 0o1000;
    if fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & STICKY == 0) {
        restrict(folder, 0o700);
    }
}

#[cfg(not(unix))]
fn tighten_folder(_folder: &Path) {}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = fs::metadata(path) else { return };
    let wanted = found.permissions().mode() & 0o7777 & mode;
    // What somebody else owns cannot be tightened; the profile still works, and the log says so.
    if found.permissions().mode() & 0o7777 != wanted
        && let Err(cause) = fs::set_permissions(path, fs::Permissions::from_mode(wanted))
    {
        tracing::warn!(%cause, "could not close the profile to others");
    }
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) {}
