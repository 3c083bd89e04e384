//! A file and its signature, looked at again and again. The two are replaced one after the other, so what does not fit is
//! given time. Looking is polling: it sees renames, links that are set elsewhere (as Kubernetes does) and network shares,
//! of which a watcher of the system tells nothing.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use latchkey_verify::Error;
use latchkey_verify::limits::{MAX_FILE, MAX_SIGNATURE};
use sha2::{Digest as _, Sha256};

/// A file, its signature, and what is known of them.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) file: PathBuf,
    signature: PathBuf,
    patience: u32,
    seen: Option<[Option<Stamp>; 2]>,
    /// How often it was looked at since it changed; `None` where there is nothing more to see.
    looks: Option<u32>,
    /// What was taken over last.
    taken: Contents,
    /// What was refused last, and why.
    judged: Option<(Contents, Fault)>,
}

type Contents = Option<[u8; 32]>;

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Unreadable(io::ErrorKind),
    Bundle(Error),
}

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing new.
    Same,
    /// Not there. Only where that is a change.
    Gone,
    /// Taken over.
    Taken,
    /// What was taken over last is there again.
    Back,
    /// Refused. Told once.
    Refused(Fault),
}

/// What changes when a file is written or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    identity: Vec<i64>,
}

impl Pair {
    pub(crate) fn new(file: PathBuf, patience: u32) -> Self {
        let signature = beside(&file, ".minisig");
        Self { file, signature, patience, seen: None, looks: None, taken: None, judged: None }
    }

    /// The next look reads it again, and tells again what is wrong with it.
    pub(crate) fn forget(&mut self) {
        (self.seen, self.taken, self.judged) = (None, None, None);
    }

    /// The next look judges again what was refused: another key is believed now.
    pub(crate) fn reconsider(&mut self) {
        (self.seen, self.judged) = (None, None);
    }

    /// Looks at both. What is new is given to `take`.
    pub(crate) fn look(&mut self, take: impl FnOnce(&[u8], &[u8]) -> Result<(), Error>) -> Look {
        let stamps = [stamp(&self.file), stamp(&self.signature)];
        let changed = self.seen.as_ref() != Some(&stamps);
        if changed {
            self.looks = Some(0);
        }
        let Some(looks) = self.looks else { return Look::Same };
        let is_there = stamps[0].is_some();
        self.seen = Some(stamps);
        // Once more after each change: a clock of files ticks slowly, and two changes may have one stamp.
        self.looks = (looks < 1).then_some(looks + 1);
        let (contents, result) = match self.read() {
            Ok((file, signature)) => {
                let contents = Some(digest(&file, &signature));
                if self.taken == contents {
                    return if changed { Look::Back } else { Look::Same };
                }
                if self.judged.is_some_and(|(judged, _)| judged == contents) {
                    return Look::Same;
                }
                (contents, take(&file, &signature).map_err(Fault::Bundle))
            }
            Err(cause) => (None, Err(Fault::Unreadable(cause.kind()))),
        };
        let fault = result.err();
        if fault.is_some_and(Fault::may_be_half) && looks < self.patience {
            self.looks = Some(looks + 1);
            return Look::Same;
        }
        let Some(fault) = fault else {
            (self.taken, self.judged) = (contents, None);
            return Look::Taken;
        };
        let before = self.judged.replace((contents, fault));
        match fault {
            _ if before == self.judged => Look::Same,
            Fault::Unreadable(io::ErrorKind::NotFound) if !is_there => Look::Gone,
            fault => Look::Refused(fault),
        }
    }

    /// The file and its signature.
    pub(crate) fn read(&self) -> io::Result<(Vec<u8>, Vec<u8>)> {
        // One byte more than allowed is enough for the verifier to say that it is too large.
        Ok((read(&self.file, MAX_FILE + 1)?, read(&self.signature, MAX_SIGNATURE + 1)?))
    }
}

impl Fault {
    /// Whether the other one of the two, or the endorsement of the key that signed them, may still come.
    fn may_be_half(self) -> bool {
        let half = [Error::BadSignature, Error::BadSignatureFile, Error::WrongKey];
        matches!(self, Self::Unreadable(_)) || half.iter().any(|error| self == Self::Bundle(*error))
    }
}

/// Another file in the same folder.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn digest(file: &[u8], signature: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update((file.len() as u64).to_le_bytes())
        .chain_update(file)
        .chain_update(signature)
        .finalize()
        .into()
}

fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    // Asked before it is opened: to open a pipe is to wait for its other end.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn stamp(path: &Path) -> Option<Stamp> {
    // Of what a link leads to.
    let found = fs::metadata(path).ok()?;
    Some(Stamp { len: found.len(), modified: found.modified().ok(), identity: identity(&found) })
}

#[cfg(unix)]
fn identity(found: &Metadata) -> Vec<i64> {
    use std::os::unix::fs::MetadataExt as _;

    vec![found.dev().cast_signed(), found.ino().cast_signed(), found.ctime(), found.ctime_nsec()]
}

#[cfg(not(unix))]
fn identity(_found: &Metadata) -> Vec<i64> {
    Vec::new()
}
