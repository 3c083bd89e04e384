use latchkey_domain::expiry::Expiration;
use latchkey_domain::field::FieldProblem;
use serde::{Deserialize, Serialize};

/// How a file with keys is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// `NAME=value`, one a line.
    Env,
    /// A table with a heading.
    Csv,
    /// One key, with or without words around it.
    Apikey,
}

/// What an import makes of an entry unless the operator decides otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportFate {
    /// It comes into the list.
    Import,
    /// It stays out, and may be imported all the same.
    Optional,
    /// It is known already.
    Duplicate,
    /// It cannot be imported.
    Skip,
}

/// Why an entry is not simply imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportReason {
    /// Its name does not say that it is a key.
    NoKeyName,
    /// One of several words of a file that may each be the key.
    Ambiguous,
    /// The tenant has this key.
    Known,
    /// The same key stands in the file before.
    Repeated,
    /// Nothing stands where the key should be.
    Empty,
    /// Under 8 characters.
    TooShort,
    /// Over 4 KiB.
    TooLong,
    /// Blanks or control characters in it.
    Blank,
    /// Characters that were damaged when the file was written.
    Damaged,
    /// It names another variable.
    Reference,
    /// A quote that does not end, or no `=` on the line.
    Form,
    /// More keys that a person may have chosen than one import takes: each costs a tenth of a second.
    TooManyChosen,
}

/// One entry of a file, as the operator sees it before it is imported. Never the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImportEntry {
    /// Its place among the entries, from 0.
    pub number: u32,
    /// The line of the file, from 1.
    pub line: u32,
    /// The name that it would get.
    pub name: String,
    /// What the file says of it.
    pub description: String,
    /// Who the file says it belongs to.
    pub owner: Option<String>,
    /// What lists would show of the key; nothing of one that a person may have chosen.
    pub display: Option<String>,
    /// Whether a person may have chosen it, or it has under 128 random bits.
    pub weak: bool,
    /// What happens to it.
    pub fate: ImportFate,
    /// Why.
    pub reason: Option<ImportReason>,
    /// The name of the key that the tenant has already.
    pub known_as: Option<String>,
    /// What is wrong with its name.
    pub name_problem: Option<FieldProblem>,
    /// Whether another key of the tenant or of the file has its name.
    pub same_name: bool,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImportPreview {
    /// The file's name without its folder.
    pub file: String,
    /// How it was read.
    pub format: ImportFormat,
    /// What stands in it, in its order.
    pub entries: Vec<ImportEntry>,
    /// Whether the file has more entries than are read.
    pub cut: bool,
    /// Whether the tenant lets secrets be kept.
    pub may_keep: bool,
}

/// What to import.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImportChoice {
    /// Identifier or name of the tenant.
    pub tenant: String,
    /// Numbers of the entries.
    pub entries: Vec<u32>,
    /// Identifiers of the API sets that they all get.
    pub api_sets: Vec<String>,
    /// The organization that they belong to, by identifier or name; `None` where the tenant has none.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub organization: Option<String>,
    /// Their user groups, by identifiers or names.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
    pub groups: Vec<String>,
    /// Who they belong to where the file does not say; the operator if `None`.
    pub owner: Option<String>,
    /// What they are filed under.
    pub tags: Vec<String>,
    /// When they end.
    pub expires: Expiration,
    /// Whether their secrets are kept in the vault.
    pub keep: bool,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ImportDone {
    /// Keys that came into the list.
    pub imported: u32,
    /// Those of them that a person may have chosen.
    pub weak: u32,
    /// Those of them whose secrets are kept.
    pub kept: u32,
    /// Entries that turned out to be known already.
    pub duplicates: u32,
}

/// A list that was written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Export {
    /// Where; `None` when the operator chose no file.
    pub path: Option<String>,
    /// How many keys.
    pub keys: u32,
}
