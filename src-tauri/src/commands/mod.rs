//! The commands of the window: one file for each area, a few lines for each command.
//!
//! They run on worker threads (`async`), so that the window never waits for a disk or a keychain.
#![allow(clippy::needless_pass_by_value)] // Tauri hands over the arguments of a command by value.

pub(crate) mod api_sets;
pub(crate) mod audit;
pub(crate) mod batches;
pub(crate) mod bulk;
pub(crate) mod bundles;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod connection;
pub(crate) mod connectors;
pub(crate) mod guided;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod opening;
pub(crate) mod organizations;
pub(crate) mod place;
pub(crate) mod profile;
pub(crate) mod remote;
pub(crate) mod rotation;
pub(crate) mod secrets;
pub(crate) mod sign_in;
pub(crate) mod signing_keys;
pub(crate) mod templates;
pub(crate) mod tenants;
pub(crate) mod verify;

use latchkey_app::wire::ErrorBody;

/// What a command answers with.
pub(crate) type Answer<T> = Result<T, ErrorBody>;
