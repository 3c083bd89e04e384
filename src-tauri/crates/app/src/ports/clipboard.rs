use std::time::Duration;

use latchkey_domain::secret::Secret;

use crate::error::Result;

/// The clipboard of the desktop.
pub trait Clipboard: Send + Sync {
    /// Puts the secret there, marked so that clipboard histories skip it, and clears it after `clear_after` if it is
    /// still there then. A second call takes the place of the first.
    fn copy(&self, secret: Secret, clear_after: Duration) -> Result<()>;
}
