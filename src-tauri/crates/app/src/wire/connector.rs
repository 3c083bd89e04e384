use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ErrorBody, NetworkEdit};

/// A connector: how a vendor is spoken to, and what it can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Connector {
    /// Identifier.
    pub id: String,
    /// What people call the vendor.
    pub name: String,
    /// What its keys are, in a sentence.
    pub about: String,
    /// The page that describes its keys.
    pub page: Option<String>,
    /// Whether it came with the program or is the user's own.
    pub origin: ConnectorOrigin,
    /// Why it cannot be used: what is wrong with the user's file, with the line.
    pub problem: Option<String>,
    /// What the address field says.
    pub address_label: String,
    /// An example of an address.
    pub address_example: String,
    /// Addresses of the vendor's own.
    pub addresses: Vec<ConnectorAddress>,
    /// What else belongs to the address.
    pub options: Vec<ConnectorAsk>,
    /// What is given so that Latchkey may ask.
    pub credentials: Vec<ConnectorAsk>,
    /// What is asked to sign in, where servers let nobody manage keys with a credential.
    pub questions: Vec<ConnectorQuestion>,
    /// What an operator has to accept before a tenant is added with it.
    pub caution: Option<String>,
    /// The program's template whose words and rules its tenants take.
    pub template: String,
    /// What can be done and how, in the order of [`Capability::ALL`].
    pub capabilities: Vec<ConnectorCapability>,
    /// What to know before trusting it.
    pub traps: Vec<String>,
}

/// Where a connector came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ConnectorOrigin {
    /// It came with the program.
    Shipped,
    /// It lies in the profile folder.
    Own,
}

/// An address of the vendor's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorAddress {
    /// What it is.
    pub name: String,
    /// The address.
    pub url: String,
}

/// Something that is asked when a tenant is added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorAsk {
    /// Identifier.
    pub id: String,
    /// What the field says.
    pub label: String,
    /// What is there before something is typed.
    pub default: Option<String>,
    /// What to type, in a sentence.
    pub help: Option<String>,
    /// Whether it is not typed, but chosen of what the server offers to who has signed in.
    pub chosen: bool,
}

/// Something that is asked to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorQuestion {
    /// Identifier.
    pub id: String,
    /// What the field says.
    pub label: String,
    /// What to type, in a sentence.
    pub help: Option<String>,
    /// Whether it is not shown while it is typed.
    pub secret: bool,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What a server offers for an option to who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SignInChoice {
    /// The option.
    pub option: String,
    /// What the option's value is.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it belongs to.
    pub group: Option<String>,
    /// What who has signed in is there.
    pub role: Option<String>,
    /// Whether who has signed in may not choose it.
    pub refused: bool,
    /// Why not, in a sentence of the connector's; without one it is for the role.
    pub why: Option<String>,
}

impl SignInChoice {
    /// Why it cannot be chosen, in a sentence for the command line; the window has its own words where the connector has
    /// none.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.refused.then(|| self.why.as_deref().unwrap_or("Your role there does not permit it."))
    }
}

/// How signing out of a server ended. The session is forgotten either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SignedOut {
    /// Why the server could not be told: the session may go on there.
    pub problem: Option<ErrorBody>,
}

/// Something that is done with keys, and how it is done here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorCapability {
    /// What.
    pub capability: Capability,
    /// How.
    pub way: CapabilityWay,
    /// What a person does where it is guided, a sentence each.
    pub steps: Vec<String>,
}

/// What is done with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Capability {
    List,
    Create,
    Update,
    Disable,
    Revoke,
    Rotate,
    Check,
    ApiSets,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::List, Self::Create, Self::Update, Self::Disable, Self::Revoke, Self::Rotate, Self::Check, Self::ApiSets];
}

/// How something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CapabilityWay {
    /// The server does it.
    Native,
    /// Latchkey does it with several requests.
    Composed,
    /// A person does it in the vendor's own pages, led by Latchkey.
    Guided,
    /// Not at all.
    Impossible,
}

/// A connector is to be tried against a server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorTrial {
    /// The connector.
    pub connector: String,
    /// The server's address.
    pub url: String,
    /// What else belongs to the address; defaults stand for what is left out.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Whether plain HTTP may be spoken to another computer.
    #[serde(default)]
    pub plain_http: bool,
    /// Whether the operator accepts the connector's caution, where it has one.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
    pub accept_caution: bool,
    /// The way there; nothing of it for the system's.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<NetworkEdit>"))]
    pub network: NetworkEdit,
}

/// What a server answered to a trial.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectorTried {
    /// What the server says of the key that was given, where the vendor lists none.
    pub checked: Option<CheckedKey>,
    /// Of what it offers to who has signed in: what was asked with.
    pub chosen: Vec<SignInChoice>,
    /// The names of its API sets.
    pub api_sets: Vec<String>,
    /// How many keys it lists.
    pub keys: u32,
    /// How many rows of its list cannot be understood.
    pub skipped: u32,
    /// The first keys.
    pub first: Vec<TriedKey>,
}

/// A key as a trial found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[allow(missing_docs)] // As those of `KeyView`.
pub struct TriedKey {
    pub name: String,
    pub display: String,
    pub api_sets: Vec<String>,
    /// Whether it may do everything that its creator may.
    pub everything: bool,
    pub owner: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it is switched on.
    pub active: bool,
}

/// What a server says of a key that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckedKey {
    /// It works.
    Valid,
    /// It works, but may not do what was asked.
    Restricted,
    /// The server does not know it.
    Unknown,
    /// It is over.
    Expired,
    /// It, or its account, is switched off.
    Disabled,
}

/// A remote tenant is to be added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RemoteTenantDraft {
    /// Name.
    pub name: String,
    /// Its connector.
    pub connector: String,
    /// The server's address.
    pub url: String,
    /// What else belongs to the address; defaults stand for what is left out.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Whether plain HTTP may be spoken to another computer.
    #[serde(default)]
    pub plain_http: bool,
    /// Whether the operator accepts the connector's caution, where it has one.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
    pub accept_caution: bool,
    /// The way there; nothing of it for the system's.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<NetworkEdit>"))]
    pub network: NetworkEdit,
}

/// What asking a server for its keys came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SyncDone {
    /// Keys that the server lists.
    pub keys: u32,
    /// Those that were not in Latchkey's list.
    pub new: u32,
    /// Those that were changed at the server.
    pub changed: u32,
    /// Keys that the server has no more.
    pub gone: u32,
    /// Rows of the server's list that cannot be understood.
    pub skipped: u32,
}
