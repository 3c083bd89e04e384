//! Batches: many keys that are generated in one run, and how they are named.

use crate::field::{Field, FieldProblem, Rule};
use crate::text;

/// The most keys of one batch.
pub const MAX_KEYS: u32 = 1_000_000;
/// The most digits that a number in a name is filled up to.
const MAX_DIGITS: usize = 9;

/// Names with a number in them: `device-{n:05}` gives `device-00001`, `device-00002` and so on.
///
/// `{n}` is the number as it is, `{n:05}` the number filled up with zeros to five digits. It may stand more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Number { digits: usize },
}

impl NamePattern {
    /// Parses a pattern for names of so many keys. A single key needs no number.
    ///
    /// The first and the last name have to be names that a key of some tenant can have.
    pub fn parse(text: &str, count: u32) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let parts = parts(text).ok_or_else(|| problem(Rule::Pattern))?;
        let pattern = Self { text: text.to_owned(), parts };
        // The name's own rules come first: an empty field is missing, not without a number.
        for number in [1, count.max(1)] {
            text::any_name(&pattern.name(number))?;
        }
        if count > 1 && !pattern.parts.iter().any(|part| matches!(part, Part::Number { .. })) {
            return Err(problem(Rule::Pattern));
        }
        Ok(pattern)
    }

    /// As it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name with this number; the first is 1.
    #[must_use]
    pub fn name(&self, number: u32) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Number { digits } => format!("{number:0digits$}"),
        };
        self.parts.iter().map(part).collect()
    }
}

/// Text and numbers in turn, or `None` where a brace is not part of a number.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}')?;
        let digits = match inside {
            "n" => 0,
            _ => inside.strip_prefix("n:").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?,
        };
        if before.contains('}') || digits > MAX_DIGITS {
            return None;
        }
        parts.push(Part::Text(before.to_owned()));
        parts.push(Part::Number { digits });
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    parts.push(Part::Text(rest.to_owned()));
    Some(parts)
}

/// Checks how many keys a batch is to have: 1 to a million.
pub fn count(count: u32) -> Result<u32, FieldProblem> {
    if (1..=MAX_KEYS).contains(&count) {
        Ok(count)
    } else {
        Err(FieldProblem { name: Field::Count, rule: Rule::OutOfRange { min: 1, max: MAX_KEYS } })
    }
}

fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::Name, rule }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{MAX_KEYS, NamePattern, count};
    use crate::field::Rule;

    fn refused(text: &str, count: u32) -> Rule {
        NamePattern::parse(text, count).unwrap_err().rule
    }

    #[test]
    fn a_pattern_numbers_the_names() {
        let pattern = NamePattern::parse(" device-{n:05} ", 100_000).unwrap();
        assert_eq!(pattern.name(1), "device-00001");
        assert_eq!(pattern.name(100_000), "device-100000");
        assert_eq!(pattern.as_str(), "device-{n:05}");
        assert_eq!(NamePattern::parse("{n} of {n:3}", 9).unwrap().name(7), "7 of 007");
        assert_eq!(NamePattern::parse("the kiosk", 1).unwrap().name(1), "the kiosk");
    }

    #[test]
    fn a_pattern_that_cannot_be_meant_is_refused() {
        for text in
            ["device", "device-{}", "device-{m}", "device-{n:}", "device-{n:5x}", "device-{n", "n}-{n}", "{n:10}"]
        {
            assert_eq!(refused(text, 2), Rule::Pattern, "{text}");
        }
        assert_eq!(refused("", 2), Rule::Required);
        assert_eq!(NamePattern::parse("{n}", 50).unwrap().name(1), "1", "some tenants have names as short");
        assert_eq!(refused(&format!("{}{{n}}", "a".repeat(99)), 10), Rule::TooLong { max: 100 });
    }

    #[test]
    fn a_batch_has_one_to_a_million_keys() {
        assert!(count(0).is_err() && count(MAX_KEYS + 1).is_err());
        assert_eq!(count(MAX_KEYS).unwrap(), MAX_KEYS);
    }
}
