//! A portal of ONLYOFFICE `DocSpace`, as its source and its documentation say it behaves: both generations of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::ports::{Connectors, CreatedKey, Failure, Outcome, RemoteChange, RemoteDraft, Watch};
use latchkey_app::wire::CheckedKey;
use latchkey_app::wire::ErrorCode::{NotFound, RemoteCredential, RemoteRefused, RemoteThrottled};
use latchkey_domain::secret::Secret;
use serde_json::{Value as Json, json};

use crate::support::{Desk, Reply, Seen, Server, Tenant, fails};

/// Which of the two that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Generation {
    /// 3.1 to 3.6: no `*` in the list of scopes, `@self` needs a global scope, a wrong owner is `false`.
    Older,
    /// As the newest documentation says it.
    Newer,
}

use Generation::{Newer, Older};

const SCOPES: [&str; 10] = [
    "*:read",
    "*:write",
    "accounts.self:read",
    "accounts.self:write",
    "accounts:read",
    "accounts:write",
    "files:read",
    "files:write",
    "rooms:read",
    "rooms:write",
];

#[derive(Debug, Clone)]
struct Key {
    id: String,
    name: String,
    secret: String,
    permissions: Vec<String>,
    expires: Option<DateTime<Utc>>,
    active: bool,
    /// Somebody else's: an administrator's key may change it, others' may not.
    foreign: bool,
}

struct Portal {
    generation: Generation,
    keys: Vec<Key>,
    created: usize,
}

impl Portal {
    fn new(generation: Generation) -> Self {
        let mut portal = Self { generation, keys: Vec::new(), created: 0 };
        portal.add("admin", &[]);
        portal
    }

    /// Its number makes its secret, so that a test can know it.
    fn add(&mut self, name: &str, permissions: &[&str]) -> &mut Key {
        let number = self.keys.len() + 1;
        self.keys.push(Key {
            id: format!("{number:08x}-0000-4000-8000-000000000000"),
            name: name.to_owned(),
            secret: secret(number),
            permissions: permissions.iter().map(|scope| (*scope).to_owned()).collect(),
            expires: None,
            active: true,
            foreign: false,
        });
        self.keys.last_mut().unwrap()
    }

    fn date(&self, at: DateTime<Utc>) -> Json {
        match self.generation {
            Older => {
                let there = at.with_timezone(&chrono::FixedOffset::east_opt(2 * 3600).unwrap());
                json!(there.format("%Y-%m-%dT%H:%M:%S.0000000%:z").to_string())
            }
            Newer => {
                json!({ "utcTime": at.format("%Y-%m-%dT%H:%M:%S.0000000Z").to_string(), "timeZoneOffset": "02:00:00" })
            }
        }
    }

    fn shown(&self, key: &Key, is_new: bool) -> Json {
        let mut shown = json!({
            "id": key.id,
            "name": key.name,
            "keyPostfix": &key.secret[key.secret.len() - 4..],
            "createOn": self.date(created_on()),
            "createBy": { "id": "9d1a", "displayName": "Ada O&#39;Lovelace", "hasAvatar": false },
            "isActive": key.active,
        });
        if is_new {
            shown["key"] = json!(key.secret);
        } else if self.generation == Older {
            shown["key"] = json!(format!("sk-***{}", &key.secret[key.secret.len() - 4..]));
        }
        if !key.permissions.is_empty() {
            shown["permissions"] = json!(key.permissions);
        }
        if let Some(expires) = key.expires {
            shown["expiresAt"] = self.date(expires);
        }
        shown
    }

    fn answer(&mut self, seen: &Seen) -> Reply {
        let asking = seen.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let asking = self.keys.iter().find(|key| Some(key.secret.as_str()) == asking && key.active).cloned();
        let Some(asking) = asking else { return Reply::empty(401) };
        let is_self = seen.path == "/api/2.0/keys/@self";
        let may = |scopes: &[&str]| {
            asking.permissions.is_empty() || asking.permissions.iter().any(|scope| scopes.contains(&scope.as_str()))
        };
        let reads = seen.method == "GET";
        if !(may(&["*", "*:write"]) || reads && may(&["*:read"]) || is_self && self.generation == Newer) {
            return Reply::empty(403);
        }
        let id = seen.path.strip_prefix("/api/2.0/keys/");
        match (seen.method.as_str(), id) {
            ("GET", Some("@self")) => success(200, &self.shown(&asking, false)),
            ("GET", Some("permissions")) => {
                let star = (self.generation == Newer).then_some("*");
                success(200, &star.into_iter().chain(SCOPES).collect())
            }
            ("GET", None) => success(200, &self.keys.iter().rev().map(|key| self.shown(key, false)).collect()),
            ("POST", None) => self.create(&seen.json()),
            ("PUT", Some(id)) => self.update(id, &seen.json()),
            ("DELETE", Some(id)) => match self.place(id) {
                Err(refused) => refused,
                Ok(None) => success(200, &json!(false)),
                Ok(Some(at)) => {
                    self.keys.remove(at);
                    success(200, &json!(true))
                }
            },
            _ => refusal(404, "not found"),
        }
    }

