//! A catalogue of API sets as a file: JSON or a table.
#![allow(clippy::option_option)] // Nothing said, said to be nothing, and said are three things.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::spreadsheet::{guarded, unguarded};
use latchkey_domain::text;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::lines::{Lines, line_at};
use crate::wire::{CatalogueFormat, ErrorCode, RefusedLine};

/// What a file may have at most, in bytes.
pub(super) const MAX_LEN: u64 = 4 << 20;
/// The most API sets of a file.
const MAX_SETS: usize = 10_000;
/// The most refused lines that are told.
const MAX_REFUSED: usize = 20;
/// What a JSON file says of itself.
const KIND: &str = "latchkey-api-sets";
/// The version of the JSON form that this program writes, and the newest that it reads.
const VERSION: u32 = 1;
/// The columns of a table. `id` has to be there.
const COLUMNS: [&str; 5] = ["id", "name", "group", "description", "retired_at"];

/// An API set of a file. What the file does not say is `None`, and stays as it is in the tenant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) group: Option<Option<String>>,
    pub(super) description: Option<String>,
    pub(super) retired_at: Option<Option<DateTime<Utc>>>,
}

/// What was read: all of it, or the lines that cannot be taken.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) rows: Vec<Row>,
    pub(super) refused: Vec<RefusedLine>,
    /// Identifiers that were read.
    seen: HashSet<String>,
}

impl Row {
    /// The set as it will be, from how it is, if it is there.
    pub(super) fn over(&self, before: Option<&ApiSet>) -> ApiSet {
        ApiSet {
            id: self.id.clone(),
            name: self.name.clone().or(before.map(|set| set.name.clone())).unwrap_or_else(|| self.id.clone()),
            group: self.group.clone().unwrap_or_else(|| before.and_then(|set| set.group.clone())),
            description: self.description.clone().or(before.map(|set| set.description.clone())).unwrap_or_default(),
            retired_at: self.retired_at.unwrap_or_else(|| before.and_then(|set| set.retired_at)),
        }
    }
}

impl Catalogue {
    fn add(&mut self, line: u32, given: &Given<'_>) {
        match given.row() {
            Ok(row) if self.seen.insert(row.id.clone()) => self.rows.push(row),
            Ok(_) => self.refuse(line, &FieldProblem { name: Field::Id, rule: Rule::Taken }.into()),
            Err(error) => self.refuse(line, &error),
        }
    }

    fn refuse(&mut self, line: u32, error: &Error) {
        if self.refused.len() < MAX_REFUSED {
            let body = error.body();
            self.refused.push(RefusedLine { line, message: body.message.clone(), field: body.field.clone() });
        }
    }
}

/// What a file says of one API set, not yet looked at.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given<'f> {
    #[serde(borrow)]
    id: Cow<'f, str>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    group: Option<Option<String>>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, deserialize_with = "said")]
    retired_at: Option<Option<String>>,
}

/// Tells `null`, which takes something away, from nothing said.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Given<'_> {
    fn row(&self) -> Result<Row> {
        let id = text::api_set_id(&self.id)?;
        let retired_at = match &self.retired_at {
            None => None,
            Some(at) => Some(moment(at.as_deref().unwrap_or_default())?),
        };
        Ok(Row {
            name: self.name.as_deref().map(|name| text::api_set_name(Some(name), &id)).transpose()?,
            group: self.group.as_ref().map(|group| text::group(group.as_deref())).transpose()?,
            description: self.description.as_deref().map(text::description).transpose()?,
            retired_at,
            id,
        })
    }
}

/// An RFC 3339 moment, or nothing.
fn moment(text: &str) -> Result<Option<DateTime<Utc>>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => Ok(DateTime::from_timestamp(at.timestamp(), 0)),
        Err(_) => Err(refused("`retired_at` is not an RFC 3339 moment such as 2026-11-21T10:00:00Z.")),
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidInput, message).hint("Nothing was changed. Put the file right and import it again.")
}

/// Reads a catalogue; what begins with `{` is JSON.
///
/// Fails with `invalid_input` where the file is no catalogue at all.
pub(super) fn parse(bytes: &[u8]) -> Result<Catalogue> {
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let line = line_at(bytes, cause.valid_up_to());
        refused(format!("Line {line} is no text in UTF-8."))
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let catalogue = if text.trim_start().starts_with('{') { parse_json(text) } else { parse_csv(text) }?;
    if catalogue.rows.len() > MAX_SETS {
        return Err(refused(format!("The file has more than {MAX_SETS} API sets.")));
    }
    Ok(catalogue)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'f> {
    #[serde(borrow)]
    kind: Cow<'f, str>,
    version: u32,
    #[serde(borrow)]
    api_sets: Vec<&'f RawValue>,
}

