use std::path::Path;

use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, HandOver};
use latchkey_app::rotation;
use latchkey_app::session::Session;
use latchkey_app::tenant;
use latchkey_app::wire::{ErrorCode, KeepPolicy, KeyView, Overlap};

use super::new;
use crate::args::{KeyRotate, Place};
use crate::command::guide;
use crate::context::{Context, unlock};

pub(super) fn run(context: &Context, args: KeyRotate) -> Result<()> {
    // Looked at before the profile is opened: nothing is made, nothing is unlocked.
    let overlap: Overlap = args.overlap.parse()?;
    let expires = args.expires.as_deref().map(str::parse).transpose()?;
    if args.place.out.as_deref() == Some(Path::new("-")) {
        return Err(
            Error::new(ErrorCode::InvalidInput, "`--out` wants a file.").hint("Use `--stdout` to print the key.")
        );
    }
    let session = context.session()?;
    if args.undo {
        let old = context.changing(&session, || rotation::undo(&session, &context.operator, &args.key))?;
        context.note_waiting(&session);
        guide::note_end(context, &session, &old.tenant_id);
        return context.output.answer(&old, || format!("{} ({}) is as it was before.", old.name, old.handle));
    }
    if args.resume {
        let old = context.changing(&session, || rotation::retire(&session, &context.operator, &args.key, &overlap))?;
        context.note_waiting(&session);
        guide::note_end(context, &session, &old.tenant_id);
        return context.output.answer(&old, || retired(&old));
    }
    let old = key::show(&session, &args.key)?.key;
    if !args.prepare {
        rotation::check_overlap(&session, &old.id, &overlap)?;
    }
    rotation::can_begin(&session, &old.id)?;
    let hand_over = hand_over(&session, &old, args.place)?;
    let issued = context
        .changing(&session, || rotation::begin(&session, &context.operator, &old.id, expires.as_ref(), &hand_over))?;
    if hand_over.print {
        new::print(context, &issued).map_err(|cause| new::take_back(context, &session, &issued.key, &cause))?;
        context.output.note(&new::said(&issued.key, &hand_over));
    }
    if !args.prepare {
        let old = context.changing(&session, || rotation::retire(&session, &context.operator, &old.id, &overlap))?;
        context.output.note(&retired(&old));
        context.note_waiting(&session);
    }
    if !hand_over.print {
        context.output.answer(&issued.key, || new::said(&issued.key, &hand_over))?;
    }
    Ok(())
}

/// Where the secret goes. Without a place nothing is made.
fn hand_over(session: &Session, old: &KeyView, place: Place) -> Result<HandOver> {
    let policy = tenant::show(session, &old.tenant_id)?.policy;
    let keep = place.keep || (policy.keep == KeepPolicy::Default && !place.no_keep);
    if !keep && place.out.is_none() && !place.stdout {
        return Err(Error::new(ErrorCode::InvalidInput, "There is no place for the secret.")
            .hint("Say where it goes: `--out FILE`, `--stdout` or `--keep`."));
    }
    if keep && policy.keep != KeepPolicy::Forbid {
        unlock(session)?;
    }
    Ok(HandOver { keep, file: place.out, print: place.stdout })
}

pub(super) fn retired(old: &KeyView) -> String {
    match (old.revoked_at, old.expires_at) {
        (None, Some(end)) => {
            let end = end.format("%Y-%m-%d %H:%M:%S UTC");
            format!("The old key of {} ({}) may be used until {end}.", old.name, old.handle)
        }
        _ => format!("The old key of {} ({}) is revoked.", old.name, old.handle),
    }
}
