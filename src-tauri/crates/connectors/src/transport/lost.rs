use std::error::Error as StdError;
use std::io;

use latchkey_app::ports::Outcome;
use rustls::CertificateError;

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
        let outcome = if error.is_connect() || error.is_builder() { Outcome::NotDone } else { Outcome::Unknown };
        let loss = match tls(error) {
            Some(loss) => loss,
            None if error.is_redirect() => Loss::Redirect(String::new()),
            None if error.is_timeout() => Loss::TimeOut,
            None if error.is_builder() => Loss::Setting(innermost(error)),
            None if error.is_connect() => Loss::NoServer(innermost(error)),
            None => Loss::Broken(innermost(error)),
        };
        // No request is sent before the handshake is over, whatever broke it.
        let outcome = if matches!(loss, Loss::Certificate(_) | Loss::Tls(_)) { Outcome::NotDone } else { outcome };
        Self { loss, outcome }
    }
}

/// What TLS has against the server.
fn tls(error: &reqwest::Error) -> Option<Loss> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let carried = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = inner.downcast_ref::<rustls::Error>();
        if let Some(found) = found.or_else(|| carried.and_then(|carried| carried.downcast_ref::<rustls::Error>())) {
            return Some(match found {
                rustls::Error::InvalidCertificate(reason) => Loss::Certificate(distrust(reason)),
                other => Loss::Tls(other.to_string()),
            });
        }
        cause = inner.source();
    }
    None
}

fn distrust(reason: &CertificateError) -> &'static str {
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::Revoked => "it was revoked",
        CertificateError::UnknownIssuer => "nobody whom this computer trusts has signed it",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is for another name",
        _ => "it is not what it should be",
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    // The outermost would tell the address.
    if error.source().is_none() { "no more is known".to_owned() } else { cause.to_string() }
}
