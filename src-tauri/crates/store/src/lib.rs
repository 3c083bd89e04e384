//! The database of a profile: SQLite behind the ports of `latchkey-app`.
//!
//! [`SqliteStore`] opens the file, hands out transactions and translates failures; `table` holds one file for each
//! table; `search` turns text into words; `columns` holds in memory what filters and orders need, and `page` asks them.
//!
//! **Architecture invariants:** one connection writes, behind a lock; every reader has a connection of its own and one
//! snapshot. Instants are whole seconds since 1970 in UTC, identifiers 16-byte blobs. The audit log is append-only by
//! triggers. A key's row number rises with the moment of its generation, so that the order of rows is the default order
//! of the list and the full-text index answers in it.

mod batches;
mod bundles;
mod columns;
mod fault;
mod handle;
mod migration;
mod page;
mod place;
mod plan;
mod remotes;
mod search;
mod store;
mod table;

pub use store::SqliteStore;
