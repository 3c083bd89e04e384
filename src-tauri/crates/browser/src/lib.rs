//! Opens a page in the browser of the person at the desk.
//!
//! Latchkey opens no socket for it: the system is told an address, and the browser does what it does with every address.

use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Browser;
use latchkey_app::wire::ErrorCode;

/// The system's own choice of a browser.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, page: &str) -> Result<()> {
        open::that_detached(page).map_err(|cause| {
            Error::new(ErrorCode::Failed, format!("No browser could be opened: {cause}."))
                .hint(format!("Open it yourself: {page}"))
        })
    }
}
