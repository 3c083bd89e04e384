use std::process::ExitCode;

use latchkey_app::error::Result;
use latchkey_app::verify;
use latchkey_app::wire::{Decision, Refusal};

use crate::context::{Context, read_key};
use crate::output::NOT_VALID;

pub(super) fn run(context: &Context, tenant: &str) -> Result<ExitCode> {
    let session = context.session()?;
    let decision = verify::verify(&session, tenant, &read_key()?)?;
    context.output.answer(&decision, || said(&decision))?;
    Ok(match decision {
        Decision::Valid { .. } => ExitCode::SUCCESS,
        Decision::Refused { .. } => ExitCode::from(NOT_VALID),
    })
}

fn said(decision: &Decision) -> String {
    match decision {
        Decision::Valid { key, api_sets, everything, groups, permissions, .. } => {
            let sets = match (everything, api_sets.is_empty()) {
                (true, _) => "everything".to_owned(),
                (false, true) => "no API set".to_owned(),
                (false, false) => api_sets.join(", "),
            };
            let may = match (groups.is_empty(), permissions.is_empty()) {
                (true, _) => sets,
                (false, true) => format!("{sets} and no permission"),
                (false, false) => format!("{sets} and has {}", permissions.join(", ")),
            };
            let until = key.expires_at.map_or_else(
                || "without an end".to_owned(),
                |end| format!("until {}", end.format("%Y-%m-%d %H:%M:%S UTC")),
            );
            format!("valid: {} ({}) may use {may} {until}", key.name, key.handle)
        }
        Decision::Refused { reason, handle, .. } => {
            let why = match reason {
                Refusal::Malformed => "malformed: it was mistyped or cut, or is no key",
                Refusal::Unknown => "unknown: no key of this tenant",
                Refusal::Revoked => "revoked",
                Refusal::Expired => "expired",
                Refusal::Disabled => "disabled",
                Refusal::Superseded => "superseded: a successor took its place, and the overlap is over",
            };
            handle.as_ref().map_or_else(|| format!("refused: {why}"), |handle| format!("refused: {why} ({handle})"))
        }
    }
}
