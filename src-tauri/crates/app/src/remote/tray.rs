use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::secret::Secret;
use latchkey_domain::strength;

use super::record::{already, guided, read};
use super::{read_key_file, record};
use crate::error::{Error, Result};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, PastedKey, RecordDraft, RecordedKey};

/// The most keys that wait at once; one more wipes the oldest.
const MOST: usize = 4;

/// The keys that were pasted into the window, or read from a file, and are not recorded yet.
///
/// **Architecture invariant:** their texts live here, in Rust, until they are recorded or forgotten. No answer to the web view
/// has one.
#[derive(Default)]
pub struct Tray {
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    id: String,
    tenant: TenantId,
    secret: Secret,
}

impl Tray {
    /// Takes what is on the clipboard. Fails with `not_now` for a local tenant, and with `invalid_input` on `secret`.
    pub fn paste(&self, session: &Session, tenant: &str, copied: Option<Secret>) -> Result<PastedKey> {
        self.hold(session, tenant, &on_clipboard(copied, "Copy the key in the vendor's page first.")?)
    }

    /// Takes the key out of a file. Fails as [`read_key_file`] does, and with `invalid_input` on `secret`.
    pub fn read_file(&self, session: &Session, tenant: &str, path: &Path) -> Result<PastedKey> {
        self.hold(session, tenant, &read_key_file(session, tenant, path)?)
    }

    fn hold(&self, session: &Session, tenant: &str, pasted: &Secret) -> Result<PastedKey> {
        let (tenant, remote) = session.store.reading(|reader| guided(reader, tenant))?;
        let (mut found, usual) = read(session, &remote, pasted)?;
        let already = already(session, &tenant, &mut found)?.map(|key| key.name);
        let id = session.with_rng(|rng| KeyId::random(rng)).to_string();
        let text = found.secret.expose();
        let shown = PastedKey {
            id: id.clone(),
            display: strength::display(text, &found.strength),
            length: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
            usual,
            already,
        };
        let mut waiting = self.lock();
        if waiting.len() == MOST {
            waiting.remove(0);
        }
        waiting.push(Waiting { id, tenant: tenant.id, secret: found.secret });
        Ok(shown)
    }

    /// Records a key that waits, as [`super::record`] does, and wipes it here; after a failure it waits on.
    ///
    /// Fails with `secret_gone` where it does not wait for this tenant any more.
    pub fn record(
        &self,
        session: &Session,
        operator: &Operator,
        draft: &RecordDraft,
        pasted: &str,
    ) -> Result<RecordedKey> {
        let (tenant, _) = session.store.reading(|reader| guided(reader, &draft.key.tenant))?;
        let secret = {
            let waiting = self.lock();
            let found = waiting.iter().find(|one| one.id == pasted && one.tenant == tenant.id);
            found.map(|one| one.secret.duplicate()).ok_or_else(gone)?
        };
        let recorded = record(session, operator, draft, &secret)?;
        self.forget(pasted);
        Ok(recorded)
    }

    /// Wipes a key, if it still waits.
    pub fn forget(&self, pasted: &str) {
        self.lock().retain(|one| one.id != pasted);
    }

    /// Wipes all of them: the profile is locked or closed.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> Error {
    Error::new(ErrorCode::SecretGone, "The pasted key was wiped.")
        .hint("Copy it in the vendor's page and paste it again.")
}

/// What was copied; `invalid_input` on `secret` with this hint where there is no text on the clipboard.
pub(crate) fn on_clipboard(copied: Option<Secret>, hint: &str) -> Result<Secret> {
    copied.ok_or_else(|| {
        let mut body = Error::from(FieldProblem { name: Field::Secret, rule: Rule::Required }).body().clone();
        "There is no text on the clipboard.".clone_into(&mut body.message);
        body.hint = Some(hint.to_owned());
        Error::from_body(body)
    })
}
