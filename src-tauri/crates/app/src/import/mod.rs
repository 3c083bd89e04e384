//! Imports: keys that exist elsewhere come into the list, after a look at what would happen to each.
//!
//! A file is read once ([`Source`]), becomes a [`Pending`] import whose keys stay in Rust, and is shown without them
//! ([`preview`]). [`run`] does it in one step. The command line goes through these one after the other; the window
//! keeps the pending import in an [`ImportWindow`] while the operator looks at it.

mod pending;
mod preview;
mod run;
mod source;
mod window;

pub use pending::Pending;
pub(crate) use pending::{Found, refused};
pub(crate) use preview::{digest_slowly, known, no_memory};
pub use preview::{preview, rename};
pub use run::run;
pub(crate) use run::salt_of;
pub use source::Source;
pub use window::ImportWindow;

/// The most keys of one import that a person may have chosen: the slow digest of each takes about a tenth of a second.
pub const MAX_CHOSEN: usize = 1_000;

/// The most secrets that one import keeps: a passphrase vault is written anew for each.
pub const MAX_KEPT: usize = 1_000;
