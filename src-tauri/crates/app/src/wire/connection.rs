use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How the server of a remote tenant is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConnectionView {
    /// The connector's identifier.
    pub connector: String,
    /// The server's address.
    pub url: String,
    /// What else belongs to the address.
    pub options: BTreeMap<String, String>,
    /// Whether plain HTTP is spoken to another computer.
    pub plain_http: bool,
    /// The tenant's own authorities beside the system's.
    pub authorities: Vec<CertificateView>,
    /// What is shown to the server where it asks for a certificate; its key is in the vault.
    pub client_certificate: Option<CertificateView>,
    /// Through which proxy.
    pub proxy: ProxyChoice,
}

/// A certificate, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CertificateView {
    /// Whose it is.
    pub subject: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether that is over.
    pub expired: bool,
    /// SHA-256 of it, in pairs of hexadecimal digits.
    pub fingerprint: String,
}

/// Through which proxy a server is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProxyChoice {
    /// As the system says.
    System,
    /// Through none.
    None,
    /// Through this one.
    Address {
        /// Its address, without a user or a password.
        url: String,
        /// Whether it wants a user and a password; they are in the vault, given as the credential `proxy`.
        signs_in: bool,
    },
}

/// What becomes of a file that belongs to the way to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileChoice {
    /// There is none any more.
    None,
    /// The one that the operator chose.
    Chosen,
}

/// Changes to the way to a server; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct NetworkEdit {
    /// Own authorities.
    pub authorities: Option<FileChoice>,
    /// The client certificate; with its key it goes with the credentials, as `client-certificate`.
    pub client_certificate: Option<FileChoice>,
    /// The proxy.
    pub proxy: Option<ProxyChoice>,
    /// What the chosen file of authorities has. Rust reads it; the web view neither gives nor gets it.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub pem: Option<String>,
}

/// Changes to how the server of a remote tenant is reached; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct ConnectionEdit {
    /// The server's address.
    pub url: Option<String>,
    /// What else belongs to the address, all of it; defaults stand for what is left out.
    pub options: Option<BTreeMap<String, String>>,
    /// Whether plain HTTP may be spoken to another computer.
    pub plain_http: Option<bool>,
    /// The way there.
    pub network: NetworkEdit,
    /// Another server may have the credential that was given for this one. The operator says so where the web view
    /// has no say.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub keep_credential: bool,
    /// Keys that the server was asked for without an answer are not looked for any more, where the edit leads elsewhere.
    /// The operator says so, as above.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub leave_unanswered: bool,
}
