//! Where the keys of a batch are written: a table, a sealed table, or a folder with a file for each key.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use age::x25519::Recipient;
use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_domain::secret::Secret;
use latchkey_domain::spreadsheet::guarded;
use zeroize::Zeroizing;

use super::seal;
use crate::delivery;
use crate::error::{Error, Result};
use crate::ports::{Batch, DrawnKey};
use crate::wire::BatchDelivery;

/// The columns of a table.
const HEADER: [&str; 6] = ["name", "handle", "key", "owner", "description", "expires_at"];
/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 << 10;
/// The most bytes of a file's name, its ending included; file systems take 255.
const LONGEST_NAME: usize = 200;

/// What takes the keys of a batch.
pub(super) enum Sink {
    /// One file.
    Table(Box<Table>),
    /// A file for each key.
    Folder(Folder),
}

impl Sink {
    /// Makes the part of a batch, or goes on where its first `length` bytes, or its files in `known`, end.
    pub(super) fn open(batch: &Batch, known: &HashSet<String>) -> Result<Self> {
        let recipients = batch.recipients.iter().map(|text| seal::recipient(text));
        let recipients = recipients.collect::<Result<Vec<_>, _>>()?;
        match batch.delivery {
            BatchDelivery::Csv => Table::open(batch, &recipients).map(|table| Self::Table(Box::new(table))),
            BatchDelivery::Folder => Folder::open(batch, recipients, known).map(Self::Folder),
        }
    }

    /// Writes a key. In a folder the key learns the name of its file.
    pub(super) fn add(&mut self, key: &mut DrawnKey, secret: &Secret, recipient: Option<&str>) -> Result<()> {
        match self {
            Self::Table(table) => table.add(key, secret),
            Self::Folder(folder) => folder.add(key, secret, recipient),
        }
    }

    /// Makes durable what was written, as far as it can be continued; answers with its length in bytes.
    pub(super) fn settle(&mut self) -> Result<u64> {
        match self {
            Self::Table(table) => table.settle(),
            Self::Folder(folder) => folder.settle().map(|()| 0),
        }
    }

    /// Ends the file, durable when this returns; answers with its length in bytes.
    pub(super) fn finish(self) -> Result<u64> {
        match self {
            Self::Table(table) => table.finish(),
            Self::Folder(mut folder) => folder.settle().map(|()| 0),
        }
    }
}

/// A table in CSV (RFC 4180), sealed or not.
pub(super) struct Table {
    output: Output,
    path: PathBuf,
    expires_at: String,
    cells: csv_core::Writer,
    /// Holds secrets: of one size, so that it never moves, and wiped.
    buffer: Zeroizing<Vec<u8>>,
    filled: usize,
    length: u64,
}

enum Output {
    Plain(File),
    Sealed(StreamWriter<File>),
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Sealed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Sealed(stream) => stream.flush(),
        }
    }
}

impl Table {
    fn open(batch: &Batch, recipients: &[Recipient]) -> Result<Self> {
        let path = batch.file.part.clone();
        let failed = |cause: io::Error| Error::io("write", &batch.file.target, &cause);
        if batch.length == 0 {
            // From a process that died before it could note anything.
            delivery::drop_part(&batch.file)?;
        }
        let mut options = private();
        let mut file = options.create_new(batch.length == 0).open(&path).map_err(failed)?;
        file.set_len(batch.length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
        let output =
            if recipients.is_empty() { Output::Plain(file) } else { Output::Sealed(seal::seal(recipients, file)?) };
        let mut table = Self {
            output,
            path: batch.file.target.clone(),
            expires_at: moment(batch.expires_at),
            cells: csv_core::Writer::new(),
            buffer: Zeroizing::new(vec![0; BUFFER]),
            filled: 0,
            length: batch.length,
        };
        if batch.length == 0 {
            table.row(HEADER)?;
        }
        Ok(table)
    }

    fn add(&mut self, key: &DrawnKey, secret: &Secret) -> Result<()> {
        let expires_at = std::mem::take(&mut self.expires_at);
        let written = self.row([
            &guarded(&key.name),
            &key.handle,
            secret.expose(),
            &guarded(&key.owner),
            &guarded(&key.description),
            &expires_at,
        ]);
        self.expires_at = expires_at;
        written
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) -> Result<()> {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.put(|cells, output| {
                    let (result, written) = cells.delimiter(output);
                    (result, 0, written)
                })?;
            }
            let mut rest = cell.as_bytes();
            loop {
                let (full, read) = self.put_some(|cells, output| cells.field(rest, output))?;
                rest = &rest[read..];
                if !full {
                    break;
                }
            }
        }
        self.put(|cells, output| {
            let (result, written) = cells.terminator(output);
            (result, 0, written)
        })
    }

    fn put(
        &mut self,
        mut write: impl FnMut(&mut csv_core::Writer, &mut [u8]) -> (csv_core::WriteResult, usize, usize),
    ) -> Result<()> {
        while self.put_some(&mut write)?.0 {}
        Ok(())
    }

    /// Fills the buffer; answers with whether it was full, in which case it is empty now, and how much was read.
    fn put_some(
        &mut self,
        write: impl FnOnce(&mut csv_core::Writer, &mut [u8]) -> (csv_core::WriteResult, usize, usize),
    ) -> Result<(bool, usize)> {
        let (result, read, written) = write(&mut self.cells, &mut self.buffer[self.filled..]);
        self.filled += written;
        let full = matches!(result, csv_core::WriteResult::OutputFull);
        if full {
            self.write_out()?;
        }
        Ok((full, read))
    }

    fn write_out(&mut self) -> Result<()> {
        let written = self.output.write_all(&self.buffer[..self.filled]);
        written.map_err(|cause| Error::io("write", &self.path, &cause))?;
        self.length += self.filled as u64;
        self.filled = 0;
        Ok(())
    }

    fn settle(&mut self) -> Result<u64> {
        self.write_out()?;
        match &self.output {
            Output::Plain(file) => file.sync_data().map_err(|cause| Error::io("write", &self.path, &cause))?,
            Output::Sealed(_) => return Ok(0),
        }
        Ok(self.length)
    }

    fn finish(mut self) -> Result<u64> {
        self.write_out()?;
        let failed = |cause: io::Error| Error::io("write", &self.path, &cause);
        let file = match self.output {
            Output::Plain(file) => file,
            Output::Sealed(stream) => stream.finish().map_err(failed)?,
        };
        file.sync_all().and_then(|()| file.metadata()).map(|found| found.len()).map_err(failed)
    }
}

