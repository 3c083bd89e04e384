//! Connectors: shown, taken, and tried against servers on loopback.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::desk::Desk;

const CREDENTIAL: &str = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";

/// A server that answers each path in one way, to those who show the credential that it knows.
struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(header: &'static str, answers: Vec<(&'static str, u16, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (connections, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { url, connections: Arc::clone(&connections), asked: Arc::clone(&asked) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                serve(&stream, header, &answers, &asked);
            }
        });
        server
    }
}

fn serve(stream: &TcpStream, header: &str, answers: &[(&str, u16, String)], asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut headers = HashMap::new();
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    asked.lock().unwrap().push(first.trim_end().to_owned());
    let path = first.split(' ').nth(1).unwrap_or_default();
    let known = headers.get(header).is_some_and(|value| value.ends_with(CREDENTIAL));
    let found = answers.iter().find(|(at, ..)| *at == path).map(|(_, status, body)| (*status, body.clone()));
    let (status, body) = if known { found.unwrap_or((404, String::new())) } else { (401, String::new()) };
    let mut stream = stream;
    let head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
}

fn docspace() -> Server {
    let keys = json!({ "response": [
        { "id": "0b6e3c5e-0000-4000-8000-000000000001", "name": "Crane", "keyPostfix": "9a9a", "permissions": ["files:read"],
          "createOn": "2026-03-01T10:00:00.0000000+02:00", "isActive": true },
        { "id": "0b6e3c5e-0000-4000-8000-000000000002", "name": "Gate", "keyPostfix": "1b1b",
          "createOn": "2026-04-01T10:00:00.0000000Z", "expiresAt": "2027-04-01T10:00:00.0000000Z", "isActive": false }
    ], "status": 0, "statusCode": 200 });
    let sets = json!({ "response": ["*", "files:read", "files:write"], "status": 0 });
    Server::start(
        "authorization",
        vec![("/api/2.0/keys", 200, keys.to_string()), ("/api/2.0/keys/permissions", 200, sets.to_string())],
    )
}

fn with_credential(text: &str) -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("credential"), text).unwrap();
    desk
}

fn manifest() -> Value {
    json!({
        "manifest": 1, "id": "harbour", "name": "Harbour office", "about": "Tokens of our own office.",
        "address": { "label": "Office", "example": "https://office.example.com" },
        "credentials": [{ "id": "token", "label": "Token of an administrator" }],
        "authentication": { "X-Office-Token": "{secret}" },
        "draft": { "name_min": 1, "name_max": 40, "no_api_sets": "nothing" },
        "requests": { "list": { "method": "GET", "path": "/tokens", "at": "/all" } },
        "key": { "id": "/nr", "name": "/for" }
    })
}

#[test]
fn the_connectors_of_the_program_are_listed_and_shown() {
    let desk = Desk::new();
    let listed = desk.json(&["connector", "list"]);
    let ids: Vec<&str> = listed.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["docanalyzer", "documenso", "documenso-session", "documoto", "gotransverse", "docspace"]);
    let in_words = |id: &str| desk.ok(&["connector", "show", id]).split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = in_words("docspace");
    assert!(shown.contains("Create by the server"), "{}", shown);
    assert!(shown.contains("Rotate by Latchkey"), "{}", shown);
    assert!(shown.contains("unrestricted"), "{}", shown);
    let guided = in_words("gotransverse");
    assert!(guided.contains("Create guided"), "{}", guided);
    assert!(guided.contains("List no"), "{}", guided);
    let unknown = desk.run(&["connector", "show", "nobody"]);
    assert_eq!(unknown.status, Some(1));
}

#[test]
fn a_server_is_tried_and_nothing_changes_there() {
    let server = docspace();
    let desk = with_credential(CREDENTIAL);
    let credential = desk.arg("credential");
    let args = ["connector", "try", "docspace", "--url", &server.url, "--credential-file", &credential];
    let tried = desk.json(&args);
    assert_eq!(tried["keys"], 2);
    assert_eq!(tried["api_sets"], json!(["All", "Files: Read", "Files: Write"]));
    assert_eq!(tried["first"][0]["created_at"], "2026-03-01T08:00:00Z");
    assert_eq!(tried["first"][0]["everything"], false);
    assert_eq!(tried["first"][1]["everything"], true, "no permissions means all of them");
    assert_eq!(tried["first"][1]["active"], false);
    let said = desk.ok(&args);
    assert!(said.contains("2 keys, 3 API sets."), "{}", said);
    assert!(said.contains("everything"), "{}", said);
    assert!(server.asked.lock().unwrap().iter().all(|line| line.starts_with("GET ")), "{:?}", server.asked);
}

#[test]
fn a_credential_is_in_nothing_that_is_said() {
    let server = docspace();
    let wrong = CREDENTIAL.replace("5f0c", "0000");
    let desk = with_credential(&wrong);
    let credential = desk.arg("credential");
    let args = ["connector", "try", "docspace", "--url", &server.url, "--credential-file", &credential];
    let refused = desk.run_with(&args, &[("LATCHKEY_LOG", "trace")], b"");
    assert_eq!(refused.status, Some(6));
    assert!(refused.stderr.contains("127.0.0.1 does not accept the credential."), "{}", refused.stderr);
    assert!(refused.stderr.contains("Give the tenant a new credential"), "{}", refused.stderr);
    assert!(refused.stderr.contains("asked a server"), "the log is on: {}", refused.stderr);
    assert!(!format!("{refused:?}").contains(&wrong[3..20]), "{}", refused.stderr);
}

