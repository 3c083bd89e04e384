use chrono::{DateTime, Utc};
use latchkey_domain::conventions::Conventions;
use latchkey_domain::key_format::KeyFormat;
use latchkey_domain::policy::Policy;
use latchkey_domain::template::Template;
use serde::{Deserialize, Serialize};

use super::ErrorBody;

/// A tenant as lists and details show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantView {
    /// Identifier (UUID).
    pub id: String,
    /// Name, unique in the profile.
    pub name: String,
    /// `local`: this computer is the authority; `remote`: somebody else's server is.
    pub kind: String,
    /// How it is reached, and how fresh its list is; `None` for a local one.
    pub remote: Option<RemoteView>,
    /// What keys of this tenant begin with.
    pub prefix: String,
    /// How its new keys are made up.
    pub format: KeyFormat,
    /// The regular expression that finds this tenant's keys in any text.
    pub key_pattern: String,
    /// What it demands of its keys.
    pub policy: Policy,
    /// How many keys it has, whatever their status.
    pub keys: u32,
    /// How many of them expire within the warning window.
    pub expiring: u32,
    /// How many API sets it has.
    pub api_sets: u32,
    /// How many organizations it has.
    pub organizations: u32,
    /// How many user groups it has.
    pub user_groups: u32,
    /// What it keeps of its template.
    pub conventions: Conventions,
    /// Number of the newest change to its keys.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// How a remote tenant is reached, and how fresh its list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RemoteView {
    /// The connector's identifier.
    pub connector: String,
    /// The server's address.
    pub url: String,
    /// Whether plain HTTP is spoken to another computer.
    pub plain_http: bool,
    /// When its keys arrived last.
    pub synced_at: Option<DateTime<Utc>>,
    /// Why the last refresh failed.
    pub problem: Option<ErrorBody>,
    /// How many rows of the server's list could not be understood.
    pub skipped: u32,
    /// How many keys were asked for whose answer is lost; the next refresh finds out what became of them.
    pub unanswered: u32,
    /// Whether somebody has signed in to the server, where its connector wants that.
    pub signed_in: bool,
}

/// A key that a server was asked for and whose answer has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Unanswered {
    /// The key's name.
    pub name: String,
    /// When the server was asked.
    pub asked_at: DateTime<Utc>,
    /// Whether somebody waits for the answer still.
    pub awaited: bool,
}

/// A tenant to be added.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantDraft {
    /// Name: 3 to 100 characters.
    pub name: String,
    /// 1 to 16 lower-case letters and digits; `None` for the template's.
    pub prefix: Option<String>,
    /// Identifier of one of the program's templates; `None` for `blank`.
    pub template: Option<String>,
    /// A template of the operator's own, in place of one of the program's.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub own_template: Option<Box<Template>>,
}

/// Changes to a tenant; what is `None` stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantEdit {
    /// New name.
    pub name: Option<String>,
    /// New prefix, for keys made from now on.
    pub prefix: Option<String>,
    /// New format, for keys made from now on.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub format: Option<KeyFormat>,
    /// New policy, for keys made or changed from now on.
    pub policy: Option<Policy>,
}

/// An API set of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ApiSetView {
    /// Identifier, unique in its tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The heading it stands under, if any.
    pub group: Option<String>,
    /// What it opens, in words.
    pub description: String,
    /// Since when new keys cannot choose it.
    pub retired_at: Option<DateTime<Utc>>,
    /// How many keys may use it.
    pub keys: u32,
}

/// An API set to be added, or an existing one's new name and group.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ApiSetDraft {
    /// 1 to 64 of letters, digits, `.`, `_`, `-`, `:`, `*`, `/`.
    pub id: String,
    /// What people call it; the identifier if `None`.
    pub name: Option<String>,
    /// The heading it stands under.
    pub group: Option<String>,
    /// What it opens, in words: at most 1 000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<String>"))]
    pub description: String,
}
