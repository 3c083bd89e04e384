use std::collections::HashSet;

use latchkey_domain::field::Rule;
use latchkey_domain::key_format::{KeyDigest, Salt};
use latchkey_domain::secret::Secret;
use latchkey_domain::strength::{self, Strength};
use latchkey_import::{Format, Refused, Unreadable, read};

use super::Source;
use super::source::{kib, problem};
use crate::error::{Error, Result};
use crate::wire::ImportFormat;

/// A file that was read, with its keys, waiting for the operator. The keys are wiped when it is dropped.
pub struct Pending {
    pub(super) file: String,
    pub(super) format: ImportFormat,
    pub(super) items: Vec<Item>,
    pub(super) cut: bool,
}

/// An entry of the file.
pub(super) struct Item {
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) owner: Option<String>,
    pub(super) key: std::result::Result<Found, Unreadable>,
    pub(super) likely: bool,
    /// Whether the same key stands in the file before.
    pub(super) repeated: bool,
}

/// A key of the file and what is known of it.
pub(crate) struct Found {
    pub(crate) secret: Secret,
    pub(crate) strength: Strength,
    /// SHA-256.
    pub(super) digest: KeyDigest,
    /// The slow digest, once it was computed, and the salt that it was computed with.
    pub(super) slow: Option<(Salt, KeyDigest)>,
}

impl Found {
    pub(crate) fn new(secret: Secret) -> Self {
        Self { strength: strength::of(secret.expose()), digest: KeyDigest::of(secret.expose()), slow: None, secret }
    }

    /// What the list checks it against: where a person may have chosen it, once the slow digest was computed.
    pub(crate) fn digest(&self) -> KeyDigest {
        self.slow.filter(|_| self.is_weak()).map_or(self.digest, |(_, digest)| digest)
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.strength == Strength::Chosen
    }
}

impl Pending {
    /// Reads what stands in a file, in the format given or the one that it seems to have.
    ///
    /// Fails with `invalid_input` where nothing of the file can be used.
    pub fn read(source: &Source, format: Option<ImportFormat>) -> Result<Self> {
        let format = format.map(|format| match format {
            ImportFormat::Env => Format::Env,
            ImportFormat::Csv => Format::Csv,
            ImportFormat::Apikey => Format::ApiKey,
        });
        let found = read(&source.name, &source.bytes, format).map_err(refused)?;
        let mut seen: HashSet<[u8; 32]> = HashSet::new();
        let items = found.entries.into_iter().map(|entry| {
            let key = entry.key.map(Found::new);
            let repeated = key.as_ref().is_ok_and(|key| !seen.insert(*key.digest.as_bytes()));
            Item {
                line: entry.line,
                name: entry.name,
                description: entry.description,
                owner: entry.owner,
                key,
                likely: entry.likely,
                repeated,
            }
        });
        let mut items: Vec<Item> = items.collect();
        let file = if source.name.is_empty() { "standard input".to_owned() } else { source.name.clone() };
        let stem = source.name.rsplit_once('.').map_or(source.name.as_str(), |(stem, _)| stem);
        let stem = if stem.is_empty() { "Imported key" } else { stem };
        for item in items.iter_mut().filter(|item| item.name.is_empty()) {
            item.name = format!("{stem}, line {}", item.line);
        }
        let format = match found.format {
            Format::Env => ImportFormat::Env,
            Format::Csv => ImportFormat::Csv,
            Format::ApiKey => ImportFormat::Apikey,
        };
        Ok(Self { file, format, items, cut: found.cut })
    }
}

/// Why nothing of a file can be used.
pub(crate) fn refused(refused: Refused) -> Error {
    problem(match refused {
        Refused::TooLarge { max } => Rule::TooLarge { max_kib: kib(max) },
        Refused::Binary => Rule::NotText,
        Refused::Empty => Rule::NoKey,
        Refused::NoKeyColumn => Rule::NoKeyColumn,
    })
}