    fn create(&mut self, body: &Json) -> Reply {
        if self.created == 5 {
            return Reply::empty(429).with("Retry-After", "60").with("X-RateLimit-Remaining", "0");
        }
        assert_ne!(body["permissions"], json!([]), "no permissions would be an unrestricted key");
        let days = body["expiresInDays"].as_i64();
        if days.is_some_and(|days| !(1..=365).contains(&days)) {
            let said = "Incorrect number of days. Value must be between 1 and 365";
            return invalid(&json!({ "ExpiresInDays": [said] }));
        }
        let name = body["name"].as_str().unwrap();
        if name.is_empty() || name.chars().count() > 30 {
            return invalid(&json!({ "Name": ["Incorrect name. Length must be less than 30"] }));
        }
        let scopes: Vec<&str> =
            body["permissions"].as_array().into_iter().flatten().map(|scope| scope.as_str().unwrap()).collect();
        if scopes.iter().any(|scope| *scope != "*" && !SCOPES.contains(scope)) {
            return refusal(400, "Permissions are not valid.");
        }
        self.created += 1;
        let everything = scopes.contains(&"*");
        let key = self.add(name, if everything { &[] } else { &scopes });
        key.expires = days.map(|days| created_on() + TimeDelta::days(days));
        let key = key.clone();
        success(if self.generation == Older { 200 } else { 201 }, &self.shown(&key, true))
    }

    fn update(&mut self, id: &str, body: &Json) -> Reply {
        assert_ne!(body["permissions"], json!([]), "no permissions would be no change");
        let at = match self.place(id) {
            Err(refused) => return refused,
            Ok(at) => at,
        };
        let Some(key) = at.map(|at| &mut self.keys[at]).filter(|key| key.expires.is_none()) else {
            return success(200, &json!(false));
        };
        if let Some(name) = body["name"].as_str() {
            name.clone_into(&mut key.name);
        }
        if let Some(scopes) = body["permissions"].as_array() {
            key.permissions = scopes.iter().map(|scope| scope.as_str().unwrap().to_owned()).collect();
        }
        if let Some(active) = body["isActive"].as_bool() {
            key.active = active;
        }
        success(200, &json!(true))
    }

    /// Where a key is; nothing where it is somebody else's and the portal is silent about it.
    fn place(&self, id: &str) -> Result<Option<usize>, Reply> {
        let Some(at) = self.keys.iter().position(|key| key.id == id) else {
            return Err(refusal(500, "Object reference not set to an instance of an object."));
        };
        match (self.keys[at].foreign, self.generation) {
            (false, _) => Ok(Some(at)),
            (true, Older) => Ok(None),
            (true, Newer) => Err(refusal(403, "Access denied")),
        }
    }
}

fn secret(number: usize) -> String {
    format!("sk-{number:064x}")
}

fn created_on() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn success(status: u16, response: &Json) -> Reply {
    let count = response.as_array().map_or(1, Vec::len);
    Reply::json(
        status,
        &json!({ "response": response, "count": count, "links": [], "status": 0, "statusCode": status }),
    )
}

fn refusal(status: u16, says: &str) -> Reply {
    let error = json!({ "message": says, "type": "System.Exception", "stack": "at ASC.Web.Core", "hresult": -1 });
    Reply::json(status, &json!({ "error": error, "status": 1, "statusCode": status }))
}

fn invalid(errors: &Json) -> Reply {
    let problem = json!({ "title": "One or more validation errors occurred.", "status": 400, "errors": errors });
    Reply::json(400, &json!({ "response": problem, "status": 1, "statusCode": 400 }))
}

/// A portal, and the tenant of it whose credential is the first key.
struct Rig {
    desk: Desk,
    server: Server,
    portal: Arc<Mutex<Portal>>,
    tenant: Tenant,
}

impl Rig {
    fn new(generation: Generation) -> Self {
        let portal = Arc::new(Mutex::new(Portal::new(generation)));
        let answers = portal.clone();
        let server = Server::new(move |seen| answers.lock().unwrap().answer(seen));
        let tenant = Tenant::new("docspace", &server.url()).with("key", &secret(1));
        Self { desk: Desk::new(), server, portal, tenant }
    }

    fn create(&self, draft: &RemoteDraft) -> Result<CreatedKey, Failure> {
        self.desk.connectors.create(&self.tenant.site(), draft, &Watch::default())
    }

