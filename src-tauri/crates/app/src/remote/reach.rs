use std::collections::BTreeMap;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::{Network, Remote};

use super::{Credentials, network};
use crate::connector;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::wire::{Connector, ConnectorTrial, NetworkEdit, RemoteTenantDraft};

/// Where a server is and how it is reached, as it was typed.
pub(crate) struct Place<'a> {
    url: &'a str,
    options: &'a BTreeMap<String, String>,
    plain_http: bool,
    accept_caution: bool,
    network: &'a NetworkEdit,
}

impl<'a> From<&'a RemoteTenantDraft> for Place<'a> {
    fn from(draft: &'a RemoteTenantDraft) -> Self {
        let RemoteTenantDraft { name: _, connector: _, url, options, plain_http, accept_caution, network } = draft;
        Self { url, options, plain_http: *plain_http, accept_caution: *accept_caution, network }
    }
}

impl<'a> From<&'a ConnectorTrial> for Place<'a> {
    fn from(trial: &'a ConnectorTrial) -> Self {
        let ConnectorTrial { connector: _, url, options, plain_http, accept_caution, network } = trial;
        Self { url, options, plain_http: *plain_http, accept_caution: *accept_caution, network }
    }
}

/// A server that can be asked, as far as that is known without asking it.
pub(crate) struct Reached {
    pub(crate) remote: Remote,
    /// What is said of the way there, for the audit log.
    pub(crate) told: Vec<String>,
}

/// Checks all that can be checked without the server. Of `credentials`, those that belong to the way there are read.
///
/// Fails with `invalid_input` on `caution`, `address`, `options`, `credential` or a field of the network.
pub(crate) fn reach(
    session: &Session,
    connector: &Connector,
    place: &Place<'_>,
    credentials: &Credentials,
) -> Result<Reached> {
    if let Some(caution) = connector.caution.as_ref().filter(|_| !place.accept_caution) {
        let problem = FieldProblem { name: Field::Caution, rule: Rule::Required };
        return Err(Error::at(problem, caution.clone()).hint("Accept it with `--accept-caution`, or leave it be."));
    }
    let url = session.connectors.address(place.url)?;
    let options = connector::options(connector, place.options)?;
    let way = network::changed(session, &Network::default(), place.network, &[], credentials)?;
    let plain_http = place.plain_http && session.connectors.is_plain(&url);
    let network = Network { plain_http, ..way.network };
    Ok(Reached { remote: Remote { connector: connector.id.clone(), url, options, network }, told: way.told })
}
