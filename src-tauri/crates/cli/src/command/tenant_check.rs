use std::process::ExitCode;

use latchkey_app::error::Result;
use latchkey_app::session::Session;
use latchkey_app::tenant;
use latchkey_app::wire::{Gap, GapKey, PolicyGaps, TenantView};

use crate::context::Context;
use crate::output::NOT_VALID;
use crate::table::Table;

/// How many keys are asked for at once.
const PAGE: u32 = 500;

/// Lists the keys that do not meet their tenant's policy.
pub(super) fn run(context: &Context, tenant: &str) -> Result<ExitCode> {
    let session = context.session()?;
    let totals = tenant::gaps(&session, &context.operator, tenant, None, None, 0)?;
    let mut after: Option<String> = None;
    let next_page = || {
        let page = tenant::gaps(&session, &context.operator, tenant, None, after.as_deref(), PAGE)?.keys;
        after = page.last().map(|found| found.key.id.clone()).or(after.take());
        Ok(page)
    };
    let table = Table::new(["NAME", "KEY", "OWNER", "WHY"], &["KEY"]);
    let none = format!("All {} keys in use meet the policy.", totals.usable);
    context.output.list(table, &none, row, next_page)?;
    if totals.total == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    context.output.note(&format!("{} of {} keys in use do not meet the policy.", totals.total, totals.usable));
    Ok(ExitCode::from(NOT_VALID))
}

/// Says after a change how many keys do not meet what the tenant asks now, and where they are listed.
pub(super) fn note(context: &Context, session: &Session, before: &TenantView, after: &TenantView) -> Result<()> {
    let is_same = before.policy == after.policy && before.format == after.format && before.prefix == after.prefix;
    if is_same {
        return Ok(());
    }
    let found = tenant::gaps(session, &context.operator, &after.id, None, None, 0)?;
    if found.total > 0 {
        let PolicyGaps { total, usable, .. } = found;
        context.output.note(&format!(
            "{total} of {usable} keys in use do not meet the policy. `latchkey tenant check \"{}\"` lists them.",
            after.name
        ));
    }
    Ok(())
}

fn row(found: &GapKey) -> [String; 4] {
    let why: Vec<_> = found.gaps.iter().copied().map(words).collect();
    [found.key.name.clone(), found.key.display.clone(), found.key.owner.clone(), why.join(", ")]
}

fn words(gap: Gap) -> &'static str {
    match gap {
        Gap::BeyondCeiling => "ends beyond the longest lifetime",
        Gap::NoEnd => "has no end",
        Gap::NoApiSet => "has no API set",
        Gap::Kept => "its secret is kept",
        Gap::SameName => "another key in use has its name",
        Gap::OtherOwner => "belongs to somebody else than you",
        Gap::OtherFormat => "has another key format",
        Gap::OtherPrefix => "begins with another prefix",
    }
}
