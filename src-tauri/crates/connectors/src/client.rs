//! Follows manifests: the [`Connectors`] port over HTTPS.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use latchkey_app::error::Result;
use latchkey_app::ports::{
    Answer, Authorities, CertificateFacts, Connectors, CreatedKey, Failure, Guidance, ListedSet, Listing, Outcome,
    Pasted, Proxy, RemoteChange, RemoteDraft, Site, Watch,
};
use latchkey_app::wire::{Capability, CheckedKey, Connector, ErrorCode, NameLength, SignInChoice};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::remote::{CLIENT_CERTIFICATE, PROXY_SIGN_IN};
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;
use url::Url;
use zeroize::Zeroizing;

use crate::answer::{self, Arrived};
use crate::certificates;
use crate::cookies::Jar;
use crate::failure;
use crate::guided;
use crate::manifest::{AnswerRule, Manifest, Meaning, Request, Verb};
use crate::paging::{Astray, Next, Pages};
use crate::request::{self, Filling, Wiped};
use crate::session;
use crate::shelf::{Shelf, bare};
use crate::transport::{self, Budget, Gate, Loss, Lost, Proofs, Received, Transport, Verdict};

/// The most pages of a list, so that a server that never ends is left.
const MAX_PAGES: u32 = 10_000;
/// The most keys of a list.
const MAX_KEYS: usize = 200_000;

/// Connectors over HTTPS.
pub struct HttpsConnectors {
    transport: Transport,
    shelf: Shelf,
    budget: Budget,
    gate: Gate,
}

impl HttpsConnectors {
    /// The program's connectors, and the user's own in `folder`.
    #[must_use]
    pub fn new(transport: Transport, folder: Option<PathBuf>) -> Self {
        Self { transport, shelf: Shelf::new(folder), budget: Budget::default(), gate: Gate::default() }
    }

    pub(crate) fn manifest(&self, site: &Site<'_>) -> Answer<Manifest> {
        self.shelf.manifest(site.connector).map_err(failure::certain)
    }

    /// Sends a request and takes what it means into account.
    pub(crate) fn ask(&self, asked: &Asked<'_>, filling: &Filling<'_>, watch: &Watch) -> Answer<Replied> {
        self.ask_at(asked, None, filling, watch)
    }

    fn ask_at(&self, asked: &Asked<'_>, page: Option<&Url>, filling: &Filling<'_>, watch: &Watch) -> Answer<Replied> {
        let Asked { manifest, verb, request, site, base } = asked;
        let host = base.host_str().unwrap_or_default();
        let lost = |lost: Lost| failure::lost(host, *verb, &lost);
        let own = own_credential(manifest, site);
        let own_cookies = session::cookies(manifest, *verb, site);
        if session::is_needed(manifest, *verb) && own_cookies.is_none() {
            return Err(failure::signed_out(host));
        }
        let options = with_defaults(manifest, site.options);
        let filling = Filling {
            options: Some(&options),
            // A key that is checked asks alone.
            credentials: (!verb.asks_alone()).then_some(site.credentials),
            secret: filling.secret.or(own.as_ref()),
            cookies: filling.cookies.or(own_cookies.as_ref()),
            ..*filling
        };
        let mut outgoing = request::write(manifest, request, base, &filling).map_err(|why| failure::unwritten(&why))?;
        if let Some(page) = page {
            outgoing.url = page.clone();
        }
        outgoing.takes_cookies = manifest.session.is_some() && !verb.asks_alone();
        let server = format!("{} {}", manifest.id.as_str(), base.origin().ascii_serialization());
        let stopped = || self.transport.check(watch);
        // A revocation never waits for a list that takes long.
        let waits = verb.only_reads();
        let entered = waits.then(|| self.gate.enter(&server, manifest.parallel, &stopped));
        let _until_answered = entered.transpose().map_err(lost)?;
        while let Err(wait) = self.budget.take(&server, &manifest.limits, *verb, Instant::now()) {
            if !verb.only_reads() || !self.transport.would_wait(wait) {
                return Err(failure::throttled(host, Some(wait)));
            }
            self.transport.pause(wait, watch).map_err(lost)?;
        }
        let proofs = proofs(site);
        let verdict = |received: &Received| verdict(asked, received);
        let received = self.transport.send(&outgoing, site.network, proofs, watch, &verdict).map_err(|loss| {
            if loss.outcome == Outcome::NotDone && !matches!(loss.loss, Loss::Redirect(_)) {
                self.budget.give_back(&server, &manifest.limits, *verb);
            }
            lost(loss)
        })?;
        let jar = filling.cookies.map(Jar::read).unwrap_or_default();
        let secrets = site.credentials.values().map(AsRef::as_ref).chain(own.as_ref()).chain(filling.secret);
        let answers = filling.answers.into_iter().flat_map(BTreeMap::values).map(AsRef::as_ref);
        let secrets: Vec<&Secret> = secrets.chain(answers).chain(jar.secrets()).collect();
        let (meaning, json) = reply(asked, host, &received, &secrets)?;
        if own_cookies.is_some() {
            session::renew(manifest, site, jar, &received.cookies);
        }
        Ok(Replied { meaning, json, url: outgoing.url, cookies: received.cookies })
    }
}

