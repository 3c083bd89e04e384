//! The window's page brings what is shown first. An answer over the bridge between the web view and the program takes tens of
//! milliseconds; the page has to come anyway, and the program has nothing else to do while the web view starts.

use std::borrow::Cow;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use latchkey_app::error::Result;
use latchkey_app::opening;
use latchkey_app::session::Session;
use latchkey_app::wire::Opening;
use latchkey_profile::Remembered;
use tauri::http::Response;
use tauri::http::header::CONTENT_TYPE;
use tauri::{AppHandle, Manager as _};

use crate::desk::Desk;

/// What the first page is to bring; a page that is loaded once more asks for everything itself.
pub(crate) struct FirstPage {
    look: Mutex<Option<JoinHandle<Option<Looked>>>>,
    version: OnceLock<u64>,
}

/// What was seen, and the version of the profile before the look at it.
struct Looked {
    version: u64,
    opening: Opening,
}

impl FirstPage {
    /// Begins to look at the profile.
    pub(crate) fn prepare(app: &AppHandle) -> Self {
        let app = app.clone();
        let look = thread::spawn(move || {
            let desk = app.state::<Desk>();
            let last = app.state::<Remembered>().tenant();
            // A profile that is not open has nothing to show; what goes wrong is told to a page that asks.
            let session = desk.session().ok()?;
            let version = session.store.version().ok()?;
            let opening = opening::look(&session, desk.view(), last.as_deref()).ok()?;
            Some(Looked { version, opening })
        });
        Self { look: Mutex::new(Some(look)), version: OnceLock::new() }
    }

    /// Puts it into the answer, if that is the first page.
    pub(crate) fn fill(&self, answer: &mut Response<Cow<'static, [u8]>>) {
        if answer.headers().get(CONTENT_TYPE).is_none_or(|kind| kind != "text/html") {
            return;
        }
        let Some((head, rest)) = parted(answer.body()) else { return };
        let Some(look) = self.look.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let Ok(Some(Looked { version, opening })) = look.join() else { return };
        let Ok(json) = serde_json::to_string(&opening) else { return };
        let page = [head, &data(&json), rest].concat();
        *answer.body_mut() = page.into_bytes().into();
        // Set once, since only one page takes the look.
        let _ = self.version.set(version);
    }

    /// Whether nothing was changed since. Fails as a read does.
    pub(crate) fn holds(&self, session: &Session) -> Result<bool> {
        Ok(self.version.get() == Some(&session.store.version()?))
    }
}

/// A page before and after the end of its head.
fn parted(page: &[u8]) -> Option<(&str, &str)> {
    let page = str::from_utf8(page).ok()?;
    page.find("</head>").map(|end| page.split_at(end))
}

/// Data is no script, so the policy need not allow it; and nothing in it can end the element early.
fn data(json: &str) -> String {
    format!("<script id=\"opening\" type=\"application/json\">{}</script>", json.replace('<', "\\u003c"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{data, parted};

    #[test]
    fn what_people_have_typed_cannot_leave_the_data() {
        let json = serde_json::to_string("a </script><script>alert(1)</script> <!-- <b>").unwrap();
        let data = data(&json);
        let inner = data.strip_prefix("<script id=\"opening\" type=\"application/json\">").unwrap();
        let inner = inner.strip_suffix("</script>").unwrap();
        assert!(!inner.contains('<'));
        let read: String = serde_json::from_str(inner).unwrap();
        assert_eq!(read, "a </script><script>alert(1)</script> <!-- <b>");
    }

    #[test]
    fn a_page_is_parted_at_the_end_of_its_head() {
        let page = b"<!doctype html><head><meta></head><body></head>";
        assert_eq!(parted(page), Some(("<!doctype html><head><meta>", "</head><body></head>")));
        for other in [&b"<!doctype html><body>"[..], b"\xff\xfe</head>"] {
            assert_eq!(parted(other), None);
        }
    }
}
