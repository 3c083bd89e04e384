//! Signing in to a server, and asking it in that session.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Utc;
use latchkey_app::ports::{Answer, Listing, SESSION, Site, Watch};
use latchkey_app::wire::{ErrorCode, SignInChoice};
use latchkey_domain::remote::is_of_the_way;
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::answer;
use crate::client::{Asked, HttpsConnectors};
use crate::cookies::Jar;
use crate::failure::{self, Question};
use crate::manifest::{AnswerRule, Choice, Manifest, Method, Session, Verb};
use crate::request::Filling;

/// The most rows of what can be chosen.
const MAX_CHOICES: usize = 2_000;

type Credentials = BTreeMap<String, Arc<Secret>>;

/// Whether a request goes with a session.
pub(crate) fn is_needed(manifest: &Manifest, verb: Verb) -> bool {
    manifest.session.is_some() && !verb.asks_alone() && !matches!(verb, Verb::SignIn | Verb::Session)
}

/// The tenant's session, or what the server has given in its place, for what goes with it. A key that is checked asks
/// alone, and who signs in has none.
pub(crate) fn cookies(manifest: &Manifest, verb: Verb, site: &Site<'_>) -> Option<Secret> {
    let given = site.credentials.get(SESSION)?;
    let goes_along = manifest.session.is_some() && !verb.asks_alone();
    goes_along.then(|| site.renewed.newest().unwrap_or_else(|| given.duplicate()))
}

/// Hands on what the server gave in place of the session that it was asked with.
pub(crate) fn renew(manifest: &Manifest, site: &Site<'_>, mut jar: Jar, set: &[Zeroizing<String>]) {
    let Some(session) = &manifest.session else { return };
    if jar.take(set, Utc::now())
        && let Some(renewed) = jar.only(&session.cookies).header()
    {
        site.renewed.put(renewed);
    }
}

/// The question that a rule about an answer names.
pub(crate) fn question(manifest: &Manifest, rule: &AnswerRule) -> Option<Question> {
    let question = manifest.session.as_ref()?.question(rule.question.as_ref()?.as_str())?;
    Some(Question { id: question.id.as_str().to_owned(), label: question.label.clone() })
}

impl HttpsConnectors {
    pub(crate) fn sign_in_to(&self, at: &Site<'_>, answers: &Credentials, watch: &Watch) -> Answer<Secret> {
        let manifest = self.manifest(at)?;
        let session = session_of(&manifest, Verb::SignIn)?;
        // What the tenant asked with before has no part in it; a certificate and the proxy's sign-in are how the server is
        // reached at all.
        let mut alone = at.credentials.clone();
        alone.retain(|id, _| is_of_the_way(id));
        let site = Site { credentials: &alone, ..*at };
        let mut jar = Jar::default();
        let mut captured: BTreeMap<String, Secret> = BTreeMap::new();
        let mut host = String::new();
        for step in &session.steps {
            let verb = if step.request.method == Method::Get { Verb::Session } else { Verb::SignIn };
            let asked = Asked::of(&manifest, verb, &step.request, &site)?;
            asked.host().clone_into(&mut host);
            refuse_unanswered(session, answers, &host)?;
            let cookies = jar.header();
            let filling = Filling {
                answers: Some(answers),
                captured: Some(&captured),
                cookies: cookies.as_ref(),
                ..Filling::default()
            };
            let replied = self.ask(&asked, &filling, watch)?;
            jar.take(&replied.cookies, Utc::now());
            for (name, pointer) in &step.captures {
                let found = pointer.of(&replied.json.0).and_then(Json::as_str);
                let found = found.ok_or_else(|| failure::no_json(&host, verb, false))?;
                captured.insert(name.clone(), Secret::new(found.to_owned()));
            }
        }
        let given = jar.only(&session.cookies).header().ok_or_else(|| failure::no_session(&host))?;
        self.check_session(&manifest, session, &site, &given, watch)?;
        // What came of looking whether it holds is newer.
        Ok(at.renewed.take().unwrap_or(given))
    }

    /// That a session which was just begun is one.
    fn check_session(
        &self,
        manifest: &Manifest,
        session: &Session,
        site: &Site<'_>,
        given: &Secret,
        watch: &Watch,
    ) -> Answer<()> {
        let Some(holds) = &session.holds else { return Ok(()) };
        let mut credentials = site.credentials.clone();
        credentials.insert(SESSION.to_owned(), Arc::new(given.duplicate()));
        let site = Site { credentials: &credentials, ..*site };
        let asked = Asked::of(manifest, Verb::Session, holds, &site)?;
        self.ask(&asked, &Filling::default(), watch).map(drop).map_err(|failed| match failed.error.code() {
            // It was asked nothing but whether it holds.
            ErrorCode::RemoteRefused | ErrorCode::RemoteCredential => failure::no_session(asked.host()),
            _ => failed,
        })
    }

