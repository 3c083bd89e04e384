//! A portal of `DocSpace` on loopback: keeps keys, can do something between a request and its answer, and can be cut off.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use latchkey_app::remote;
use latchkey_app::session::Session;
use latchkey_app::wire::{NetworkEdit, RemoteTenantDraft};
use latchkey_domain::secret::Secret;
use serde_json::{Value, json};

use super::ada;

type Meanwhile = Box<dyn FnOnce() + Send>;

/// Where the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the request is read.
    Unread,
    /// After it is read; it is never done.
    Undone,
    /// After it is read; it is done when the list has been asked for once more.
    Late,
    /// After it is done, and before the answer.
    Silent,
    /// In the middle of the answer's body.
    Torn,
    /// Nowhere: it is done, and the answer does not come as long as somebody waits for it.
    Held,
}

impl Cut {
    pub(crate) const ALL: [Self; 6] = [Self::Unread, Self::Undone, Self::Late, Self::Silent, Self::Torn, Self::Held];
}

/// A portal, as its tests see it.
#[derive(Default)]
pub(crate) struct Portal {
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// As lists have them.
    pub(crate) keys: Vec<Value>,
    /// The first lines of the requests that were read, up to the version.
    pub(crate) asked: Vec<String>,
    made: u64,
    meanwhile: Option<(&'static str, Meanwhile)>,
    cut: Option<(&'static str, Cut)>,
    /// A request that was read, cut off, and is still to be done.
    late: Option<(String, Value)>,
}

impl Portal {
    /// The portal and its address.
    pub(crate) fn start() -> (Arc<Self>, String) {
        let portal = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::clone(&portal);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                // A client that goes away in the middle is its own business.
                thread::spawn(move || serving.serve(stream));
            }
        });
        (portal, url)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// `work` happens between the next request that begins so and its answer.
    pub(crate) fn during(&self, request: &'static str, work: impl FnOnce() + Send + 'static) {
        self.state().meanwhile = Some((request, Box::new(work)));
    }

    /// The next request that begins so is cut off.
    pub(crate) fn cut(&self, request: &'static str, at: Cut) {
        self.state().cut = Some((request, at));
    }

    /// How many requests that begin so were read.
    pub(crate) fn asked(&self, request: &str) -> usize {
        self.state().asked.iter().filter(|line| line.starts_with(request)).count()
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut begins = [0; 8];
        let seen = stream.peek(&mut begins).ok()?;
        let is_next =
            |request: &str| seen > 0 && begins[..seen].starts_with(&request.as_bytes()[..seen.min(request.len())]);
        if self.state().cut.take_if(|(request, at)| *at == Cut::Unread && is_next(request)).is_some() {
            return None;
        }
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut first = String::new();
        reader.read_line(&mut first).ok()?;
        let headers: Vec<String> =
            reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let length =
            headers.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let (cut, answer, due) = {
            let mut state = self.state();
            state.asked.push(first.rsplit_once(' ')?.0.to_owned());
            let cut = state.cut.take_if(|(request, _)| first.starts_with(*request)).map(|(_, at)| at);
            match cut {
                Some(Cut::Undone) => return None,
                Some(Cut::Late) => {
                    state.late = Some((first, body));
                    return None;
                }
                _ => {}
            }
            let answer = state.answer(&first, &body);
            let due = state.meanwhile.take_if(|(request, _)| first.starts_with(*request));
            (cut, answer, due)
        };
        if let Some((_, work)) = due {
            work();
        }
        let text = json!({ "response": answer }).to_string();
        let head = format!("HTTP/1.1 200 -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
        match cut {
            Some(Cut::Silent) => None,
            Some(Cut::Held) => {
                // Until the client goes away.
                let _ = reader.read(&mut [0]);
                None
            }
            Some(Cut::Torn) => stream.write_all(format!("{head}{}", &text[..text.len() / 2]).as_bytes()).ok(),
            _ => stream.write_all(format!("{head}{text}").as_bytes()).ok(),
        }
    }
}

impl State {
    /// Somebody makes a key in the portal's own pages.
    pub(crate) fn make(&mut self, name: &str) -> Value {
        self.made += 1;
        let key = json!({ "id": self.made.to_string(), "name": name, "keyPostfix": "9a9a", "isActive": true });
        self.keys.push(key.clone());
        key
    }

    pub(crate) fn named(&self, name: &str) -> usize {
        self.keys.iter().filter(|key| key["name"] == name).count()
    }

    fn answer(&mut self, first: &str, body: &Value) -> Value {
        let id = first.split(' ').nth(1).and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        match first.split(' ').next() {
            _ if first.contains("permissions") => json!(["*"]),
            Some("GET") => {
                let listed = json!(self.keys);
                if let Some((first, body)) = self.late.take() {
                    self.answer(&first, &body);
                }
                listed
            }
            Some("PUT") => {
                for key in self.keys.iter_mut().filter(|key| key["id"] == id) {
                    key["isActive"] = body["isActive"].clone();
                }
                json!(true)
            }
            Some("DELETE") => {
                self.keys.retain(|key| key["id"] != id);
                json!(true)
            }
            _ => {
                let mut told = self.make(body["name"].as_str().unwrap());
                told["key"] = json!(format!("sk-{:064x}", 0x5eed_0000 + self.made));
                told
            }
        }
    }
}

/// Adds a portal as a remote tenant; answers with its identifier.
pub(crate) fn add(session: &Session, name: &str, url: &str) -> String {
    let draft = RemoteTenantDraft {
        name: name.into(),
        connector: "docspace".into(),
        url: url.into(),
        options: BTreeMap::new(),
        plain_http: false,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    let credentials = BTreeMap::from([("key".to_owned(), Arc::new(Secret::new("sk-admin".into())))]);
    remote::add(session, &ada(), &draft, &credentials).unwrap().id
}
