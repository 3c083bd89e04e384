use latchkey_domain::remote::Remote;

use super::OwnedSite;
use crate::connector;
use crate::error::Result;
use crate::ports::{ListedSet, Watch};
use crate::session::Session;
use crate::wire::{Capability, CapabilityWay};

/// The API sets that a connector knows by itself; none where its server has to be asked for them.
pub(super) fn known_sets(session: &Session, remote: &Remote) -> Result<Vec<ListedSet>> {
    let connector = connector::show(session, &remote.connector)?;
    let knows = |one: &crate::wire::ConnectorCapability| {
        one.capability == Capability::ApiSets && one.way == CapabilityWay::Composed
    };
    if !connector.capabilities.iter().any(knows) {
        return Ok(Vec::new());
    }
    let site = OwnedSite::bare(remote.clone());
    session.connectors.api_sets(&site.at(), &Watch::default()).map_err(|failure| failure.error)
}