/// What the way to a tenant's server wants to see.
fn proofs<'s>(site: &Site<'s>) -> Proofs<'s> {
    let stored = |id: &str| site.credentials.get(id).map(AsRef::as_ref);
    Proofs {
        certificate: stored(CLIENT_CERTIFICATE).filter(|_| site.network.client_certificate),
        proxy: stored(PROXY_SIGN_IN).filter(|_| matches!(site.network.proxy, Proxy::Address(_))),
    }
}

/// A request that a manifest has, and the server that is asked.
pub(crate) struct Asked<'a> {
    manifest: &'a Manifest,
    verb: Verb,
    request: &'a Request,
    site: &'a Site<'a>,
    base: Url,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(manifest: &'a Manifest, verb: Verb, site: &'a Site<'a>) -> Answer<Self> {
        let request = manifest.requests.of(verb).ok_or_else(|| failure::cannot(&manifest.name, verb))?;
        Self::of(manifest, verb, request, site)
    }

    pub(crate) fn of(manifest: &'a Manifest, verb: Verb, request: &'a Request, site: &'a Site<'a>) -> Answer<Self> {
        let base = transport::base(site.url)
            .map_err(|loss| failure::lost("", verb, &Lost { loss, outcome: Outcome::NotDone }))?;
        Ok(Self { manifest, verb, request, site, base })
    }

    /// The server's name.
    pub(crate) fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }
}

/// An answer that says that it was done, or, to a check, what the key is.
pub(crate) struct Replied {
    pub(crate) meaning: Meaning,
    pub(crate) json: Wiped,
    /// What was asked.
    url: Url,
    /// What the server set as cookies.
    pub(crate) cookies: Vec<Zeroizing<String>>,
}

/// What belongs to the address; what the tenant was not asked for, since the manifest was another one then, is as the
/// manifest has it.
fn with_defaults(manifest: &Manifest, chosen: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let defaults = manifest.options.iter().filter_map(|ask| Some((ask.id.as_str().to_owned(), ask.default.clone()?)));
    defaults.chain(chosen.iter().map(|(id, value)| (id.clone(), value.clone()))).collect()
}

/// What the tenant asks with, without what was pasted in front of it.
fn own_credential(manifest: &Manifest, site: &Site<'_>) -> Option<Secret> {
    let first = manifest.credentials.first()?;
    let pasted = site.credentials.get(first.id.as_str())?;
    Some(Secret::new(bare(manifest, pasted.expose()).to_owned()))
}

/// An answer as the manifest reads it.
struct Understood<'r> {
    text: &'r str,
    json: Wiped,
    meaning: Meaning,
    rule: Option<&'r AnswerRule>,
}

impl<'r> Understood<'r> {
    fn new(asked: &'r Asked<'_>, received: &'r Received) -> Self {
        let text = std::str::from_utf8(&received.body).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let json = Wiped(serde_json::from_str(text).unwrap_or_default());
        let arrived = Arrived { status: received.status, text, json: json.found() };
        let (meaning, rule) = answer::meaning(asked.manifest, asked.verb, &arrived);
        Self { text, json, meaning, rule }
    }

    fn wait(&self, received: &Received) -> Option<Duration> {
        received.wait.or_else(|| self.rule?.wait.map(|wait| Duration::from_secs(wait.into())))
    }
}

