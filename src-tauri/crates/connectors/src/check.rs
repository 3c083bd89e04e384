//! Asking a server with a key whether it works.

use latchkey_app::ports::{Answer, Failure, Site, Watch};
use latchkey_app::wire::{CheckedKey, ErrorCode};
use latchkey_domain::remote::is_of_the_way;
use latchkey_domain::secret::Secret;

use crate::client::{Asked, HttpsConnectors};
use crate::manifest::{Meaning, Verb};
use crate::request::Filling;
use crate::shelf::bare;

impl HttpsConnectors {
    pub(crate) fn check_key(&self, at: &Site<'_>, key: &Secret, watch: &Watch) -> Answer<CheckedKey> {
        let manifest = self.manifest(at)?;
        // Nothing that the tenant asks with goes along with a key that asks for itself; a certificate and the proxy's
        // sign-in are how the server is reached at all.
        let mut alone = at.credentials.clone();
        alone.retain(|id, _| is_of_the_way(id));
        let site = Site { credentials: &alone, ..*at };
        let bare = Secret::new(bare(&manifest, key.expose()).to_owned());
        let ask = |verb| {
            let asked = Asked::new(&manifest, verb, &site)?;
            self.ask(&asked, &Filling { secret: Some(&bare), ..Filling::default() }, watch)
        };
        let has_spare = manifest.requests.check_throttled.is_some();
        let replied = match ask(Verb::Check) {
            Err(throttled) if is(&throttled, ErrorCode::RemoteThrottled) && has_spare => {
                match ask(Verb::CheckThrottled) {
                    // Whatever else it says, there was something to learn from the first one, later.
                    Err(spare) if !is(&spare, ErrorCode::Cancelled) && !is(&spare, ErrorCode::Offline) => {
                        return Err(throttled);
                    }
                    told => told,
                }
            }
            told => told,
        };
        Ok(match replied?.meaning {
            Meaning::Restricted => CheckedKey::Restricted,
            Meaning::Unknown => CheckedKey::Unknown,
            Meaning::Expired => CheckedKey::Expired,
            Meaning::Disabled => CheckedKey::Disabled,
            _ => CheckedKey::Valid,
        })
    }
}

fn is(failure: &Failure, code: ErrorCode) -> bool {
    failure.error.code() == code
}