/// A folder with `<name>.APIKEY`, or `<name>.APIKEY.age`, for each key.
pub(super) struct Folder {
    part: PathBuf,
    target: PathBuf,
    recipients: Vec<Recipient>,
    /// What is not durable yet, where the system has no way to make a whole disk so.
    fresh: Vec<File>,
}

impl Folder {
    /// Files that nobody knows of were written by a process that died before it could note them.
    fn open(batch: &Batch, recipients: Vec<Recipient>, known: &HashSet<String>) -> Result<Self> {
        let part = batch.file.part.clone();
        let failed = |cause: io::Error| Error::io("write to", &batch.file.target, &cause);
        match delivery::make_private_folder(&part) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                for entry in fs::read_dir(&part).map_err(failed)? {
                    let entry = entry.map_err(failed)?;
                    if !entry.file_name().to_str().is_some_and(|name| known.contains(name)) {
                        fs::remove_file(entry.path()).map_err(failed)?;
                    }
                }
            }
            made => made.map_err(failed)?,
        }
        Ok(Self { part, target: batch.file.target.clone(), recipients, fresh: Vec::new() })
    }

    fn add(&mut self, key: &mut DrawnKey, secret: &Secret, recipient: Option<&str>) -> Result<()> {
        let own = recipient.map(seal::recipient).transpose()?;
        let recipients = own.as_ref().map_or(self.recipients.as_slice(), std::slice::from_ref);
        let ending = if recipients.is_empty() { ".APIKEY" } else { ".APIKEY.age" };
        let failed = |cause: io::Error| Error::io("write to", &self.target, &cause);
        let mut name = format!("{}{ending}", file_stem(&key.name));
        let file = match private().create_new(true).open(self.part.join(&name)) {
            // Two keys of one name, or two names that the disk takes for one.
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                name = format!("{} ({}){ending}", file_stem(&key.name), key.handle);
                private().create_new(true).open(self.part.join(&name))
            }
            opened => opened,
        };
        let mut file = file.map_err(failed)?;
        let mut text = Zeroizing::new(Vec::with_capacity(secret.expose().len() + 1));
        text.extend_from_slice(secret.expose().as_bytes());
        text.push(b'\n');
        if recipients.is_empty() {
            file.write_all(&text).map_err(failed)?;
        } else {
            // Sealed in memory first: age writes its header in many small pieces.
            let mut sealed = seal::seal(recipients, Vec::with_capacity(1_024))?;
            let sealed = sealed.write_all(&text).and_then(|()| sealed.finish()).map_err(failed)?;
            file.write_all(&sealed).map_err(failed)?;
        }
        if !cfg!(target_os = "linux") {
            self.fresh.push(file);
        }
        key.file = Some(name);
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.fresh
            .drain(..)
            .try_for_each(|file| file.sync_all())
            .and_then(|()| sync_disk_of(&self.part))
            .map_err(|cause| Error::io("write to", &self.target, &cause))
    }
}

/// One call for thousands of small files.
#[cfg(target_os = "linux")]
fn sync_disk_of(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_disk_of(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// A name as every file system takes it, short enough for an ending and a handle behind it.
fn file_stem(name: &str) -> String {
    /// What Windows takes for devices, with any ending.
    const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
    let safe: String = name.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
    let safe = safe.trim_matches(['.', ' ']);
    let end = safe.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= LONGEST_NAME).last();
    let safe = safe[..end.unwrap_or(0)].trim_end_matches(['.', ' ']);
    let upper = safe.split('.').next().unwrap_or_default().to_uppercase();
    let port = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    let numbered = port.is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()));
    if safe.is_empty() || numbered || DEVICES.contains(&upper.as_str()) {
        format!("key {safe}").trim_end().to_owned()
    } else {
        safe.to_owned()
    }
}

fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, file_stem};

    #[test]
    fn a_file_is_named_after_its_key_as_every_disk_takes_it() {
        assert_eq!(file_stem("Quay-1 crane"), "Quay-1 crane");
        assert_eq!(file_stem("../etc/passwd"), "-etc-passwd");
        assert_eq!(file_stem("..."), "key");
        assert_eq!(file_stem("nul"), "key nul");
        assert_eq!(file_stem("COM1.x"), "key COM1.x");
        let long = file_stem(&"😀".repeat(100));
        assert!(long.len() <= LONGEST_NAME && long.starts_with('😀'));
    }
}
