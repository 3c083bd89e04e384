//! Remote tenants: where keys are issued by somebody else's server.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How a remote tenant is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The connector's identifier.
    pub connector: String,
    /// The server's address.
    pub url: String,
    /// What else belongs to the address, by the connector's names for it.
    pub options: BTreeMap<String, String>,
    /// The way there.
    pub network: Network,
}

/// The way to a server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Whether plain HTTP may be spoken to another computer.
    pub plain_http: bool,
    /// Certificates of the tenant's own authorities beside the system's, as PEM.
    pub authorities: Option<String>,
    /// A client certificate with its key lies in the vault; given with the credentials as `client-certificate`.
    pub client_certificate: bool,
    /// Through which proxy.
    pub proxy: Proxy,
}

/// Through which proxy a server is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// Through none.
    None,
    /// Through this one: `http://`, `https://` or `socks5://` with host and port.
    Address(String),
}

/// What is known of a remote tenant's key beside what is known of every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteKey {
    /// What the server calls it by; `None` where a person wrote the key down and the server lists none.
    pub id: Option<String>,
    /// Whether it may do everything that its creator may.
    pub everything: bool,
    /// When it was used last.
    pub last_used_at: Option<DateTime<Utc>>,
}
