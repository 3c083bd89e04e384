//! CSV with a heading, as spreadsheets and password managers write it.

use latchkey_domain::secret::Secret;
use latchkey_domain::spreadsheet;
use zeroize::Zeroizing;

use crate::{Entry, MAX_ENTRIES, Refused, Unreadable, key, words};

/// Columns beyond are not read.
const MAX_COLUMNS: usize = 1_000;

const KEYS: &[&str] = &[
    "key",
    "apikey",
    "token",
    "apitoken",
    "accesstoken",
    "accesskey",
    "secret",
    "secretkey",
    "apisecret",
    "value",
    "password",
    "credential",
    "schlussel",
    "passwort",
];
const NAMES: &[&str] = &["name", "keyname", "label", "title", "account", "service", "bezeichnung", "titel"];
const DESCRIPTIONS: &[&str] =
    &["description", "notes", "note", "comment", "comments", "purpose", "beschreibung", "notiz", "bemerkung"];
const OWNERS: &[&str] = &["owner", "user", "username", "loginusername", "login", "email", "besitzer", "benutzer"];

/// Which columns have what.
struct Columns {
    key: usize,
    name: Option<usize>,
    description: Option<usize>,
    owner: Option<usize>,
}

pub(crate) fn read(text: &str) -> Result<Vec<Entry>, Refused> {
    let mut rows = Rows::new(text);
    let columns = rows.next_row().and_then(|row| Columns::of(&row)).ok_or(Refused::NoKeyColumn)?;
    let mut entries = Vec::new();
    while entries.len() <= MAX_ENTRIES
        && let Some(row) = rows.next_row()
    {
        if !row.is_empty() {
            entries.push(entry(&row, &columns));
        }
    }
    Ok(entries)
}

/// Whether the first line is a heading with a column of keys and another one.
pub(crate) fn has_key_column(text: &str) -> bool {
    Rows::new(text).next_row().is_some_and(|row| row.ends.len() > 1 && Columns::of(&row).is_some())
}

impl Columns {
    fn of(heading: &Row<'_>) -> Option<Self> {
        let titles: Vec<String> = (0..heading.ends.len()).map(|at| plain(heading.cell(at))).collect();
        // In the order of the list: `API key` is a better guess than `value`.
        let find = |wanted: &[&str]| wanted.iter().find_map(|word| titles.iter().position(|title| title == word));
        Some(Self { key: find(KEYS)?, name: find(NAMES), description: find(DESCRIPTIONS), owner: find(OWNERS) })
    }
}

/// A title without case, blanks and signs.
fn plain(title: &str) -> String {
    let letters = title.chars().flat_map(char::to_lowercase).map(|c| if c == 'ü' { 'u' } else { c });
    letters.filter(|c| c.is_alphanumeric()).take(40).collect()
}

fn entry(row: &Row<'_>, columns: &Columns) -> Entry {
    let text = |column: Option<usize>| {
        column.map(|at| spreadsheet::unguarded(&words(row.cell(at)))).filter(|text| !text.is_empty())
    };
    let raw = row.cell(columns.key);
    let found = if row.torn { Err(Unreadable::Form) } else { secret(raw) };
    Entry {
        line: row.line,
        name: text(columns.name).unwrap_or_default(),
        description: text(columns.description).unwrap_or_default(),
        owner: text(columns.owner),
        likely: found.is_ok(),
        key: found,
    }
}

fn secret(raw: &str) -> Result<Secret, Unreadable> {
    let plain = Zeroizing::new(spreadsheet::unguarded(raw));
    key(&plain)
}

/// One row of the table.
struct Row<'a> {
    line: u32,
    text: &'a str,
    ends: &'a [usize],
    torn: bool,
}

impl<'a> Row<'a> {
    fn cell(&self, at: usize) -> &'a str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The rows of a table, taken out of a buffer that is wiped.
struct Rows<'a> {
    reader: csv_core::Reader,
    rest: &'a [u8],
    out: Zeroizing<Vec<u8>>,
    ends: Vec<usize>,
    done: bool,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter(text)).build(),
            rest: text.as_bytes(),
            // No row is longer than the file, so the buffer never grows and leaves nothing behind unwiped.
            out: Zeroizing::new(vec![0; text.len() + 1]),
            ends: vec![0; MAX_COLUMNS],
            done: false,
        }
    }

    fn next_row(&mut self) -> Option<Row<'_>> {
        let (mut written, mut columns, mut torn) = (0, 0, false);
        let mut line = u32::try_from(self.reader.line()).unwrap_or(u32::MAX);
        loop {
            if self.done {
                return None;
            }
            if written == 0 && columns == 0 {
                // Empty lines belong to no row.
                let blank = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
                let lines = blank.filter(|byte| **byte == b'\n').count();
                line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            }
            let (result, read, wrote, ended) =
                self.reader.read_record(self.rest, &mut self.out[written..], &mut self.ends[columns..]);
            // A quote that does not end takes the rest of the file into its cell.
            torn |= self.rest.len() == read && is_open(&self.rest[..read]);
            self.rest = &self.rest[read..];
            written += wrote;
            columns += ended;
            match result {
                csv_core::ReadRecordResult::InputEmpty => {}
                // More columns than any table has: the last one is written over until the row ends.
                csv_core::ReadRecordResult::OutputEndsFull => columns = MAX_COLUMNS - 1,
                csv_core::ReadRecordResult::OutputFull | csv_core::ReadRecordResult::End => self.done = true,
                csv_core::ReadRecordResult::Record => break,
            }
        }
        let text = std::str::from_utf8(&self.out[..written]).unwrap_or_default();
        Some(Row { line, text, ends: &self.ends[..columns], torn })
    }
}

/// Whether the quotes of a row do not come in pairs.
fn is_open(row: &[u8]) -> bool {
    row.iter().fold(false, |open, byte| open ^ (*byte == b'"'))
}

/// What stands most often in the heading between the quotes: a comma, a semicolon or a tab.
fn delimiter(text: &str) -> u8 {
    let heading = text.trim_start().lines().next().unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in heading.bytes() {
        quoted ^= byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == *delimiter);
        }
    }
    let mut best = counts[0];
    for other in &counts[1..] {
        if other.1 > best.1 {
            best = *other;
        }
    }
    best.0
}
