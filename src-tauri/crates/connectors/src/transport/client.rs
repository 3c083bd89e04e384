use bytes::Bytes;
use latchkey_app::ports::{Network, Outcome, Proxy};
use latchkey_domain::field::Rule;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Request};

use super::{Loss, Lost, Patience, Proofs, address};
use crate::manifest::Method;
use crate::request::Outgoing;

/// The most redirects that are followed, all within one server.
const REDIRECTS: usize = 5;

/// What decides which client a request needs, beside the tenant's network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// To this computer itself.
    pub(super) loopback: bool,
    /// A request that only reads.
    pub(super) reads: bool,
}

/// A client that reaches servers as a tenant wants it.
pub(super) fn build(patience: &Patience, network: &Network, proofs: Proofs<'_>, way: Way) -> Result<Client, Lost> {
    let setting = |what: String| Lost { loss: Loss::Setting(what), outcome: Outcome::NotDone };
    let mut builder = Client::builder()
        .user_agent(concat!("Latchkey/", env!("CARGO_PKG_VERSION")))
        .referer(false)
        .redirect(if way.reads { within_server() } else { Policy::none() })
        .connect_timeout(patience.connect)
        .timeout(patience.answer)
        .retry(reqwest::retry::never());
    if !way.reads {
        // One that was kept may be closed by the server at this very moment, and then nobody knows what was done.
        builder = builder.pool_max_idle_per_host(0);
    }
    builder = match &network.proxy {
        // What this computer says to itself is nobody else's business.
        _ if way.loopback => builder.no_proxy(),
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::Address(address) => {
            let url = address::proxy(address).map_err(|rule| {
                setting(match rule {
                    Rule::PasswordInside => "the proxy's address has a user or a password in it".to_owned(),
                    _ => "the proxy's address begins with http://, https:// or socks5://".to_owned(),
                })
            })?;
            let mut proxy = reqwest::Proxy::all(url).map_err(|_| setting("the proxy's address is none".to_owned()))?;
            if let Some((user, password)) = proofs.proxy.and_then(|typed| typed.expose().split_once(':')) {
                proxy = proxy.basic_auth(user, password);
            }
            builder.no_proxy().proxy(proxy)
        }
    };
    if let Some(authorities) = &network.authorities {
        let certificates = Certificate::from_pem_bundle(authorities.as_bytes()).unwrap_or_default();
        if certificates.is_empty() {
            return Err(setting("the authorities are no certificates in PEM".to_owned()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(certificate) = proofs.certificate {
        let identity = Identity::from_pem(certificate.expose().as_bytes())
            .map_err(|_| setting("the client certificate with its key is no PEM".to_owned()))?;
        builder = builder.identity(identity);
    }
    // What the system or the program brings along has been tried by then.
    builder.build().map_err(|error| match &network.authorities {
        Some(_) => setting("the authorities are no certificates in PEM".to_owned()),
        None => Lost::of(&error),
    })
}

/// A credential goes to the server that it was given for and to no other. What changes something is never sent twice, so
/// for that no redirect is followed at all.
fn within_server() -> Policy {
    Policy::custom(|attempt| {
        let from = attempt.previous().first();
        let same = from.is_some_and(|from| from.origin() == attempt.url().origin());
        if same && attempt.previous().len() <= REDIRECTS { attempt.follow() } else { attempt.stop() }
    })
}

/// A request of this client. Its time-out counts from here.
pub(super) fn request(client: &Client, outgoing: &Outgoing) -> Result<Request, reqwest::Error> {
    let method = match outgoing.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut request = client.request(method, outgoing.url.clone()).headers(outgoing.headers.clone());
    if let Some(body) = &outgoing.body {
        // Wiped when the client is done with it.
        request = request.body(Bytes::from_owner(body.clone()));
    }
    request.build()
}
