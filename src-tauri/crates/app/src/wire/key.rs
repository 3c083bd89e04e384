use chrono::{DateTime, Utc};
use latchkey_domain::conventions::Words;
use latchkey_domain::event::EventKind;
use latchkey_domain::expiry::Expiration;
use latchkey_domain::key::{Holding, KeyStatus};
use latchkey_domain::key_format::KeyFormat;
use serde::{Deserialize, Serialize};

use super::{AccessView, BundleNeed, KeyBundle, Lineage, RotationNeed, Succession};

/// A key as lists and details show it. Never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyView {
    /// Identifier (UUID).
    pub id: String,
    /// The public part of the key.
    pub handle: String,
    /// Name of its tenant.
    pub tenant: String,
    /// Identifier of its tenant.
    pub tenant_id: String,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The key as lists show it: prefix, handle, an ellipsis and the last four characters.
    pub display: String,
    /// Identifiers of its API sets.
    pub api_sets: Vec<String>,
    /// The organization it belongs to, where the tenant has them.
    pub organization: Option<String>,
    /// The user groups it belongs to, where the tenant has them.
    pub groups: Vec<String>,
    /// What it is filed under.
    pub tags: Vec<String>,
    /// Who it belongs to.
    pub owner: String,
    /// How its text is made up; `None` for a key that came from elsewhere.
    pub format: Option<KeyFormat>,
    /// Whether a person chose it, or it has under 128 random bits.
    pub weak: bool,
    /// Identifier of the key that it was made to succeed.
    pub succeeds: Option<String>,
    /// Since when a successor takes its place, if one does.
    pub superseded_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub status: KeyStatus,
    /// When it was generated.
    pub created_at: DateTime<Utc>,
    /// When it ends; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether the secret is in the vault.
    pub kept: bool,
    /// The same, and whether it went missing there.
    pub holding: Holding,
    /// Whether the secret was ever copied, downloaded, printed or kept.
    pub handed_over: bool,
}

/// One page of a list of keys.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyPage {
    /// The keys, in the order asked for.
    pub keys: Vec<KeyView>,
    /// Identifiers of those whose rotation is under way.
    pub rotating: Vec<String>,
    /// Identifiers of those that are due for rotation.
    pub due: Vec<String>,
    /// Identifiers of those that are in no bundle of a tenant that has exported some.
    pub in_no_bundle: Vec<String>,
    /// Identifiers of those whose end services were not told.
    pub end_untold: Vec<String>,
    /// What their identifiers of API sets, organizations and user groups stand for.
    pub names: Vec<TenantNames>,
}

/// What identifiers stand for in one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TenantNames {
    /// The tenant's identifier.
    pub tenant_id: String,
    /// API sets.
    pub api_sets: Vec<Named>,
    /// Organizations.
    pub organizations: Vec<Named>,
    /// User groups.
    pub groups: Vec<Named>,
}

/// How many keys a query finds.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyCount {
    /// All of them, whatever the page.
    pub total: u32,
}

/// Which keys to list.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct KeyQuery {
    /// Only this tenant's (identifier); `None` for every tenant.
    pub tenant: Option<String>,
    /// Words; each must begin a word of the name, description, key, owner or an API set.
    pub search: String,
    /// Only these statuses; empty for any.
    pub statuses: Vec<KeyStatus>,
    /// Only keys that may use this API set (identifier).
    pub api_set: Option<String>,
    /// Only this owner's.
    pub owner: Option<String>,
    /// Only keys of this organization (identifier or name).
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub organization: Option<String>,
    /// Only keys whose rotation needs this.
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub rotation: Option<RotationNeed>,
    /// Only keys of which services have to be told this with the next bundle.
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub bundle: Option<BundleNeed>,
    /// Order.
    pub sort: KeySort,
    /// Turned round.
    pub descending: bool,
    /// How many to skip.
    pub offset: u32,
    /// How many at most; 0 for the default of 100, at most 500.
    pub limit: u32,
}

/// Orders of a list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeySort {
    /// By the moment of generation (newest first when descending).
    #[default]
    Created,
    /// By name.
    Name,
    /// By owner.
    Owner,
    /// By end; never comes last.
    Expires,
}

