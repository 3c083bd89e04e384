use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::{CLIENT_CERTIFICATE, PROXY_SIGN_IN, is_of_the_way};
use latchkey_domain::secret::Secret;

use crate::error::Result;
use crate::ports::{Network, Proxy, RemoteCredential};
use crate::session::Session;
use crate::wire::{FileChoice, NetworkEdit, ProxyChoice};

/// The way to a server as it will be.
pub(super) struct Changed {
    pub(super) network: Network,
    /// Credentials that are not needed any more.
    pub(super) gone: Vec<&'static str>,
    /// What changes, for the audit log.
    pub(super) told: Vec<String>,
}

/// Follows an edit. `stored` are the credentials in the vault, `given` those that come with the edit.
///
/// Fails with `invalid_input` on `authorities`, `client_certificate`, `proxy` or `proxy_credential`.
pub(super) fn changed(
    session: &Session,
    before: &Network,
    edit: &NetworkEdit,
    stored: &[RemoteCredential],
    given: &BTreeMap<String, Arc<Secret>>,
) -> Result<Changed> {
    let mut changed = Changed { network: before.clone(), gone: Vec::new(), told: Vec::new() };
    authorities(session, &mut changed, edit)?;
    client_certificate(session, &mut changed, edit.client_certificate, given)?;
    if let Some(choice) = &edit.proxy {
        proxy(session, &mut changed, choice, stored, given)?;
    }
    // What came along without being asked for would lie in the vault, and nobody would know of it.
    let wanted = |id: &str| match id {
        CLIENT_CERTIFICATE => edit.client_certificate == Some(FileChoice::Chosen),
        _ => matches!(edit.proxy, Some(ProxyChoice::Address { signs_in: true, .. })),
    };
    if given.keys().any(|id| is_of_the_way(id) && !wanted(id)) {
        return Err(problem(Field::Credential, Rule::Unknown));
    }
    Ok(changed)
}

fn authorities(session: &Session, changed: &mut Changed, edit: &NetworkEdit) -> Result<()> {
    match edit.authorities {
        None => {}
        Some(FileChoice::None) => {
            let none = changed.network.authorities.take().map(|_| "no own authorities".to_owned());
            changed.told.extend(none);
        }
        Some(FileChoice::Chosen) => {
            let pem = edit.pem.as_deref().ok_or_else(|| problem(Field::Authorities, Rule::Required))?;
            let found = session.connectors.authorities(pem)?;
            let subjects: Vec<_> = found.certificates.into_iter().map(|one| one.subject).collect();
            changed.told.push(format!("authorities: {}", subjects.join(", ")));
            changed.network.authorities = Some(found.pem);
        }
    }
    Ok(())
}

fn client_certificate(
    session: &Session,
    changed: &mut Changed,
    choice: Option<FileChoice>,
    given: &BTreeMap<String, Arc<Secret>>,
) -> Result<()> {
    match choice {
        None => {}
        Some(FileChoice::None) => {
            if changed.network.client_certificate {
                changed.gone.push(CLIENT_CERTIFICATE);
                changed.told.push("no client certificate".to_owned());
            }
            (changed.network.client_certificate, changed.network.client) = (false, None);
        }
        Some(FileChoice::Chosen) => {
            let missing = || problem(Field::ClientCertificate, Rule::Required);
            let facts = session.connectors.client_certificate(given.get(CLIENT_CERTIFICATE).ok_or_else(missing)?)?;
            changed.told.push(format!("client certificate: {}", facts.subject));
            (changed.network.client_certificate, changed.network.client) = (true, Some(facts));
        }
    }
    Ok(())
}

fn proxy(
    session: &Session,
    changed: &mut Changed,
    choice: &ProxyChoice,
    stored: &[RemoteCredential],
    given: &BTreeMap<String, Arc<Secret>>,
) -> Result<()> {
    let (proxy, signs_in) = match choice {
        ProxyChoice::System => (Proxy::System, false),
        ProxyChoice::None => (Proxy::None, false),
        ProxyChoice::Address { url, signs_in } => (Proxy::Address(session.connectors.proxy(url)?), *signs_in),
    };
    let is_stored = stored.iter().any(|one| one.id == PROXY_SIGN_IN);
    let is_same = proxy == changed.network.proxy;
    if signs_in {
        match given.get(PROXY_SIGN_IN) {
            Some(typed) if !is_sign_in(typed.expose()) => {
                return Err(problem(Field::ProxyCredential, Rule::NotASignIn));
            }
            Some(_) => {}
            // What was given for one proxy is not shown to another.
            None if is_stored && is_same => {}
            None => return Err(problem(Field::ProxyCredential, Rule::Required)),
        }
    } else if is_stored {
        changed.gone.push(PROXY_SIGN_IN);
    }
    if !is_same || given.contains_key(PROXY_SIGN_IN) || (is_stored && !signs_in) {
        changed.told.push(match &proxy {
            Proxy::System => "the system's proxy".to_owned(),
            Proxy::None => "no proxy".to_owned(),
            Proxy::Address(url) if signs_in => format!("proxy {url} with a sign-in"),
            Proxy::Address(url) => format!("proxy {url}"),
        });
    }
    changed.network.proxy = proxy;
    Ok(())
}

fn is_sign_in(text: &str) -> bool {
    text.split_once(':').is_some_and(|(user, _)| !user.is_empty()) && !text.chars().any(char::is_control)
}

fn problem(name: Field, rule: Rule) -> crate::error::Error {
    FieldProblem { name, rule }.into()
}
