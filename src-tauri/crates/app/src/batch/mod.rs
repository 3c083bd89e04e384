//! Batches: many keys generated in one run, delivered as a table, as a folder of files, or sealed.
//!
//! A saga of its own, with its own table instead of the journal. Keys are drawn some thousand at a time: first they are
//! written beside the file's place, then the database notes them and how many bytes of the file are theirs. So a batch
//! that was killed goes on from there. Drawn keys are in no list, and no service accepts them.
//!
//! When all are drawn, the file gets its place, and from then on the batch is decided: the keys come into the list some
//! thousand at a time, so that nobody who wants to revoke a key has to wait for all of them, and a start finishes what a
//! dead process left. The secrets are in the file and nowhere else.
//!
//! A sealed table is one stream of age and cannot be continued: resuming begins it anew, with other keys.

mod draft;
mod list;
mod recover;
mod run;
mod seal;
mod sink;
mod undo;
mod unfinished;

pub use draft::check_list;
pub use list::{NameList, preview};
pub use run::{check, resume, run};
pub use undo::undo;
pub use unfinished::{find, unfinished};

pub(crate) use recover::at_start;
pub(crate) use unfinished::{of_tenant, refuse_member, with_api_set};

use std::ops::ControlFlow;

use crate::wire::BatchProgress;

/// Is told how far a batch is, and says whether it goes on.
pub type Watch<'a> = dyn FnMut(BatchProgress) -> ControlFlow<()> + 'a;

/// How many keys are drawn, and how many come into the list, at a time.
const CHUNK: u32 = 2_000;
