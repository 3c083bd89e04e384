use latchkey_domain::api_set::ApiSet;
use latchkey_domain::event::EventKind;
use latchkey_domain::tenant::Tenant;

use super::known_sets::known_sets;
use super::{merge, orphan, site, tenant as remote_tenant};
use crate::error::{Error, Result};
use crate::ports::{Failure, ListedKey, ListedSet, NewEvent, Watch, Writer};
use crate::recover;
use crate::rotation;
use crate::session::{Operator, Session};
use crate::wire::{Capability, CapabilityWay, ErrorCode, SyncDone};

/// How often a list is asked for again because keys were changed meanwhile.
const ATTEMPTS: u32 = 5;

/// Asks a remote tenant's server for its API sets and its keys and brings the list in line with them.
///
/// What was changed there is noted in the audit log as drift; what somebody asked for and never got an answer to is
/// found. Fails with `not_now` for a local tenant, and with the codes of the network; then the tenant says why, and since
/// when its list is old. Cancelled or offline, the server was not asked, and the tenant says what it said before.
pub fn sync(session: &Session, operator: &Operator, tenant: &str, watch: &Watch) -> Result<SyncDone> {
    for _ in 0..ATTEMPTS {
        let (tenant, at) = session.store.reading(|reader| {
            let tenant = remote_tenant(reader, tenant)?;
            let at = reader.remote(tenant.id)?;
            Ok((tenant, at))
        })?;
        let (sets, keys, skipped) = match ask(session, &tenant, watch) {
            Ok(Some(answer)) => answer,
            // There is nothing to be old, but the connector itself may know other API sets by now.
            Ok(None) => {
                let remote = session.store.reading(|reader| reader.remote(tenant.id))?;
                let sets = remote.map(|remote| known_sets(session, &remote)).transpose()?.unwrap_or_default();
                session.store.writing(|writer| catalogue(writer, &tenant, &sets))?;
                return Ok(SyncDone::default());
            }
            Err(error) => {
                let now = session.now();
                if !matches!(error.code(), ErrorCode::Cancelled | ErrorCode::Offline) {
                    session.store.writing(|writer| writer.note_asked(tenant.id, now, Err(error.body())))?;
                }
                return Err(error);
            }
        };
        let skipped = u32::try_from(skipped).unwrap_or(u32::MAX);
        let taken = session.store.writing(|writer| {
            // Another server may stand behind the tenant by now.
            if writer.remote(tenant.id)? != at {
                return Ok(None);
            }
            take(session, operator, writer, &tenant, &sets, (&keys, skipped))
        })?;
        if let Some(done) = taken {
            recover::finish_own(session);
            rotation::settle_at_server(session, tenant.id)?;
            return Ok(done);
        }
    }
    Err(Error::new(ErrorCode::NotNow, "Keys of this tenant are being changed all the time.")
        .hint("Refresh it when that is over."))
}

/// Takes what the server listed; `None` where somebody has changed keys since it was asked: the list may be from before
/// that, and would take the change back.
fn take(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    before: &Tenant,
    sets: &[ListedSet],
    (keys, skipped): (&[ListedKey], u32),
) -> Result<Option<SyncDone>> {
    let tenant = remote_tenant(writer, &before.id.to_string())?;
    if tenant.sequence != before.sequence {
        return Ok(None);
    }
    let now = session.now();
    catalogue(writer, &tenant, sets)?;
    // Before the keys themselves are taken: which of them somebody asked for and never got.
    orphan::find(session, operator, writer, &tenant, keys, skipped)?;
    let done = merge::merge(session, operator, writer, &tenant, keys, skipped)?;
    writer.note_asked(tenant.id, now, Ok(skipped))?;
    if done.new > 0 {
        writer.add_event(&NewEvent {
            detail: Some(format!("{} keys found", done.new)),
            ..operator.tenant_event(now, EventKind::TenantSynced, &tenant)
        })?;
    }
    Ok(Some(done))
}

type Answer = (Vec<ListedSet>, Vec<ListedKey>, usize);

/// What the server says; `None` where it lists no keys.
fn ask(session: &Session, tenant: &Tenant, watch: &Watch) -> Result<Option<Answer>> {
    let site = site(session, tenant)?;
    let connector = crate::connector::show(session, site.at().connector)?;
    let lists =
        |one: &crate::wire::ConnectorCapability| one.capability == Capability::List && one.way == CapabilityWay::Native;
    if !connector.capabilities.iter().any(lists) {
        return Ok(None);
    }
    let told = |failure: Failure| failure.error;
    let sets = session.connectors.api_sets(&site.at(), watch).map_err(told)?;
    let listing = site.ask(session, |at| session.connectors.keys(at, watch)).map_err(told)?;
    Ok(Some((sets, listing.keys, listing.skipped)))
}

/// Adds the server's API sets to the tenant's; those that it has no more are retired, since keys may have them still.
pub(super) fn catalogue(writer: &mut dyn Writer, tenant: &Tenant, sets: &[ListedSet]) -> Result<()> {
    let known = writer.api_sets(tenant.id)?;
    for set in sets {
        let ListedSet { id, name, group, description } = set.clone();
        let group = Some(group).filter(|group| !group.is_empty());
        let after = ApiSet { id, name, group, description, retired_at: None };
        match known.iter().find(|(before, _)| before.id == set.id) {
            None => writer.add_api_set(tenant.id, &after)?,
            Some((before, _)) if *before != after => writer.update_api_set(tenant.id, &after)?,
            Some(_) => {}
        }
    }
    Ok(())
}
