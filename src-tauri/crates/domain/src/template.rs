//! Templates: what a new local tenant starts from, as data.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::conventions::{Conventions, MANY, at_template, only_once, problem};
use crate::field::{Field, FieldProblem, Rule};
use crate::key_format::{KeyFormat, Prefix};
use crate::policy::Policy;
use crate::text;

/// The version of the file format that this program writes.
pub const VERSION: u32 = 1;

/// The longest file that is read, in bytes.
pub const MAX_LEN: usize = 262_144;

/// What a new local tenant starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Version of the file format.
    pub version: u32,
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it brings, in one sentence.
    #[serde(default)]
    pub about: String,
    /// What the keys begin with.
    pub prefix: String,
    /// How the keys are made up.
    pub key_format: KeyFormat,
    /// What the tenant demands of its keys.
    #[serde(default)]
    pub policy: Policy,
    /// The API sets.
    #[serde(default)]
    pub api_sets: Vec<TemplateApiSet>,
    /// The organizations.
    #[serde(default)]
    pub organizations: Vec<TemplateOrganization>,
    /// The user groups.
    #[serde(default)]
    pub user_groups: Vec<TemplateGroup>,
    /// What the tenant keeps of the template.
    #[serde(default)]
    pub conventions: Conventions,
}

/// An API set that a template brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct TemplateApiSet {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under.
    #[serde(default)]
    pub group: Option<String>,
    /// What it opens, in words.
    #[serde(default)]
    pub description: String,
}

/// An organization that a template brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct TemplateOrganization {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that its keys can have at most; `None` for all.
    #[serde(default)]
    pub permissions: Option<Vec<String>>,
}

/// A user group that a template brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct TemplateGroup {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The permissions that it carries.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// Why a file is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// More bytes than a template has.
    TooLong,
    /// Written by a newer Latchkey.
    Newer,
    /// Not the form of a template; where and what, for people.
    Malformed(String),
    /// The form of a template with something in it that cannot be.
    Wrong(FieldProblem),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "it is longer than {MAX_LEN} bytes"),
            Self::Newer => f.write_str("it was written by a newer Latchkey"),
            Self::Malformed(what) => f.write_str(what),
            Self::Wrong(problem) => write!(f, "it breaks the rule {:?}", problem.rule),
        }
    }
}

impl std::error::Error for Unreadable {}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Template {
    /// Reads and checks a template file.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MAX_LEN {
            return Err(Unreadable::TooLong);
        }
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let malformed = |cause: serde_json::Error| Unreadable::Malformed(cause.to_string());
        let Versioned { version } = serde_json::from_slice(bytes).map_err(malformed)?;
        if version > VERSION {
            return Err(Unreadable::Newer);
        }
        let template: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        template.check().map_err(Unreadable::Wrong)?;
        Ok(template)
    }

    /// The text of the template's file.
    pub fn write(&self) -> Result<String, Unreadable> {
        let text = serde_json::to_string_pretty(self).map_err(|cause| Unreadable::Malformed(cause.to_string()))?;
        Ok(text + "\n")
    }

    /// Checks everything that a file can get wrong, so that a tenant made from it breaks no rule.
    pub fn check(&self) -> Result<(), FieldProblem> {
        if self.version != VERSION {
            return Err(problem(Rule::OutOfRange { min: VERSION, max: VERSION }));
        }
        text::api_set_id(&self.id).map_err(at_template)?;
        text::label(&self.name).map_err(at_template)?;
        text::description(&self.about).map_err(at_template)?;
        Prefix::parse(&self.prefix).map_err(problem)?;
        self.policy.check().map_err(at_template)?;
        self.conventions.check()?;
        self.check_catalogue()?;
        let known = |id: &String| {
            let catalogue = &self.conventions.permissions;
            catalogue.is_empty() || catalogue.iter().any(|permission| permission.id == *id)
        };
        let carried = self.user_groups.iter().flat_map(|group| &group.permissions);
        let ceilings = self.organizations.iter().filter_map(|organization| organization.permissions.as_ref()).flatten();
        if !carried.chain(ceilings).all(|id| known(id) && text::api_set_id(id).is_ok()) {
            return Err(problem(Rule::Unknown));
        }
        Ok(())
    }

    fn check_catalogue(&self) -> Result<(), FieldProblem> {
        if self.api_sets.len() + self.organizations.len() + self.user_groups.len() > 10 * MANY {
            return Err(problem(Rule::OutOfRange { min: 0, max: 2_000 }));
        }
        for set in &self.api_sets {
            text::group(set.group.as_deref()).map_err(at_template)?;
            text::description(&set.description).map_err(at_template)?;
        }
        let members = || {
            let sets = self.api_sets.iter().map(|set| (0, &set.id, &set.name));
            let organizations = self.organizations.iter().map(|one| (1, &one.id, &one.name));
            sets.chain(organizations).chain(self.user_groups.iter().map(|group| (2, &group.id, &group.name)))
        };
        for (_, id, name) in members() {
            text::api_set_id(id).map_err(at_template)?;
            text::label(name).map_err(at_template)?;
        }
        for kind in 0..3 {
            only_once(members().filter(|(of, ..)| *of == kind).map(|(_, id, _)| id.as_str()))?;
        }
        let chosen = self.conventions.presets.iter().filter_map(|preset| preset.api_sets.as_ref()).flatten();
        let missing =
            chosen.chain(&self.conventions.everything).find(|id| !self.api_sets.iter().any(|set| set.id == **id));
        match missing {
            Some(id) => Err(FieldProblem { name: Field::Template, rule: Rule::UnknownApiSet { id: id.clone() } }),
            None => Ok(()),
        }
    }
}
