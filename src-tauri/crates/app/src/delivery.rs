//! Writing a secret to a file that its reader alone may read: beside its place first, then into it in one step.

use std::fmt::Display;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use latchkey_domain::key_format::KeyDigest;
use latchkey_domain::secret::Secret;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::ports::FileDelivery;
use crate::wire::ErrorCode;

/// What a key's file may hold at most, in bytes; a key has under a hundred.
const MAX_LEN: u64 = 4_096;

/// Chooses where the key's file is written before it takes its place.
///
/// Fails with `file_exists` where the place is taken.
pub(crate) fn plan(id: impl Display, target: &Path) -> Result<FileDelivery> {
    check_free(target)?;
    plan_over(id, target)
}

/// Fails with `file_exists` where the place is taken.
pub(crate) fn check_free(target: &Path) -> Result<()> {
    if target.symlink_metadata().is_ok() {
        return Err(Error::io("write", target, &io::ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

/// As [`plan`], where the operator has agreed to replace what stands there.
///
/// The part is named after the key, or the batch, and not after its place: two processes may write for one place, and the place may
/// have the longest name that the disk takes.
pub(crate) fn plan_over(id: impl Display, target: &Path) -> Result<FileDelivery> {
    let unusable = || {
        Error::new(ErrorCode::Failed, format!("{} is not the name of a file.", target.display()))
            .hint("Give a file in a folder that exists.")
    };
    let absolute = std::path::absolute(target).map_err(|_| unusable())?;
    absolute.file_name().ok_or_else(unusable)?;
    let part = absolute.with_file_name(format!(".latchkey-{id}.part"));
    Ok(FileDelivery { part, target: absolute })
}

/// Writes the key and a newline beside the file's place, durable when this returns.
pub(crate) fn write(file: &FileDelivery, secret: &Secret) -> Result<()> {
    let failed = |cause: io::Error| Error::io("write", &file.target, &cause);
    // A part that lies there is this key's, from a try that died: its journal entry is this one's by now.
    drop_part(file)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut part = options.open(&file.part).map_err(failed)?;
    part.write_all(secret.expose().as_bytes()).and_then(|()| part.write_all(b"\n")).map_err(failed)?;
    part.sync_all().map_err(failed)
}

/// Gives the written file its name; fails with `file_exists` where somebody took the place meanwhile.
///
/// A hard link, and not a rename, because a rename replaces what it finds.
pub(crate) fn settle_new(file: &FileDelivery) -> Result<()> {
    let failed = |cause: io::Error| Error::io("write", &file.target, &cause);
    if file.part.is_dir() {
        // Renaming a folder replaces an empty one at most.
        check_free(&file.target)?;
        fs::rename(&file.part, &file.target).map_err(failed)?;
        return sync_folder(&file.target);
    }
    match fs::hard_link(&file.part, &file.target) {
        Ok(()) => drop_part(file)?,
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => return Err(failed(cause)),
        // FAT and some network disks have no hard links; there the look and the rename are two steps.
        Err(_) if file.target.symlink_metadata().is_err() => fs::rename(&file.part, &file.target).map_err(failed)?,
        Err(cause) => return Err(failed(cause)),
    }
    sync_folder(&file.target)
}

/// Gives the written file its name, in place of what stands there.
pub(crate) fn settle_over(file: &FileDelivery) -> Result<()> {
    fs::rename(&file.part, &file.target).map_err(|cause| Error::io("write", &file.target, &cause))?;
    sync_folder(&file.target)
}

/// Takes the half-written file away; no failure when there is none.
pub(crate) fn drop_part(file: &FileDelivery) -> Result<()> {
    if file.part.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        return fs::remove_dir_all(&file.part).map_err(|cause| Error::io("remove", &file.part, &cause));
    }
    remove_file(&file.part)
}

/// Takes a file away; no failure when there is none.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path, &cause)),
        _ => Ok(()),
    }
}

/// Takes a file away that has this length still: one of another length is somebody else's.
pub(crate) fn remove_file_of_length(path: &Path, length: u64) -> Result<()> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() && found.len() == length => remove_file(path),
        _ => Ok(()),
    }
}

/// Takes a folder away where nothing is in it.
pub(crate) fn remove_empty_folder(path: &Path) -> Result<()> {
    match fs::remove_dir(path) {
        Err(cause) if !matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Err(Error::io("remove", path, &cause))
        }
        _ => Ok(()),
    }
}

/// Makes a folder that its owner alone can look into.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether the part is there with so many bytes or more; of a folder, whether it is there.
pub(crate) fn part_has(file: &FileDelivery, length: u64) -> bool {
    file.part.symlink_metadata().is_ok_and(|found| found.is_dir() || found.len() >= length)
}

/// Whether what was written has its place: the part is gone, or the same file lies in both places because the process
/// died between giving the second name and taking the first.
pub(crate) fn is_placed(file: &FileDelivery) -> bool {
    let Ok(target) = file.target.symlink_metadata() else { return false };
    match file.part.symlink_metadata() {
        Err(_) => true,
        Ok(part) => part.is_file() && target.is_file() && same_content(&file.part, &file.target).unwrap_or(false),
    }
}

fn same_content(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (fs::File::open(one)?, fs::File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let mut pieces = Zeroizing::new([[0_u8; 4_096]; 2]);
    loop {
        let [first, second] = &mut *pieces;
        let read = one.read(first)?;
        if read == 0 {
            return Ok(true);
        }
        other.read_exact(&mut second[..read])?;
        if first[..read] != second[..read] {
            return Ok(false);
        }
    }
}

/// Whether the file beside its place was written to the end: it holds the key of this digest.
pub(crate) fn part_is_whole(file: &FileDelivery, digest: &KeyDigest) -> bool {
    holds(&file.part, digest)
}

/// Whether the file has its place already.
pub(crate) fn target_is_whole(file: &FileDelivery, digest: &KeyDigest) -> bool {
    holds(&file.target, digest)
}

fn holds(path: &Path, digest: &KeyDigest) -> bool {
    let readable = fs::metadata(path).is_ok_and(|found| found.len() <= MAX_LEN);
    let bytes = if readable { fs::read(path).unwrap_or_default() } else { Vec::new() };
    Secret::from_utf8(bytes)
        .is_some_and(|text| text.expose().strip_suffix('\n').is_some_and(|key| KeyDigest::of(key) == *digest))
}

fn sync_folder(target: &Path) -> Result<()> {
    let folder = target.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    if cfg!(unix) {
        fs::File::open(&folder).and_then(|open| open.sync_all()).map_err(|e| Error::io("write to", &folder, &e))?;
    }
    Ok(())
}
