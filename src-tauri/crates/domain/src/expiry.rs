//! When a key ends: choices, and what a tenant allows of them.

use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldProblem, Rule};
use crate::policy::Policy;

/// The most days from now that anyone may choose: a hundred years.
const MAX_DAYS: u32 = 36_500;

/// When a key is to end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expiration {
    /// Without an end.
    Never,
    /// So many days after generation.
    Days {
        /// 1 to 36 500.
        days: u32,
    },
    /// At the end of a day in UTC: the key may be used on that day and not on the next.
    Date {
        /// `YYYY-MM-DD`, as typed.
        date: String,
    },
}

/// The end that a new key gets unless the operator chooses another: a part of [`Expiration`], which lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DefaultExpiration {
    /// Without an end.
    Never,
    /// So many days after generation.
    Days {
        /// 1 to 36 500.
        days: u32,
    },
}

impl From<DefaultExpiration> for Expiration {
    fn from(end: DefaultExpiration) -> Self {
        match end {
            DefaultExpiration::Never => Self::Never,
            DefaultExpiration::Days { days } => Self::Days { days },
        }
    }
}

impl Expiration {
    /// The first moment at which a key generated at `now` is over, or `None` for never, where `policy` allows it.
    ///
    /// A ceiling counts in whole days: with a ceiling of 90 days the date 90 days ahead may be chosen.
    pub fn resolve(&self, now: DateTime<Utc>, policy: &Policy) -> Result<Option<DateTime<Utc>>, FieldProblem> {
        let now = now.trunc_subsecs(0);
        let (end, days) = match self {
            Self::Never if policy.allow_never && policy.max_lifetime_days.is_none() => {
                return Ok(None);
            }
            Self::Never => return Err(problem(Rule::NeverForbidden)),
            Self::Days { days } if (1..=MAX_DAYS).contains(days) => (now + TimeDelta::days((*days).into()), *days),
            Self::Days { .. } => {
                return Err(problem(Rule::OutOfRange { min: 1, max: MAX_DAYS }));
            }
            Self::Date { date } => end_of_day(date.trim(), now)?,
        };
        match policy.max_lifetime_days {
            Some(ceiling) if days > ceiling => Err(problem(Rule::BeyondCeiling { days: ceiling })),
            _ => Ok(Some(end)),
        }
    }
}

impl FromStr for Expiration {
    type Err = FieldProblem;

    /// Parses `never`, `90d` or `2027-01-31`.
    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(problem(Rule::Required));
        }
        if text.eq_ignore_ascii_case("never") {
            return Ok(Self::Never);
        }
        if let Some(days) = text.strip_suffix('d')
            && !days.is_empty()
            && days.bytes().all(|b| b.is_ascii_digit())
        {
            let days = days.parse().map_err(|_| problem(Rule::OutOfRange { min: 1, max: MAX_DAYS }))?;
            return Ok(Self::Days { days });
        }
        parse_date(text)?;
        Ok(Self::Date { date: text.to_owned() })
    }
}

/// The midnight after `date`, and how many days ahead of today that date is.
pub(crate) fn end_of_day(date: &str, now: DateTime<Utc>) -> Result<(DateTime<Utc>, u32), FieldProblem> {
    let date = parse_date(date)?;
    let days = u32::try_from((date - now.date_naive()).num_days()).map_err(|_| problem(Rule::InThePast))?;
    if days > MAX_DAYS {
        return Err(problem(Rule::OutOfRange { min: 1, max: MAX_DAYS }));
    }
    let midnight = date.checked_add_days(Days::new(1)).ok_or_else(|| problem(Rule::NotADate))?.and_time(NaiveTime::MIN);
    Ok((midnight.and_utc(), days))
}

fn parse_date(text: &str) -> Result<NaiveDate, FieldProblem> {
    // chrono takes `2027-1-3` too; one spelling only, so that what is typed is what is read back.
    if text.len() != 10 {
        return Err(problem(Rule::NotADate));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| problem(Rule::NotADate))
}

fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::Expires, rule }
}
