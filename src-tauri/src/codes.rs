//! The bundle that the window shows as QR codes.

use std::sync::{Mutex, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{BundleCodes, BundleExported, ErrorCode};
use latchkey_qr::Series;

/// One at a time; the next one takes its place.
#[derive(Default)]
pub(crate) struct ShownCodes(Mutex<Option<Shown>>);

/// What was exported, and its codes.
pub(crate) struct Shown {
    pub(crate) exported: BundleExported,
    pub(crate) series: Series,
}

impl ShownCodes {
    /// Keeps what is shown from now on.
    pub(crate) fn hold(&self, codes: &BundleCodes, series: Series) {
        let shown = Shown { exported: codes.exported.clone(), series };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }

    /// Works with that.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Shown) -> Result<T>) -> Result<T> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(
            shown
                .as_ref()
                .ok_or_else(|| Error::new(ErrorCode::NotNow, "No codes are shown.").hint("Show them anew."))?,
        )
    }

    /// Nobody looks at them any more.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
