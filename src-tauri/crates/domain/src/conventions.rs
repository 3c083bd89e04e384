//! What a tenant keeps of its template: how its keys are named, offered, listed and sent, and in which words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::expiry::Expiration;
use crate::field::{Field, FieldProblem, Rule};
use crate::policy::Policy;
use crate::text;

/// The most permissions, presets or expiry choices of one template.
pub(crate) const MANY: usize = 200;

/// What a tenant keeps of its template. The default is that of a tenant without one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct Conventions {
    /// Name of the template, for people.
    pub template: Option<String>,
    /// How a key is sent.
    pub presentation: Presentation,
    /// How long a key's name may be.
    pub name_length: NameLength,
    /// Fields that New API Key leaves out.
    pub without: Vec<KeyField>,
    /// The ends that New API Key offers; empty for the program's own choice.
    pub expirations: Vec<ExpirationChoice>,
    /// The longest life in days of a key that has an end. One without an end is the policy's matter.
    pub longest_days: Option<u32>,
    /// What the list shows, in this order; empty for all.
    pub columns: Vec<Column>,
    /// Whether every key belongs to an organization, even while there is none yet.
    pub organizations: bool,
    /// Whether every key belongs to user groups, even while there are none yet.
    pub user_groups: bool,
    /// What groups can carry; empty where any identifier will do.
    pub permissions: Vec<Permission>,
    /// What a key without API sets may do.
    pub no_api_sets: NoApiSets,
    /// The API set that stands for everything, by its identifier.
    pub everything: Option<String>,
    /// Ready-made choices of API sets.
    pub presets: Vec<Preset>,
    /// The words of the system that the template comes from, in place of the program's own.
    pub words: Words,
}

/// How a key is sent to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Presentation {
    /// As the service wants it.
    #[default]
    Raw,
    /// `Authorization: Bearer <key>`.
    Bearer,
    /// `X-API-Key: <key>`.
    XApiKey,
    /// `Authorization: <key>`, without a scheme.
    Authorization,
}

impl Presentation {
    /// What stands before the key in the header, or `None` where the key goes as it is.
    #[must_use]
    pub fn before(self) -> Option<&'static str> {
        match self {
            Self::Raw => None,
            Self::Bearer => Some("Authorization: Bearer "),
            Self::XApiKey => Some("X-API-Key: "),
            Self::Authorization => Some("Authorization: "),
        }
    }
}

/// How long a key's name may be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NameLength {
    /// The least: 1 to 100.
    pub min: u32,
    /// The most: at least the least, at most 100.
    pub max: u32,
}

impl Default for NameLength {
    fn default() -> Self {
        Self { min: 3, max: 100 }
    }
}

/// A field of New API Key that a template can leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyField {
    /// What it is for.
    Description,
    /// When it ends.
    Expiration,
    /// Who it belongs to.
    Owner,
    /// What it may use.
    ApiSets,
}

/// An end that New API Key offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExpirationChoice {
    /// Without an end.
    Never,
    /// So many days after generation.
    Days {
        /// 1 to 36 500.
        days: u32,
        /// What the system calls it (`1 month`); the number of days where there is nothing.
        #[serde(default)]
        label: Option<String>,
    },
    /// As many days as the operator types.
    Lifetime {
        /// What stands there at first.
        days: u32,
    },
    /// A day that the operator types.
    Date,
}

/// A column of the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The name.
    Name,
    /// What may be shown of the key.
    Key,
    /// What it may use.
    ApiSets,
    /// Who it belongs to.
    Owner,
    /// When it was generated.
    Created,
    /// When it ends.
    Expires,
    /// Where it stands.
    Status,
    /// Its organization.
    Organization,
    /// Its user groups.
    Groups,
}

/// Something that user groups can carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it opens, in words.
    #[serde(default)]
    pub opens: String,
}

/// What a key without API sets may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoApiSets {
    /// Nothing.
    #[default]
    Nothing,
    /// Everything: the system reads "no scopes" as "unrestricted", or has no scopes.
    Everything,
}

/// A ready-made choice of API sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// The API sets; `None` where the operator picks them one by one.
    #[serde(default)]
    pub api_sets: Option<Vec<String>>,
}

/// Words of another system, each in place of one of the program's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// The button that opens New API Key.
    pub new_key: Option<String>,
    /// The title of New API Key.
    pub title: Option<String>,
    /// A sentence below that title.
    pub note: Option<String>,
    /// The field of the name.
    pub name: Option<String>,
    /// The field of the organization.
    pub organization: Option<String>,
    /// The field of the user groups.
    pub groups: Option<String>,
    /// The field of the end.
    pub expiration: Option<String>,
    /// What keys may use, all together.
    pub api_sets: Option<String>,
    /// The button that generates.
    pub finish: Option<String>,
    /// The title of the window that shows the key.
    pub saved: Option<String>,
    /// The field that holds the key there.
    pub secret: Option<String>,
    /// The button that copies the key.
    pub copy: Option<String>,
    /// The button that closes that window.
    pub close: Option<String>,
    /// The column of the key.
    pub key: Option<String>,
    /// The column of the owner.
    pub owner: Option<String>,
    /// The column of the status.
    pub status: Option<String>,
    /// What "everything" is, behind "The key may do": `everything that its creator may do`.
    pub everything: Option<String>,
}

