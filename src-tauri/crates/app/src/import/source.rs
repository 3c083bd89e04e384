use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_import::MAX_FILE;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::wire::ErrorCode;

/// A file with keys, read and wiped when dropped.
pub struct Source {
    pub(super) name: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Source {
    /// Reads a file of at most 16 MiB, and never more of it than that.
    ///
    /// Fails with `invalid_input` where it is larger or no file, else as reading fails.
    pub fn file(path: &Path) -> Result<Self> {
        Self::within(path, Field::File, MAX_FILE)
    }

    /// Reads a file of at most so many bytes; what is wrong with it is said at `field`.
    pub(crate) fn within(path: &Path, field: Field, most: usize) -> Result<Self> {
        let wrong = |rule| Error::from(FieldProblem { name: field, rule });
        let too_large = || wrong(Rule::TooLarge { max_kib: kib(most) });
        let failed = |cause: io::Error| match cause.kind() {
            io::ErrorKind::PermissionDenied => {
                Error::new(ErrorCode::Failed, format!("Reading {} is not permitted.", path.display()))
                    .hint("Check who owns the file.")
            }
            io::ErrorKind::NotFound => {
                Error::new(ErrorCode::NotFound, format!("There is no file {}.", path.display())).hint("Check its name.")
            }
            _ => Error::io("read", path, &cause),
        };
        let found = std::fs::metadata(path).map_err(failed)?;
        if !found.is_file() {
            return Err(wrong(Rule::NotAFile));
        }
        if found.len() > most as u64 {
            return Err(too_large());
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let size = usize::try_from(found.len()).unwrap_or(most);
        Self::take(name, File::open(path).map_err(failed)?, size).map_err(failed)?.ok_or_else(too_large)
    }

    /// Reads standard input or another stream in the same way.
    pub fn stream(stream: impl Read) -> Result<Self> {
        Self::take(String::new(), stream, MAX_FILE)
            .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not read standard input: {cause}.")))?
            .ok_or_else(|| too_large(MAX_FILE))
    }

    /// The file's name without its folder; empty for a stream.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was read.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same as text, where it is UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// `None` where there is more than the limit. A file may grow while it is read.
    fn take(name: String, from: impl Read, expected: usize) -> io::Result<Option<Self>> {
        // One more than the file has, so that its end is seen without growing: a buffer that grows leaves its old
        // bytes behind unwiped.
        let mut bytes = Zeroizing::new(vec![0; expected + 1]);
        let mut from = from.take(expected as u64 + 1);
        let mut length = 0;
        loop {
            match from.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        bytes.truncate(length);
        Ok((length <= expected).then_some(Self { name, bytes }))
    }
}

/// What is wrong with a file.
pub(super) fn problem(rule: Rule) -> Error {
    FieldProblem { name: Field::File, rule }.into()
}

fn too_large(most: usize) -> Error {
    problem(Rule::TooLarge { max_kib: kib(most) })
}

/// Bytes as KiB, for people.
pub(super) fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes / 1024).unwrap_or(u32::MAX)
}
