use latchkey_domain::field::FieldProblem;
use serde::Serialize;

/// How a catalogue of API sets is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogueFormat {
    /// JSON.
    Json,
    /// A table with a heading line.
    Csv,
}

/// What an import does to an API set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ApiSetChange {
    /// It is new.
    Added,
    /// Its name, group, description or retirement changes.
    Changed,
}

/// An API set that an import adds or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImportedApiSet {
    /// Identifier.
    pub id: String,
    /// What people will call it.
    pub name: String,
    /// What happens to it.
    pub change: ApiSetChange,
}

/// A line of a file that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u32,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The field at fault, where it is one.
    pub field: Option<FieldProblem>,
}

/// What an import of API sets would do, or has done. With a refused line nothing is changed at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CatalogueImport {
    /// Name of the file.
    pub file: String,
    /// API sets that are new.
    pub added: u32,
    /// API sets that change.
    pub changed: u32,
    /// API sets of the file that are as they were.
    pub unchanged: u32,
    /// API sets of the tenant that the file does not name: they stay.
    pub untouched: u32,
    /// Those that are added or change, in the order of the file.
    pub sets: Vec<ImportedApiSet>,
    /// The first lines that cannot be taken, at most 20.
    pub refused: Vec<RefusedLine>,
}
