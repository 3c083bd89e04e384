//! Where the secret of a new key goes.

use std::path::Path;

use latchkey_app::error::{Error, Result};
use latchkey_app::key::HandOver;
use latchkey_app::session::Session;
use latchkey_app::wire::{ErrorCode, KeepPolicy};

use crate::args::Place;
use crate::context::unlock;

/// What can be found wrong before the profile is opened.
pub(super) fn check(place: &Place) -> Result<()> {
    if place.out.as_deref() == Some(Path::new("-")) {
        return Err(
            Error::new(ErrorCode::InvalidInput, "`--out` wants a file.").hint("Use `--stdout` to print the key.")
        );
    }
    Ok(())
}

/// Without a place nothing is made. The vault is unlocked where it is one that the tenant permits.
pub(super) fn hand_over(session: &Session, policy: KeepPolicy, place: Place) -> Result<HandOver> {
    let keep = place.keep || (policy == KeepPolicy::Default && !place.no_keep);
    if !keep && place.out.is_none() && !place.stdout {
        return Err(Error::new(ErrorCode::InvalidInput, "There is no place for the secret.")
            .hint("Say where it goes: `--out FILE`, `--stdout` or `--keep`."));
    }
    if keep && policy != KeepPolicy::Forbid {
        unlock(session)?;
    }
    Ok(HandOver { keep, file: place.out, print: place.stdout })
}
