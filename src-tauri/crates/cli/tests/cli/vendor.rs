//! A portal of `DocSpace` on loopback: keeps keys, and can be told to misbehave.

use std::sync::{Arc, Mutex, MutexGuard};

use rustls::ServerConfig;
use serde_json::{Value, json};

use crate::http::{Request, Response, listen};
use crate::tls::{self, Answer};

/// The key that manages keys.
pub(crate) const ADMIN: &str = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";

/// The portal, as its tests see it.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(crate) struct State {
    /// With `secret`, which no answer but that to the creation has.
    pub(crate) keys: Vec<Value>,
    /// Each request as `METHOD path`.
    pub(crate) asked: Vec<String>,
    /// Do what is asked, and hang up instead of answering.
    pub(crate) mute: bool,
    /// Answer everything with this status.
    pub(crate) trouble: Option<u16>,
    /// Say once, of the next list, that it is to be asked for again in so many seconds.
    pub(crate) busy: Option<u32>,
    /// Who manages keys; `None` for [`ADMIN`].
    pub(crate) admin: Option<String>,
    made: u64,
}

impl Portal {
    pub(crate) fn start() -> Self {
        Self::listening(listen)
    }

    /// Over HTTPS.
    pub(crate) fn tls(config: ServerConfig) -> Self {
        Self::listening(|answer| tls::listen(config, answer))
    }

    fn listening(listen: impl FnOnce(Answer) -> String) -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let answering = Arc::clone(&state);
        let url = listen(Box::new(move |request: &Request| answering.lock().unwrap().respond(request)));
        Self { url, state }
    }

    /// Where it listens, without a scheme.
    pub(crate) fn address(&self) -> &str {
        self.url.rsplit('/').next().unwrap()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Somebody makes a key in the portal's own pages.
    pub(crate) fn add(&self, name: &str, permissions: &[&str]) -> String {
        let mut state = self.state();
        let key = state.make(&json!({ "name": name, "permissions": permissions }));
        key["id"].as_str().unwrap().to_owned()
    }

    /// The portal's key of this name, as it is now.
    pub(crate) fn key(&self, name: &str) -> Option<Value> {
        self.state().keys.iter().find(|key| key["name"] == name).cloned()
    }
}

impl State {
    /// A key that may do everything that its creator may.
    pub(crate) fn make_without_permissions(&mut self, name: &str) {
        self.make(&json!({ "name": name }));
    }

    fn make(&mut self, asked: &Value) -> Value {
        assert!(asked["permissions"] != json!([]), "an empty list means something else on every version");
        self.made += 1;
        let secret = format!("sk-{:064x}", 0x5eed_0000_u64 + self.made);
        let key = json!({
            "id": format!("0b6e3c5e-0000-4000-8000-{:012}", self.made),
            "name": asked["name"],
            "key": secret,
            "keyPostfix": &secret[63..],
            "permissions": asked["permissions"],
            "createOn": chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S.0000000Z").to_string(),
            "isActive": true
        });
        self.keys.push(key.clone());
        key
    }

    fn respond(&mut self, request: &Request) -> Option<Response> {
        let Request { method, path, headers, body } = request;
        let body = serde_json::from_str(body).unwrap_or_default();
        let credential = headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        self.asked.push(format!("{method} {path}"));
        let (status, answer) = self.answer(method, path, credential.unwrap_or_default(), &body);
        let wait = if path == "/api/2.0/keys" && method == "GET" { self.busy.take() } else { None };
        let mut headers = vec![("Content-Type", "application/json".to_owned())];
        headers.extend(wait.map(|seconds| ("Retry-After", seconds.to_string())));
        let is_mute = self.mute && method == "POST";
        let body = if answer.is_null() { String::new() } else { answer.to_string() };
        (!is_mute).then_some(Response { status: if wait.is_some() { 429 } else { status }, headers, body })
    }

    fn answer(&mut self, method: &str, path: &str, credential: &str, body: &Value) -> (u16, Value) {
        if let Some(status) = self.trouble {
            return (status, json!({ "error": { "message": "Something went wrong" } }));
        }
        let ok = |response: Value| (200, json!({ "response": response, "status": 0, "statusCode": 200 }));
        if path == "/api/2.0/keys/@self" {
            let own = self.keys.iter().find(|key| key["key"] == credential && key["isActive"] == true);
            return own.map_or((401, Value::Null), |key| ok(masked(key)));
        }
        if credential != self.admin.as_deref().unwrap_or(ADMIN) {
            return (401, Value::Null);
        }
        let id = path.strip_prefix("/api/2.0/keys/").unwrap_or_default();
        let at = self.keys.iter().position(|key| key["id"] == id);
        match (method, path, at) {
            ("GET", "/api/2.0/keys/permissions", _) => ok(json!(["*", "files:read", "files:write", "rooms:read"])),
            ("GET", "/api/2.0/keys", _) => ok(self.keys.iter().map(masked).collect()),
            ("POST", "/api/2.0/keys", _) => ok(self.make(body)),
            ("PUT", _, Some(at)) => {
                for name in ["name", "permissions", "isActive"] {
                    if let Some(value) = body.get(name) {
                        self.keys[at][name] = value.clone();
                    }
                }
                ok(json!(true))
            }
            ("DELETE", _, Some(at)) => {
                self.keys.remove(at);
                ok(json!(true))
            }
            ("PUT" | "DELETE", _, None) => (500, json!({ "error": { "message": "Object reference" } })),
            _ => (404, Value::Null),
        }
    }
}

/// As lists have it.
fn masked(key: &Value) -> Value {
    let mut key = key.clone();
    key["key"] = json!(format!("sk-***{}", key["keyPostfix"].as_str().unwrap()));
    if key["permissions"].is_null() {
        key.as_object_mut().unwrap().remove("permissions");
    }
    key
}
