use chrono::{DateTime, Utc};
use latchkey_domain::id::{BatchId, KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{KeyDigest, KeyFormat};

use super::{FileDelivery, NewEvent};
use crate::error::Result;
use crate::wire::{Actor, BatchDelivery};

/// What can be asked of batches that were begun and not ended.
pub trait ReadBatches {
    /// All of them, oldest first.
    fn batches(&self) -> Result<Vec<Batch>>;
    /// One of them.
    fn batch(&self, id: BatchId) -> Result<Option<Batch>>;
    /// What was given for its keys from this one on, at most `limit`; empty where names follow a pattern.
    fn batch_rows(&self, id: BatchId, from: u32, limit: u32) -> Result<Vec<BatchRow>>;
    /// Its keys that were drawn, from this one on, at most `limit`.
    fn drawn_keys(&self, id: BatchId, from: u32, limit: u32) -> Result<Vec<DrawnKey>>;
    /// Whether a key, listed or drawn, has this handle.
    fn handle_is_taken(&self, handle: &str) -> Result<bool>;
}

/// What can be changed of batches.
pub trait WriteBatches {
    /// Adds a batch, or writes how far it is and who is at it.
    fn put_batch(&mut self, batch: &Batch) -> Result<()>;
    /// Adds what was given for keys of a batch, the first being number `from`.
    fn add_batch_rows(&mut self, id: BatchId, from: u32, rows: &[BatchRow]) -> Result<()>;
    /// Adds keys that were drawn, the first being number `from`.
    fn add_drawn_keys(&mut self, id: BatchId, from: u32, keys: &[DrawnKey]) -> Result<()>;
    /// Forgets the keys that were drawn.
    fn forget_drawn_keys(&mut self, id: BatchId) -> Result<()>;
    /// Removes a batch with all that is noted of it; its listed keys stay.
    fn remove_batch(&mut self, id: BatchId) -> Result<()>;
    /// Removes at most `limit` listed keys of a batch, and answers with how many there were.
    fn remove_batch_keys(&mut self, id: BatchId, limit: u32) -> Result<u32>;
    /// Adds many keys of one tenant at once and raises its sequence by their number.
    fn add_keys(&mut self, batch: Option<BatchId>, keys: &[Key]) -> Result<()>;
    /// Adds a line to the audit log that is part of the history of every key of the batch.
    fn add_batch_event(&mut self, id: BatchId, event: &NewEvent) -> Result<()>;
}

/// A batch that was begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Identifier.
    pub id: BatchId,
    /// The tenant of its keys.
    pub tenant: TenantId,
    /// The pattern of names; `None` where rows are given.
    pub pattern: Option<String>,
    /// How many keys it is to have.
    pub total: u32,
    /// How many were drawn and are in the file for good.
    pub drawn: u32,
    /// How many are in the list.
    pub listed: u32,
    /// How many bytes of the file hold the drawn keys.
    pub length: u64,
    /// How far it is.
    pub step: BatchStep,
    /// The file or folder that the keys are written to.
    pub file: FileDelivery,
    /// What it is.
    pub delivery: BatchDelivery,
    /// For whom it is sealed; nobody where it is not.
    pub recipients: Vec<String>,
    /// How the keys are made up.
    pub format: KeyFormat,
    /// What every key gets that has no row, or whose row leaves it out.
    pub description: String,
    /// Likewise.
    pub owner: String,
    /// What the keys may use.
    pub api_sets: Vec<String>,
    /// The organization that the keys belong to.
    pub organization: Option<String>,
    /// Their user groups.
    pub groups: Vec<String>,
    /// What they are filed under.
    pub tags: Vec<String>,
    /// When they end.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who began it.
    pub actor: Actor,
    /// The process that is or was at it.
    pub instance: String,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchStep {
    /// Keys are drawn and written beside the file's place. None is in the list.
    Drawing,
    /// All are written; the file waits for its place.
    Placing,
    /// The file has its place; the keys come into the list.
    Listing,
    /// It is being taken back; its file never had its place.
    Undoing,
    /// It is being taken back, and the file in its place with it.
    Withdrawing,
}

/// What a list of names gives for one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Name.
    pub name: String,
    /// What it is for, if the row says.
    pub description: Option<String>,
    /// Who it belongs to, if the row says.
    pub owner: Option<String>,
    /// Who alone can open its file, if the row says.
    pub recipient: Option<String>,
}

/// A key of a batch that was drawn and is not in the list. Never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnKey {
    /// Identifier.
    pub id: KeyId,
    /// The public part.
    pub handle: String,
    /// What lists show.
    pub display: String,
    /// What it is checked against.
    pub digest: KeyDigest,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who it belongs to.
    pub owner: String,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
    /// The name of its file, where each has one.
    pub file: Option<String>,
}
