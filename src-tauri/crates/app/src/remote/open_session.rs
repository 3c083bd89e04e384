use std::sync::Arc;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::remote::{Remote, is_of_the_way};
use latchkey_domain::secret::Secret;

use super::Credentials;
use super::add::prepare;
use crate::error::{Error, Result};
use crate::ports::{Renewed, SESSION, Site, Watch};
use crate::session::Session;
use crate::tenant::check_name_free;
use crate::wire::{Connector, ErrorCode, RemoteTenantDraft, SignInChoice};

/// A session with a server that no tenant has yet: somebody has signed in, and what is to be chosen then is not chosen.
///
/// It is nowhere but here. [`super::add_signed_in`] makes a tenant of it, [`OpenSession::leave`] ends it.
#[derive(Debug)]
pub struct OpenSession {
    pub(crate) remote: Remote,
    pub(super) credentials: Credentials,
    /// What the server offers.
    pub choices: Vec<SignInChoice>,
}

/// Signs in to the server of a tenant that is to be added, with what the connector's questions were answered with.
///
/// `credentials` are what the server is reached with beside: a client certificate, the sign-in of a proxy. Fails with
/// `invalid_input` on `name`, `address`, `options`, `credential`, `caution`, `answers` or a field of the network, with
/// `not_now` for a connector that asks no questions, and with the codes of the vault and the network.
pub fn open_session(
    session: &Session,
    draft: &RemoteTenantDraft,
    credentials: &Credentials,
    answers: &Credentials,
    watch: &Watch,
) -> Result<OpenSession> {
    let prepared = prepare(session, draft, credentials)?;
    let (connector, remote) = (prepared.connector, prepared.remote);
    if connector.questions.is_empty() {
        return Err(no_questions(&connector.name));
    }
    let nobody = session.with_rng(|rng| TenantId::random(rng));
    session.store.reading(|reader| check_name_free(reader, &prepared.name, nobody))?;
    // What the server gives has to have a place to go.
    session.vault.probe()?;
    OpenSession::begin(session, &connector, remote, credentials, answers, watch)
}

impl OpenSession {
    /// Signs in to a server, and asks what it offers.
    pub(crate) fn begin(
        session: &Session,
        connector: &Connector,
        remote: Remote,
        credentials: &Credentials,
        answers: &Credentials,
        watch: &Watch,
    ) -> Result<Self> {
        // What is not asked for would lie in the vault, and nobody would know of it.
        let is_asked = |id: &str| is_of_the_way(id) || connector.credentials.iter().any(|ask| ask.id == id);
        if !credentials.keys().all(|id| is_asked(id)) {
            return Err(FieldProblem { name: Field::Credential, rule: Rule::Unknown }.into());
        }
        let mut open = Self { remote, credentials: credentials.clone(), choices: Vec::new() };
        let given = open.ask(|at| session.connectors.sign_in(at, answers, watch)).map_err(|failure| failure.error)?;
        open.hold(given);
        match open.ask(|at| session.connectors.choices(at, watch)) {
            Ok(choices) => open.choices = choices,
            Err(failure) => {
                open.leave(session);
                return Err(failure.error);
            }
        }
        Ok(open)
    }

    /// Ends the session, since no tenant comes of it. Where the server cannot be told, it ends by itself some day.
    pub fn leave(mut self, session: &Session) {
        self.end(session);
    }

    pub(super) fn end(&mut self, session: &Session) {
        if let Err(failure) = self.ask(|at| session.connectors.sign_out(at, &Watch::default())) {
            tracing::warn!(code = ?failure.error.code(), "a session that nobody wants could not be ended");
        }
    }

    /// Asks the server, and holds what it gives in place of the session that it was asked with.
    pub(crate) fn ask<T>(&mut self, ask: impl FnOnce(&Site<'_>) -> T) -> T {
        let renewed = Renewed::default();
        let Remote { connector, url, options, network } = &self.remote;
        let answer = ask(&Site { connector, url, options, network, credentials: &self.credentials, renewed: &renewed });
        if let Some(renewed) = renewed.take() {
            self.hold(renewed);
        }
        answer
    }

    fn hold(&mut self, given: Secret) {
        self.credentials.insert(SESSION.to_owned(), Arc::new(given));
    }
}

/// Servers are asked with a session, or with a credential.
pub(super) fn no_questions(connector: &str) -> Error {
    Error::new(ErrorCode::NotNow, format!("{connector} is asked with a credential: nobody signs in."))
        .hint("Give the tenant a credential: `latchkey tenant credential`, or New credential on its page.")
}
