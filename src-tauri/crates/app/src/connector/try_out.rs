use std::collections::BTreeMap;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::Remote;

use super::show;
use super::try_signed_in::try_signed_in;
use crate::error::{Error, Result};
use crate::ports::{Failure, ListedKey, Renewed, Site, Watch};
use crate::remote::{Credentials, Reached, reach};
use crate::session::Session;
use crate::wire::{Capability, CapabilityWay, Connector, ConnectorTrial, ConnectorTried, ErrorCode, TriedKey};

/// The most keys that a trial shows.
const SHOWN: usize = 20;

/// Asks a server what a connector would ask it, and changes nothing: its API sets and its keys, or, where the vendor
/// lists none, whether the given key works.
///
/// Credentials go by their identifiers, those of the way there too. Where somebody signs in, `answers` are what the
/// connector's questions were answered with, and the session ends with the trial. Fails with `not_found` for the connector;
/// with `invalid_input` on `caution`, `address`, `options`, `credential`, `answers` or a field of the network; with
/// `offline`, `remote_unreachable`, `remote_refused`, `remote_credential`, `remote_throttled` or `cancelled`.
pub fn try_out(
    session: &Session,
    trial: &ConnectorTrial,
    credentials: &Credentials,
    answers: &Credentials,
    watch: &Watch,
) -> Result<ConnectorTried> {
    let connector = show(session, &trial.connector)?;
    if let Some(problem) = &connector.problem {
        return Err(Error::new(ErrorCode::Failed, format!("The connector cannot be used: {problem}."))
            .hint("Correct its file; Latchkey reads it anew each time."));
    }
    let Reached { remote, .. } = reach(session, &connector, &trial.into(), credentials)?;
    if !connector.questions.is_empty() {
        return try_signed_in(session, &connector, remote, credentials, answers, watch);
    }
    let Remote { connector: id, url, options, network } = &remote;
    let renewed = Renewed::default();
    let site = Site { connector: id, url, options, network, credentials, renewed: &renewed };
    let missing = || FieldProblem { name: Field::Credential, rule: Rule::Required };
    let list = connector.capabilities.iter().find(|one| one.capability == Capability::List);
    if list.is_none_or(|list| list.way != CapabilityWay::Native) {
        let key = credentials.get(KEY).ok_or_else(missing)?;
        let checked = session.connectors.check(&site, key, watch).map_err(told)?;
        return Ok(ConnectorTried { checked: Some(checked), ..ConnectorTried::default() });
    }
    if connector.credentials.iter().any(|ask| !credentials.contains_key(&ask.id)) {
        return Err(missing().into());
    }
    listed(session, &site, watch)
}

/// What a server lists.
pub(super) fn listed(session: &Session, site: &Site<'_>, watch: &Watch) -> Result<ConnectorTried> {
    let sets = session.connectors.api_sets(site, watch).map_err(told)?;
    let listing = session.connectors.keys(site, watch).map_err(told)?;
    Ok(ConnectorTried {
        api_sets: sets.into_iter().map(|set| set.name).collect(),
        keys: u32::try_from(listing.keys.len()).unwrap_or(u32::MAX),
        skipped: u32::try_from(listing.skipped).unwrap_or(u32::MAX),
        first: listing.keys.into_iter().take(SHOWN).map(shown).collect(),
        ..ConnectorTried::default()
    })
}

/// Under which identifier a key is given that is to be checked where a vendor lists none.
pub const KEY: &str = "key";

/// What belongs to the address, with defaults for what was not given.
pub(crate) fn options(
    connector: &Connector,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, FieldProblem> {
    let wrong = |rule| FieldProblem { name: Field::Options, rule };
    if given.keys().any(|id| connector.options.iter().all(|ask| ask.id != *id)) {
        return Err(wrong(Rule::Unknown));
    }
    let mut options = BTreeMap::new();
    for ask in &connector.options {
        let typed = given.get(&ask.id).map(|text| text.trim()).filter(|text| !text.is_empty());
        match typed.or(ask.default.as_deref()) {
            Some(value) => _ = options.insert(ask.id.clone(), value.to_owned()),
            // It may be chosen later.
            None if ask.chosen => {}
            None => return Err(wrong(Rule::Required)),
        }
    }
    Ok(options)
}

fn shown(key: ListedKey) -> TriedKey {
    TriedKey {
        name: key.name,
        display: key.display,
        api_sets: key.api_sets,
        everything: key.everything,
        owner: key.owner,
        created_at: key.created_at,
        expires_at: key.expires_at,
        active: key.active,
    }
}

fn told(failure: Failure) -> Error {
    failure.error
}
