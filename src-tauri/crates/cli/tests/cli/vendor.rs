//! A portal of `DocSpace` on loopback: keeps keys, and can be told to misbehave.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::Not as _;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

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
        Self::listening("http", |stream, state| serve(stream, state))
    }

    /// Over HTTPS.
    pub(crate) fn tls(config: ServerConfig) -> Self {
        let config = Arc::new(config);
        Self::listening("https", move |stream, state| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            serve(StreamOwned::new(connection, stream.try_clone().unwrap()), state)?;
            // Closed with something unread, the other side might not get to read why it is refused.
            stream.shutdown(Shutdown::Write).ok()?;
            io::copy(&mut &*stream, &mut io::sink()).ok().map(drop)
        })
    }

    fn listening(
        scheme: &str,
        serve: impl Fn(&TcpStream, &Mutex<State>) -> Option<()> + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let portal =
            Self { url: format!("{scheme}://{}", listener.local_addr().unwrap()), state: Arc::new(Mutex::default()) };
        let state = Arc::clone(&portal.state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, serve) = (Arc::clone(&state), serve.clone());
                // A client that goes away in the middle is its own business.
                thread::spawn(move || serve(&stream, &state));
            }
        });
        portal
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

fn serve(stream: impl Read + Write, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        // One that refuses a certificate is at its end, too.
        if reader.read_line(&mut first).is_ok_and(|read| read > 0).not() {
            return Some(());
        }
        let mut headers = HashMap::new();
        for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ")?;
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let (method, path) = first.split_once(' ')?;
        let path = path.split(' ').next()?;
        let credential = headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let (status, answer, mute, wait) = {
            let mut state = state.lock().unwrap();
            state.asked.push(format!("{method} {path}"));
            let (status, answer) = state.answer(method, path, credential.unwrap_or_default(), &body);
            let wait = if path == "/api/2.0/keys" && method == "GET" { state.busy.take() } else { None };
            let status = if wait.is_some() { 429 } else { status };
            (status, answer, state.mute && method == "POST", wait)
        };
        if mute {
            return None;
        }
        let text = if answer.is_null() { String::new() } else { answer.to_string() };
        let wait = wait.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {status} -\r\n{wait}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        reader.get_mut().write_all(format!("{head}{text}").as_bytes()).ok()?;
        reader.get_mut().flush().ok()?;
    }
}
