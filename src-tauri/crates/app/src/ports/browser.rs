use crate::error::Result;

/// The browser of the person at the desk. What it does with the network is its own matter.
pub trait Browser: Send + Sync {
    /// Opens a page and does not wait for it. Fails with `failed` where there is no browser.
    fn open(&self, page: &str) -> Result<()>;
}
