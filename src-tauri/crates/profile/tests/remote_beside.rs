//! A refresh beside a change: neither takes back what the other has done.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::ports::{EventFilter, JournalEntry, JournalStep, Vault as _, Watch};
use latchkey_app::session::Session;
use latchkey_app::wire::{ErrorCode, EventKind, KeyQuery, KeyStatus, KeyView, RemoteTenantDraft};
use latchkey_app::{remote, tenant};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;
use serde_json::{Value, json};

type Meanwhile = Box<dyn FnOnce() + Send>;

/// A portal that keeps keys; what is set for a request happens between the request and its answer.
#[derive(Default)]
struct Portal {
    keys: Mutex<Vec<Value>>,
    meanwhile: Mutex<Option<(&'static str, Meanwhile)>>,
}

impl Portal {
    fn start() -> (Arc<Self>, String) {
        let portal = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::clone(&portal);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                thread::spawn(move || serving.serve(stream));
            }
        });
        (portal, url)
    }

    fn during(&self, method: &'static str, work: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some((method, Box::new(work)));
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut first = String::new();
        reader.read_line(&mut first).unwrap();
        let headers: Vec<String> =
            reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let length =
            headers.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        let answer = self.answer(&first, &serde_json::from_slice(&body).unwrap_or_default());
        let due = self.meanwhile.lock().unwrap().take_if(|(request, _)| first.starts_with(*request));
        if let Some((_, work)) = due {
            work();
        }
        let text = json!({ "response": answer }).to_string();
        let head = format!("HTTP/1.1 200 -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
        // A client that goes away is its own business.
        let _ = stream.write_all(format!("{head}{text}").as_bytes());
    }

    fn answer(&self, first: &str, body: &Value) -> Value {
        let mut keys = self.keys.lock().unwrap();
        if first.contains("permissions") {
            return json!(["*"]);
        }
        if first.starts_with("GET") {
            return json!(*keys);
        }
        if first.starts_with("PUT") {
            keys[0]["isActive"] = body["isActive"].clone();
            return json!(true);
        }
        let key = json!({ "id": "1", "name": body["name"], "keyPostfix": "9a9a", "isActive": true });
        keys.push(key.clone());
        let mut told = key;
        told["key"] = json!(format!("sk-{:064x}", 7));
        told
    }
}

struct Office {
    fixture: &'static Fixture,
    portal: Arc<Portal>,
    tenant: String,
}

impl Office {
    /// Lives as long as the test, for what happens in the portal's threads.
    fn open() -> Self {
        let fixture: &'static Fixture = Box::leak(Box::new(Fixture::new()));
        let (portal, url) = Portal::start();
        let tenant = add(&fixture.session, "Portal", &url);
        Self { fixture, portal, tenant }
    }

    fn session(&self) -> &'static Session {
        &self.fixture.session
    }

    fn generate(&self) -> KeyView {
        let draft = latchkey_app::wire::KeyDraft { api_sets: Vec::new(), ..draft(&self.tenant, "Quay") };
        key::new(self.session(), &ada(), &draft, &HandOver { keep: true, ..HandOver::default() }).unwrap().key
    }

    fn refresh(&self) {
        remote::sync(self.session(), &ada(), &self.tenant, &Watch::default()).unwrap();
    }

    fn listed(&self) -> Vec<KeyView> {
        key::list(self.session(), &KeyQuery { limit: 10, ..KeyQuery::default() }).unwrap().keys
    }
}

/// A remote tenant, by its identifier.
fn add(session: &Session, name: &str, url: &str) -> String {
    let draft = RemoteTenantDraft {
        name: name.into(),
        connector: "docspace".into(),
        url: url.into(),
        options: BTreeMap::new(),
        plain_http: false,
        accept_caution: false,
    };
    let credentials = BTreeMap::from([("key".to_owned(), Arc::new(Secret::new("sk-admin".into())))]);
    remote::add(session, &ada(), &draft, &credentials).unwrap().id
}

#[test]
fn a_key_that_is_listed_before_its_answer_has_come_is_one_key_with_its_text() {
    let office = Office::open();
    let (session, tenant) = (office.session(), office.tenant.clone());
    office.portal.during("POST", move || {
        remote::sync(session, &ada(), &tenant, &Watch::default()).unwrap();
    });
    let made = office.generate();
    assert_eq!(office.listed().iter().map(|key| &key.id).collect::<Vec<_>>(), [&made.id]);
    office.refresh();
    let [key] = &office.listed()[..] else { panic!("one key") };
    assert!(key.kept && key.handed_over, "{key:?}");
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 50, ..EventFilter::default() })).unwrap();
    assert!(log.iter().all(|event| event.event.kind != EventKind::KeyOrphaned), "nobody has lost it");
}

#[test]
fn a_list_from_before_a_change_does_not_take_it_back() {
    let office = Office::open();
    let made = office.generate();
    let (session, id) = (office.session(), made.id.clone());
    office.portal.during("GET /api/2.0/keys ", move || drop(key::disable(session, &ada(), &id).unwrap()));
    office.refresh();
    let [key] = &office.listed()[..] else { panic!("one key") };
    assert_eq!(key.status, KeyStatus::Disabled);
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 50, ..EventFilter::default() })).unwrap();
    assert!(log.iter().all(|event| event.event.kind != EventKind::KeyDrifted), "nobody has changed it elsewhere");
}

#[test]
fn all_remote_tenants_are_refreshed_and_one_that_fails_hides_none() {
    let office = Office::open();
    office.portal.keys.lock().unwrap().push(json!({ "id": "1", "name": "Crane", "isActive": true }));
    let silent = add(office.session(), "Nobody", "http://127.0.0.1:9");
    office.fixture.tenant("Harbour");
    remote::refresh(office.session(), &ada(), &Watch::default()).unwrap();
    assert_eq!(office.listed().len(), 1);
    let problem = |id: &str| {
        let tenant = tenant::show(office.session(), id).unwrap();
        tenant.remote.unwrap().problem
    };
    assert_eq!(problem(&office.tenant), None);
    assert!(problem(&silent).unwrap().contains("127.0.0.1"));
}

#[test]
fn a_removed_tenant_leaves_no_question_behind() {
    let fixture = Fixture::new();
    let tenant = add(&fixture.session, "Portal", "http://127.0.0.1:9");
    let asked = JournalEntry {
        key: KeyId::from_bytes([7; 16]),
        step: JournalStep::Asking { tenant: tenant.parse().unwrap(), name: "Quay".into() },
        instance: fixture.session.instance.id().into(),
        at: fixture.session.now(),
    };
    fixture.session.store.writing(|writer| writer.put_journal(&asked)).unwrap();
    tenant::remove(&fixture.session, &ada(), &tenant).unwrap();
    assert_eq!(fixture.journal_len(), 0);
    assert!(fixture.vault.items().unwrap().is_empty(), "its credential has left the vault, too");
}

#[test]
fn a_tenant_stays_while_its_server_is_asked_for_a_key() {
    let office = Office::open();
    let (session, tenant) = (office.session(), office.tenant.clone());
    let (tell, told) = mpsc::channel();
    office.portal.during("POST", move || tell.send(tenant::remove(session, &ada(), &tenant)).unwrap());
    let made = office.generate();
    let refused = told.recv().unwrap().unwrap_err();
    assert_eq!((refused.code(), refused.to_string().contains("Quay")), (ErrorCode::NotNow, true), "{refused:?}");
    assert_eq!(office.listed()[0].id, made.id);
}
