use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use latchkey_app::error::Result;
use latchkey_app::session::Session;
use latchkey_app::wire::{CertificateView, ConnectionEdit, ConnectionView, FileChoice, NetworkEdit, ProxyChoice};
use latchkey_app::{connector, remote};
use latchkey_domain::remote::{CLIENT_CERTIFICATE, PROXY_SIGN_IN};
use latchkey_domain::secret::Secret;

use super::connector::{credentials, pairs};
use crate::args::{RemoteWay, TenantConnection};
use crate::context::{Context, unlock};
use crate::table::facts;

/// Shows how a server is reached, or changes it where something is given.
pub(super) fn run(context: &Context, args: TenantConnection) -> Result<()> {
    let session = context.session()?;
    let before = remote::connection(&session, &args.tenant)?;
    let TenantConnection {
        tenant,
        url,
        options,
        credentials: files,
        keep_credential,
        leave_unanswered,
        way,
        plain_http,
    } = args;
    let asks = if files.credential_file.is_some() {
        connector::show(&session, &before.connector)?.credentials
    } else {
        Vec::new()
    };
    let mut credentials = credentials(context, &asks, &files)?;
    let edit = ConnectionEdit {
        url,
        options: (!options.is_empty())
            .then(|| -> Result<_> {
                let mut all = before.options.clone();
                all.extend(pairs("--option", &options)?);
                Ok(all)
            })
            .transpose()?,
        plain_http,
        network: network(context, &session, &way, &mut credentials)?,
        keep_credential,
        leave_unanswered,
    };
    let shown = if edit == ConnectionEdit::default() && credentials.is_empty() {
        before
    } else {
        unlock(&session)?;
        let changed = remote::set_connection(&session, &context.operator, &tenant, &edit, &credentials)?;
        context.note_waiting(&session);
        changed
    };
    context.output.answer(&shown, || described(&shown))
}

/// What is said of the way to a server; what is secret in it goes to the credentials.
pub(super) fn network(
    context: &Context,
    session: &Session,
    way: &RemoteWay,
    credentials: &mut BTreeMap<String, Arc<Secret>>,
) -> Result<NetworkEdit> {
    let mut edit = NetworkEdit::default();
    if let Some(file) = &way.ca {
        edit.authorities = Some(choice(file));
        if !is_none(file) {
            let chosen = remote::read_authorities(session, file)?;
            chosen.certificates.iter().for_each(|one| warn_where_expired(context, one));
            edit.pem = Some(chosen.pem);
        }
    }
    if let Some(file) = &way.client_certificate {
        edit.client_certificate = Some(choice(file));
        if !is_none(file) {
            let chosen = remote::read_client_certificate(session, file)?;
            warn_where_expired(context, &chosen.certificate);
            if let Ok(opened) = File::open(file) {
                context.warn_where_open(file, &opened);
            }
            credentials.insert(CLIENT_CERTIFICATE.to_owned(), chosen.secret);
        }
    }
    if let Some(file) = &way.proxy_credential {
        credentials.insert(PROXY_SIGN_IN.to_owned(), Arc::new(context.read_secret(file)?));
    }
    edit.proxy = way.proxy.as_deref().map(|text| match text {
        "system" => ProxyChoice::System,
        "none" => ProxyChoice::None,
        url => ProxyChoice::Address { url: url.to_owned(), signs_in: way.proxy_credential.is_some() },
    });
    Ok(edit)
}

fn warn_where_expired(context: &Context, certificate: &CertificateView) {
    if certificate.expired {
        let CertificateView { subject, expires_at, .. } = certificate;
        context.output.warn(&format!("The certificate of {subject} has expired on {}.", expires_at.format("%Y-%m-%d")));
    }
}

fn is_none(file: &Path) -> bool {
    file == Path::new("none")
}

fn choice(file: &Path) -> FileChoice {
    if is_none(file) { FileChoice::None } else { FileChoice::Chosen }
}

fn described(connection: &ConnectionView) -> String {
    let certificates: Vec<_> = connection.authorities.iter().map(described_certificate).collect();
    let options: Vec<_> = connection.options.iter().map(|(id, value)| format!("{id}={value}")).collect();
    let or = |text: String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text };
    facts(&[
        ("Connector", connection.connector.clone()),
        ("Address", connection.url.clone()),
        ("Options", or(options.join("\n"), "none")),
        ("Plain HTTP", if connection.plain_http { "yes, to another computer" } else { "no" }.to_owned()),
        ("Own authorities", or(certificates.join("\n"), "none")),
        ("Client certificate", connection.client_certificate.as_ref().map_or("none".to_owned(), described_certificate)),
        (
            "Proxy",
            match &connection.proxy {
                ProxyChoice::System => "the system's".to_owned(),
                ProxyChoice::None => "none".to_owned(),
                ProxyChoice::Address { url, signs_in: false } => url.clone(),
                ProxyChoice::Address { url, signs_in: true } => format!("{url} with a sign-in"),
            },
        ),
    ])
}

fn described_certificate(certificate: &CertificateView) -> String {
    let end = certificate.expires_at.format("%Y-%m-%d");
    let until = if certificate.expired { format!("expired {end}") } else { format!("until {end}") };
    format!("{}, {until}\n  SHA-256 {}", certificate.subject, certificate.fingerprint)
}
