use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Id, Pointer, Verb};

/// What an answer means. All that is said of the answer must be so.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerRule {
    /// To one of these requests; empty for any.
    #[serde(default)]
    pub requests: Vec<Verb>,
    /// With this status: `403`, or `"4xx"`.
    #[serde(default)]
    pub status: Option<StatusRange>,
    /// With this text somewhere in its body, upper and lower case alike.
    #[serde(default)]
    pub text: Option<String>,
    /// With something there.
    #[serde(default)]
    pub has: Option<Pointer>,
    /// With these values there.
    #[serde(default)]
    pub equals: BTreeMap<String, Value>,
    /// What it means.
    pub means: Meaning,
    /// Of `sign_in`, with `wanted` and `wrong`: the question that it is about.
    #[serde(default)]
    pub question: Option<Id>,
    /// What a person can do about it.
    #[serde(default)]
    pub hint: Option<String>,
    /// How long to wait where the answer does not say it, in seconds.
    #[serde(default)]
    pub wait: Option<u32>,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// It was done; of a check: the key works.
    Done,
    /// The key works, but not for this request: an API set is missing.
    Restricted,
    /// Who asks is not known: the credential, or the key that checks itself.
    Unknown,
    /// The key is over.
    Expired,
    /// The key, or the account that it belongs to, is switched off.
    Disabled,
    /// Who asks may not do this.
    NotPermitted,
    /// There is no such key.
    NotFound,
    /// There is one already.
    Conflict,
    /// Something that was sent is not taken.
    Invalid,
    /// Too much was asked in a time.
    Throttled,
    /// The vendor wants to be paid first.
    Payment,
    /// Nothing was changed.
    Unchanged,
    /// The server is in trouble.
    Trouble,
    /// To sign in, a question has to be answered that may be left out elsewhere.
    Wanted,
    /// To sign in, an answer is not the right one.
    Wrong,
}

/// A status of HTTP, or a hundred of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct StatusRange {
    first: u16,
    last: u16,
}

impl StatusRange {
    /// Whether a status is among them.
    #[must_use]
    pub fn has(self, status: u16) -> bool {
        (self.first..=self.last).contains(&status)
    }
}

impl TryFrom<Value> for StatusRange {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
        let hundred = value
            .as_str()
            .and_then(|text| text.strip_suffix("xx"))
            .and_then(|digit| digit.parse::<u16>().ok().filter(|_| digit.len() == 1));
        match (number, hundred) {
            (Some(status @ 100..=599), _) => Ok(Self { first: status, last: status }),
            (_, Some(digit @ 1..=5)) => Ok(Self { first: digit * 100, last: digit * 100 + 99 }),
            _ => Err(format!("{value} is no status: write 403, or \"4xx\" for a hundred of them")),
        }
    }
}
