use serde::{Deserialize, Serialize};

use super::{Capability, KeyDraft, KeyView, Overlap};

/// A key that a person made in a vendor's own pages is to be recorded.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordDraft {
    /// What is known of it, as for a new key.
    #[serde(flatten)]
    pub key: KeyDraft,
    /// Whether its text is kept in the vault.
    pub keep: bool,
    /// The key that it replaces.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub succeeds: Option<String>,
    /// How long that one may be used beside it; without one it stays as it is until its rotation is finished.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub overlap: Option<Overlap>,
}

/// A key that was recorded.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordedKey {
    /// The key.
    pub key: KeyView,
    /// Whether its text looks as the vendor's keys do.
    pub usual: bool,
}

/// A key that was pasted, or read from a file, and waits to be recorded. Its text stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PastedKey {
    /// What it is recorded or forgotten by.
    pub id: String,
    /// As lists would show it.
    pub display: String,
    /// How many characters it has.
    pub length: u32,
    /// Whether it looks as the vendor's keys do.
    pub usual: bool,
    /// Name of the tenant's key that it is already.
    pub already: Option<String>,
}

/// What a person does in a vendor's own pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct GuideView {
    /// What for.
    pub capability: Capability,
    /// What to do, a sentence each.
    pub steps: Vec<String>,
    /// The address of the page where it begins.
    pub page: Option<String>,
}
