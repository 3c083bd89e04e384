//! What Latchkey does: one use case a file, called alike by the window, the command line and the tests.
//!
//! Every use case is a function that takes the [`session::Session`] (store, vault, clock, randomness) and, where it
//! changes something, the [`session::Operator`] who acts. It answers with [`wire`] types or an [`error::Error`].
//!
//! **Architecture invariants:** this crate names no database, keychain or window. A change and its line in the audit
//! log are one transaction. What spans the database and the vault or a file is written into the journal first and is
//! finished or undone by [`recover`] at the next start.

pub mod access;
pub mod api_set;
pub mod audit;
pub mod batch;
pub mod bundle;
pub mod connector;
mod delivery;
pub mod error;
pub mod fault;
mod file;
pub mod find;
pub mod import;
pub mod key;
mod lines;
pub mod opening;
pub mod organization;
pub mod ports;
pub mod recover;
pub mod reminder;
pub mod remote;
pub mod rotation;
pub mod save_window;
pub mod session;
pub mod settings;
pub mod template;
pub mod tenant;
pub mod verify;
mod view;
pub mod wire;
