use std::error::Error as StdError;
use std::io;

use latchkey_app::ports::Outcome;
use rustls::{AlertDescription, CertificateError};

/// A request that got no answer, or none that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Why.
    pub loss: Loss,
    /// What became of it at the server.
    pub outcome: Outcome,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The network is not to be used.
    Offline,
    /// The operator cancelled it.
    Cancelled,
    /// The address is none.
    Address(String),
    /// Plain HTTP to another computer.
    PlainHttp,
    /// The server's name is not known, or nobody listens there.
    NoServer(String),
    /// The server's certificate is not to be trusted, and why.
    Certificate(&'static str),
    /// An encrypted connection could not be made.
    Tls(String),
    /// The certificates or the proxy that the tenant names cannot be used.
    Setting(String),
    /// It took too long.
    TimeOut,
    /// The server leads to another place, on this host.
    Redirect(String),
    /// The answer is larger than any that is wanted.
    TooLarge,
    /// The connection broke, or what came is no HTTP.
    Broken(String),
}

impl Lost {
    pub(super) fn not_sent(loss: Loss) -> Self {
        Self { loss, outcome: Outcome::NotDone }
    }

    pub(super) fn broken(what: &str) -> Self {
        Self { loss: Loss::Broken(what.to_owned()), outcome: Outcome::Unknown }
    }

    /// Whether trying again may help.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self.loss, Loss::NoServer(_) | Loss::TimeOut | Loss::Broken(_))
    }

    /// What the client says, without the address: it is the caller's to tell or to keep.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        // Nothing is sent before a connection stands.
        let never_sent = error.is_connect() || error.is_builder();
        let (loss, refused) = match tls(error) {
            Some(found) => found,
            None if error.is_redirect() => (Loss::Redirect(String::new()), false),
            None if error.is_timeout() => (Loss::TimeOut, false),
            None if error.is_builder() => (Loss::Setting(innermost(error)), false),
            None if error.is_connect() && broke_off(error) => {
                (Loss::Tls("the connection was closed before it was one".to_owned()), true)
            }
            None if error.is_connect() => (Loss::NoServer(innermost(error)), false),
            None => (Loss::Broken(innermost(error)), false),
        };
        Self { loss, outcome: if never_sent || refused { Outcome::NotDone } else { Outcome::Unknown } }
    }
}

/// What TLS has against the other side, and whether that was before any request was looked at.
fn tls(error: &reqwest::Error) -> Option<(Loss, bool)> {
    let found = causes(error).into_iter().find_map(|cause| cause.downcast_ref::<rustls::Error>())?;
    let refusal = match found {
        rustls::Error::InvalidCertificate(reason) => return Some((Loss::Certificate(distrust(reason)), true)),
        // The client's own certificate is looked at after the client may already have sent something.
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
                Some("it wants a client certificate")
            }
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied => Some("it does not take the client certificate"),
            _ => None,
        },
        _ => None,
    };
    Some((Loss::Tls(refusal.map_or_else(|| found.to_string(), str::to_owned)), refusal.is_some()))
}

/// Whether the connection ended although more was to come.
fn broke_off(error: &reqwest::Error) -> bool {
    let is_end = |cause: &io::Error| cause.kind() == io::ErrorKind::UnexpectedEof;
    causes(error).into_iter().any(|cause| cause.downcast_ref().is_some_and(is_end))
}

/// Everything that led to an error. What an [`io::Error`] carries is not its source, but the cause all the same.
fn causes(error: &reqwest::Error) -> Vec<&(dyn StdError + 'static)> {
    let mut found = Vec::new();
    let mut next: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(cause) = next {
        found.push(cause);
        let carried = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = carried.map_or_else(|| cause.source(), |carried| Some(carried));
    }
    found
}

fn distrust(reason: &CertificateError) -> &'static str {
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::Revoked => "it was revoked",
        // A bad signature is that of another authority with the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "nobody whom this computer trusts has signed it"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is for another name",
        _ => "it is not what it should be",
    }
}

fn innermost(error: &reqwest::Error) -> String {
    // The outermost would tell the address.
    causes(error).last().map_or_else(|| "no more is known".to_owned(), ToString::to_string)
}
