//! The session with a server that was opened for a tenant that is being added.

use std::sync::{Mutex, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::remote::OpenSession;
use latchkey_app::session::Session;
use latchkey_app::wire::{ErrorCode, SignInChoice};

/// One at a time; the next one ends it. What it is asked with is nowhere but here.
#[derive(Default)]
pub(crate) struct SignIns {
    open: Mutex<Option<OpenSession>>,
}

impl SignIns {
    /// Holds one, in place of the one before, and answers with what the server offers.
    pub(crate) fn hold(&self, session: &Session, open: OpenSession) -> Vec<SignInChoice> {
        let choices = open.choices.clone();
        let before = self.open.lock().unwrap_or_else(PoisonError::into_inner).replace(open);
        if let Some(before) = before {
            before.leave(session);
        }
        choices
    }

    /// Works with the one that is open, which is held no longer where that goes well.
    pub(crate) fn spend<T>(&self, work: impl FnOnce(&OpenSession) -> Result<T>) -> Result<T> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::RemoteSignIn, "Nobody is signed in to the server.").hint("Sign in first.")
        })?;
        let worked = work(held)?;
        *open = None;
        Ok(worked)
    }

    /// Ends the one that is open, if any.
    pub(crate) fn leave(&self, session: &Session) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(open) = open {
            open.leave(session);
        }
    }
}
