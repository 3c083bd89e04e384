use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Id, Pointer, Request};

/// How a person signs in, where servers let nobody manage keys with a key. The tenant's requests then go with the
/// cookies of that session in place of a credential.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// What the operator is asked. Answers go to the tenant's server alone and are not kept.
    pub questions: Vec<Question>,
    /// The requests that sign in, one after the other. Cookies of one go along with the next.
    pub steps: Vec<Step>,
    /// The cookies that are the session, by their names: those of them that the server sets are kept, in the vault.
    pub cookies: Vec<String>,
    /// Asks whether the session holds: a GET. Its `done` leads to `true` where it does.
    #[serde(default)]
    pub holds: Option<Request>,
    /// Options that are chosen of what the server offers to who has signed in.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Ends the session.
    #[serde(default)]
    pub sign_out: Option<Request>,
}

/// What the operator is asked to sign in.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// How steps name the answer: `{answer.ID}`.
    pub id: Id,
    /// What the field says.
    pub label: String,
    /// Whether it is shown while it is typed.
    pub kind: QuestionKind,
    /// Whether it may be left out; what has it in it is then left out, too.
    #[serde(default)]
    pub optional: bool,
    /// What to type, in a sentence.
    #[serde(default)]
    pub help: Option<String>,
}

/// Whether an answer is shown while it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// It is shown: an e-mail address.
    Text,
    /// It is not: a password, a one-time code.
    Secret,
}

/// A request of signing in.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is sent.
    pub request: Request,
    /// What later steps need of the answer, and what they call it: `{captured.NAME}`.
    #[serde(default)]
    pub captures: BTreeMap<String, Pointer>,
}

/// An option that is chosen of what the server offers.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The option.
    pub option: Id,
    /// Asks what there is: a GET. Its `at` leads to the list.
    pub request: Request,
    /// Where in each row the list itself is, if rows are groups.
    #[serde(default)]
    pub within: Option<Pointer>,
    /// What the group is called, from its row.
    #[serde(default)]
    pub group: Option<Pointer>,
    /// What the option's value is.
    pub id: Pointer,
    /// What people call it.
    #[serde(default)]
    pub name: Option<Pointer>,
    /// What who has signed in is there.
    #[serde(default)]
    pub role: Option<Pointer>,
    /// The roles with which it can be chosen; empty for any.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Why it cannot be chosen with another one, in a sentence.
    #[serde(default)]
    pub refused: Option<String>,
}

impl Session {
    /// The choice for an option; `None` for one that is typed.
    #[must_use]
    pub fn choice(&self, option: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.option.as_str() == option)
    }

    /// A question by its identifier.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id.as_str() == id)
    }
}
