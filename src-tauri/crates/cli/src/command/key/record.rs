use latchkey_app::error::Result;
use latchkey_app::session::Session;
use latchkey_app::wire::{KeepPolicy, KeyView, Overlap, RecordDraft};
use latchkey_app::{key, remote, tenant};
use latchkey_domain::secret::Secret;
use serde::Serialize;

use super::new;
use super::rotate::retired;
use crate::args::KeyRecord;
use crate::command::guide;
use crate::context::{Context, unlock};

pub(super) fn run(context: &Context, args: KeyRecord) -> Result<()> {
    // Looked at before the profile is opened: nothing is read, nothing is unlocked.
    let expires = args.about.expires.as_deref().map(str::parse).transpose()?;
    let overlap = args.overlap.as_deref().map(str::parse::<Overlap>).transpose()?;
    let session = context.session()?;
    let tenant = tenant::show(&session, &args.tenant)?;
    let pasted = read(context, &session, &tenant.id, &args)?;
    let keep = !args.no_keep && tenant.policy.keep != KeepPolicy::Forbid;
    if keep || overlap == Some(Overlap::None) {
        unlock(&session)?;
    }
    let draft = RecordDraft {
        key: new::draft(args.about, &tenant, args.name, expires),
        keep,
        succeeds: args.succeeds,
        overlap,
    };
    let recorded = remote::record(&session, &context.operator, &draft, &pasted)?;
    let key = &recorded.key;
    let document = Recorded { key, usual: recorded.usual };
    context.output.answer(&document, || {
        let kept = if key.kept { "kept in the vault" } else { "its text was not kept" };
        format!("Recorded {} ({}, {}): {kept}.", key.name, key.handle, key.display)
    })?;
    point_out(context, &session, key, recorded.usual);
    Ok(())
}

/// The key's record, and whether it looks as the vendor's keys do.
#[derive(Serialize)]
struct Recorded<'a> {
    #[serde(flatten)]
    key: &'a KeyView,
    usual: bool,
}

/// An `.APIKEY` file may have words around the key; any other has the key alone.
fn read(context: &Context, session: &Session, tenant: &str, args: &KeyRecord) -> Result<Secret> {
    let is_download = args.secret_file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("apikey"));
    if is_download {
        return remote::read_key_file(session, tenant, &args.secret_file);
    }
    context.read_secret(&args.secret_file)
}

/// What is worth knowing besides, on standard error.
fn point_out(context: &Context, session: &Session, key: &KeyView, usual: bool) {
    let note = |text: &str| context.output.note(text);
    if !usual {
        note("It does not look as the vendor's keys do. Compare it with what the page shows.");
    }
    note(&format!("`latchkey key check {}` asks the vendor whether it works.", key.handle));
    let old = key.succeeds.as_deref().and_then(|old| key::show(session, old).ok()).map(|old| old.key);
    let Some(old) = old else {
        if key::name_uses(session, &key.tenant_id, &key.name).is_ok_and(|uses| uses > 1) {
            note(&format!("{} has other keys named {}. Use the handle to name this one.", key.tenant, key.name));
        }
        return;
    };
    if old.superseded_at.is_none() && old.revoked_at.is_none() {
        note(&format!("Retire the old key once this one is in place: `latchkey key rotate {} --resume`.", old.handle));
        return;
    }
    note(&retired(&old));
    guide::note_end(context, session, &old.tenant_id);
    context.note_waiting(session);
}
