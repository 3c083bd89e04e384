//! Remote tenants: the same verbs as for local ones, asked of somebody else's server.
//!
//! **Architecture invariant:** a row says what the server said last. A change is asked of the server first and comes into
//! the list when the server has answered; what became of an answer that was lost is found out by asking for the list.

mod add;
mod add_signed_in;
mod again;
mod certificate_file;
mod change;
mod changes;
mod check;
mod connection;
mod credentials;
mod give_up;
mod guide;
mod hand_over;
mod issue;
mod key_file;
mod known_sets;
mod merge;
mod network;
mod open_session;
mod orphan;
mod reach;
mod record;
mod refresh;
mod refreshes;
mod set_connection;
mod set_credential;
mod sign_in;
mod sign_out;
mod sync;
mod tray;
mod unanswered;

use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_domain::key::Key;
use latchkey_domain::remote::Remote;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;

pub use add::add;
pub use add_signed_in::add_signed_in;
pub use certificate_file::{ChosenAuthorities, ChosenCertificate, read_authorities, read_client_certificate};
pub(crate) use change::{edit, revoke, switch};
pub use changes::Changes;
pub use check::check;
pub use connection::connection;
pub(crate) use credentials::{discard, with_credentials};
pub use give_up::give_up;
pub(crate) use guide::{ends_elsewhere, refuse_by_hand};
pub use guide::{guide, open_guide};
pub(crate) use hand_over::issue_to;
use issue::issue;
pub(crate) use key_file::key_in;
pub use key_file::read_key_file;
pub use open_session::{OpenSession, open_session};
pub(crate) use orphan::forget;
pub(crate) use reach::{Reached, reach};
pub use record::record;
pub use refresh::refresh;
pub use refreshes::Refreshes;
pub use set_connection::set_connection;
pub use set_credential::set_credential;
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use sync::sync;
pub use tray::Tray;
pub(crate) use tray::on_clipboard;
pub use unanswered::unanswered;

use crate::error::{Error, Result};
use crate::find;
use crate::ports::{Reader, RemoteCredential, Renewed, SESSION, Site};
use crate::session::Session;
use crate::wire::ErrorCode;

/// What a server is asked with, by the connector's names for it.
pub(crate) type Credentials = BTreeMap<String, Arc<Secret>>;

/// A tenant's server with the credentials out of the vault.
pub(crate) struct OwnedSite {
    /// Whose it is; `None` for what is asked of no server.
    tenant: Option<Tenant>,
    remote: Remote,
    credentials: Credentials,
    places: Vec<RemoteCredential>,
    renewed: Renewed,
}

impl OwnedSite {
    /// Without credentials: for what is asked of no server.
    pub(crate) fn bare(remote: Remote) -> Self {
        Self { tenant: None, remote, credentials: Credentials::new(), places: Vec::new(), renewed: Renewed::default() }
    }

    /// As the connectors take it.
    pub(crate) fn at(&self) -> Site<'_> {
        Site {
            connector: &self.remote.connector,
            url: &self.remote.url,
            options: &self.remote.options,
            network: &self.remote.network,
            credentials: &self.credentials,
            renewed: &self.renewed,
        }
    }

    /// Asks the server; a session that it gives in place of the one that it was asked with goes into the vault.
    pub(crate) fn ask<T>(&self, session: &Session, ask: impl FnOnce(&Site<'_>) -> T) -> T {
        let answer = ask(&self.at());
        if let Some(renewed) = self.renewed.take()
            && let Err(error) = self.keep(session, &renewed)
        {
            tracing::warn!(code = ?error.code(), "a session that a server renewed was not kept");
        }
        answer
    }

    /// In the place of the one before, unless somebody has signed in or out meanwhile.
    fn keep(&self, session: &Session, renewed: &Secret) -> Result<()> {
        let Some(tenant) = &self.tenant else { return Ok(()) };
        session.store.writing(|writer| {
            let places = writer.remote_credentials(tenant.id)?;
            match places.iter().find(|place| place.id == SESSION && self.places.contains(place)) {
                Some(place) => session.vault.put(place.item, &credentials::label(&tenant.name, place), renewed),
                None => Ok(()),
            }
        })
    }
}

/// How a tenant is reached, with its credentials.
///
/// Fails with `not_now` for a local tenant, with `secret_missing` where somebody took a credential out of the vault, and
/// with the vault's codes.
pub(crate) fn site(session: &Session, tenant: &Tenant) -> Result<OwnedSite> {
    site_with(session, tenant, |_| true)
}

/// The same with some of the credentials.
fn site_with(session: &Session, tenant: &Tenant, with: impl Fn(&RemoteCredential) -> bool) -> Result<OwnedSite> {
    let (remote, mut places) = session.store.reading(|reader| {
        let remote = reader.remote(tenant.id)?.ok_or_else(|| local(tenant))?;
        Ok((remote, reader.remote_credentials(tenant.id)?))
    })?;
    places.retain(with);
    let mut credentials = BTreeMap::new();
    for place in &places {
        let secret = session.vault.get(place.item)?.ok_or_else(|| {
            Error::new(
                ErrorCode::SecretMissing,
                format!("The credential of {} is not in the vault any more.", tenant.name),
            )
            .hint("Somebody removed it outside Latchkey. Give the tenant a new one.")
        })?;
        credentials.insert(place.id.clone(), Arc::new(secret));
    }
    Ok(OwnedSite { tenant: Some(tenant.clone()), remote, credentials, places, renewed: Renewed::default() })
}

/// Whether a server has to be asked for a key. One that a person wrote down is changed in the vendor's own pages.
pub(crate) fn has(reader: &dyn Reader, key: &Key) -> Result<bool> {
    Ok(reader.remote_key(key.id)?.is_some_and(|known| known.id.is_some()))
}

/// Fails where a tenant's keys are made by a server: what Latchkey draws itself would be unknown there.
pub(crate) fn refuse(reader: &dyn Reader, tenant: &Tenant) -> Result<()> {
    if reader.remote(tenant.id)?.is_none() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::NotNow, format!("The keys of {} are made by its server.", tenant.name))
        .hint("Generate them one by one, or write down with `latchkey import` those that you have."))
}

/// The tenant of this name, which has to be a remote one.
pub(crate) fn tenant(reader: &dyn Reader, text: &str) -> Result<Tenant> {
    let tenant = find::tenant(reader, text)?;
    if reader.remote(tenant.id)?.is_none() {
        return Err(local(&tenant));
    }
    Ok(tenant)
}

fn local(tenant: &Tenant) -> Error {
    Error::new(ErrorCode::NotNow, format!("{} is a local tenant: this computer is the authority.", tenant.name))
        .hint("There is no server to ask.")
}
