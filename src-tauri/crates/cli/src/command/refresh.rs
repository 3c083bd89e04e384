use std::process::ExitCode;

use latchkey_app::error::{Error, Result};
use latchkey_app::remote::{self, Refreshes};
use latchkey_app::tenant;
use latchkey_app::wire::{ErrorCode, RefreshProgress};

use super::remote::told;
use crate::context::{Context, unlock};
use crate::output::status;
use crate::signals::Caught;

/// Refreshes one tenant.
pub(super) fn one(context: &Context, tenant: &str) -> Result<()> {
    let session = context.session()?;
    unlock(&session)?;
    let tenant = tenant::show(&session, tenant)?.id;
    let done = watched(context, |refreshes| {
        refreshes.follow(&tenant, |watch| remote::sync(&session, &context.operator, &tenant, watch))
    })?;
    context.output.answer(&done, || told(done))
}

/// Refreshes all remote tenants. Where one of them fails, the others are refreshed all the same; the exit status is that
/// of the first failure.
pub(super) fn all(context: &Context) -> Result<ExitCode> {
    let session = context.session()?;
    unlock(&session)?;
    let done = watched(context, |refreshes| remote::refresh(&session, &context.operator, refreshes))?;
    context.output.answer(&done, || {
        let line = |one: &latchkey_app::wire::TenantRefreshed| match (&one.done, &one.problem) {
            (Some(done), _) => format!("{}: {}", one.name, told(*done)),
            (None, problem) => {
                let why = problem.as_ref().map_or("not refreshed.", |problem| &problem.message);
                format!("{}: {why}", one.name)
            }
        };
        if done.is_empty() {
            "No remote tenants.".to_owned()
        } else {
            done.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    })?;
    let failed = done.iter().find_map(|one| one.problem.as_ref());
    Ok(failed.map_or(ExitCode::SUCCESS, |problem| ExitCode::from(status(problem.code))))
}

/// Runs with progress on standard error; an interrupt cancels it.
fn watched<T>(context: &Context, work: impl FnOnce(&Refreshes) -> Result<T>) -> Result<T> {
    let progress = context.output.progress_elsewhere();
    let refreshes = Refreshes::new(move |steps| progress(&said_so_far(steps)));
    let cancel = refreshes.clone();
    let caught = Caught::each(move |_| cancel.cancel(None))
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not watch for interrupts: {cause}.")))?;
    let done = work(&refreshes);
    context.output.progress("");
    drop(caught);
    done
}

fn said_so_far(steps: &RefreshProgress) -> String {
    let keys: u32 = steps.under_way.iter().map(|one| one.keys).sum();
    let asked = || steps.under_way.iter().filter(|one| one.begun);
    // A countdown is told where nothing else goes on.
    let wait = asked().map(|one| one.waiting).min().flatten();
    let so_far = match (steps.total, wait) {
        (0, _) => return String::new(),
        (1, Some(left)) => format!("The server is busy: again in {left} s"),
        (1, None) if keys == 0 => "Asking the server".to_owned(),
        (1, None) => format!("{keys} keys so far"),
        (total, Some(left)) => {
            format!("{} of {total} tenants refreshed, servers are busy: again in {left} s", steps.done)
        }
        (total, None) => format!("{} of {total} tenants refreshed", steps.done),
    };
    format!("{so_far} (Ctrl+C cancels)")
}
