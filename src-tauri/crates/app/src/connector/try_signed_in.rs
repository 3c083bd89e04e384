use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::{Remote, host};

use super::try_out::listed;
use crate::error::{Error, Result};
use crate::ports::Watch;
use crate::remote::{Credentials, OpenSession};
use crate::session::Session;
use crate::wire::{Connector, ConnectorAsk, ConnectorTried, ErrorCode, ServerFault, ServerProblem, SignInChoice};

/// Tries a connector in a session of its own, which ends with the trial.
pub(super) fn try_signed_in(
    session: &Session,
    connector: &Connector,
    remote: Remote,
    credentials: &Credentials,
    answers: &Credentials,
    watch: &Watch,
) -> Result<ConnectorTried> {
    let mut open = OpenSession::begin(session, connector, remote, credentials, answers, watch)?;
    let tried = in_session(session, connector, &mut open, watch);
    open.leave(session);
    tried
}

fn in_session(
    session: &Session,
    connector: &Connector,
    open: &mut OpenSession,
    watch: &Watch,
) -> Result<ConnectorTried> {
    let mut chosen = Vec::new();
    for ask in connector.options.iter().filter(|ask| ask.chosen) {
        let one = choice(open, ask)?.clone();
        open.remote.options.insert(ask.id.clone(), one.id.clone());
        chosen.push(one);
    }
    let tried = open.ask(|at| listed(session, at, watch))?;
    Ok(ConnectorTried { chosen, ..tried })
}

/// What was named of what the server offers; without a name the first one that can be chosen.
fn choice<'o>(open: &'o OpenSession, ask: &ConnectorAsk) -> Result<&'o SignInChoice> {
    let at = |rule| FieldProblem { name: Field::Options, rule };
    let mut offered = open.choices.iter().filter(|one| one.option == ask.id);
    let Some(wanted) = open.remote.options.get(&ask.id) else {
        let first = open.choices.iter().find(|one| one.option == ask.id && !one.refused);
        return first.ok_or_else(|| nothing(open, ask));
    };
    let one = offered.find(|one| one.id == *wanted).ok_or_else(|| at(Rule::Unknown))?;
    match one.reason() {
        Some(why) => Err(Error::at(at(Rule::NotForYou), format!("{} cannot be chosen: {why}", one.name))),
        None => Ok(one),
    }
}

fn nothing(open: &OpenSession, ask: &ConnectorAsk) -> Error {
    let offered = open.choices.iter().find(|one| one.option == ask.id);
    let why = offered.and_then(|one| one.why.clone());
    Error::new(ErrorCode::RemoteRefused, format!("The server offers you nothing as {}.", ask.label))
        .hint(offered.and_then(SignInChoice::reason).unwrap_or("Sign in as somebody else."))
        .of_server(ServerProblem {
            host: host(&open.remote.url).to_owned(),
            fault: ServerFault::NotForYou,
            status: None,
            seconds: None,
            said: Some(why.unwrap_or_else(|| ask.label.clone())),
            advice: None,
        })
}