    fn check(&self, text: &str) -> Result<CheckedKey, Failure> {
        self.desk.connectors.check(&self.tenant.site(), &Secret::new(text.to_owned()), &Watch::default())
    }

    fn key(&self, at: usize) -> Key {
        self.portal.lock().unwrap().keys[at].clone()
    }
}

fn draft(name: &str, scopes: &[&str]) -> RemoteDraft {
    RemoteDraft {
        name: name.to_owned(),
        api_sets: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..RemoteDraft::default()
    }
}

#[test]
fn keys_are_listed_alike_from_both_generations() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        rig.portal.lock().unwrap().add("ci", &["files:read", "rooms:read"]).expires = Some(created_on());
        let listing = rig.desk.connectors.keys(&rig.tenant.site(), &Watch::default()).unwrap();
        assert_eq!(listing.skipped, 0);
        let [ci, admin] = listing.keys.as_slice() else { panic!("{generation:?}: {listing:?}") };
        assert_eq!((ci.name.as_str(), ci.display.as_str(), ci.active), ("ci", "…0002", true));
        assert_eq!(ci.api_sets, ["files:read", "rooms:read"]);
        assert_eq!((ci.everything, admin.everything), (false, true), "no permissions are all of them");
        assert_eq!((ci.created_at, ci.expires_at), (Some(created_on()), Some(created_on())), "{generation:?}");
        assert_eq!((admin.expires_at, admin.last_used_at), (None, None));
        assert_eq!(ci.owner.as_deref(), Some("Ada O'Lovelace"));
    }
}

#[test]
fn a_key_is_created_with_its_permissions_and_its_end() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        let end = created_on() + TimeDelta::days(30);
        let made = rig.create(&RemoteDraft { expires: Some((30, end)), ..draft("ci", &["files:read"]) }).unwrap();
        assert_eq!(made.secret.expose(), secret(2));
        assert_eq!((made.key.api_sets, made.key.expires_at), (vec!["files:read".to_owned()], Some(end)));
        let body = rig.server.seen()[0].json();
        assert_eq!(body, json!({ "name": "ci", "permissions": ["files:read"], "expiresInDays": 30 }));
        assert_eq!(
            rig.check(made.secret.expose()).unwrap(),
            if generation == Older { CheckedKey::Restricted } else { CheckedKey::Valid }
        );
    }
}

#[test]
fn an_unrestricted_key_is_asked_for_by_name() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        assert!(rig.create(&draft("all", &[])).unwrap().key.everything);
        assert_eq!(rig.server.seen()[0].json(), json!({ "name": "all", "permissions": ["*"] }));
        // To widen a key needs to be said, too: an omitted list would leave it as it is.
        rig.portal.lock().unwrap().add("narrow", &["files:read"]);
        let widen = RemoteChange { api_sets: Some(Vec::new()), ..RemoteChange::default() };
        rig.desk.connectors.update(&rig.tenant.site(), &rig.key(2).id, &widen, &Watch::default()).unwrap();
        assert_eq!(rig.key(2).permissions, ["*"]);
    }
}

#[test]
fn a_key_is_changed_switched_and_revoked() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        let id = rig.create(&draft("ci", &["files:read"])).unwrap().key.id;
        let (connectors, site, watch) = (&rig.desk.connectors, rig.tenant.site(), Watch::default());
        let rename = RemoteChange { name: Some("nightly".to_owned()), ..RemoteChange::default() };
        connectors.update(&site, &id, &rename, &watch).unwrap();
        assert_eq!((rig.key(1).name.as_str(), rig.key(1).permissions.len()), ("nightly", 1));
        connectors.switch(&site, &id, false, &watch).unwrap();
        assert_eq!(rig.check(&secret(2)), Ok(CheckedKey::Unknown));
        assert!(!connectors.keys(&site, &watch).unwrap().keys[0].active);
        connectors.switch(&site, &id, true, &watch).unwrap();
        assert!(rig.key(1).active);
        connectors.revoke(&site, &id, &watch).unwrap();
        assert_eq!(rig.portal.lock().unwrap().keys.len(), 1);
        // The portal answers for a key that it does not know as if it were broken.
        fails(connectors.switch(&site, &id, false, &watch), NotFound, Outcome::NotDone, &["no such key any more"]);
        connectors.revoke(&site, &id, &watch).unwrap();
    }
}

#[test]
fn a_portal_that_breaks_while_it_revokes_is_not_believed() {
    let rig = Rig::new(Newer);
    let keys = rig.portal.clone();
    let server = Server::new(move |seen| match seen.method.as_str() {
        "DELETE" => refusal(500, "The database is locked."),
        _ => keys.lock().unwrap().answer(seen),
    });
    let tenant = Tenant::new("docspace", &server.url()).with("key", &secret(1));
    let revoked = rig.desk.connectors.revoke(&tenant.site(), &rig.key(0).id, &Watch::default());
    fails(revoked, RemoteRefused, Outcome::Unknown, &["lists it", "may still work"]);
}

