//! Reads keys out of files that other programs and people wrote: `.env`, CSV and `.APIKEY`.
//!
//! Bytes in, [`Entry`]s out; no file, clock or database. Reading is lenient: what can be understood is, and the rest is
//! an entry with the reason why not. Only a file that is too large, no text, or has no keys at all is refused whole.
//! Every buffer that held a key is wiped.

mod apikey;
mod csv;
mod env;
mod text;

use std::fmt;

use latchkey_domain::secret::Secret;

/// The most bytes of a file.
pub const MAX_FILE: usize = 16 * 1024 * 1024;
/// The most entries of a file; what comes after them is not read.
pub const MAX_ENTRIES: usize = 100_000;
/// The most bytes of one key.
pub const MAX_KEY: usize = 4_096;
/// The fewest characters of something that is taken for a key.
pub const MIN_KEY: usize = 8;
/// The most bytes of an `.APIKEY` file.
pub const MAX_APIKEY_FILE: usize = 4_096;
/// The most characters of a name or description that are looked at; rules for names come later and are stricter.
pub const MAX_TEXT: usize = 4_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `NAME=value`, one a line.
    Env,
    /// A table with a heading.
    Csv,
    /// One key, with or without words around it.
    ApiKey,
}

/// What was found in a file.
#[derive(Debug)]
pub struct Found {
    /// How it was read.
    pub format: Format,
    /// One for each place where a key is or should be, in the order of the file.
    pub entries: Vec<Entry>,
    /// Whether there was more than [`MAX_ENTRIES`].
    pub cut: bool,
}

/// One place of a file where a key is or should be.
#[derive(Debug)]
pub struct Entry {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// What the file calls it, trimmed; may be empty.
    pub name: String,
    /// What the file says of it, trimmed; may be empty.
    pub description: String,
    /// Who the file says it belongs to.
    pub owner: Option<String>,
    /// The key, or why there is none.
    pub key: Result<Secret, Unreadable>,
    /// Whether it looks like a key rather than like any other setting, and is the only one that it can be.
    pub likely: bool,
}

/// Why an entry has no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// Nothing stands there.
    Empty,
    /// Under [`MIN_KEY`] characters.
    TooShort,
    /// Over [`MAX_KEY`] bytes.
    TooLong,
    /// Blanks or control characters in it.
    Blank,
    /// Characters that were damaged when the file was written: lone surrogates, broken UTF-8.
    Damaged,
    /// It names another variable instead of a key.
    Reference,
    /// A quote that does not end, or no `=` on the line.
    Form,
}

/// Why a file is refused whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// Over [`MAX_FILE`] bytes, or over [`MAX_APIKEY_FILE`] for an `.APIKEY` file.
    TooLarge {
        /// The most bytes.
        max: usize,
    },
    /// Not text.
    Binary,
    /// Nothing in it.
    Empty,
    /// A table without a column of keys.
    NoKeyColumn,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { max } => write!(f, "over {max} bytes"),
            Self::Binary => f.write_str("not text"),
            Self::Empty => f.write_str("empty"),
            Self::NoKeyColumn => f.write_str("no column of keys"),
        }
    }
}

impl std::error::Error for Refused {}

/// Reads a file. `name` is its name without the folder, or nothing for standard input; it helps to guess the format
/// where none is given, and names the key of an `.APIKEY` file.
pub fn read(name: &str, bytes: &[u8], format: Option<Format>) -> Result<Found, Refused> {
    if bytes.len() > MAX_FILE {
        return Err(Refused::TooLarge { max: MAX_FILE });
    }
    let text = text::decode(bytes)?;
    if text.trim().is_empty() {
        return Err(Refused::Empty);
    }
    let format = format.unwrap_or_else(|| guess(name, &text));
    let mut entries = match format {
        Format::Env => env::read(&text),
        Format::Csv => csv::read(&text)?,
        Format::ApiKey => apikey::read(name, &text)?,
    };
    let cut = entries.len() > MAX_ENTRIES;
    entries.truncate(MAX_ENTRIES);
    Ok(Found { format, entries, cut })
}

/// By the file's name, else by what stands in it.
fn guess(name: &str, text: &str) -> Format {
    let name = name.to_ascii_lowercase();
    let ends = |ending: &str| name.ends_with(ending);
    if ends(".apikey") {
        return Format::ApiKey;
    }
    if ends(".csv") || ends(".tsv") {
        return Format::Csv;
    }
    if ends(".env") || name.starts_with(".env") || name.contains(".env.") {
        return Format::Env;
    }
    if csv::has_key_column(text) {
        return Format::Csv;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.clone().count() > 0 && lines.all(env::is_assignment) {
        return Format::Env;
    }
    if text.len() <= MAX_APIKEY_FILE { Format::ApiKey } else { Format::Csv }
}

/// Checks what stands where a key should be.
fn key(text: &str) -> Result<Secret, Unreadable> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if text.len() > MAX_KEY {
        return Err(Unreadable::TooLong);
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Unreadable::Damaged);
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Unreadable::Blank);
    }
    if text.chars().count() < MIN_KEY {
        return Err(Unreadable::TooShort);
    }
    let mut copy = String::with_capacity(text.len());
    copy.push_str(text);
    Ok(Secret::new(copy))
}

/// A name or a description, cut to what is worth looking at.
fn words(text: &str) -> String {
    text.trim().chars().take(MAX_TEXT).collect()
}

/// Whether a name says that what it names is a key.
fn names_a_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password", "passwd", "pwd", "credential", "auth", "bearer"]
        .iter()
        .any(|word| name.contains(word))
}