#[test]
fn a_key_is_checked_where_the_vendor_lists_none() {
    let disallowed = r#"{"message":"Access to this API has been disallowed"}"#;
    for (status, body, says, exit) in [
        (200, "[]", "valid: the server accepts the key", 0),
        (403, r#"{"message":"Access Denied"}"#, "does not let it read", 0),
        (403, disallowed, "refused: the server does not know the key", 3),
        (401, r#"{"message":"User account is locked"}"#, "refused: the key or its account is switched off", 3),
    ] {
        let server = Server::start("x-api-key", vec![("/billing/2/actions", status, body.to_owned())]);
        let desk = Desk::new();
        let tried = desk.run_with(
            &["connector", "try", "gotransverse", "--url", &server.url],
            &[],
            format!("{CREDENTIAL}\n").as_bytes(),
        );
        assert!(tried.stdout.contains(says), "{body}: {tried:?}");
        assert_eq!(tried.status, Some(exit), "{body}");
    }
}

#[test]
fn offline_opens_no_socket() {
    let server = docspace();
    let desk = with_credential(CREDENTIAL);
    let credential = desk.arg("credential");
    let args = ["--offline", "connector", "try", "docspace", "--url", &server.url, "--credential-file", &credential];
    let refused = desk.run(&args);
    assert_eq!(refused.status, Some(6));
    assert!(refused.stderr.contains("Latchkey is offline, as it was told to be."), "{}", refused.stderr);
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn nobody_at_the_address_is_said() {
    let desk = with_credential(CREDENTIAL);
    let credential = desk.arg("credential");
    let at = |url: &str| desk.run(&["connector", "try", "docspace", "--url", url, "--credential-file", &credential]);
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = at(&format!("http://{free}"));
    assert_eq!(refused.status, Some(6));
    assert!(refused.stderr.contains("127.0.0.1 cannot be reached"), "{}", refused.stderr);
    for url in ["portal.example.com", "https://ada:secret@portal.example.com", "ftp://portal"] {
        let refused = at(url);
        assert_eq!(refused.status, Some(2), "{url}");
        assert!(refused.stderr.contains("The address is no address of a server."), "{}", refused.stderr);
    }
    let plain = at("http://portal.example.com");
    assert_eq!(plain.status, Some(6));
    assert!(plain.stderr.contains("would be reached without encryption"), "{}", plain.stderr);
}

#[test]
fn a_manifest_of_ones_own_is_checked_taken_and_removed() {
    let desk = with_credential(CREDENTIAL);
    let mut wrong = manifest();
    wrong["requests"]["list"]["path"] = json!("/tokens/{secret}");
    fs::write(desk.path("wrong.json"), serde_json::to_string_pretty(&wrong).unwrap()).unwrap();
    let refused = desk.run(&["connector", "check", "wrong.json"]);
    assert_eq!(refused.status, Some(1));
    let line = serde_json::to_string_pretty(&wrong)
        .unwrap()
        .lines()
        .position(|line| line.contains("{secret}\"") && line.contains("path"));
    assert!(refused.stderr.contains(&format!("line {}, column", line.unwrap() + 1)), "{}", refused.stderr);
    assert!(refused.stderr.contains("placeholder that has no place here"), "{}", refused.stderr);

    fs::write(desk.path("office.json"), manifest().to_string()).unwrap();
    desk.ok(&["connector", "check", "office.json"]);
    assert!(desk.json(&["connector", "list"]).as_array().unwrap().len() == 6, "a check takes nothing");
    desk.ok(&["connector", "add", "office.json"]);
    let own = desk.json(&["connector", "show", "harbour"]);
    assert_eq!((own["origin"].as_str(), own["name"].as_str()), (Some("own"), Some("Harbour office")));

    let list = json!({ "all": [{ "nr": 7, "for": "Crane" }, { "nobody": 1 }] }).to_string();
    let server = Server::start("x-office-token", vec![("/office/tokens", 200, list)]);
    let url = format!("{}/office/", server.url);
    let tried =
        desk.json(&["connector", "try", "harbour", "--url", &url, "--credential-file", &desk.arg("credential")]);
    assert_eq!(
        (&tried["keys"], &tried["skipped"], &tried["first"][0]["name"]),
        (&json!(1), &json!(1), &json!("Crane"))
    );

    desk.ok(&["connector", "remove", "harbour", "--yes"]);
    assert_eq!(desk.run(&["connector", "show", "harbour"]).status, Some(1));
    assert_eq!(desk.run(&["connector", "remove", "docspace", "--yes"]).status, Some(1));
    let log = desk.json(&["audit", "list"]);
    let kinds: Vec<&str> =
        log.as_array().unwrap().iter().take(2).map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["connector_removed", "connector_added"]);
}