#[test]
fn what_was_not_done_is_told() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        rig.portal.lock().unwrap().add("hers", &[]).foreign = true;
        rig.portal.lock().unwrap().add("over", &[]).expires = Some(created_on());
        let (site, watch) = (rig.tenant.site(), Watch::default());
        let says = if generation == Older { "changed nothing" } else { "does not permit" };
        fails(rig.desk.connectors.revoke(&site, &rig.key(1).id, &watch), RemoteRefused, Outcome::NotDone, &[says]);
        let switched = rig.desk.connectors.switch(&site, &rig.key(2).id, false, &watch);
        fails(switched, RemoteRefused, Outcome::NotDone, &["changed nothing", "may be over"]);
    }
}

#[test]
fn a_refusal_is_told_in_the_portals_words_and_without_its_insides() {
    let rig = Rig::new(Newer);
    let long = "n".repeat(31);
    for (draft, says) in [
        (draft(&long, &[]), "Incorrect name. Length must be less than 30"),
        (draft("a", &["mail:read"]), "Permissions are not valid"),
        (RemoteDraft { expires: Some((366, created_on())), ..draft("a", &[]) }, "Value must be between 1 and 365"),
    ] {
        let failure = fails(rig.create(&draft), RemoteRefused, Outcome::NotDone, &[says]);
        assert!(!format!("{failure:?}").contains("ASC.Web"));
    }
}

#[test]
fn five_keys_in_fifteen_minutes_and_not_one_request_more() {
    let rig = Rig::new(Older);
    for at in 0..5 {
        rig.create(&draft(&format!("key {at}"), &[])).unwrap();
    }
    let failure = fails(rig.create(&draft("key 5", &[])), RemoteThrottled, Outcome::NotDone, &["15 minutes"]);
    assert!(failure.wait.is_some_and(|wait| wait > Duration::from_secs(890)), "{:?}", failure.wait);
    assert_eq!(rig.server.seen().len(), 5, "the limit was kept before the portal had to say so");
    assert!(rig.desk.connectors.keys(&rig.tenant.site(), &Watch::default()).is_ok(), "it is for new keys alone");
    // Another process does not know of these five; the portal does.
    let other = Desk::new().connectors.create(&rig.tenant.site(), &draft("key 5", &[]), &Watch::default());
    assert_eq!(fails(other, RemoteThrottled, Outcome::NotDone, &[]).wait, Some(Duration::from_mins(1)));
    assert_eq!(rig.portal.lock().unwrap().keys.len(), 6);
}

#[test]
fn the_scopes_are_the_portals_with_names_for_people() {
    for (generation, count) in [(Older, 10), (Newer, 11)] {
        let rig = Rig::new(generation);
        let sets = rig.desk.connectors.api_sets(&rig.tenant.site(), &Watch::default()).unwrap();
        assert_eq!(sets.len(), count);
        let files = sets.iter().find(|set| set.id == "files:read").unwrap();
        assert_eq!((files.name.as_str(), files.group.as_str()), ("Files: Read", "Files"));
    }
}

#[test]
fn answers_without_a_body_are_understood() {
    for generation in [Older, Newer] {
        let rig = Rig::new(generation);
        let (site, watch) = (rig.tenant.site(), Watch::default());
        rig.portal.lock().unwrap().keys[0].permissions = vec!["files:read".to_owned()];
        let words = &["does not permit", "*:write"];
        fails(rig.desk.connectors.keys(&site, &watch), RemoteRefused, Outcome::NotDone, words);
        rig.portal.lock().unwrap().keys[0].active = false;
        fails(
            rig.desk.connectors.keys(&site, &watch),
            RemoteCredential,
            Outcome::NotDone,
            &["does not accept the credential"],
        );
        assert_eq!(rig.check(&secret(1)), Ok(CheckedKey::Unknown));
        assert_eq!(rig.check("sk-nobody"), Ok(CheckedKey::Unknown));
    }
}

#[test]
fn what_was_pasted_in_front_of_a_key_is_not_sent_twice() {
    let rig = Rig::new(Older);
    let pasted = Tenant::new("docspace", &rig.server.url()).with("key", &format!("  bearer {}\n", secret(1)));
    assert!(rig.desk.connectors.keys(&pasted.site(), &Watch::default()).is_ok());
    assert_eq!(rig.check(&format!("Bearer {}", secret(1))), Ok(CheckedKey::Valid));
    let sent = format!("Bearer {}", secret(1));
    assert!(rig.server.seen().iter().all(|seen| seen.header("authorization") == Some(sent.as_str())));
}
