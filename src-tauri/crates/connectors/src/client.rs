//! Follows manifests: the [`Connectors`] port over HTTPS.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use latchkey_app::error::Result;
use latchkey_app::ports::{
    Answer, Connectors, CreatedKey, ListedSet, Listing, Outcome, RemoteChange, RemoteDraft, Site, Watch,
};
use latchkey_app::wire::{CheckedKey, Connector, ErrorCode};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;
use url::Url;

use crate::answer::{self, Arrived};
use crate::failure;
use crate::manifest::{Manifest, Meaning, Paging, Request, Verb};
use crate::request::{self, Filling, Wiped};
use crate::shelf::{Shelf, bare};
use crate::transport::{self, Budget, Lost, Received, Transport};

/// The most pages of a list, so that a server that never ends is left.
const MAX_PAGES: u32 = 10_000;
/// The most keys of a list.
const MAX_KEYS: usize = 200_000;
/// Which credential is a client certificate with its key, as PEM.
pub const CLIENT_CERTIFICATE: &str = "client-certificate";

/// Connectors over HTTPS.
pub struct HttpsConnectors {
    transport: Transport,
    shelf: Shelf,
    budget: Budget,
}

impl HttpsConnectors {
    /// The program's connectors, and the user's own in `folder`.
    #[must_use]
    pub fn new(transport: Transport, folder: Option<PathBuf>) -> Self {
        Self { transport, shelf: Shelf::new(folder), budget: Budget::default() }
    }

    fn manifest(&self, site: &Site<'_>) -> Answer<Manifest> {
        self.shelf.manifest(site.connector).map_err(failure::certain)
    }

    /// Sends a request and takes what it means into account.
    fn ask(&self, asked: &Asked<'_>, filling: &Filling<'_>, watch: &Watch) -> Answer<Replied> {
        self.ask_at(asked, None, filling, watch)
    }

    fn ask_at(&self, asked: &Asked<'_>, page: Option<&Url>, filling: &Filling<'_>, watch: &Watch) -> Answer<Replied> {
        let Asked { manifest, verb, request, site, base } = asked;
        let host = base.host_str().unwrap_or_default();
        let server = base.origin().ascii_serialization();
        if !self.transport.is_offline()
            && let Err(wait) = self.budget.take(&server, &manifest.limits, *verb, Instant::now())
        {
            return Err(failure::throttled(host, Some(wait)));
        }
        let filling = Filling {
            options: Some(site.options),
            credentials: Some(site.credentials),
            secret: filling.secret.or_else(|| own_credential(manifest, site)),
            ..*filling
        };
        let mut outgoing = request::write(manifest, request, base, &filling).map_err(|why| failure::unwritten(&why))?;
        if let Some(page) = page {
            outgoing.url = page.clone();
        }
        let certificate = site.credentials.get(CLIENT_CERTIFICATE).filter(|_| site.network.client_certificate);
        let received = self
            .transport
            .send(&outgoing, site.network, certificate.map(AsRef::as_ref), watch)
            .map_err(|lost| failure::lost(host, *verb, &lost))?;
        reply(asked, host, received)
    }
}

/// A request that a manifest has, and the server that is asked.
struct Asked<'a> {
    manifest: &'a Manifest,
    verb: Verb,
    request: &'a Request,
    site: &'a Site<'a>,
    base: Url,
}

impl<'a> Asked<'a> {
    fn new(manifest: &'a Manifest, verb: Verb, site: &'a Site<'a>) -> Answer<Self> {
        let request = manifest.requests.of(verb).ok_or_else(|| failure::cannot(&manifest.name, verb))?;
        let base = transport::base(site.url).map_err(|loss| {
            let lost = Lost { loss, outcome: Outcome::NotDone };
            failure::lost(site.url, verb, &lost)
        })?;
        Ok(Self { manifest, verb, request, site, base })
    }
}

/// An answer that says that it was done, or, to a check, what the key is.
struct Replied {
    meaning: Meaning,
    json: Wiped,
}