fn verdict(asked: &Asked<'_>, received: &Received) -> Verdict {
    let understood = Understood::new(asked, received);
    match understood.meaning {
        // It only stands in: what it does not tell at once is left to the one that it stands in for.
        _ if asked.verb == Verb::CheckThrottled => Verdict::Final,
        Meaning::Throttled | Meaning::Trouble => Verdict::Again(understood.wait(received)),
        _ => Verdict::Final,
    }
}

fn reply(asked: &Asked<'_>, host: &str, received: &Received, secrets: &[&Secret]) -> Answer<(Meaning, Wiped)> {
    let Asked { manifest, verb, request, .. } = asked;
    let understood = Understood::new(asked, received);
    let Understood { meaning, rule, text, .. } = understood;
    let is_page = received.is_page || looks_like_a_page(text);
    // A proxy or a page to sign in answers with any status; that something is well is not for them to say.
    if is_page && matches!(meaning, Meaning::Done | Meaning::Restricted) {
        return Err(failure::no_json(host, *verb, true));
    }
    let is_answer_to_check =
        matches!(meaning, Meaning::Restricted | Meaning::Unknown | Meaning::Expired | Meaning::Disabled);
    if meaning != Meaning::Done && !(verb.asks_alone() && is_answer_to_check) {
        let arrived = Arrived { status: received.status, text, json: understood.json.found() };
        let refusal = failure::Refusal {
            meaning,
            status: received.status,
            reason: answer::reason(manifest, &arrived, secrets),
            hint: rule.and_then(|rule| rule.hint.clone()),
            wait: understood.wait(received),
            question: rule.and_then(|rule| session::question(manifest, rule)),
            in_session: session::is_needed(manifest, *verb),
        };
        return Err(failure::refused(host, *verb, refusal));
    }
    let wants_json =
        matches!(verb, Verb::List | Verb::Create | Verb::ApiSets | Verb::Choices) || request.done.is_some();
    if wants_json && understood.json.found().is_none() {
        return Err(failure::no_json(host, *verb, false));
    }
    if let Some(done) = &request.done {
        match done.of(&understood.json.0) {
            Some(Json::Bool(true)) => {}
            Some(Json::Bool(false)) => {
                let unchanged =
                    failure::Refusal { meaning: Meaning::Unchanged, status: received.status, ..Default::default() };
                return Err(failure::refused(host, *verb, unchanged));
            }
            _ => return Err(failure::no_json(host, *verb, false)),
        }
    }
    Ok((meaning, understood.json))
}

/// The end of a new key by the vendor's name for it; `None` where it has none for any.
fn end<'m>(manifest: &'m Manifest, draft: &RemoteDraft) -> Answer<Option<&'m Json>> {
    let ends = &manifest.draft.ends;
    if ends.is_empty() {
        return Ok(None);
    }
    let days = draft.expires.map(|(days, _)| days);
    let named = ends.iter().find(|end| end.is_in(days)).map(|end| Some(&end.send));
    named.ok_or_else(|| failure::certain(FieldProblem { name: Field::Expires, rule: Rule::Unknown }.into()))
}

fn looks_like_a_page(text: &str) -> bool {
    let begins = text.trim_start().as_bytes();
    let begins_with = |tag: &[u8]| begins.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    begins_with(b"<!doctype html") || begins_with(b"<html")
}

impl Connectors for HttpsConnectors {
    fn all(&self) -> Vec<Connector> {
        self.shelf.all()
    }

    fn address(&self, text: &str) -> std::result::Result<String, FieldProblem> {
        let wrong = |_| FieldProblem { name: Field::Address, rule: Rule::NotAnAddress };
        transport::base(text).map(String::from).map_err(wrong)
    }

    fn is_plain(&self, url: &str) -> bool {
        transport::base(url).is_ok_and(|url| transport::is_plain(&url))
    }

    fn authorities(&self, pem: &str) -> std::result::Result<Authorities, FieldProblem> {
        certificates::authorities(pem).map_err(|rule| FieldProblem { name: Field::Authorities, rule })
    }

    fn client_certificate(&self, pem: &Secret) -> std::result::Result<CertificateFacts, FieldProblem> {
        certificates::client(pem).map_err(|rule| FieldProblem { name: Field::ClientCertificate, rule })
    }

