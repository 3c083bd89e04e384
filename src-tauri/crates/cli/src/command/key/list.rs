use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::rotation;
use latchkey_app::wire::{Holding, KeyQuery, KeySort, KeyStatus, KeyView};

use super::status_word;
use crate::args::{KeyFilter, KeyList, Sort, Status};
use crate::context::Context;
use crate::table::Table;

/// How many keys are asked for at once.
const PAGE: u32 = 500;

pub(super) fn run(context: &Context, args: &KeyList) -> Result<()> {
    let session = context.session()?;
    if args.due {
        let mut due = rotation::due(&session, args.filter.tenant.as_deref())?;
        due.truncate(args.limit.map_or(usize::MAX, |limit| limit as usize));
        let none = "No keys are due for rotation.";
        return context.output.list(table(), none, row, || Ok(std::mem::take(&mut due)));
    }
    let mut query = query(&args.filter);
    let mut left = args.limit.unwrap_or(u32::MAX);
    let next_page = || {
        query.limit = PAGE.min(left);
        let page = if left == 0 { Vec::new() } else { key::list(&session, &query)?.keys };
        let count = u32::try_from(page.len()).unwrap_or(left);
        query.offset += count;
        left -= count;
        Ok(page)
    };
    context.output.list(table(), "No keys.", row, next_page)
}

fn table() -> Table<7> {
    let head = ["NAME", "KEY", "TENANT", "API SETS", "OWNER", "EXPIRES", "STATUS"];
    Table::new(head, &["KEY", "EXPIRES", "STATUS"])
}

pub(super) fn query(args: &KeyFilter) -> KeyQuery {
    KeyQuery {
        tenant: args.tenant.clone(),
        search: args.search.clone(),
        statuses: args.status.iter().copied().map(status).collect(),
        api_set: args.api_set.clone(),
        owner: args.owner.clone(),
        organization: args.organization.clone(),
        rotation: None,
        bundle: None,
        sort: sort(args.sort.unwrap_or(Sort::Created)),
        descending: matches!(args.sort, None | Some(Sort::Created)),
        offset: 0,
        limit: PAGE,
    }
}

fn row(key: &KeyView) -> [String; 7] {
    [
        key.name.clone(),
        key.display.clone(),
        key.tenant.clone(),
        key.api_sets.join(","),
        key.owner.clone(),
        key.expires_at.map_or_else(|| "never".to_owned(), last_day),
        standing(key),
    ]
}

/// The status, and what else somebody who reads the list should see to.
fn standing(key: &KeyView) -> String {
    let mut words = vec![status_word(key.status)];
    if key.weak {
        words.push("weak");
    }
    if key.holding == Holding::Missing {
        words.push("secret missing");
    }
    words.join(", ")
}

/// The last day on which it may be used, as it was chosen: the end itself is the first moment after.
fn last_day(end: DateTime<Utc>) -> String {
    (end - TimeDelta::seconds(1)).format("%Y-%m-%d").to_string()
}

pub(super) fn status(status: Status) -> KeyStatus {
    match status {
        Status::Active => KeyStatus::Active,
        Status::Expiring => KeyStatus::Expiring,
        Status::Expired => KeyStatus::Expired,
        Status::Disabled => KeyStatus::Disabled,
        Status::Revoked => KeyStatus::Revoked,
        Status::Superseded => KeyStatus::Superseded,
    }
}

fn sort(sort: Sort) -> KeySort {
    match sort {
        Sort::Created => KeySort::Created,
        Sort::Name => KeySort::Name,
        Sort::Owner => KeySort::Owner,
        Sort::Expires => KeySort::Expires,
    }
}
