//! The parts of a question about keys, as SQL.
//!
//! Every statement takes its values at the same places, so that a handful of texts serves all questions and stays
//! prepared: ?1 tenant's row, ?2 now, ?3 end of the warning window, ?4 owner, ?5 API set, ?6 search, ?7 and ?8 numbers,
//! ?9 loose search.

use chrono::{DateTime, Utc};
use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::KeySort;
use latchkey_domain::key::KeyStatus;
use rusqlite::{Connection, Rows, Statement};

use crate::fault::Result;
use crate::search::Search;
use crate::table::tenant;

const DAY: i64 = 86_400;

/// A filter, with identifiers looked up.
#[derive(Debug)]
pub(crate) struct Plan {
    tenant: Option<i64>,
    now: i64,
    soon: i64,
    owner: Option<String>,
    api_set: Option<String>,
    statuses: Vec<KeyStatus>,
    pub(crate) search: Option<Search>,
}

/// A filter that an index answers by itself, within the tenant asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Status,
    ApiSet,
    Owner,
    Search,
}

/// An order of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    pub(crate) sort: KeySort,
    pub(crate) descending: bool,
}

impl Plan {
    /// Looks a filter's identifiers up; `None` when there is no such tenant, so nothing is found.
    pub(crate) fn new(connection: &Connection, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Option<Self>> {
        // Ends are whole seconds, so the second that has begun decides.
        let now = now.timestamp();
        let (tenant, soon) = match filter.tenant {
            None => (None, now),
            Some(id) => match tenant::row(connection, id)? {
                None => return Ok(None),
                Some((row, warning_days)) => (Some(row), now + DAY * warning_days),
            },
        };
        let every = KeyStatus::ALL.iter().all(|status| filter.statuses.contains(status));
        let statuses = KeyStatus::ALL.into_iter().filter(|status| !every && filter.statuses.contains(status));
        Ok(Some(Self {
            tenant,
            now,
            soon,
            owner: filter.owner.clone(),
            api_set: filter.api_set.clone(),
            statuses: statuses.collect(),
            search: Search::new(connection, &filter.words, tenant)?,
        }))
    }

    /// Which filters there are beside the tenant.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let all = [
            (Part::Status, !self.statuses.is_empty()),
            (Part::ApiSet, self.api_set.is_some()),
            (Part::Owner, self.owner.is_some()),
            (Part::Search, self.search.is_some()),
        ];
        all.into_iter().filter(|(_, given)| *given).map(|(part, _)| part).collect()
    }

    /// Binds what a statement asks for, and runs it.
    pub(crate) fn run<'s>(&self, statement: &'s mut Statement<'_>, numbers: [i64; 2]) -> Result<Rows<'s>> {
        for place in 1..=statement.parameter_count() {
            match place {
                1 => statement.raw_bind_parameter(place, self.tenant)?,
                2 => statement.raw_bind_parameter(place, self.now)?,
                3 => statement.raw_bind_parameter(place, self.soon)?,
                4 => statement.raw_bind_parameter(place, self.owner.as_deref())?,
                5 => statement.raw_bind_parameter(place, self.api_set.as_deref())?,
                6 => statement.raw_bind_parameter(place, self.search.as_ref().map(|search| &search.expression))?,
                7 => statement.raw_bind_parameter(place, numbers[0])?,
                8 => statement.raw_bind_parameter(place, numbers[1])?,
                _ => statement
                    .raw_bind_parameter(place, self.search.as_ref().and_then(|search| search.loose.as_ref()))?,
            }
        }
        Ok(statement.raw_query())
    }

    /// Rows of all keys that one filter finds, in the tenant asked for, in no order.
    pub(crate) fn rows_of(&self, part: Part) -> String {
        match part {
            Part::Status => {
                let arms: Vec<String> = self.statuses.iter().map(|&status| self.rows_with(status)).collect();
                arms.join(" UNION ALL ")
            }
            Part::ApiSet => format!(
                "SELECT u.key AS row FROM api_set s CROSS JOIN key_api_set u INDEXED BY key_api_set_by_set
                 ON u.api_set = s.row WHERE s.id = ?5{}",
                self.scope(" AND s.tenant = ?1")
            ),
            Part::Owner => format!(
                "SELECT k.row AS row FROM key k INDEXED BY {} WHERE {}k.owner = ?4 COLLATE NOCASE AND k.owner = ?4",
                self.choose("key_by_owner", "any_key_by_owner"),
                self.scope("k.tenant = ?1 AND ")
            ),
            Part::Search => "SELECT rowid AS row FROM search WHERE search MATCH ?6".to_owned(),
        }
    }

    /// Rows of the keys of one status: a range of an index for each tenant, since each has its own warning window.
    pub(crate) fn rows_with(&self, status: KeyStatus) -> String {
        let within = match status {
            KeyStatus::Revoked => "k.state = 2",
            KeyStatus::Disabled => "k.state = 1",
            KeyStatus::Expired => "k.state = 0 AND k.ends <= ?2",
            KeyStatus::Expiring => "k.state = 0 AND k.ends > ?2 AND k.ends <= ?2 + 86400 * t.warning_days",
            KeyStatus::Active => "k.state = 0 AND k.ends > ?2 + 86400 * t.warning_days",
        };
        format!(
            "SELECT k.row AS row FROM tenant t CROSS JOIN key k INDEXED BY key_by_status
             ON k.tenant = t.row AND {within}{}",
            self.scope(" WHERE t.row = ?1")
        )
    }

    /// All keys in an order; each with what says whether the filters find it: NULL or 0 for no, 1 for yes, or the
    /// key's document, which the search has to be held against.
    pub(crate) fn walk(&self, order: Order) -> String {
        format!("SELECT k.row, {} {}", self.verdict(), self.ordered(order))
    }

    /// The same, in the order by creation, of only the keys that the search finds, or may find.
    pub(crate) fn walk_search(&self, order: Order) -> String {
        let direction = direction(order);
        let loose = self.search.as_ref().is_some_and(|search| search.loose.is_some());
        let expression = if loose { "?9" } else { "?6" };
        let verdict = if loose { Some(self.verdict()) } else { self.conditions() };
        match verdict {
            None => format!("SELECT rowid, 1 FROM search WHERE search MATCH {expression} ORDER BY rowid{direction}"),
            Some(verdict) => format!(
                "SELECT k.row, {verdict} FROM search CROSS JOIN key k ON k.row = search.rowid
                 WHERE search MATCH {expression} ORDER BY search.rowid{direction}"
            ),
        }
    }

    /// The rows of all keys of the tenant asked for, in an order.
    pub(crate) fn ordered_rows(&self, order: Order) -> String {
        format!("SELECT k.row {}", self.ordered(order))
    }

    /// What one key is sorted by, and whether the filters find it.
    pub(crate) fn one(&self, sort: KeySort) -> String {
        let by = match sort {
            KeySort::Created => "k.row",
            KeySort::Name => "k.name",
            KeySort::Owner => "k.owner",
            KeySort::Expires => "k.ends",
        };
        let scope = self.scope(" AND k.tenant = ?1");
        format!("SELECT {by}, {} FROM key k WHERE k.row = ?7{scope}", self.verdict())
    }

    /// How many keys the tenant asked for has.
    pub(crate) fn count(&self) -> &'static str {
        self.choose("SELECT count(*) FROM key INDEXED BY key_by_status WHERE tenant = ?1", "SELECT count(*) FROM key")
    }

    /// Keys by API set, in the order of the catalogue; sets of one identifier in several tenants count together, as
    /// the filter takes them.
    pub(crate) fn api_set_counts(&self) -> String {
        format!(
            "SELECT s.id, min(s.name), sum((SELECT count(*) FROM key_api_set u WHERE u.api_set = s.row))
             FROM api_set s{} GROUP BY s.id ORDER BY min(s.heading COLLATE NOCASE), min(s.name COLLATE NOCASE), s.id",
            self.scope(" WHERE s.tenant = ?1")
        )
    }

    /// Keys by owner without regard to case, which is what the index can tell, and whether the case differs among them.
    pub(crate) fn owner_counts(&self) -> String {
        format!(
            "SELECT k.owner, count(*), min(k.owner) <> max(k.owner) FROM key k INDEXED BY {}{}
             GROUP BY k.owner COLLATE NOCASE",
            self.choose("key_by_owner", "any_key_by_owner"),
            self.scope(" WHERE k.tenant = ?1")
        )
    }

    /// Keys by owner among those that differ in case from ?4 only.
    pub(crate) fn spelled_counts(&self) -> String {
        format!(
            "SELECT k.owner, count(*) FROM key k INDEXED BY {} WHERE {}k.owner = ?4 COLLATE NOCASE
             GROUP BY k.owner COLLATE BINARY",
            self.choose("key_by_owner", "any_key_by_owner"),
            self.scope("k.tenant = ?1 AND ")
        )
    }

    /// The same question about one owner only.
    pub(crate) fn of_owner(&self, owner: String) -> Self {
        Self { owner: Some(owner), ..self.without_filters() }
    }

    /// All keys of the tenant asked for.
    pub(crate) fn without_filters(&self) -> Self {
        Self {
            tenant: self.tenant,
            now: self.now,
            soon: self.soon,
            owner: None,
            api_set: None,
            statuses: Vec::new(),
            search: None,
        }
    }

    fn ordered(&self, order: Order) -> String {
        let (index, by) = match order.sort {
            KeySort::Created => (self.choose("key_by_created", "any_key_by_created"), ""),
            KeySort::Name => (self.choose("key_by_name", "any_key_by_name"), "k.name COLLATE NOCASE{}, "),
            KeySort::Owner => (self.choose("key_by_owner", "any_key_by_owner"), "k.owner COLLATE NOCASE{}, "),
            KeySort::Expires => (self.choose("key_by_end", "any_key_by_end"), "k.ends{}, "),
        };
        let direction = direction(order);
        let by = by.replace("{}", direction);
        let within = match (self.scope("k.tenant = ?1"), self.ends(order.sort)) {
            ("", None) => String::new(),
            ("", Some(ends)) => format!("WHERE {ends} "),
            (scope, None) => format!("WHERE {scope} "),
            (scope, Some(ends)) => format!("WHERE {scope} AND {ends} "),
        };
        format!("FROM key k INDEXED BY {index} {within}ORDER BY {by}k.row{direction}")
    }

    /// In the order by end, a status is a stretch: begin and stop where it does.
    fn ends(&self, sort: KeySort) -> Option<&'static str> {
        if !matches!(sort, KeySort::Expires) {
            return None;
        }
        match self.statuses[..] {
            [KeyStatus::Expired] => Some("k.ends <= ?2"),
            [KeyStatus::Expiring] if self.tenant.is_some() => Some("k.ends > ?2 AND k.ends <= ?3"),
            [KeyStatus::Active] if self.tenant.is_some() => Some("k.ends > ?3"),
            [KeyStatus::Active | KeyStatus::Expiring] | [KeyStatus::Active, KeyStatus::Expiring] => Some("k.ends > ?2"),
            _ => None,
        }
    }

    fn verdict(&self) -> String {
        let document = "(SELECT d.text FROM key_document d WHERE d.row = k.row)";
        match (self.conditions(), &self.search) {
            (None, None) => "1".to_owned(),
            (Some(conditions), None) => conditions,
            (None, Some(_)) => document.to_owned(),
            (Some(conditions), Some(_)) => format!("CASE WHEN {conditions} THEN {document} END"),
        }
    }

    /// What a key has to be, tenant and search left aside.
    fn conditions(&self) -> Option<String> {
        let mut all = Vec::new();
        if !self.statuses.is_empty() {
            let any: Vec<String> = self.statuses.iter().map(|&status| self.is(status)).collect();
            all.push(format!("({})", any.join(" OR ")));
        }
        if self.owner.is_some() {
            all.push("k.owner = ?4".to_owned());
        }
        if self.api_set.is_some() {
            all.push(format!(
                "EXISTS (SELECT 1 FROM key_api_set u WHERE u.key = k.row
                 AND u.api_set IN (SELECT s.row FROM api_set s WHERE s.id = ?5{}))",
                self.scope(" AND s.tenant = ?1")
            ));
        }
        (!all.is_empty()).then(|| all.join(" AND "))
    }

    fn is(&self, status: KeyStatus) -> String {
        let soon = self.choose("?3", "?2 + 86400 * (SELECT t.warning_days FROM tenant t WHERE t.row = k.tenant)");
        match status {
            KeyStatus::Revoked => "k.state = 2".to_owned(),
            KeyStatus::Disabled => "k.state = 1".to_owned(),
            KeyStatus::Expired => "(k.state = 0 AND k.ends <= ?2)".to_owned(),
            KeyStatus::Expiring => format!("(k.state = 0 AND k.ends > ?2 AND k.ends <= {soon})"),
            KeyStatus::Active => format!("(k.state = 0 AND k.ends > {soon})"),
        }
    }

    fn scope(&self, condition: &'static str) -> &'static str {
        self.choose(condition, "")
    }

    fn choose(&self, in_tenant: &'static str, in_all: &'static str) -> &'static str {
        if self.tenant.is_some() { in_tenant } else { in_all }
    }
}

