//! What a manifest says.
//!
//! The types are the format: `docs/connector.schema.json` is written from them, and what they refuse is refused with
//! the line where it stands. Texts in a manifest are for people and are shown as they are.

mod path;
mod problem;
mod read;
mod read_session;
mod request;
mod rule;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod text;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Deserialize;

pub use path::Pointer;
pub use problem::Problem;
pub use read::{MAX_BYTES, read};
pub use request::{Method, Paging, Request, Requests, Verb};
pub use rule::{AnswerRule, Meaning, StatusRange};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use session::{Choice, Question, QuestionKind, Session, Step};
pub use text::{Part, Text, Value};

/// How the keys of a vendor's tenants are spoken of over HTTPS.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Where editors find the schema; Latchkey does not read it.
    #[serde(rename = "$schema", default)]
    #[allow(dead_code)]
    schema: Option<String>,
    /// The version of this format: 1.
    pub manifest: Version,
    /// Identifier: 2 to 32 lower-case letters, digits and hyphens; the file's name without `.json`.
    pub id: Id,
    /// What people call the vendor.
    pub name: String,
    /// What its keys are, in a sentence.
    pub about: String,
    /// The page that describes its keys.
    #[serde(default)]
    pub page: Option<String>,
    /// How the address of a tenant is asked for.
    pub address: Address,
    /// What else belongs to a tenant's address, asked when the tenant is added: a service, a team.
    #[serde(default)]
    pub options: Vec<Ask>,
    /// What the operator gives so that Latchkey may ask: the first one is `{secret}` of the tenant's requests. Empty
    /// where nothing but checks is sent.
    #[serde(default)]
    pub credentials: Vec<Ask>,
    /// Headers that say who asks. `{secret}` is the tenant's first credential, or the key where a key checks itself.
    pub authentication: BTreeMap<String, Text>,
    /// What the text of a key looks like, and what people paste with it.
    #[serde(default)]
    pub secret: SecretShape,
    /// How a person signs in, where keys are not managed with a credential; there are no `credentials` then, and
    /// `{secret}` is nothing but the key that is checked.
    #[serde(default)]
    pub session: Option<Session>,
    /// What an operator has to accept before a tenant is added with it, in a sentence: that it may break, for instance.
    #[serde(default)]
    pub caution: Option<String>,
    /// The program's template whose words and rules its tenants take; the one with the manifest's identifier if nothing
    /// is said.
    #[serde(default)]
    pub template: Option<Id>,
    /// What a new key may have.
    pub draft: Draft,
    /// The requests that there are; what is missing, the vendor cannot do over HTTPS.
    #[serde(default)]
    pub requests: Requests,
    /// Where in an answer the facts of a key are.
    #[serde(default)]
    pub key: Option<KeyMap>,
    /// What answers mean, beyond what their status says by itself; the first that fits counts.
    #[serde(default)]
    pub answers: Vec<AnswerRule>,
    /// Where an answer that refuses says why, first found first taken.
    #[serde(default)]
    pub messages: Vec<Pointer>,
    /// What the vendor allows in a time.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// How many requests to one server that only read may be under way at once. What changes something waits for none.
    #[serde(default = "one")]
    pub parallel: u32,
    /// What a person does in the vendor's own pages where no request does it.
    #[serde(default)]
    pub guide: Guide,
    /// What to know before trusting it, a sentence each.
    #[serde(default)]
    pub traps: Vec<String>,
}

fn one() -> u32 {
    1
}

/// The version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Version(u32);

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self(1)),
            other => Err(format!("version {other} of the format is not known here; this Latchkey reads version 1")),
        }
    }
}

/// An identifier: 2 to 32 lower-case letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Id(String);

impl Id {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Id {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let shaped = (2..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if shaped {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no identifier: 2 to 32 of a-z, 0-9 and -, beginning with a letter"))
        }
    }
}

/// How the address of a tenant is asked for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// What the vendor calls it.
    pub label: String,
    /// An example that is shown in the empty field.
    pub example: String,
    /// Addresses of the vendor's own, to choose from; any other can be typed.
    #[serde(default)]
    pub known: Vec<KnownAddress>,
}

/// An address of the vendor's own.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownAddress {
    /// What it is: "Production".
    pub name: String,
    /// The address.
    pub url: String,
}

/// Something that is asked when a tenant is added.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// How requests name it: `{option.ID}` or `{credential.ID}`.
    pub id: Id,
    /// What the field says.
    pub label: String,
    /// What is there before something is typed; none for a credential.
    #[serde(default)]
    pub default: Option<String>,
    /// What to type, in a sentence.
    #[serde(default)]
    pub help: Option<String>,
}

/// What the text of a key looks like.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SecretShape {
    /// A regular expression for the whole text. What does not fit is pointed out, never refused.
    #[serde(default)]
    pub pattern: Option<String>,
    /// What people paste in front of it, taken away: "Bearer ".
    #[serde(default)]
    pub strip: Vec<String>,
}

