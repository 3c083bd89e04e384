use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::wire::KeyView;
use serde_json::json;

use crate::args::{KeyEnd, Sure};
use crate::command::guide;
use crate::context::Context;

pub(super) fn revoke(context: &Context, key: &str, reason: Option<&str>, sure: Sure) -> Result<()> {
    let session = context.session()?;
    let shown = key::show(&session, key)?.key;
    if !context
        .is_sure(sure.yes, &format!("Revoke {}? {} loses access at once, for good.", named(&shown), used_by(&shown)))?
    {
        return Ok(());
    }
    let revoked = context.changing(&session, || key::revoke(&session, &context.operator, &shown.id, reason))?;
    context.note_waiting(&session);
    context.output.answer(&revoked, || format!("Revoked {}.", named(&revoked)))?;
    guide::note_end(context, &session, &revoked.tenant_id);
    Ok(())
}

pub(super) fn delete(context: &Context, args: &KeyEnd) -> Result<()> {
    let session = context.session()?;
    let shown = key::show(&session, &args.key)?.key;
    let question =
        format!("Delete {}? {} loses access at once, and the list forgets it.", named(&shown), used_by(&shown));
    if !context.is_sure(args.sure.yes, &question)? {
        return Ok(());
    }
    let reason = args.reason.as_deref();
    context.changing(&session, || key::delete(&session, &context.operator, &shown.id, reason))?;
    context.note_waiting(&session);
    if shown.revoked_at.is_none() {
        guide::note_end(context, &session, &shown.tenant_id);
    }
    context.output.answer(&json!({ "deleted": shown.id }), || format!("Deleted {}.", named(&shown)))
}

fn named(key: &KeyView) -> String {
    format!("{} ({})", key.name, key.handle)
}

/// Who feels it: what the description says, or whoever holds the key.
fn used_by(key: &KeyView) -> &str {
    key.description.lines().next().unwrap_or("Whoever uses it")
}