fn own_credential<'s>(manifest: &Manifest, site: &Site<'s>) -> Option<&'s Secret> {
    let first = manifest.credentials.first()?;
    site.credentials.get(first.id.as_str()).map(AsRef::as_ref)
}

fn reply(asked: &Asked<'_>, host: &str, received: Received) -> Answer<Replied> {
    let Asked { manifest, verb, request, .. } = asked;
    let text = std::str::from_utf8(&received.body).unwrap_or_default();
    let json = Wiped(serde_json::from_str(text).unwrap_or_default());
    let arrived = Arrived { status: received.status, text, json: Some(&json.0).filter(|json| !json.is_null()) };
    let (meaning, rule) = answer::meaning(manifest, *verb, &arrived);
    let is_answer_to_check =
        matches!(meaning, Meaning::Restricted | Meaning::Unknown | Meaning::Expired | Meaning::Disabled);
    if meaning != Meaning::Done && !(*verb == Verb::Check && is_answer_to_check) {
        let wait = received.wait.or_else(|| rule?.wait.map(|wait| std::time::Duration::from_secs(wait.into())));
        let refusal = failure::Refusal {
            meaning,
            status: received.status,
            reason: answer::reason(manifest, &arrived),
            hint: rule.and_then(|rule| rule.hint.clone()),
            wait,
        };
        return Err(failure::refused(host, *verb, refusal));
    }
    let wants_json = matches!(verb, Verb::List | Verb::Create | Verb::ApiSets) || request.done.is_some();
    if wants_json && arrived.json.is_none() {
        return Err(failure::no_json(host, *verb, looks_like_a_page(text)));
    }
    if let Some(done) = &request.done
        && done.of(&json.0) != Some(&Json::Bool(true))
    {
        let unchanged = failure::Refusal { meaning: Meaning::Unchanged, status: received.status, ..Default::default() };
        return Err(failure::refused(host, *verb, unchanged));
    }
    Ok(Replied { meaning, json })
}

fn looks_like_a_page(text: &str) -> bool {
    let begins = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    begins.starts_with("<!doctype") || begins.starts_with("<html")
}

impl Connectors for HttpsConnectors {
    fn all(&self) -> Vec<Connector> {
        self.shelf.all()
    }

