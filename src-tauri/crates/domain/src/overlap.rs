//! How long a superseded key stays usable beside its successor.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::expiry::{Expiration, end_of_day};
use crate::field::{Field, FieldProblem, Rule};

/// The longest overlap in hours: a year.
const MAX_HOURS: u32 = 8_760;

/// How long a superseded key stays usable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Overlap {
    /// Not at all: it is revoked at once.
    None,
    /// So many hours.
    Hours {
        /// 1 to 8 760.
        hours: u32,
    },
    /// Until the end of a day in UTC.
    Date {
        /// `YYYY-MM-DD`, as typed.
        date: String,
    },
}

impl Overlap {
    /// The first moment at which the overlap is over; `None` for no overlap.
    pub fn end(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, FieldProblem> {
        match self {
            Self::None => Ok(None),
            Self::Hours { hours } if (1..=MAX_HOURS).contains(hours) => {
                Ok(Some(now + TimeDelta::hours((*hours).into())))
            }
            Self::Hours { .. } => Err(out_of_range()),
            Self::Date { date } => {
                let (end, days) = end_of_day(date.trim(), now).map_err(|problem| self::problem(problem.rule))?;
                if days * 24 > MAX_HOURS { Err(out_of_range()) } else { Ok(Some(end)) }
            }
        }
    }
}

impl FromStr for Overlap {
    type Err = FieldProblem;

    /// Parses `none`, `24h`, `7d` or `2027-01-31`.
    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::None);
        }
        for (unit, hours) in [('h', 1), ('d', 24)] {
            if let Some(number) = text.strip_suffix(unit)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
            {
                let number: u32 = number.parse().map_err(|_| out_of_range())?;
                return Ok(Self::Hours { hours: number.checked_mul(hours).ok_or_else(out_of_range)? });
            }
        }
        match text.parse::<Expiration>().map_err(|problem| self::problem(problem.rule))? {
            Expiration::Date { date } => Ok(Self::Date { date }),
            Expiration::Never | Expiration::Days { .. } => Err(problem(Rule::NotADate)),
        }
    }
}

impl fmt::Display for Overlap {
    /// As [`Overlap::from_str`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Hours { hours } => write!(f, "{hours}h"),
            Self::Date { date } => f.write_str(date.trim()),
        }
    }
}

fn out_of_range() -> FieldProblem {
    problem(Rule::OutOfRange { min: 1, max: MAX_HOURS })
}

fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::Overlap, rule }
}
