//! A question about keys, ready to be held against the columns; and as SQL, for where there are no columns yet.

use chrono::{DateTime, Utc};
use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::{BundleNeed, KeySort, RotationNeed};
use latchkey_domain::key::KeyStatus;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::fault::Result;
use crate::search::Search;
use crate::table::tenant::Spans;
use crate::table::{api_set, bundle, key, organization, tenant};

const DAY: i64 = 86_400;

/// A filter, with identifiers looked up.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) tenant: Option<i64>,
    pub(crate) now: i64,
    spans: Vec<Spans>,
    pub(crate) owner: Option<String>,
    /// Sets with the identifier asked for, one in each tenant that has it.
    pub(crate) api_sets: Option<Vec<i64>>,
    /// Organizations with the identifier or name asked for.
    pub(crate) organizations: Option<Vec<i64>>,
    /// Empty for any.
    pub(crate) statuses: Vec<KeyStatus>,
    pub(crate) search: Option<Search>,
    pub(crate) rotation: Option<RotationNeed>,
    pub(crate) bundle: Option<BundleNeed>,
}

impl Plan {
    /// Looks a filter's identifiers up; `None` when there is no such tenant, so nothing is found.
    pub(crate) fn new(connection: &Connection, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Option<Self>> {
        let spans = tenant::spans(connection)?;
        let tenant = match filter.tenant {
            None => None,
            Some(id) => match tenant::row(connection, id)? {
                None => return Ok(None),
                tenant => tenant,
            },
        };
        let api_sets = match &filter.api_set {
            None => None,
            Some(id) => Some(api_set::rows_with_id(connection, tenant, id)?),
        };
        let organizations = match &filter.organization {
            None => None,
            Some(text) => Some(organization::rows_named(connection, tenant, text)?),
        };
        Ok(Some(Self {
            tenant,
            // Ends are whole seconds, so the second that has begun decides.
            now: now.timestamp(),
            spans,
            owner: filter.owner.clone(),
            api_sets,
            organizations,
            statuses: filter.statuses.clone(),
            search: Search::new(connection, &filter.words, tenant)?,
            rotation: filter.rotation,
            bundle: filter.bundle,
        }))
    }

    /// When a tenant's warning window ends.
    pub(crate) fn soon(&self, tenant: i64) -> i64 {
        self.now + DAY * self.of(tenant).map_or(0, |spans| spans.warning)
    }

    /// The first row of a tenant's keys that are not old enough to be rotated; `None` where it wants none to be.
    pub(crate) fn young(&self, tenant: i64) -> Option<i64> {
        self.of(tenant)?.rotation.map(|days| key::first_row(self.now - DAY * days + 1))
    }

    fn of(&self, tenant: i64) -> Option<&Spans> {
        self.spans.iter().find(|spans| spans.tenant == tenant)
    }

    /// One page, as SQLite finds it: at once where it is an index's beginning, else by looking at all keys.
    pub(crate) fn page(&self, connection: &Connection, filter: &KeyFilter) -> Result<Vec<i64>> {
        let mut values: Vec<Value> = Vec::new();
        let mut value = |value: Value| {
            values.push(value);
            format!("?{}", values.len())
        };
        let mut conditions = Vec::new();
        if let Some(search) = &self.search {
            conditions.push(format!("search MATCH {}", value(search.expression(true).into())));
        }
        if let Some(tenant) = self.tenant {
            conditions.push(format!("k.tenant = {}", value(tenant.into())));
        }
        if let Some(owner) = &self.owner {
            conditions.push(format!("k.owner = {}", value(owner.clone().into())));
        }
        if let Some(rows) = &self.organizations {
            let rows: Vec<String> = rows.iter().map(|&row| value(row.into())).collect();
            conditions.push(format!("k.organization IN ({})", rows.join(", ")));
        }
        if let Some(sets) = &self.api_sets {
            let sets: Vec<String> = sets.iter().map(|&set| value(set.into())).collect();
            let link = "EXISTS (SELECT 1 FROM key_api_set u WHERE u.key = k.row AND u.api_set IN";
            conditions.push(format!("{link} ({}))", sets.join(", ")));
        }
        if !self.statuses.is_empty() {
            let now = value(self.now.into());
            let any: Vec<String> = self.statuses.iter().map(|&status| is(status, &now)).collect();
            conditions.push(format!("({})", any.join(" OR ")));
        }
        if let Some(need) = self.rotation {
            conditions.push(format!("k.row IN ({})", needing(need, &value(self.now.into()))));
        }
        if let Some(need) = self.bundle {
            conditions.push(format!("k.row IN ({})", untold(need)));
        }
        let table = match (&self.search, self.tenant, filter.sort) {
            (Some(_), ..) => "search CROSS JOIN key k ON k.row = search.rowid",
            (None, _, KeySort::Name) => "key k INDEXED BY any_key_by_name",
            (None, Some(_), KeySort::Created) => "key k INDEXED BY key_by_created",
            (None, ..) => "key k",
        };
        let direction = if filter.descending { " DESC" } else { "" };
        let order = match filter.sort {
            KeySort::Created if self.search.is_some() => format!("search.rowid{direction}"),
            KeySort::Created => format!("k.row{direction}"),
            KeySort::Name => format!("k.name COLLATE NOCASE{direction}, k.row{direction}"),
            KeySort::Owner => format!("k.owner COLLATE NOCASE{direction}, k.row{direction}"),
            KeySort::Expires => format!("k.ends{direction}, k.row{direction}"),
        };
        let conditions = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        let (limit, offset) = (value(filter.limit.into()), value(filter.offset.into()));
        let sql =
            format!("SELECT k.row FROM {table} WHERE {conditions} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// The rows of keys whose successor has not taken their place yet.
pub(crate) const UNDER_WAY: &str =
    "SELECT o.row FROM key h INDEXED BY key_by_predecessor JOIN key o ON o.id = h.succeeds
    WHERE h.succeeds IS NOT NULL AND h.state <> 2 AND o.state <> 2 AND o.superseded_at IS NULL";

/// The rows of keys of which services have to be told this.
fn untold(need: BundleNeed) -> String {
    bundle::rows_where(match need {
        BundleNeed::InNone => bundle::IN_NONE,
        BundleNeed::EndUntold => bundle::END_UNTOLD,
    })
}

fn needing(need: RotationNeed, now: &str) -> String {
    match need {
        RotationNeed::UnderWay => UNDER_WAY.to_owned(),
        RotationNeed::Due => format!(
            "SELECT o.row FROM tenant t CROSS JOIN key o ON o.tenant = t.row WHERE t.rotate_after_days IS NOT NULL
             AND o.state = 0 AND o.ends > {now} AND o.superseded_at IS NULL
             AND o.created_at + {DAY} * t.rotate_after_days <= {now}
             AND NOT EXISTS (SELECT 1 FROM key h WHERE h.succeeds = o.id AND h.state <> 2)"
        ),
    }
}

fn is(status: KeyStatus, now: &str) -> String {
    let soon = format!("{now} + {DAY} * (SELECT t.warning_days FROM tenant t WHERE t.row = k.tenant)");
    match status {
        KeyStatus::Revoked => "k.state = 2".to_owned(),
        KeyStatus::Disabled => "k.state = 1".to_owned(),
        KeyStatus::Expired => format!("(k.state = 0 AND k.ends <= {now})"),
        KeyStatus::Expiring => {
            format!("(k.state = 0 AND k.superseded_at IS NULL AND k.ends > {now} AND k.ends <= {soon})")
        }
        KeyStatus::Active => format!("(k.state = 0 AND k.superseded_at IS NULL AND k.ends > {soon})"),
        KeyStatus::Superseded => format!("(k.state = 0 AND k.superseded_at IS NOT NULL AND k.ends > {now})"),
    }
}
