//! What a tenant signs its bundles with: the next key, and the ones before.

use std::path::Path;

use latchkey_app::bundle;
use latchkey_app::error::Result;
use latchkey_app::wire::{EndorsementWritten, FormerKeyView};

use super::bundle::moment;
use crate::args::RotateKey;
use crate::context::{Context, unlock};
use crate::table::Table;

pub(super) fn rotate(context: &Context, args: &RotateKey) -> Result<()> {
    let session = context.session()?;
    // A remote tenant is refused before anybody types a passphrase.
    bundle::known_key(&session, &args.tenant)?;
    let question = if args.lost {
        "Make a new signing key that nothing endorses? Services accept no bundle by it before each is given its public key."
    } else {
        "Make a new signing key? Services need the endorsement, and a full bundle, before they take new bundles."
    };
    if !context.is_sure(args.sure.yes, question)? {
        return Ok(());
    }
    unlock(&session)?;
    let (operator, reason) = (&context.operator, args.reason.as_deref());
    if let Some(out) = &args.out {
        let done = bundle::rotate_key(&session, operator, &args.tenant, reason, out)?;
        context.output.answer(&done, || {
            let key = &done.key;
            format!(
                "{} signs with {} from now on.\nFingerprint: {}\n{}\nExport a full bundle now, and carry both to the services.",
                key.tenant,
                key.number,
                key.fingerprint,
                wrote(&done.written)
            )
        })?;
    } else {
        let done = bundle::replace_key(&session, operator, &args.tenant, reason)?;
        context.output.answer(&done, || {
            let key = &done.key;
            format!(
                "{} signs with {} from now on; nothing endorses it.\nFingerprint: {}\nGive each service the new public key \
                 (`latchkey bundle public-key`) by a way that you trust. Until then it refuses new bundles.",
                key.tenant, key.number, key.fingerprint
            )
        })?;
    }
    context.note_waiting(&session);
    Ok(())
}

pub(super) fn write_again(context: &Context, tenant: &str, by: Option<&str>, out: &Path) -> Result<()> {
    let written = bundle::write_endorsement(&context.session()?, tenant, by, out)?;
    context.output.answer(&written, || wrote(&written))
}

pub(super) fn former(context: &Context, tenant: &str) -> Result<()> {
    let mut keys = bundle::former_keys(&context.session()?, tenant)?;
    let table = Table::new(["NUMBER", "MADE", "ENDED", "ENDORSED THE NEXT"], &["NUMBER", "MADE", "ENDED"]);
    context.output.list(
        table,
        "No signing key before the present one.",
        |key: &FormerKeyView| {
            let endorsed = if key.endorsed_next { "yes" } else { "no, it was lost" };
            [key.number.clone(), moment(key.made_at), moment(key.ended_at), endorsed.to_owned()]
        },
        || Ok(std::mem::take(&mut keys)),
    )
}

fn wrote(written: &EndorsementWritten) -> String {
    format!("Wrote the endorsement of {} to {} and {}.", written.number, written.path, written.signature)
}
