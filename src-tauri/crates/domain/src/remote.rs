//! Remote tenants: where keys are issued by somebody else's server.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which credential of a tenant is a client certificate with its key, as PEM.
pub const CLIENT_CERTIFICATE: &str = "client-certificate";

/// Which credential of a tenant is the user and the password of its proxy, as `user:password`.
pub const PROXY_SIGN_IN: &str = "proxy";

/// Whether a credential belongs to the way to a server: no connector asks for it, and no server gets it in a request.
#[must_use]
pub fn is_of_the_way(credential: &str) -> bool {
    matches!(credential, CLIENT_CERTIFICATE | PROXY_SIGN_IN)
}

/// Scheme, host and port of an address as connectors write it: what a credential is given for.
#[must_use]
pub fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    &url[..end]
}

/// The server's name in an address, without the port; of IPv6 with its brackets.
#[must_use]
pub fn host(url: &str) -> &str {
    let origin = origin(url);
    let host = &origin[origin.find("://").map_or(0, |at| at + 3)..];
    let port = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    &host[..port.unwrap_or(host.len())]
}

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
    /// A client certificate with its key lies in the vault; given with the credentials as [`CLIENT_CERTIFICATE`].
    pub client_certificate: bool,
    /// What that certificate says of itself; its key is nowhere but in the vault.
    pub client: Option<CertificateFacts>,
    /// Through which proxy.
    pub proxy: Proxy,
}

/// What a certificate says of itself, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Whose it is.
    pub subject: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// SHA-256 of it, in pairs of hexadecimal digits.
    pub fingerprint: String,
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

#[cfg(test)]
mod tests {
    use super::{Network, host, origin};

    #[test]
    fn a_credential_is_given_for_scheme_host_and_port() {
        for (url, same, name) in [
            ("https://a.example.com/", "https://a.example.com", "a.example.com"),
            ("https://a.example.com/base/", "https://a.example.com", "a.example.com"),
            ("https://a.example.com:8443/base", "https://a.example.com:8443", "a.example.com"),
            ("http://[::1]:1/", "http://[::1]:1", "[::1]"),
            ("http://[::1]", "http://[::1]", "[::1]"),
            ("https://a.example.com", "https://a.example.com", "a.example.com"),
        ] {
            assert_eq!((origin(url), host(url)), (same, name), "{url}");
        }
    }

    #[test]
    fn what_was_written_before_there_were_facts_of_the_certificate_is_read() {
        let network: Network =
            serde_json::from_str(r#"{"client_certificate":true,"proxy":{"address":"http://p"}}"#).unwrap();
        assert!(network.client_certificate && network.client.is_none());
    }
}
