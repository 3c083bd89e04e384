use latchkey_app::error::Result;
use latchkey_app::wire::{KeyView, Overlap};
use latchkey_app::{key, rotation, tenant};

use super::{new, place};
use crate::args::KeyRotate;
use crate::command::guide;
use crate::context::Context;

pub(super) fn run(context: &Context, args: KeyRotate) -> Result<()> {
    // Looked at before the profile is opened: nothing is made, nothing is unlocked.
    let overlap: Overlap = args.overlap.parse()?;
    let expires = args.expires.as_deref().map(str::parse).transpose()?;
    place::check(&args.place)?;
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
    let policy = tenant::show(&session, &old.tenant_id)?.policy;
    let hand_over = place::hand_over(&session, policy.keep, args.place)?;
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

pub(super) fn retired(old: &KeyView) -> String {
    match (old.revoked_at, old.expires_at) {
        (None, Some(end)) => {
            let end = end.format("%Y-%m-%d %H:%M:%S UTC");
            format!("The old key of {} ({}) may be used until {end}.", old.name, old.handle)
        }
        _ => format!("The old key of {} ({}) is revoked.", old.name, old.handle),
    }
}