    fn proxy(&self, text: &str) -> std::result::Result<String, FieldProblem> {
        transport::proxy(text).map(String::from).map_err(|rule| FieldProblem { name: Field::Proxy, rule })
    }

    fn read(&self, file: &Path) -> Result<Connector> {
        Shelf::read(file)
    }

    fn add(&self, file: &Path) -> Result<Connector> {
        self.shelf.add(file)
    }

    fn remove(&self, id: &str) -> Result<()> {
        self.shelf.remove(id)
    }

    fn set_offline(&self, offline: bool) {
        self.transport.set_offline(offline);
    }

    fn keys(&self, at: &Site<'_>, watch: &Watch) -> Answer<Listing> {
        let manifest = self.manifest(at)?;
        let asked = Asked::new(&manifest, Verb::List, at)?;
        let Some(map) = &manifest.key else { return Err(failure::cannot(&manifest.name, Verb::List)) };
        let host = asked.host().to_owned();
        let mut listing = Listing::default();
        let mut known = HashSet::new();
        let mut pages = Pages::default();
        let astray = |astray: Astray| match astray {
            Astray::Endless => failure::endless(&host),
            Astray::Elsewhere(to) => {
                failure::lost(&host, Verb::List, &Lost { loss: Loss::Redirect(to), outcome: Outcome::NotDone })
            }
        };
        let mut next = Next::first(asked.request.paging.as_ref());
        for _ in 0..MAX_PAGES {
            let filling = Filling { place: next.place, cursor: next.cursor.as_deref(), ..Filling::default() };
            let replied = self.ask_at(&asked, next.page.as_ref(), &filling, watch)?;
            let rows = answer::at(asked.request, &replied.json.0).and_then(Json::as_array);
            let Some(rows) = rows else { return Err(failure::no_list(&host)) };
            let (keys, skipped) = answer::keys(&manifest, map, rows);
            let new: Vec<_> = keys.into_iter().filter(|key| known.insert(key.id.clone())).collect();
            let is_last = pages.turn(rows, new.len(), skipped).map_err(astray)?;
            if is_last && new.is_empty() {
                return self.believed(&manifest, at, listing, watch);
            }
            listing.keys.extend(new);
            listing.skipped += skipped;
            (watch.arrived)(listing.keys.len());
            if listing.keys.len() > MAX_KEYS {
                return Err(failure::endless(&host));
            }
            let after = next.after(asked.request.paging.as_ref(), rows.len(), &replied.json.0, &replied.url);
            match after.map_err(astray)? {
                Some(after) if !is_last => next = after,
                _ => return self.believed(&manifest, at, listing, watch),
            }
        }
        Err(failure::endless(&host))
    }

    fn api_sets(&self, at: &Site<'_>, watch: &Watch) -> Answer<Vec<ListedSet>> {
        let manifest = self.manifest(at)?;
        let known = &manifest.draft.api_sets;
        if manifest.requests.api_sets.is_none() {
            let listed = |set: &crate::manifest::KnownSet| {
                let crate::manifest::KnownSet { id, name, group, description } = set.clone();
                ListedSet { id, name, group, description }
            };
            return Ok(known.iter().map(listed).collect());
        }
        let asked = Asked::new(&manifest, Verb::ApiSets, at)?;
        let replied = self.ask(&asked, &Filling::default(), watch)?;
        match answer::at(asked.request, &replied.json.0).and_then(Json::as_array) {
            Some(rows) => Ok(answer::api_sets(rows, known)),
            None => Err(failure::no_list(asked.base.host_str().unwrap_or_default())),
        }
    }

