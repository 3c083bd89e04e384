use latchkey_domain::key::Key;
use latchkey_domain::remote::Remote;
use latchkey_domain::tenant::Tenant;

use super::{OwnedSite, local, tenant as remote_tenant};
use crate::connector;
use crate::error::{Error, Result};
use crate::ports::{Browser, Guidance, Reader};
use crate::session::Session;
use crate::wire::{Capability, CapabilityWay, ErrorCode, GuideView};

/// What a person does in the vendor's own pages, and where that begins. No server is asked.
///
/// Fails with `not_now` for a local tenant, and where nobody has to do anything there, or nobody can.
pub fn guide(session: &Session, tenant: &str, capability: Capability) -> Result<GuideView> {
    let (tenant, remote) = session.store.reading(|reader| {
        let tenant = remote_tenant(reader, tenant)?;
        let remote = reader.remote(tenant.id)?.ok_or_else(|| local(&tenant))?;
        Ok((tenant, remote))
    })?;
    let found = guidance(session, &remote, capability)?;
    let Guidance { steps, page } = found.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("Nothing of that is done in the pages of {}'s vendor.", tenant.name))
            .hint("`latchkey connector show` says what is done where.")
    })?;
    Ok(GuideView { capability, steps, page })
}

/// Opens the page where that begins in the person's own browser.
///
/// The address comes from the connector and the tenant, never from who asks. It is opened even while Latchkey is to use no
/// network: the browser is no part of it. Fails as [`guide`] does, with `not_now` where no page is known, and with `failed`
/// where there is no browser.
pub fn open_guide(session: &Session, tenant: &str, capability: Capability, browser: &dyn Browser) -> Result<()> {
    let page = guide(session, tenant, capability)?.page.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, "No page of the vendor is known that a browser could open safely.")
            .hint("Sign in to the vendor as you always do, and follow the steps.")
    })?;
    browser.open(&page)
}

/// The connector's steps. Guided is what has some.
fn guidance(session: &Session, remote: &Remote, capability: Capability) -> Result<Option<Guidance>> {
    session.connectors.guide(&OwnedSite::bare(remote.clone()).at(), capability)
}

/// Whether a person makes the keys of a tenant in its vendor's own pages.
pub(crate) fn makes_by_hand(session: &Session, remote: &Remote) -> Result<bool> {
    let connector = connector::show(session, &remote.connector)?;
    let is_it = |capability| capability == Capability::Create;
    Ok(connector.capabilities.iter().any(|one| is_it(one.capability) && one.way == CapabilityWay::Guided))
}

/// Fails where no server makes the keys of a tenant: with what a person does instead, for a key or its successor.
pub(crate) fn refuse_by_hand(session: &Session, tenant: &Tenant, remote: &Remote, before: Option<&Key>) -> Result<()> {
    if !makes_by_hand(session, remote)? {
        return Ok(());
    }
    let name = &tenant.name;
    let hint = match before {
        Some(before) => format!(
            "`latchkey tenant guide \"{name}\" rotate` has the steps. Record the new key with `latchkey key record \
             --succeeds {}`; then retire the old one.",
            before.handle
        ),
        None => format!(
            "`latchkey tenant guide \"{name}\"` has the steps. Record the key with `latchkey key record` once you have it."
        ),
    };
    Err(Error::new(ErrorCode::NotNow, format!("The keys of {name} are made in its vendor's own pages.")).hint(hint))
}

/// Whether ending a key here leaves it working at its vendor, where only a person can end it.
pub(crate) fn ends_elsewhere(session: &Session, reader: &dyn Reader, key: &Key) -> Result<bool> {
    match reader.remote(key.tenant)? {
        Some(remote) if !super::has(reader, key)? => {
            Ok(guidance(session, &remote, Capability::Revoke).is_ok_and(|found| found.is_some()))
        }
        _ => Ok(false),
    }
}
