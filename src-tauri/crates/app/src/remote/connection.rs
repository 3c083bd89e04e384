use chrono::{DateTime, Utc};
use latchkey_domain::remote::{PROXY_SIGN_IN, Remote};
use latchkey_domain::tenant::Tenant;

use super::tenant as remote_tenant;
use crate::error::Result;
use crate::ports::{CertificateFacts, Proxy, Reader, RemoteCredential};
use crate::session::Session;
use crate::wire::{CertificateView, ConnectionView, ProxyChoice};

/// How the server of a tenant is reached. Fails with `not_found`, or `not_now` for a local tenant.
pub fn connection(session: &Session, tenant: &str) -> Result<ConnectionView> {
    let known = session.store.reading(|reader| Known::of(reader, tenant))?;
    Ok(shown(session, &known.remote, &known.stored))
}

/// A certificate as people see it.
pub(super) fn certificate(facts: CertificateFacts, now: DateTime<Utc>) -> CertificateView {
    CertificateView {
        subject: facts.subject,
        expired: facts.expires_at <= now,
        expires_at: facts.expires_at,
        fingerprint: facts.fingerprint,
    }
}

/// What is known of the way to a tenant's server.
pub(super) struct Known {
    pub(super) tenant: Tenant,
    pub(super) remote: Remote,
    /// Where its credentials are.
    pub(super) stored: Vec<RemoteCredential>,
}

impl Known {
    pub(super) fn of(reader: &dyn Reader, tenant: &str) -> Result<Self> {
        let tenant = remote_tenant(reader, tenant)?;
        let remote = reader.remote(tenant.id)?.ok_or_else(|| super::local(&tenant))?;
        let stored = reader.remote_credentials(tenant.id)?;
        Ok(Self { tenant, remote, stored })
    }
}

pub(super) fn shown(session: &Session, remote: &Remote, stored: &[RemoteCredential]) -> ConnectionView {
    let now = session.now();
    let network = &remote.network;
    // They were read when they were taken.
    let authorities = network.authorities.as_deref().and_then(|pem| session.connectors.authorities(pem).ok());
    let authorities = authorities.map(|found| found.certificates).unwrap_or_default();
    ConnectionView {
        connector: remote.connector.clone(),
        url: remote.url.clone(),
        options: remote.options.clone(),
        plain_http: network.plain_http,
        authorities: authorities.into_iter().map(|facts| certificate(facts, now)).collect(),
        client_certificate: network.client.clone().map(|facts| certificate(facts, now)),
        proxy: match &network.proxy {
            Proxy::System => ProxyChoice::System,
            Proxy::None => ProxyChoice::None,
            Proxy::Address(url) => {
                ProxyChoice::Address { url: url.clone(), signs_in: stored.iter().any(|one| one.id == PROXY_SIGN_IN) }
            }
        },
    }
}
