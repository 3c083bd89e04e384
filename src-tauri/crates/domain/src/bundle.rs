//! How long a verifier bundle is good for.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::field::{Field, FieldProblem, Rule};

/// The longest in hours: ten years.
const MAX_HOURS: u32 = 87_600;

/// How long a bundle is good for from the moment of its export. Then no key is valid by it.
///
/// The default is 35 days: who carries a bundle into a closed network once a month, on whatever day of it, has some days left,
/// and who withholds the newer ones gets no more than these weeks out of a key that was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    hours: u32,
}

impl Validity {
    /// The first moment at which a bundle is over that is exported at `now`.
    #[must_use]
    pub fn end(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::hours(self.hours.into())
    }
}

impl Default for Validity {
    fn default() -> Self {
        Self { hours: 35 * 24 }
    }
}

impl FromStr for Validity {
    type Err = FieldProblem;

    /// Parses `12h` or `35d`.
    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let problem = || FieldProblem { name: Field::ValidFor, rule: Rule::OutOfRange { min: 1, max: MAX_HOURS } };
        let text = text.trim();
        let (number, unit) = match (text.strip_suffix('h'), text.strip_suffix('d')) {
            (Some(number), _) => (number, 1),
            (_, Some(number)) => (number, 24),
            _ => return Err(problem()),
        };
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let hours = number.parse::<u32>().ok().filter(|_| digits).and_then(|number| number.checked_mul(unit));
        match hours {
            Some(hours) if (1..=MAX_HOURS).contains(&hours) => Ok(Self { hours }),
            _ => Err(problem()),
        }
    }
}

impl fmt::Display for Validity {
    /// As [`Validity::from_str`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hours % 24 {
            0 => write!(f, "{}d", self.hours / 24),
            _ => write!(f, "{}h", self.hours),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::DateTime;

    use super::Validity;

    #[test]
    fn hours_and_days_are_read_and_nothing_else() {
        for (text, hours) in [("1h", 1), (" 35d ", 840), ("36h", 36), ("3650d", 87_600)] {
            let validity: Validity = text.parse().unwrap();
            assert_eq!(validity.end(DateTime::UNIX_EPOCH).timestamp(), hours * 3_600, "{text}");
            assert_eq!(validity.to_string().parse(), Ok(validity), "{text}");
        }
        for text in ["", "0d", "d", "7", "+7d", "-7d", "7w", "3651d", "99999999999d", "4294967295d", "never"] {
            assert!(text.parse::<Validity>().is_err(), "{text}");
        }
        assert_eq!(Validity::default().to_string(), "35d");
    }
}