/// What the filters over a list can offer.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyFacets {
    /// Keys by status; every status is there.
    pub statuses: Vec<StatusCount>,
    /// Keys by API set.
    pub api_sets: Vec<NamedCount>,
    /// Keys by owner, most first, at most 100.
    pub owners: Vec<OwnerCount>,
    /// Keys by organization; of one tenant only.
    pub organizations: Vec<NamedCount>,
}

/// Keys of one status.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StatusCount {
    /// The status.
    pub status: KeyStatus,
    /// How many.
    pub keys: u32,
}

/// Keys of one API set or organization.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NamedCount {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// How many.
    pub keys: u32,
}

/// What an identifier stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Named {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// Keys of one owner.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OwnerCount {
    /// The owner.
    pub owner: String,
    /// How many.
    pub keys: u32,
}

/// Everything known of one key.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyDetails {
    /// The key.
    pub key: KeyView,
    /// Why it was revoked, if somebody said.
    pub revoke_reason: Option<String>,
    /// When it was switched off, if it is.
    pub disabled_at: Option<DateTime<Utc>>,
    /// What its server tells of it, where it has one.
    pub remote: Option<RemoteKeyView>,
    /// What bundles have said of it, where its tenant has exported one.
    pub bundle: Option<KeyBundle>,
    /// What it may do, all told.
    pub access: AccessView,
    /// Which keys came before and after it.
    pub lineage: Lineage,
    /// What happened to it, newest first.
    pub events: Vec<EventView>,
}

/// What a server tells of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RemoteKeyView {
    /// What the server calls it by; `None` where a person wrote the key down.
    pub id: Option<String>,
    /// Whether it may do everything that its creator may.
    pub everything: bool,
    /// When it was used last.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// One line of the audit log.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EventView {
    /// Number, rising without a gap.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub sequence: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
    /// Name of the tenant at that time.
    pub tenant: Option<String>,
    /// Handle of the key.
    pub handle: Option<String>,
    /// Name of the key, API set or other subject at that time.
    pub subject: Option<String>,
    /// What exactly changed, in words.
    pub detail: Option<String>,
    /// Why, if the operator said.
    pub reason: Option<String>,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Actor {
    /// The operator's name; `Latchkey` for what the program did by itself at a start.
    pub operator: String,
    /// `window`, `command line` or `start`.
    pub origin: String,
}

/// A key to be generated.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyDraft {
    /// Identifier of the tenant.
    pub tenant: String,
    /// Name: 3 to 100 characters.
    pub name: String,
    /// What it is for: at most 1 000 characters.
    pub description: String,
    /// Who it belongs to; the operator if `None`.
    pub owner: Option<String>,
    /// Identifiers of the API sets.
    pub api_sets: Vec<String>,
    /// The organization it belongs to, by identifier or name, where the tenant has them.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub organization: Option<String>,
    /// The user groups it belongs to, by identifier or name, where the tenant has them.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
    pub groups: Vec<String>,
    /// What it is filed under: at most 20 tags of at most 40 characters, without commas.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
    pub tags: Vec<String>,
    /// When it ends.
    pub expires: Expiration,
}

/// Changes to a key; what is `None` stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct KeyEdit {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New owner.
    pub owner: Option<String>,
    /// New API sets, all of them.
    pub api_sets: Option<Vec<String>>,
    /// New organization.
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub organization: Option<String>,
    /// New user groups, all of them.
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub groups: Option<Vec<String>>,
    /// New tags, all of them.
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub tags: Option<Vec<String>>,
    /// New end.
    pub expires: Option<Expiration>,
}

/// A key that was just generated, as the Save window gets it. The secret stays in Rust.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NewKey {
    /// The key.
    pub key: KeyView,
    /// What may be shown of the secret: `<prefix>_<handle>_`.
    pub visible: String,
    /// How many characters stay masked behind it.
    pub masked: u32,
    /// The file name that Download proposes.
    pub file_name: String,
    /// Whether the secret was kept already, by the tenant's policy.
    pub kept: bool,
    /// Whether it may be kept.
    pub may_keep: bool,
    /// Other keys of the tenant with the same name.
    pub same_name: u32,
    /// What stands before the key in the header that it is sent in; `None` where the tenant does not say.
    pub header: Option<String>,
    /// The words of the system that the tenant's template comes from.
    pub words: Words,
    /// Whose place it takes, where it was made by a rotation.
    pub succession: Option<Succession>,
}