    fn create(&self, at: &Site<'_>, draft: &RemoteDraft, watch: &Watch) -> Answer<CreatedKey> {
        let manifest = self.manifest(at)?;
        let asked = Asked::new(&manifest, Verb::Create, at)?;
        let filling = Filling {
            name: Some(&draft.name),
            description: Some(draft.description.as_str()).filter(|text| !text.is_empty()),
            api_sets: Some(&draft.api_sets),
            expires: draft.expires,
            expires_choice: end(&manifest, draft)?,
            owner: Some(&draft.owner),
            organization: draft.organization.as_deref(),
            groups: Some(&draft.groups),
            ..Filling::default()
        };
        let replied = self.ask(&asked, &filling, watch)?;
        let made = answer::at(asked.request, &replied.json.0).zip(manifest.key.as_ref());
        let made = made.and_then(|(row, map)| {
            let made = CreatedKey { key: answer::key(&manifest, map, row)?, secret: answer::secret(map, row)? };
            Some((made, map.name.as_ref().is_some_and(|name| name.of(row).is_none())))
        });
        // The key is there, but what came of it cannot be used: it has to be looked for.
        let (mut made, is_terse) = made.ok_or_else(|| failure::no_key(asked.host()))?;
        if is_terse {
            // The answer has the text and little else; the list has the rest. Without it, what was asked for counts.
            made.key.name.clone_from(&draft.name);
            let listed = self.keys(at, watch).ok();
            let listed = listed.and_then(|listing| listing.keys.into_iter().find(|key| key.id == made.key.id));
            made.key = listed.unwrap_or(made.key);
        }
        Ok(made)
    }

    fn update(&self, at: &Site<'_>, id: &str, change: &RemoteChange, watch: &Watch) -> Answer<()> {
        let filling = Filling {
            id: Some(id),
            name: change.name.as_deref(),
            description: change.description.as_deref(),
            api_sets: change.api_sets.as_deref(),
            ..Filling::default()
        };
        self.change(at, Verb::Update, &filling, watch)
    }

    fn switch(&self, at: &Site<'_>, id: &str, on: bool, watch: &Watch) -> Answer<()> {
        let verb = if on { Verb::Enable } else { Verb::Disable };
        self.change(at, verb, &Filling { id: Some(id), ..Filling::default() }, watch)
    }

    fn revoke(&self, at: &Site<'_>, id: &str, watch: &Watch) -> Answer<()> {
        match self.change(at, Verb::Revoke, &Filling { id: Some(id), ..Filling::default() }, watch) {
            Err(failure) if failure.error.code() == ErrorCode::NotFound => self.is_gone(at, id, watch),
            ended => ended,
        }
    }

    fn guide(&self, at: &Site<'_>, capability: Capability) -> Result<Option<Guidance>> {
        let manifest = self.shelf.manifest(at.connector)?;
        let options = with_defaults(&manifest, at.options);
        Ok(guided::guide(&manifest, at, &options, capability))
    }

    fn name_length(&self, connector: &str) -> Result<NameLength> {
        self.shelf.manifest(connector).map(|manifest| guided::name_length(&manifest))
    }

    fn pasted(&self, connector: &str, text: &Secret) -> Result<Pasted> {
        self.shelf.manifest(connector).map(|manifest| guided::pasted(&manifest, text))
    }

    fn check(&self, at: &Site<'_>, key: &Secret, watch: &Watch) -> Answer<CheckedKey> {
        self.check_key(at, key, watch)
    }

    fn sign_in(&self, at: &Site<'_>, answers: &BTreeMap<String, Arc<Secret>>, watch: &Watch) -> Answer<Secret> {
        self.sign_in_to(at, answers, watch)
    }

    fn choices(&self, at: &Site<'_>, watch: &Watch) -> Answer<Vec<SignInChoice>> {
        self.choices_of(&self.manifest(at)?, at, watch)
    }

    fn sign_out(&self, at: &Site<'_>, watch: &Watch) -> Answer<()> {
        self.sign_out_of(at, watch)
    }
}

impl HttpsConnectors {
    /// That a key which the server says it does not know is not in the list either: a wrong address knows no key, and
    /// a server in trouble says many things.
    fn is_gone(&self, at: &Site<'_>, id: &str, watch: &Watch) -> Answer<()> {
        let manifest = self.manifest(at)?;
        if manifest.requests.list.is_none() {
            return Ok(());
        }
        let listed = self.keys(at, watch).map_err(|failure| Failure { outcome: Outcome::Unknown, ..failure })?;
        if listed.keys.iter().any(|key| key.id == id) {
            let host = transport::base(at.url).ok().and_then(|url| url.host_str().map(str::to_owned));
            return Err(failure::still_there(&host.unwrap_or_default()));
        }
        Ok(())
    }

    fn change(&self, at: &Site<'_>, verb: Verb, filling: &Filling<'_>, watch: &Watch) -> Answer<()> {
        let manifest = self.manifest(at)?;
        let asked = Asked::new(&manifest, verb, at)?;
        self.ask(&asked, filling, watch).map(|_| ())
    }
}
