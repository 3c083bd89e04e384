use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use latchkey_app::bundle::{self, Offline};
use latchkey_app::error::Result;
use latchkey_app::ports::Clock as _;
use latchkey_app::verify;
use latchkey_app::wire::{BundleDecision, Decision, Refusal};

use super::audit::moment;
use crate::args::Verify;
use crate::context::{Context, read_key};
use crate::output::NOT_VALID;

pub(super) fn run(context: &Context, args: &Verify) -> Result<ExitCode> {
    let valid = match (&args.bundle, &args.public_key) {
        (Some(bundle), Some(public_key)) => by_bundle(context, args, bundle, public_key)?,
        _ => by_profile(context, args.tenant.as_deref().unwrap_or_default())?,
    };
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::from(NOT_VALID) })
}

fn by_profile(context: &Context, tenant: &str) -> Result<bool> {
    let session = context.session()?;
    let decision = verify::verify(&session, tenant, &read_key()?)?;
    context.output.answer(&decision, || said(&decision))?;
    Ok(matches!(decision, Decision::Valid { .. }))
}

/// Opens no profile: there may be none.
fn by_bundle(context: &Context, args: &Verify, bundle: &Path, public_key: &str) -> Result<bool> {
    let now = latchkey_profile::clock()?.now();
    let at = args.at.as_deref().map_or(Ok(now), |text| moment(text, now))?;
    let by = Offline { bundle, public_key, endorsements: &args.endorsement, state: args.state.as_deref() };
    let decision = bundle::decide(&by, &read_key()?, at)?;
    context.output.answer(&decision, || said_by_bundle(&decision))?;
    Ok(matches!(decision, BundleDecision::Valid { .. }))
}

fn said_by_bundle(decision: &BundleDecision) -> String {
    match decision {
        BundleDecision::Valid { key, api_sets, everything, groups, permissions, sequence, .. } => {
            let may = may(api_sets, *everything, groups, permissions);
            format!("valid: {} may use {may} {}, by the bundle {sequence}", key.handle, until(key.expires_at))
        }
        BundleDecision::Refused { reason, handle, sequence } => {
            format!("{}, by the bundle {sequence}", refused(*reason, handle.as_deref()))
        }
    }
}

fn said(decision: &Decision) -> String {
    match decision {
        Decision::Valid { key, api_sets, everything, groups, permissions, .. } => {
            let may = may(api_sets, *everything, groups, permissions);
            format!("valid: {} ({}) may use {may} {}", key.name, key.handle, until(key.expires_at))
        }
        Decision::Refused { reason, handle, .. } => refused(*reason, handle.as_deref()),
    }
}

fn may(api_sets: &[String], everything: bool, groups: &[String], permissions: &[String]) -> String {
    let sets = match (everything, api_sets.is_empty()) {
        (true, _) => "everything".to_owned(),
        (false, true) => "no API set".to_owned(),
        (false, false) => api_sets.join(", "),
    };
    match (groups.is_empty(), permissions.is_empty()) {
        (true, _) => sets,
        (false, true) => format!("{sets} and no permission"),
        (false, false) => format!("{sets} and has {}", permissions.join(", ")),
    }
}

fn until(end: Option<DateTime<Utc>>) -> String {
    end.map_or_else(|| "without an end".to_owned(), |end| format!("until {}", end.format("%Y-%m-%d %H:%M:%S UTC")))
}

fn refused(reason: Refusal, handle: Option<&str>) -> String {
    let why = match reason {
        Refusal::Malformed => "malformed: it was mistyped or cut, or is no key",
        Refusal::Unknown => "unknown: no key of this tenant",
        Refusal::Revoked => "revoked",
        Refusal::Expired => "expired",
        Refusal::Disabled => "disabled",
        Refusal::Superseded => "superseded: a successor took its place, and the overlap is over",
        Refusal::NotYetValid => "not valid yet",
        Refusal::BundleExpired => "the bundle is over: get the newest one",
    };
    handle.map_or_else(|| format!("refused: {why}"), |handle| format!("refused: {why} ({handle})"))
}
