//! Reading a list of names, and showing what a batch would be.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use latchkey_domain::batch::{self, MAX_KEYS, NamePattern};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::text;

use super::seal;
use crate::error::{Error, Result};
use crate::lines::Lines;
use crate::ports::BatchRow;
use crate::wire::{BatchPreview, ErrorCode};

/// What a list of names may have at most, in bytes.
const MAX_LEN: u64 = 64 << 20;

/// A list of names that was read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameList {
    pub(super) rows: Vec<BatchRow>,
    /// Where each row begins in the file.
    pub(super) lines: Vec<u32>,
}

impl NameList {
    /// Reads a CSV file with the column `name` and, if they are there, `description`, `owner` and `recipient`.
    ///
    /// Comma or semicolon, UTF-8, with or without a byte order mark. The file is taken whole or not at all. Fails with
    /// `invalid_input` on `names`, naming the line. How long a name may be is the tenant's matter: [`super::check_list`].
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |cause: std::io::Error| Error::io("read", path, &cause);
        let file = File::open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        if found.is_dir() || found.len() > MAX_LEN {
            return Err(too_large());
        }
        // A pipe has no length: it is read up to the limit as well.
        let mut text = String::new();
        let read = file.take(MAX_LEN + 1).read_to_string(&mut text);
        match read {
            Err(cause) if cause.kind() == std::io::ErrorKind::InvalidData => Err(no_text()),
            Err(cause) => Err(failed(cause)),
            Ok(read) if read as u64 > MAX_LEN => Err(too_large()),
            Ok(_) => Self::parse(&text),
        }
    }

    /// As [`Self::read`], of a text.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let header = text.lines().next().unwrap_or_default();
        let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let columns = Columns::of(reader.headers().map_err(|_| no_text())?)?;
        let mut list = Self { rows: Vec::new(), lines: Vec::new() };
        let mut record = csv::StringRecord::new();
        let mut lines = Lines::of(text);
        while reader.read_record(&mut record).map_err(|_| no_text())? {
            // Spreadsheets leave lines of empty cells at the end.
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let line = lines.record(record.position());
            let at_line = |problem: FieldProblem| FieldProblem {
                name: Field::Names,
                rule: Rule::Line { line, problem: Box::new(problem) },
            };
            list.rows.push(columns.row(&record).map_err(at_line)?);
            list.lines.push(line);
            if list.rows.len() > MAX_KEYS as usize {
                return Err(too_large());
            }
        }
        if list.rows.is_empty() {
            return Err(FieldProblem { name: Field::Names, rule: Rule::Required }.into());
        }
        Ok(list)
    }

    /// What a batch of these names would be.
    #[must_use]
    pub fn preview(&self) -> BatchPreview {
        let names: HashSet<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
        let keys = self.rows.len();
        BatchPreview {
            keys: number(keys),
            first: self.rows.iter().take(3).map(|row| row.name.clone()).collect(),
            last: self.rows.last().filter(|_| keys > 3).map(|row| row.name.clone()),
            same_name: number(keys - names.len()),
            recipients: number(self.rows.iter().filter(|row| row.recipient.is_some()).count()),
        }
    }
}

/// What a batch with names by a pattern would be.
///
/// Fails with `invalid_input` on `name` or `count`.
pub fn preview(pattern: &str, count: u32) -> Result<BatchPreview> {
    let count = batch::count(count)?;
    let pattern = NamePattern::parse(pattern, count)?;
    Ok(BatchPreview {
        keys: count,
        first: (1..=count.min(3)).map(|number| pattern.name(number)).collect(),
        last: (count > 3).then(|| pattern.name(count)),
        same_name: 0,
        recipients: 0,
    })
}

/// Where each column is.
struct Columns {
    name: usize,
    description: Option<usize>,
    owner: Option<usize>,
    recipient: Option<usize>,
}

impl Columns {
    /// A column that nobody knows is refused: a `recipient` with a slip of the pen would leave keys unsealed.
    fn of(header: &csv::StringRecord) -> Result<Self> {
        let names: Vec<String> = header.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let known = ["name", "description", "owner", "recipient"];
        let at = |wanted: &str| names.iter().position(|name| name == wanted);
        let odd = names.iter().any(|name| !name.is_empty() && !known.contains(&name.as_str()));
        let twice = known.iter().any(|known| names.iter().filter(|name| name == known).count() > 1);
        match at("name") {
            Some(name) if !odd && !twice => {
                Ok(Self { name, description: at("description"), owner: at("owner"), recipient: at("recipient") })
            }
            _ => Err(FieldProblem { name: Field::Names, rule: Rule::Unknown }.into()),
        }
    }

