//! What the use cases need from the machine: a store, a vault, a clipboard, a clock.
//!
//! **Architecture invariant:** this crate names no database, keychain or window; the crates that implement these
//! traits depend on it, never the other way round.

mod batch;
mod browser;
mod bundle;
mod clipboard;
mod connector;
mod remote;
mod store;
mod vault;

pub use batch::{Batch, BatchRow, BatchStep, DrawnKey, ReadBatches, WriteBatches};
pub use browser::Browser;
pub use bundle::{
    Belonging, BundleContents, BundleExport, BundleKey, BundleStatus, FormerSigningKey, ReadBundles, SignedEndorsement,
    SigningKeyPlace, ToldKey, Untold, WriteBundles,
};
pub use clipboard::Clipboard;
pub use latchkey_domain::remote::{CertificateFacts, Network, Proxy};

pub use connector::{
    Answer, Authorities, Connectors, CreatedKey, Failure, Guidance, ListedKey, ListedSet, Listing, Outcome, Pasted,
    RemoteChange, RemoteDraft, Renewed, SESSION, Site, Watch,
};
pub use remote::{Freshness, ReadRemote, RemoteCredential, WriteRemote};
pub use store::{
    Event, EventFilter, FileDelivery, GapTotals, JournalEntry, JournalStep, KeyFilter, NamedKind, NewEvent, Profile,
    Reader, Store, TenantCounts, Writer,
};
pub use vault::Vault;

use chrono::{DateTime, Utc};

/// The present moment.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}