impl Words {
    fn all(&self) -> [&Option<String>; 17] {
        [
            &self.new_key,
            &self.title,
            &self.note,
            &self.name,
            &self.organization,
            &self.groups,
            &self.expiration,
            &self.api_sets,
            &self.finish,
            &self.saved,
            &self.secret,
            &self.copy,
            &self.close,
            &self.key,
            &self.owner,
            &self.status,
            &self.everything,
        ]
    }
}

impl Conventions {
    /// Reads what [`Self::write`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As one line of JSON.
    #[must_use]
    pub fn write(&self) -> String {
        // Strings, numbers and lists only: there is nothing in it that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Checks figures, identifiers and words.
    pub fn check(&self) -> Result<(), FieldProblem> {
        let NameLength { min, max } = self.name_length;
        if !(1..=100).contains(&min) || !(min..=100).contains(&max) {
            return Err(problem(Rule::OutOfRange { min: 1, max: 100 }));
        }
        let in_range = |days: u32| (1..=36_500).contains(&days);
        let days = self.expirations.iter().filter_map(|choice| match choice {
            ExpirationChoice::Days { days, .. } | ExpirationChoice::Lifetime { days } => Some(*days),
            ExpirationChoice::Never | ExpirationChoice::Date => None,
        });
        if !days.chain(self.longest_days).all(in_range) {
            return Err(problem(Rule::OutOfRange { min: 1, max: 36_500 }));
        }
        if [self.permissions.len(), self.presets.len(), self.expirations.len()].iter().any(|&len| len > MANY) {
            return Err(problem(Rule::OutOfRange { min: 0, max: 200 }));
        }
        for permission in &self.permissions {
            text::api_set_id(&permission.id).map_err(at_template)?;
            text::label(&permission.name).map_err(at_template)?;
            text::description(&permission.opens).map_err(at_template)?;
        }
        only_once(self.permissions.iter().map(|permission| permission.id.as_str()))?;
        only_once(self.presets.iter().map(|preset| preset.name.as_str()))?;
        if has_twice(&self.columns) || has_twice(&self.without) || has_twice(&self.expirations) {
            return Err(problem(Rule::Taken));
        }
        let labels = self.expirations.iter().filter_map(|choice| match choice {
            ExpirationChoice::Days { label, .. } => label.as_ref(),
            _ => None,
        });
        let names = self.presets.iter().map(|preset| &preset.name);
        for words in self.words.all().into_iter().flatten().chain(labels).chain(names).chain(&self.template) {
            text::label(words).map_err(at_template)?;
        }
        Ok(())
    }

    /// Parses a key's name after this tenant's rule.
    pub fn name(&self, name: &str) -> Result<String, FieldProblem> {
        text::name_within(name, self.name_length.min, self.name_length.max)
    }

    /// [`Expiration::resolve`] within the longest life of a key that has an end.
    pub fn resolve(
        &self,
        expires: &Expiration,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Result<Option<DateTime<Utc>>, FieldProblem> {
        let max_lifetime_days = match expires {
            Expiration::Never => policy.max_lifetime_days,
            Expiration::Days { .. } | Expiration::Date { .. } => self.longest(policy),
        };
        expires.resolve(now, &Policy { max_lifetime_days, ..*policy })
    }

    /// The most days that a key which has an end may live.
    #[must_use]
    pub fn longest(&self, policy: &Policy) -> Option<u32> {
        [policy.max_lifetime_days, self.longest_days].into_iter().flatten().min()
    }

    /// [`Policy::unchosen_end`] within the longest life of a key that has an end.
    #[must_use]
    pub fn unchosen_end(&self, policy: &Policy) -> Expiration {
        match (policy.unchosen_end(), self.longest(policy)) {
            (Expiration::Days { days }, Some(longest)) => Expiration::Days { days: days.min(longest) },
            (Expiration::Never, Some(longest)) if policy.must_end() => Expiration::Days { days: longest },
            (end, _) => end,
        }
    }

    /// The permission of this identifier; one that the catalogue does not have goes by its identifier.
    #[must_use]
    pub fn permission(&self, id: &str) -> Permission {
        let known = self.permissions.iter().find(|permission| permission.id == id);
        known.cloned().unwrap_or_else(|| Permission { id: id.to_owned(), name: id.to_owned(), opens: String::new() })
    }
}

pub(crate) fn only_once<'a>(texts: impl Iterator<Item = &'a str>) -> Result<(), FieldProblem> {
    let texts: Vec<_> = texts.collect();
    if has_twice(&texts) { Err(problem(Rule::Taken)) } else { Ok(()) }
}

fn has_twice<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().any(|(at, item)| items[..at].contains(item))
}

pub(crate) fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::Template, rule }
}

pub(crate) fn at_template(problem: FieldProblem) -> FieldProblem {
    FieldProblem { name: Field::Template, ..problem }
}