    pub(crate) fn sign_out_of(&self, at: &Site<'_>, watch: &Watch) -> Answer<()> {
        let manifest = self.manifest(at)?;
        let session = session_of(&manifest, Verb::SignOut)?;
        let Some(sign_out) = &session.sign_out else {
            return Err(failure::no_sign_out(&host_of(at)));
        };
        let asked = Asked::of(&manifest, Verb::SignOut, sign_out, at)?;
        match self.ask(&asked, &Filling::default(), watch) {
            // It was over already.
            Err(failed) if failed.error.code() == ErrorCode::RemoteSignIn => Ok(()),
            ended => ended.map(drop),
        }
    }

    pub(crate) fn choices_of(&self, manifest: &Manifest, at: &Site<'_>, watch: &Watch) -> Answer<Vec<SignInChoice>> {
        let mut all = Vec::new();
        for choice in &session_of(manifest, Verb::Choices)?.choices {
            let asked = Asked::of(manifest, Verb::Choices, &choice.request, at)?;
            let replied = self.ask(&asked, &Filling::default(), watch)?;
            let rows = answer::at(&choice.request, &replied.json.0).and_then(Json::as_array);
            let rows = rows.ok_or_else(|| failure::no_list(asked.host()))?;
            all.extend(offered(choice, rows));
        }
        Ok(all)
    }

    /// A list, unless it is empty for another reason than that there are no keys: some servers show none to who may not
    /// see them, and all keys would pass for removed.
    pub(crate) fn believed(
        &self,
        manifest: &Manifest,
        at: &Site<'_>,
        listing: Listing,
        watch: &Watch,
    ) -> Answer<Listing> {
        let chosen = manifest.session.iter().flat_map(|session| &session.choices);
        let chosen: Vec<_> = chosen.filter_map(|choice| at.options.get(choice.option.as_str())).collect();
        if !listing.keys.is_empty() || chosen.is_empty() {
            return Ok(listing);
        }
        let offered = self.choices_of(manifest, at, watch)?;
        let host = host_of(at);
        for value in chosen {
            match offered.iter().find(|one| one.id == *value) {
                None => return Err(failure::not_offered(&host, value)),
                Some(one) if one.refused => return Err(failure::not_for_you(&host, one)),
                Some(_) => {}
            }
        }
        Ok(listing)
    }
}

/// The server's name.
fn host_of(at: &Site<'_>) -> String {
    let host = crate::transport::base(at.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}

fn session_of(manifest: &Manifest, verb: Verb) -> Answer<&Session> {
    manifest.session.as_ref().ok_or_else(|| failure::cannot(&manifest.name, verb))
}

/// That what has to be answered is, before the server is asked anything.
fn refuse_unanswered(session: &Session, answers: &Credentials, host: &str) -> Answer<()> {
    let is_missing = |id: &str| answers.get(id).is_none_or(|answer| answer.expose().is_empty());
    match session.questions.iter().find(|question| !question.optional && is_missing(question.id.as_str())) {
        Some(question) => {
            let question = Question { id: question.id.as_str().to_owned(), label: question.label.clone() };
            Err(failure::unanswered(host, &question))
        }
        None => Ok(()),
    }
}

/// What an answer offers; rows without an identifier are passed over.
fn offered(choice: &Choice, rows: &[Json]) -> Vec<SignInChoice> {
    let nobody = Vec::new();
    let mut all = Vec::new();
    for row in rows {
        let group = choice.group.as_ref().and_then(|pointer| pointer.of(row)).and_then(answer::shown);
        let inner = match &choice.within {
            Some(within) => within.of(row).and_then(Json::as_array).unwrap_or(&nobody).as_slice(),
            None => std::slice::from_ref(row),
        };
        for one in inner {
            let text = |pointer: &Option<_>| {
                pointer.as_ref().and_then(|pointer: &crate::manifest::Pointer| pointer.of(one)).and_then(answer::shown)
            };
            let Some(id) = choice.id.of(one).and_then(answer::shown_whole).filter(|id| !id.is_empty()) else {
                continue;
            };
            let role = text(&choice.role);
            let may = choice.roles.is_empty() || role.as_ref().is_some_and(|role| choice.roles.contains(role));
            all.push(SignInChoice {
                option: choice.option.as_str().to_owned(),
                name: text(&choice.name).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone()),
                group: group.clone(),
                refused: !may,
                why: choice.refused.clone().filter(|_| !may),
                role,
                id,
            });
            if all.len() >= MAX_CHOICES {
                return all;
            }
        }
    }
    all
}
