//! The cases of connectors and remote tenants.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use latchkey_app::error::Error;
use latchkey_app::ports::{JournalEntry, JournalStep, Watch};
use latchkey_app::remote::{Refreshes, Tray};
use latchkey_app::wire::EventKind::{
    ConnectorAdded, ConnectorRemoved, CredentialChanged, KeyImported, KeySuperseded, NetworkOff, SecretKept,
    TenantAdded, TenantEdited, TenantSignedIn, TenantSignedOut, TenantSynced,
};
use latchkey_app::wire::{
    ConnectionEdit, ErrorCode, KeyDraft, NetworkEdit, Overlap, ProxyChoice, RecordDraft, RemoteTenantDraft, Settings,
};
use latchkey_app::{connector, remote, settings, tenant};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;

use super::{Case, Refused, Stage, case, grace};
use crate::common::{ada, draft};
use crate::{documenso, http};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("settings::save", &[NetworkOff], |_| {
            let offline = Settings { offline: true, ..Settings::default() };
            Box::new(move |stage| settings::save(stage.session(), &grace(), offline).map(drop))
        }),
        case("connector::add", &[ConnectorAdded], |stage| {
            let file = manifest(stage);
            Box::new(move |stage| connector::add(stage.session(), &grace(), &file).map(drop))
        }),
        case("connector::remove", &[ConnectorRemoved], |stage| {
            connector::add(stage.session(), &ada(), &manifest(stage)).unwrap();
            Box::new(|stage| connector::remove(stage.session(), &grace(), "office"))
        }),
        case("remote::add", &[TenantAdded], |_| {
            Box::new(|stage| {
                remote::add(stage.session(), &grace(), &portal("http://127.0.0.1:9"), &credential()).map(drop)
            })
        }),
        Case {
            refused: Refused::Undone,
            ..case("remote::set_credential", &[CredentialChanged], |stage| {
                let tenant =
                    remote::add(stage.session(), &ada(), &portal("http://127.0.0.1:9"), &credential()).unwrap().id;
                Box::new(move |stage| remote::set_credential(stage.session(), &grace(), &tenant, &credential()))
            })
        },
        case("remote::add_signed_in", &[TenantAdded], |stage| {
            let draft = office();
            let open = remote::open_session(stage.session(), &draft, &BTreeMap::new(), &answers(), &Watch::default());
            let open = open.unwrap();
            Box::new(move |stage| remote::add_signed_in(stage.session(), &grace(), &draft, &open).map(drop))
        }),
        Case {
            refused: Refused::Undone,
            ..case("remote::sign_in", &[TenantSignedIn], |stage| {
                let tenant = signed_in(stage);
                Box::new(move |stage| {
                    remote::sign_in(stage.session(), &grace(), &tenant, &answers(), &Watch::default())
                })
            })
        },
        case("remote::sign_out", &[TenantSignedOut], |stage| {
            let tenant = signed_in(stage);
            Box::new(move |stage| remote::sign_out(stage.session(), &grace(), &tenant, &Watch::default()).map(drop))
        }),
        // Nothing of the network is in the vault: a changed proxy is a row.
        case("remote::set_connection", &[TenantEdited], |stage| {
            let tenant = remote::add(stage.session(), &ada(), &portal("http://127.0.0.1:9"), &credential()).unwrap().id;
            let network = NetworkEdit { proxy: Some(ProxyChoice::None), ..NetworkEdit::default() };
            let edit = ConnectionEdit { network, ..ConnectionEdit::default() };
            Box::new(move |stage| {
                remote::set_connection(stage.session(), &grace(), &tenant, &edit, &BTreeMap::new()).map(drop)
            })
        }),
        case("remote::give_up", &[TenantEdited], |stage| {
            let tenant = remote::add(stage.session(), &ada(), &portal("http://127.0.0.1:9"), &credential()).unwrap().id;
            let asked = JournalEntry {
                key: KeyId::from_bytes([7; 16]),
                step: JournalStep::Asking { tenant: tenant.parse().unwrap(), name: "Quay".to_owned() },
                instance: String::new(),
                at: stage.session().now(),
            };
            stage.session().store.writing(|writer| writer.put_journal(&asked)).unwrap();
            Box::new(move |stage| remote::give_up(stage.session(), &grace(), &tenant, "Quay"))
        }),
        case("remote::sync", &[TenantSynced], |stage| {
            let tenant = remote::add(stage.session(), &ada(), &portal(&server()), &credential()).unwrap().id;
            Box::new(move |stage| remote::sync(stage.session(), &grace(), &tenant, &Watch::default()).map(drop))
        }),
        case("remote::record", &[KeyImported, SecretKept, KeySuperseded], |stage| {
            let tenant = desk(stage);
            let old = remote::record(stage.session(), &ada(), &recording(&tenant), &made(1)).unwrap().key.id;
            let overlap = Some(Overlap::Hours { hours: 24 });
            let draft = RecordDraft { succeeds: Some(old), overlap, ..recording(&tenant) };
            Box::new(move |stage| remote::record(stage.session(), &grace(), &draft, &made(2)).map(drop))
        }),
        case("remote::tray::record", &[KeyImported, SecretKept], |stage| {
            let tenant = desk(stage);
            let tray = Tray::default();
            let pasted = tray.paste(stage.session(), &tenant, Some(made(1))).unwrap().id;
            let draft = recording(&tenant);
            Box::new(move |stage| tray.record(stage.session(), &grace(), &draft, &pasted).map(drop))
        }),
        // One tenant that fails does not keep the others from being asked, so what came of it is looked at.
        case("remote::refresh", &[TenantSynced], |stage| {
            let tenant = remote::add(stage.session(), &ada(), &portal(&server()), &credential()).unwrap().id;
            Box::new(move |stage| {
                remote::refresh(stage.session(), &grace(), &Refreshes::new(|_| ()))?;
                match tenant::show(stage.session(), &tenant)?.keys {
                    0 => Err(Error::new(ErrorCode::Failed, "no key has come")),
                    _ => Ok(()),
                }
            })
        }),
    ]
}

