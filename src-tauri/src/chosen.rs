//! Files with certificates that the operator chose in the window and that nothing was done with yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use latchkey_app::remote::{ChosenAuthorities, ChosenCertificate};
use latchkey_app::wire::{FileChoice, NetworkEdit};
use latchkey_domain::remote::CLIENT_CERTIFICATE;
use latchkey_domain::secret::Secret;

/// What was chosen last. It stays in Rust: the web view neither names files nor sees what is in them.
#[derive(Default)]
pub(crate) struct ChosenFiles(Mutex<Held>);

#[derive(Default)]
struct Held {
    authorities: Option<String>,
    certificate: Option<Arc<Secret>>,
}

impl ChosenFiles {
    pub(crate) fn hold_authorities(&self, chosen: ChosenAuthorities) {
        self.held().authorities = Some(chosen.pem);
    }

    pub(crate) fn hold_certificate(&self, chosen: ChosenCertificate) {
        self.held().certificate = Some(chosen.secret);
    }

    /// Wipes the key that was chosen.
    pub(crate) fn forget(&self) {
        *self.held() = Held::default();
    }

    /// Adds what an edit says was chosen. A certificate that the web view sends along is none.
    pub(crate) fn hand_over(&self, edit: &mut NetworkEdit, credentials: &mut BTreeMap<String, Arc<Secret>>) {
        let held = self.held();
        credentials.remove(CLIENT_CERTIFICATE);
        if edit.authorities == Some(FileChoice::Chosen) {
            edit.pem.clone_from(&held.authorities);
        }
        if edit.client_certificate == Some(FileChoice::Chosen)
            && let Some(certificate) = &held.certificate
        {
            credentials.insert(CLIENT_CERTIFICATE.to_owned(), Arc::clone(certificate));
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
