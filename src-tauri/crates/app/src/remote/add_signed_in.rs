use latchkey_domain::field::{Field, FieldProblem, Rule};

use super::add::{Prepared, enlist, prepare};
use super::open_session::OpenSession;
use crate::error::{Error, Result};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, RemoteTenantDraft, TenantView};

/// Adds a remote tenant in a session that was opened for it; the session goes into the vault.
///
/// Fails as [`super::add`] does, on `options` where what has to be chosen is not or is not for who has signed in, and with
/// `not_now` where the session was opened with another server. The session stays open then.
pub fn add_signed_in(
    session: &Session,
    operator: &Operator,
    draft: &RemoteTenantDraft,
    open: &OpenSession,
) -> Result<TenantView> {
    let prepared = prepare(session, draft, &open.credentials)?;
    let (wanted, given) = (&prepared.remote, &open.remote);
    if (&wanted.connector, &wanted.url, &wanted.network) != (&given.connector, &given.url, &given.network) {
        return Err(Error::new(ErrorCode::NotNow, "You have signed in to another server.").hint("Sign in to this one."));
    }
    check_choices(&prepared, open)?;
    enlist(session, operator, prepared, &open.credentials)
}

/// That what is chosen is among what the server offers to who has signed in, and for them.
fn check_choices(prepared: &Prepared, open: &OpenSession) -> Result<()> {
    let at = |rule| FieldProblem { name: Field::Options, rule };
    for ask in prepared.connector.options.iter().filter(|ask| ask.chosen) {
        let wanted = prepared.remote.options.get(&ask.id).ok_or_else(|| at(Rule::Required))?;
        let offered = open.choices.iter().find(|one| one.option == ask.id && one.id == *wanted);
        let offered = offered.ok_or_else(|| at(Rule::Unknown))?;
        if let Some(why) = offered.reason() {
            return Err(Error::at(at(Rule::NotForYou), format!("{} cannot be chosen: {why}", offered.name)));
        }
    }
    Ok(())
}