fn manifest(stage: &Stage) -> PathBuf {
    let path = stage.fixture.path().join("office.json");
    let text = r#"{ "manifest": 1, "id": "office", "name": "Office", "about": "Tokens of our own office.",
        "address": { "label": "Office", "example": "https://office.example.com" },
        "authentication": { "Authorization": "{secret}" },
        "draft": { "name_min": 1, "name_max": 40, "no_api_sets": "nothing" },
        "requests": { "check": { "method": "GET", "path": "/me" } } }"#;
    std::fs::write(&path, text).unwrap();
    path
}

fn portal(url: &str) -> RemoteTenantDraft {
    RemoteTenantDraft {
        name: "Portal".into(),
        connector: "docspace".into(),
        url: url.into(),
        options: BTreeMap::new(),
        plain_http: false,
        accept_caution: false,
        network: NetworkEdit::default(),
    }
}

/// A tenant of a server that somebody signs in to.
fn office() -> RemoteTenantDraft {
    let server = Mutex::new(documenso::Documenso::new());
    let url = http::listen(move |request| {
        let headers = request.headers.clone();
        let asked = documenso::Asked { method: &request.method, path: &request.path, headers, body: &request.body };
        let documenso::Told { status, headers, body } = server.lock().unwrap().answer(&asked);
        Some(http::Response { status, headers, body })
    });
    RemoteTenantDraft {
        name: "Office".into(),
        connector: "documenso-session".into(),
        options: BTreeMap::from([("team".to_owned(), "7".to_owned())]),
        accept_caution: true,
        ..portal(&url)
    }
}

fn answers() -> BTreeMap<String, Arc<Secret>> {
    let answers = [("email", documenso::EMAIL), ("password", documenso::PASSWORD)];
    answers.map(|(id, text)| (id.to_owned(), Arc::new(Secret::new(text.into())))).into()
}

fn signed_in(stage: &Stage) -> String {
    let draft = office();
    let open = remote::open_session(stage.session(), &draft, &BTreeMap::new(), &answers(), &Watch::default()).unwrap();
    remote::add_signed_in(stage.session(), &ada(), &draft, &open).unwrap().id
}

/// A tenant whose keys a person makes in the vendor's pages.
fn desk(stage: &Stage) -> String {
    let draft = RemoteTenantDraft { connector: "docanalyzer".into(), ..portal("https://vendor.example.com") };
    remote::add(stage.session(), &ada(), &draft, &BTreeMap::new()).unwrap().id
}

fn recording(tenant: &str) -> RecordDraft {
    let key = KeyDraft { api_sets: Vec::new(), ..draft(tenant, "winch") };
    RecordDraft { key, keep: true, succeeds: None, overlap: None }
}

fn made(number: u32) -> Secret {
    Secret::new(format!("9f2c7b1e4a8d40f6b3e5071c6d2a9c1{number}"))
}

fn credential() -> BTreeMap<String, Arc<Secret>> {
    BTreeMap::from([("key".to_owned(), Arc::new(Secret::new("sk-admin".into())))])
}

/// A portal with one key.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut first = String::new();
            reader.read_line(&mut first).unwrap();
            for line in reader.lines().map_while(Result::ok) {
                if line.is_empty() {
                    break;
                }
            }
            let body = if first.contains("permissions") {
                r#"{"response":["*"]}"#
            } else {
                r#"{"response":[{"id":"1","name":"Crane","keyPostfix":"9a9a","isActive":true}]}"#
            };
            let head = format!("HTTP/1.1 200 -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    url
}
