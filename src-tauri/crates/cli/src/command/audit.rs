use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use latchkey_app::audit;
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{ErrorCode, EventView};
use serde_json::Value;

use crate::context::Context;
use crate::table::Table;

pub(super) fn list(context: &Context, since: Option<&str>, limit: u32) -> Result<()> {
    let session = context.session()?;
    let since = since.map(|text| moment(text, session.now())).transpose()?;
    let (mut before, mut left) = (None, limit);
    let next_page = || {
        let page = if left == 0 { Vec::new() } else { audit::list(&session, before, since, left)? };
        before = page.last().map(|event| event.sequence).or(before);
        left -= u32::try_from(page.len()).unwrap_or(left);
        Ok(page)
    };
    let table = Table::new(["WHEN (UTC)", "WHO", "WHAT", "TENANT", "ABOUT"], &["WHEN (UTC)", "WHAT"]);
    context.output.list(table, "Nothing happened.", row, next_page)?;
    if left == 0 && !audit::list(&session, before, since, 1)?.is_empty() {
        context.output.note("There is more; `--limit` shows it.");
    }
    Ok(())
}

pub(super) fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let days_ago = days.and_then(|days| now.checked_sub_signed(TimeDelta::days(days.into())));
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|date| date.and_time(NaiveTime::MIN).and_utc());
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.with_timezone(&Utc));
    days_ago.or(date).or(exact).ok_or_else(|| {
        Error::new(ErrorCode::InvalidInput, format!("`{text}` is not a moment."))
            .hint("Give days such as 7d, a date such as 2026-11-01, or an RFC 3339 moment.")
    })
}

fn row(event: &EventView) -> [String; 5] {
    let about = [event.subject.as_deref(), event.handle.as_deref(), event.detail.as_deref()];
    let about: Vec<_> = about.into_iter().flatten().collect();
    let reason = event.reason.as_ref().map(|reason| format!(" – {reason}")).unwrap_or_default();
    [
        event.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        event.actor.operator.clone(),
        kind(event),
        event.tenant.clone().unwrap_or_default(),
        format!("{}{reason}", about.join(", ")),
    ]
}

/// The event's name in the contract, with blanks.
fn kind(event: &EventView) -> String {
    match serde_json::to_value(event.kind) {
        Ok(Value::String(name)) => name.replace('_', " "),
        _ => String::new(),
    }
}