fn direction(order: Order) -> &'static str {
    if order.descending { " DESC" } else { "" }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::DateTime;
    use latchkey_app::ports::KeyFilter;
    use latchkey_app::wire::KeySort;
    use latchkey_domain::key::KeyStatus;
    use rusqlite::Connection;

    use super::{Order, Plan};
    use crate::migration;

    fn steps(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        steps.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
    }

    #[test]
    fn every_order_is_an_index_s_and_needs_nothing_else() {
        let mut connection = Connection::open_in_memory().unwrap();
        migration::upgrade(&mut connection).unwrap();
        let filter = KeyFilter { statuses: vec![KeyStatus::Expired, KeyStatus::Revoked], ..KeyFilter::default() };
        let mut plan = Plan::new(&connection, &filter, DateTime::UNIX_EPOCH).unwrap().unwrap();
        for tenant in [None, Some(1)] {
            plan.tenant = tenant;
            for sort in [KeySort::Created, KeySort::Name, KeySort::Owner, KeySort::Expires] {
                for descending in [false, true] {
                    let order = Order { sort, descending };
                    for sql in [plan.ordered_rows(order), plan.walk(order)] {
                        let steps = steps(&connection, &sql);
                        assert!(steps.contains("USING COVERING INDEX"), "{sql}: {steps}");
                        assert!(!steps.contains("TEMP B-TREE"), "{sql}: {steps}");
                    }
                }
            }
            for part in plan.parts() {
                let steps = steps(&connection, &plan.rows_of(part));
                assert!(steps.contains("USING COVERING INDEX key_by_status"), "{steps}");
            }
        }
    }
}
