use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Pending, Source, preview, rename, run};
use crate::error::{Error, Result};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, ImportChoice, ImportDone, ImportEntry, ImportPreview};

/// The import that the window shows.
///
/// **Architecture invariant:** the keys of the file live here, in Rust, until the import is done or closed. No answer
/// to the web view has one.
#[derive(Default)]
pub struct ImportWindow {
    open: Mutex<Option<Open>>,
}

struct Open {
    tenant: String,
    pending: Pending,
}

impl ImportWindow {
    /// Reads a file and shows what an import into the tenant would do, in place of the import before.
    pub fn open(&self, session: &Session, tenant: &str, source: &Source) -> Result<ImportPreview> {
        let mut pending = Pending::read(source, None)?;
        let shown = preview(session, tenant, &mut pending)?;
        *self.lock() = Some(Open { tenant: tenant.to_owned(), pending });
        Ok(shown)
    }

    /// Gives an entry another name, and answers with all of them: names must not collide.
    pub fn rename(&self, session: &Session, number: u32, name: &str) -> Result<Vec<ImportEntry>> {
        let mut open = self.lock();
        let open = open.as_mut().ok_or_else(gone)?;
        rename(session, &open.tenant, &mut open.pending, number, name)
    }

    /// Imports what was chosen, and wipes the rest. After a failure everything is as before.
    pub fn run(&self, session: &Session, operator: &Operator, choice: &ImportChoice) -> Result<ImportDone> {
        let mut open = self.lock();
        let pending = &mut open.as_mut().filter(|open| open.tenant == choice.tenant).ok_or_else(gone)?.pending;
        let done = run(session, operator, pending, choice, &mut |_, _| {})?;
        *open = None;
        Ok(done)
    }

    /// Wipes the keys of the file.
    pub fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> Error {
    Error::new(ErrorCode::SecretGone, "This import was closed, and its keys were wiped.").hint("Choose the file again.")
}