    fn address(&self, text: &str) -> std::result::Result<String, FieldProblem> {
        let wrong = |_| FieldProblem { name: Field::Address, rule: Rule::NotAnAddress };
        transport::base(text).map(String::from).map_err(wrong)
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
        let host = asked.base.host_str().unwrap_or_default().to_owned();
        let mut listing = Listing::default();
        let mut known = HashSet::new();
        let mut next = Next::first(asked.request.paging.as_ref());
        for _ in 0..MAX_PAGES {
            let filling = Filling { place: next.place, cursor: next.cursor.as_deref(), ..Filling::default() };
            let replied = self.ask_at(&asked, next.page.as_ref(), &filling, watch)?;
            let rows = answer::at(asked.request, &replied.json.0).and_then(Json::as_array);
            let Some(rows) = rows else { return Err(failure::no_list(&host)) };
            let (keys, skipped) = answer::keys(&manifest, map, rows);
            let new: Vec<_> = keys.into_iter().filter(|key| known.insert(key.id.clone())).collect();
            // A page without anything new is the last one, whatever it says: nothing comes after it but itself.
            let is_last = new.is_empty() && skipped == 0;
            listing.keys.extend(new);
            listing.skipped += skipped;
            if listing.keys.len() > MAX_KEYS {
                return Err(failure::too_many(&host, MAX_KEYS));
            }
            match next.after(asked.request.paging.as_ref(), rows.len(), &replied.json.0, &asked.base) {
                Ok(Some(after)) if !is_last => next = after,
                Ok(_) => return Ok(listing),
                Err(elsewhere) => {
                    let lost = Lost { loss: transport::Loss::Redirect(elsewhere), outcome: Outcome::NotDone };
                    return Err(failure::lost(&host, Verb::List, &lost));
                }
            }
        }
        Err(failure::too_many(&host, MAX_KEYS))
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
            owner: Some(&draft.owner),
            organization: draft.organization.as_deref(),
            groups: Some(&draft.groups),
            ..Filling::default()
        };
        let replied = self.ask(&asked, &filling, watch)?;
        let made = answer::at(asked.request, &replied.json.0).zip(manifest.key.as_ref());
        let made = made.and_then(|(row, map)| {
            Some(CreatedKey { key: answer::key(&manifest, map, row)?, secret: answer::secret(map, row)? })
        });
        // The key is there, but what came of it cannot be used: it has to be looked for.
        made.ok_or_else(|| failure::no_key(asked.base.host_str().unwrap_or_default()))
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
            Err(failure) if failure.error.code() == ErrorCode::NotFound => Ok(()),
            ended => ended,
        }
    }

    fn check(&self, at: &Site<'_>, key: &Secret, watch: &Watch) -> Answer<CheckedKey> {
        let manifest = self.manifest(at)?;
        // Nothing that the tenant asks with goes along with a key that asks for itself.
        let alone = BTreeMap::new();
        let site = Site { credentials: &alone, ..*at };
        let asked = Asked::new(&manifest, Verb::Check, &site)?;
        let bare = Secret::new(bare(&manifest, key.expose()).to_owned());
        let replied = self.ask(&asked, &Filling { secret: Some(&bare), ..Filling::default() }, watch)?;
        Ok(match replied.meaning {
            Meaning::Restricted => CheckedKey::Restricted,
            Meaning::Unknown => CheckedKey::Unknown,
            Meaning::Expired => CheckedKey::Expired,
            Meaning::Disabled => CheckedKey::Disabled,
            _ => CheckedKey::Valid,
        })
    }
}

impl HttpsConnectors {
    fn change(&self, at: &Site<'_>, verb: Verb, filling: &Filling<'_>, watch: &Watch) -> Answer<()> {
        let manifest = self.manifest(at)?;
        let asked = Asked::new(&manifest, verb, at)?;
        self.ask(&asked, filling, watch).map(|_| ())
    }
}

/// Where the next page is.
#[derive(Debug, Default)]
struct Next {
    place: u32,
    cursor: Option<String>,
    page: Option<Url>,
}

impl Next {
    fn first(paging: Option<&Paging>) -> Self {
        let place = if let Some(Paging::Pages { first, .. }) = paging { *first } else { 0 };
        Self { place, ..Self::default() }
    }

    /// After a page with so many rows; `None` after the last one. Fails with the host where it leads to another server.
    fn after(&self, paging: Option<&Paging>, rows: usize, page: &Json, base: &Url) -> Result<Option<Self>, String> {
        let is_full = |size: u32| rows >= size as usize;
        Ok(match paging {
            Some(Paging::Pages { size, .. }) if is_full(*size) => {
                Some(Self { place: self.place + 1, ..Self::default() })
            }
            Some(Paging::Offset { size }) if is_full(*size) => {
                Some(Self { place: self.place + u32::try_from(rows).unwrap_or(u32::MAX), ..Self::default() })
            }
            Some(Paging::Next { at }) => match at.of(page).and_then(Json::as_str).filter(|link| !link.is_empty()) {
                None => None,
                Some(link) => {
                    let next = base.join(link).map_err(|_| link.to_owned())?;
                    if next.origin() != base.origin() {
                        return Err(next.host_str().unwrap_or_default().to_owned());
                    }
                    Some(Self { page: Some(next), ..Self::default() })
                }
            },
            Some(Paging::Cursor { at }) => {
                let cursor =
                    at.of(page).map(|cursor| cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned));
                let cursor = cursor.filter(|cursor| !cursor.is_empty() && self.cursor.as_ref() != Some(cursor));
                cursor.map(|cursor| Self { cursor: Some(cursor), ..Self::default() })
            }
            _ => None,
        })
    }
}
