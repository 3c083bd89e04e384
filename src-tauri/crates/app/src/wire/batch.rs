use chrono::{DateTime, Utc};
use latchkey_domain::expiry::Expiration;
use serde::{Deserialize, Serialize};

/// Many keys to be generated in one run.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchDraft {
    /// Identifier of the tenant.
    pub tenant: String,
    /// How the keys are named.
    pub names: BatchNames,
    /// What they are for, unless a row says otherwise.
    pub description: String,
    /// Who they belong to, unless a row says otherwise; the operator if `None`.
    pub owner: Option<String>,
    /// Identifiers of the API sets.
    pub api_sets: Vec<String>,
    /// The organization that they belong to, by identifier or name; `None` where the tenant has none.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub organization: Option<String>,
    /// Their user groups, by identifiers or names.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
    pub groups: Vec<String>,
    /// What they are filed under.
    pub tags: Vec<String>,
    /// When they end.
    pub expires: Expiration,
    /// What the keys are written to.
    pub delivery: BatchDelivery,
    /// Public keys of age (`age1…`) of those who can open it; not sealed if empty.
    pub recipients: Vec<String>,
}

/// How the keys of a batch are named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BatchNames {
    /// By a pattern.
    Pattern {
        /// `device-{n:05}`.
        pattern: String,
        /// How many.
        count: u32,
    },
    /// By the list of names that was read last.
    List,
}

/// What the keys of a batch are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BatchDelivery {
    /// One file, a line for each key.
    Csv,
    /// A folder with a file for each key.
    Folder,
}

/// What a batch would be, before anything is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchPreview {
    /// How many keys.
    pub keys: u32,
    /// The first names, at most three.
    pub first: Vec<String>,
    /// The last name, where there are more.
    pub last: Option<String>,
    /// How many keys have the name of another key of the batch.
    pub same_name: u32,
    /// How many keys have a recipient of their own.
    pub recipients: u32,
}

/// A list of names that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchList {
    /// The file's name.
    pub file: String,
    /// What is in it.
    pub preview: BatchPreview,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchProgress {
    /// How many keys are written to the file.
    pub drawn: u32,
    /// How many are in the list.
    pub listed: u32,
    /// How many there will be.
    pub total: u32,
}

/// A batch that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchSummary {
    /// Identifier.
    pub id: String,
    /// Name of the tenant.
    pub tenant: String,
    /// How many keys.
    pub keys: u32,
    /// The file or folder that has them.
    pub file: String,
    /// What it is.
    pub delivery: BatchDelivery,
    /// Whether it is sealed.
    pub sealed: bool,
    /// The first name.
    pub first: String,
    /// The last name.
    pub last: String,
    /// When they end; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a batch ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BatchEnd {
    /// All keys are there.
    Done {
        /// What was made.
        summary: BatchSummary,
    },
    /// It was cancelled: nothing of it is left.
    Cancelled,
}

/// A batch that was interrupted: it can go on or be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BatchView {
    /// Identifier.
    pub id: String,
    /// Name of the tenant.
    pub tenant: String,
    /// The first name.
    pub first: String,
    /// How many keys it is to have.
    pub total: u32,
    /// How many are written already.
    pub drawn: u32,
    /// The file or folder that it goes to.
    pub file: String,
    /// Who began it.
    pub operator: String,
    /// When.
    pub begun_at: DateTime<Utc>,
}