    fn row(&self, record: &csv::StringRecord) -> Result<BatchRow, FieldProblem> {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim).filter(|cell| !cell.is_empty());
        let recipient = cell(self.recipient);
        if let Some(recipient) = recipient {
            seal::recipient(recipient)?;
        }
        Ok(BatchRow {
            name: text::any_name(cell(Some(self.name)).unwrap_or_default())?,
            description: cell(self.description).map(text::description).transpose()?,
            owner: cell(self.owner).map(|owner| text::owner(owner, "")).transpose()?,
            recipient: recipient.map(str::to_owned),
        })
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn too_large() -> Error {
    Error::new(ErrorCode::InvalidInput, "The list of names is too large.")
        .hint("Name a CSV file of at most 64 MiB with at most 1 000 000 rows.")
}

fn no_text() -> Error {
    Error::new(ErrorCode::InvalidInput, "The list of names is no text in UTF-8.")
        .hint("Save it as CSV in UTF-8, with the column `name` in its first line.")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{NameList, preview};
    use crate::wire::{Field, Rule};

    const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    fn refused(text: &str) -> (Field, Rule) {
        let problem = NameList::parse(text).unwrap_err().body().field.clone().unwrap();
        (problem.name, problem.rule)
    }

    #[test]
    fn columns_come_in_any_order_and_with_either_separator() {
        let comma =
            NameList::parse(&format!("\u{FEFF}Owner,name,recipient\r\nAda,\"Gate, north\",{RECIPIENT}\r\n\r\n"));
        let comma = comma.unwrap();
        assert_eq!(comma.rows[0].name, "Gate, north");
        assert_eq!(comma.rows[0].owner.as_deref(), Some("Ada"));
        assert_eq!(comma.preview().recipients, 1);
        let semicolon = NameList::parse("name;description\nGate;North\nPier;\n;;\n").unwrap();
        assert_eq!(semicolon.rows.len(), 2);
        assert_eq!(semicolon.rows[0].description.as_deref(), Some("North"));
        assert_eq!(semicolon.rows[1].description, None);
    }

    #[test]
    fn a_line_at_fault_is_named() {
        let (field, Rule::Line { line, problem }) = refused("name\nGate\n\"a\nb\"\nPier\n") else { panic!() };
        assert_eq!((field, line, problem.rule), (Field::Names, 3, Rule::ControlCharacter));
        let (_, Rule::Line { line, problem }) = refused("name,recipient\nGate,age1nonsense\n") else { panic!() };
        assert_eq!((line, problem.name, problem.rule), (2, Field::Recipients, Rule::Unknown));
        let (_, Rule::Line { line, problem }) = refused("name,owner\nGate,Ada\n,Ada\n") else { panic!() };
        assert_eq!((line, problem.rule), (3, Rule::Required));
        // As Windows and old Macs end lines, with empty ones between.
        let (_, Rule::Line { line, .. }) = refused("name\r\nGate\r\n\r\n\"Qu\r\nay\"\r\n") else { panic!() };
        assert_eq!(line, 4);
        let (_, Rule::Line { line, .. }) = refused("name\r\nGate\r\nhttps://quay.example\r\n") else { panic!() };
        assert_eq!(line, 3);
    }

    #[test]
    fn a_short_name_is_a_matter_of_the_tenant() {
        assert_eq!(NameList::parse("name\na\nab\n").unwrap().rows.len(), 2);
        let (_, Rule::Line { problem, .. }) = refused(&format!("name\n{}\n", "a".repeat(101))) else { panic!() };
        assert_eq!(problem.rule, Rule::TooLong { max: 100 });
    }

    #[test]
    fn columns_that_are_not_known_are_refused() {
        for header in ["", "names", "name,recpient", "description", "name,name"] {
            assert_eq!(refused(&format!("{header}\nGate,x\n")), (Field::Names, Rule::Unknown), "{header}");
        }
        assert_eq!(refused("name\n"), (Field::Names, Rule::Required));
    }

    #[test]
    fn the_preview_shows_the_first_and_the_last_names_and_counts_what_collides() {
        let list = NameList::parse("name\nGate\nPier\nGate\nQuay\n").unwrap().preview();
        assert_eq!((list.keys, list.same_name, list.last.as_deref()), (4, 1, Some("Quay")));
        let pattern = preview("device-{n:05}", 10_000).unwrap();
        assert_eq!(pattern.first, ["device-00001", "device-00002", "device-00003"]);
        assert_eq!(pattern.last.as_deref(), Some("device-10000"));
        assert_eq!(preview("device-{n}", 2).unwrap().last, None);
        assert!(preview("device-{n}", 0).is_err());
    }
}