fn parse_json(text: &str) -> Result<Catalogue> {
    // Only the frame first, so that each entry's own fault is told with its own line.
    let document: Document<'_> =
        serde_json::from_str(text).map_err(|cause| refused(format!("Line {}: {}.", cause.line(), brief(&cause))))?;
    if document.kind != KIND {
        return Err(refused(format!("The file is a `{}` and no `{KIND}`.", document.kind)));
    }
    if document.version > VERSION {
        return Err(refused("The file was written by a newer Latchkey."));
    }
    let mut catalogue = Catalogue::default();
    for entry in document.api_sets.into_iter().take(MAX_SETS + 1) {
        // The entry is a part of the text: where it lies tells its line.
        let at = entry.get().as_ptr() as usize - text.as_ptr() as usize;
        let line = line_at(text.as_bytes(), at);
        match serde_json::from_str::<Given<'_>>(entry.get()) {
            Ok(given) => catalogue.add(line, &given),
            Err(cause) => {
                let line = line + u32::try_from(cause.line()).unwrap_or(1) - 1;
                catalogue.refuse(line, &refused(format!("{}.", brief(&cause))));
            }
        }
    }
    Ok(catalogue)
}

/// What is wrong with JSON, without the place, which is told by itself.
fn brief(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn parse_csv(text: &str) -> Result<Catalogue> {
    let header = text.lines().next().unwrap_or_default();
    // As spreadsheets write it where the comma is the decimal sign.
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let columns: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|column| column.trim().to_ascii_lowercase()).collect(),
        Err(cause) => return Err(torn(text, &cause)),
    };
    if let Some(unknown) = columns.iter().find(|column| !COLUMNS.contains(&column.as_str())) {
        return Err(refused(format!("Line 1: there is no column `{unknown}`. Use {}.", COLUMNS.join(", "))));
    }
    let column = |name: &str| columns.iter().position(|column| column == name);
    let Some(id) = column("id") else { return Err(refused("Line 1: the column `id` is missing.")) };
    let [name, group, description, retired] = [COLUMNS[1], COLUMNS[2], COLUMNS[3], COLUMNS[4]].map(column);
    let mut catalogue = Catalogue::default();
    let mut lines = Lines::of(text);
    for record in reader.records().take(MAX_SETS + 1) {
        let record = record.map_err(|cause| torn(text, &cause))?;
        let line = lines.record(record.position());
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(unguarded);
        let given = Given {
            id: cell(Some(id)).unwrap_or_default().into(),
            name: cell(name),
            group: cell(group).map(Some),
            description: cell(description),
            retired_at: cell(retired).map(Some),
        };
        catalogue.add(line, &given);
    }
    Ok(catalogue)
}

fn torn(text: &str, cause: &csv::Error) -> Error {
    let line = Lines::of(text).record(cause.position());
    match cause.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            refused(format!("Line {line} has {len} cells where the first line has {expected_len}."))
        }
        _ => refused(format!("Line {line} cannot be read as a table.")),
    }
}

#[derive(Serialize)]
struct Written<'s> {
    id: &'s str,
    name: &'s str,
    group: Option<&'s str>,
    description: &'s str,
    retired_at: Option<String>,
}

/// Writes a catalogue.
pub(super) fn render(sets: &[ApiSet], format: CatalogueFormat) -> Result<Vec<u8>> {
    let written = sets.iter().map(|set| Written {
        id: &set.id,
        name: &set.name,
        group: set.group.as_deref(),
        description: &set.description,
        retired_at: set.retired_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
    });
    match format {
        CatalogueFormat::Json => {
            let sets: Vec<_> = written.collect();
            let document = serde_json::json!({ "kind": KIND, "version": VERSION, "api_sets": sets });
            let mut text = serde_json::to_vec_pretty(&document).map_err(|cause| unwritten(&cause))?;
            text.push(b'\n');
            Ok(text)
        }
        CatalogueFormat::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(COLUMNS).map_err(|cause| unwritten(&cause))?;
            for set in written {
                let cells = [
                    set.id,
                    set.name,
                    set.group.unwrap_or_default(),
                    set.description,
                    set.retired_at.as_deref().unwrap_or_default(),
                ];
                writer.write_record(cells.map(guarded)).map_err(|cause| unwritten(&cause))?;
            }
            writer.into_inner().map_err(|cause| unwritten(cause.error()))
        }
    }
}

fn unwritten(cause: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::Failed, format!("The catalogue could not be written: {cause}."))
}
