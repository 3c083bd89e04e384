use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Pointer, Text};

/// The requests that there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// All keys.
    #[serde(default)]
    pub list: Option<Request>,
    /// A new key.
    #[serde(default)]
    pub create: Option<Request>,
    /// Another name, description or choice of API sets.
    #[serde(default)]
    pub update: Option<Request>,
    /// Switch a key on.
    #[serde(default)]
    pub enable: Option<Request>,
    /// Switch a key off, for a time.
    #[serde(default)]
    pub disable: Option<Request>,
    /// End a key for good.
    #[serde(default)]
    pub revoke: Option<Request>,
    /// Ask with a key whether it works. Must change nothing.
    #[serde(default)]
    pub check: Option<Request>,
    /// The same where the vendor takes no more of `check` for now. What it does not tell for certain is left open.
    #[serde(default)]
    pub check_throttled: Option<Request>,
    /// The API sets that there are.
    #[serde(default)]
    pub api_sets: Option<Request>,
}

/// What is done with keys, or around a session, and is asked of a server where there is a request for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // As the fields of `Requests` and `Session`.
pub enum Verb {
    List,
    Create,
    Update,
    Enable,
    Disable,
    Revoke,
    Check,
    CheckThrottled,
    ApiSets,
    /// What signs in.
    SignIn,
    /// What is asked around a session: whether it holds, and what signing in has to read first.
    Session,
    /// What an option is chosen of.
    Choices,
    SignOut,
}

impl Requests {
    /// All of them with their verbs.
    pub fn all(&self) -> impl Iterator<Item = (Verb, &Request)> {
        Verb::ALL.into_iter().filter_map(|verb| self.of(verb).map(|request| (verb, request)))
    }

    /// The request for a verb.
    #[must_use]
    pub fn of(&self, verb: Verb) -> Option<&Request> {
        match verb {
            Verb::List => &self.list,
            Verb::Create => &self.create,
            Verb::Update => &self.update,
            Verb::Enable => &self.enable,
            Verb::Disable => &self.disable,
            Verb::Revoke => &self.revoke,
            Verb::Check => &self.check,
            Verb::CheckThrottled => &self.check_throttled,
            Verb::ApiSets => &self.api_sets,
            // Those are of the session.
            Verb::SignIn | Verb::Session | Verb::Choices | Verb::SignOut => &None,
        }
        .as_ref()
    }
}

impl Verb {
    /// Those of keys.
    pub const ALL: [Self; 9] = [
        Self::List,
        Self::Create,
        Self::Update,
        Self::Enable,
        Self::Disable,
        Self::Revoke,
        Self::Check,
        Self::CheckThrottled,
        Self::ApiSets,
    ];

    /// Whether a key asks for itself, with nothing of the tenant's.
    #[must_use]
    pub fn asks_alone(self) -> bool {
        matches!(self, Self::Check | Self::CheckThrottled)
    }

    /// Whether it asks and changes nothing.
    #[must_use]
    pub fn only_reads(self) -> bool {
        self.asks_alone() || matches!(self, Self::List | Self::ApiSets | Self::Session | Self::Choices)
    }

    /// As manifests name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Create => "create",
            Self::Update => "update",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Revoke => "revoke",
            Self::Check => "check",
            Self::CheckThrottled => "check_throttled",
            Self::ApiSets => "api_sets",
            Self::SignIn => "sign_in",
            Self::Session => "session",
            Self::Choices => "choices",
            Self::SignOut => "sign_out",
        }
    }
}

/// One request.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How it is sent.
    pub method: Method,
    /// Below the tenant's address, beginning with a slash. What stands for a placeholder is percent-encoded.
    pub path: Text,
    /// What follows the question mark.
    #[serde(default)]
    pub query: BTreeMap<String, Text>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    /// JSON to send. A string that is one placeholder becomes the value itself; a member without a value is left out.
    #[serde(default)]
    pub body: Option<serde_json::Value>,
    /// Where the keys, the key or the API sets are in the answer; the whole answer if nothing is said.
    #[serde(default)]
    pub at: Pointer,
    /// Where the answer says whether it was done: `false` means that nothing changed. With anything else but `true` it
    /// is not known what happened.
    #[serde(default)]
    pub done: Option<Pointer>,
    /// How a long list comes.
    #[serde(default)]
    pub paging: Option<Paging>,
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// How a long list comes.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// By the number of the page, `{page}` in the request. It ends with a page that has fewer keys than `size`.
    Pages {
        /// The number of the first one.
        #[serde(default = "super::one")]
        first: u32,
        /// Keys of a full page.
        size: u32,
    },
    /// By the number of keys to skip, `{offset}` in the request. It ends with a page that has fewer than `size`.
    Offset {
        /// Keys of a full page.
        size: u32,
    },
    /// The answer has the address of the next page, of the same server.
    Next {
        /// Where.
        at: Pointer,
    },
    /// The answer has what stands for `{cursor}` in the next request.
    Cursor {
        /// Where.
        at: Pointer,
    },
}
