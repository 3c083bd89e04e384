use std::process::ExitCode;

use latchkey_app::error::Result;
use latchkey_app::wire::Holding;
use latchkey_app::{key, remote};
use serde_json::json;

use crate::command::connector::{is_refused, said, watch};
use crate::context::{Context, read_key, unlock};
use crate::output::NOT_VALID;

pub(super) fn run(context: &Context, key: &str) -> Result<ExitCode> {
    let session = context.session()?;
    let shown = key::show(&session, key)?;
    unlock(&session)?;
    let given = if shown.key.holding == Holding::Held { None } else { Some(read_key()?) };
    let (watch, _caught) = watch(context)?;
    let checked = remote::check(&session, &shown.key.id, given.as_ref(), &watch)?;
    context.output.progress("");
    context.output.answer(&json!({ "handle": shown.key.handle, "checked": checked }), || said(checked).to_owned())?;
    Ok(if is_refused(checked) { ExitCode::from(NOT_VALID) } else { ExitCode::SUCCESS })
}