/// What a new key may have.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The shortest name, in characters.
    pub name_min: u32,
    /// The longest name, in characters.
    pub name_max: u32,
    /// Whether the vendor takes a description; without one it stays in Latchkey.
    #[serde(default)]
    pub description: bool,
    /// The longest lifetime in days; nothing for no limit.
    #[serde(default)]
    pub longest_days: Option<u32>,
    /// Whether a key may be without an end.
    #[serde(default = "yes")]
    pub never: bool,
    /// Whether the vendor knows ends at all; otherwise the end is a reminder of Latchkey's own.
    #[serde(default)]
    pub expires: bool,
    /// The ends that there are, where the vendor has names for them: `{expires_choice}` in the request. Empty for any.
    #[serde(default)]
    pub ends: Vec<End>,
    /// What a key without API sets can do.
    pub no_api_sets: NoApiSets,
    /// What is sent for it; nothing leaves the member out.
    #[serde(default)]
    pub send_for_none: Option<serde_json::Value>,
    /// API sets that are known without asking the server.
    #[serde(default)]
    pub api_sets: Vec<KnownSet>,
}

fn yes() -> bool {
    true
}

/// An end by the name that the vendor has for it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct End {
    /// In so many days; without it, no end at all.
    #[serde(default)]
    pub days: Option<u32>,
    /// The fewest days that it stands for, too: a calendar month may be shorter than thirty.
    #[serde(default)]
    pub least: Option<u32>,
    /// The most days that it stands for, too.
    #[serde(default)]
    pub most: Option<u32>,
    /// What is sent for it, `null` too.
    pub send: serde_json::Value,
}

impl End {
    /// Whether it stands for so many days, or for no end.
    #[must_use]
    pub fn is_in(&self, days: Option<u32>) -> bool {
        match (self.range(), days) {
            (Some(range), Some(days)) => range.contains(&days),
            (range, days) => range.is_none() && days.is_none(),
        }
    }

    /// The days that it stands for; `None` for no end.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<u32>> {
        self.days.map(|days| self.least.unwrap_or(days)..=self.most.unwrap_or(days))
    }
}

/// What a key without API sets can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoApiSets {
    /// Everything that its creator may.
    Everything,
    /// Nothing.
    Nothing,
    /// There are no API sets at all.
    Unknown,
}

/// An API set that is known without asking the server.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownSet {
    /// As the vendor's requests have it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under.
    #[serde(default)]
    pub group: String,
    /// What it opens.
    #[serde(default)]
    pub description: String,
}

/// Where in an answer the facts of a key are, from the key itself.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyMap {
    /// What requests name it by: text or a whole number.
    pub id: Pointer,
    /// Its name; a key without one is named by its identifier.
    #[serde(default)]
    pub name: Option<Pointer>,
    /// Its description.
    #[serde(default)]
    pub description: Option<Pointer>,
    /// Its first characters, if the server tells them.
    #[serde(default)]
    pub head: Option<Pointer>,
    /// Its last characters.
    #[serde(default)]
    pub tail: Option<Pointer>,
    /// Its API sets: texts, or one text with commas or blanks between them.
    #[serde(default)]
    pub api_sets: Option<Pointer>,
    /// API sets that stand for all of them.
    #[serde(default)]
    pub everything: Vec<String>,
    /// Who made it.
    #[serde(default)]
    pub owner: Option<Pointer>,
    /// Whether that is written as in HTML: `O&#39;Brien`.
    #[serde(default)]
    pub owner_is_html: bool,
    /// When it was made. Moments are read in all common forms: RFC 3339, a date, seconds or milliseconds since 1970,
    /// an object with `utcTime`.
    #[serde(default)]
    pub created: Option<Pointer>,
    /// When it ends; nothing there means never.
    #[serde(default)]
    pub expires: Option<Pointer>,
    /// When it was used last.
    #[serde(default)]
    pub last_used: Option<Pointer>,
    /// Whether it is switched on.
    #[serde(default)]
    pub active: Option<Pointer>,
    /// Its text, in the answer to a creation only.
    #[serde(default)]
    pub secret: Option<Pointer>,
}

/// What the vendor allows in a time.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Of these requests, together; empty for all.
    #[serde(default)]
    pub requests: Vec<Verb>,
    /// So many …
    pub most: u32,
    /// … in so many seconds.
    pub seconds: u32,
}

/// What a person does in the vendor's own pages.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// To make a key.
    #[serde(default)]
    pub create: Option<Steps>,
    /// To change one.
    #[serde(default)]
    pub update: Option<Steps>,
    /// To end one.
    #[serde(default)]
    pub revoke: Option<Steps>,
}

/// Steps in the vendor's own pages.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The page to open: an address, or a path below the tenant's address.
    #[serde(default)]
    pub page: Option<Text>,
    /// What to do there, a sentence each.
    pub steps: Vec<String>,
}
