//! Vendors without an interface for their keys: recorded, checked, rotated and revoked, over servers on loopback that answer
//! keys as each vendor's documentation has it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::desk::{Answer, Desk, make_private};
use crate::kill;
use crate::leaks::found_in;

/// A vendor, and how its server tells keys apart.
struct Vendor {
    connector: &'static str,
    /// Which header has the key, and what stands before it there.
    header: (&'static str, &'static str),
    path: &'static str,
    /// What a key is answered that the server does not know.
    unknown: (u16, &'static str),
    /// What the first key and its successor look like.
    keys: [&'static str; 2],
    /// What the tenant is told besides the name of a key.
    facts: &'static [&'static str],
}

const VENDORS: [Vendor; 4] = [
    Vendor {
        connector: "documenso",
        header: ("authorization", ""),
        path: "/api/v2/envelope?page=1&perPage=1",
        unknown: (401, r#"{"message":"Invalid token"}"#),
        keys: ["api_4k9x2m7q1z8w5r3t", "api_7h2v9c4n6p1y8d3f"],
        facts: &["--organization", "Personal"],
    },
    Vendor {
        connector: "documoto",
        header: ("authorization", ""),
        path: "/library/browse-flows/v1",
        unknown: (401, "Unauthorized"),
        keys: ["Basic cGFydHM6MDAwMS0yMjIyLTMzMzM=", "Basic cGFydHM6NzU5MC0yNDE3LTg4MjE="],
        facts: &["--organization", "Main organization", "--group", "Publishers"],
    },
    Vendor {
        connector: "docanalyzer",
        header: ("authorization", "Bearer "),
        path: "/models",
        unknown: (401, r#"{"error":{"message":"Invalid API key"}}"#),
        keys: ["9c41f0be7a2d4e6885d3b1570fa6c92e", "4e8b13d97f0a4c25b6e1d80279f35ac4"],
        facts: &[],
    },
    Vendor {
        connector: "gotransverse",
        header: ("x-api-key", ""),
        path: "/billing/2/actions",
        unknown: (403, "Access to this API has been disallowed"),
        keys: ["7c1f04e9b82a4d6f93a05be1c7d2480f", "e3b90a57d41c4f8e86f2709bd5a1c34e"],
        facts: &["--api-set", "billing"],
    },
];

/// A vendor's server: what it answers each key, and 200 without more to those that are merely known.
#[derive(Clone)]
struct Server {
    url: String,
    known: Arc<Mutex<HashMap<String, (u16, &'static str)>>>,
}

impl Server {
    fn start(vendor: &'static Vendor) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server =
            Self { url: format!("http://{}", listener.local_addr().unwrap()), known: Arc::new(Mutex::default()) };
        let known = Arc::clone(&server.known);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away in the middle is its own business.
                serve(&stream, vendor, &known);
            }
        });
        server
    }

    /// The vendor's pages: somebody makes a key there, or ends one.
    fn make(&self, key: &str) {
        self.answer(key, (200, "{}"));
    }

    fn answer(&self, key: &str, with: (u16, &'static str)) {
        self.known.lock().unwrap().insert(key.to_owned(), with);
    }

    fn end(&self, key: &str) {
        self.known.lock().unwrap().remove(key);
    }
}

fn serve(stream: &TcpStream, vendor: &Vendor, known: &Mutex<HashMap<String, (u16, &'static str)>>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let (name, scheme) = vendor.header;
    let headers = lines.take_while(|line| !line.is_empty());
    let headers: HashMap<String, String> = headers
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.into())))
        .collect();
    let key = headers.get(name).and_then(|value| value.strip_prefix(scheme)).unwrap_or_default();
    let (status, body) = if first.split(' ').nth(1) == Some(vendor.path) {
        known.lock().unwrap().get(key).copied().unwrap_or(vendor.unknown)
    } else {
        (404, "")
    };
    let head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let mut stream = stream;
    stream.write_all(format!("{head}{body}").as_bytes()).ok()
}

/// A profile with the tenant Vendor, and its server.
fn office(vendor: &'static Vendor) -> (Desk, Server) {
    let server = Server::start(vendor);
    let desk = Desk::new();
    let added = desk.unlocked(&["tenant", "add", "Vendor", "--remote", vendor.connector, "--url", &server.url]).ok();
    assert!(added.contains("Added Vendor."), "{added}");
    (desk, server)
}

/// Records a key out of a file.
fn record(desk: &Desk, vendor: &Vendor, name: &str, text: &str, more: &[&str]) -> Answer {
    fs::write(desk.path("pasted"), text).unwrap();
    make_private(&desk.path("pasted"));
    let file = desk.arg("pasted");
    let args = ["key", "record", name, "-t", "Vendor", "--secret-file", &file];
    desk.unlocked(&[&args, vendor.facts, more].concat())
}

fn checked(desk: &Desk, key: &str) -> (Option<i32>, String) {
    let answer = desk.unlocked(&["--json", "key", "check", key]);
    let document: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
    (answer.status, document["checked"].as_str().unwrap_or_default().to_owned())
}

fn handle(desk: &Desk, name: &str, status: &str) -> String {
    let keys = desk.json(&["key", "list", "-t", "Vendor", "--status", status]);
    let found = keys.as_array().unwrap().iter().find(|key| key["name"] == name);
    found.unwrap_or_else(|| panic!("no {status} {name}: {keys}"))["handle"].as_str().unwrap().to_owned()
}

#[test]
fn a_key_is_recorded_checked_rotated_and_revoked_at_every_guided_vendor() {
    for vendor in &VENDORS {
        let (desk, server) = office(vendor);
        let [first, second] = vendor.keys;
        server.make(first);
        let recorded = record(&desk, vendor, "nightly", &format!("  {first}\r\n"), &["--expires", "90d"]);
        assert!(recorded.stdout.contains("kept in the vault"), "{recorded:?}");
        assert!(!recorded.stderr.contains("does not look"), "{recorded:?}");
        assert_eq!(checked(&desk, "nightly"), (Some(0), "valid".into()), "{}", vendor.connector);

        let refused = desk.unlocked(&["key", "rotate", "nightly"]);
        assert_eq!(refused.status, Some(1), "{refused:?}");
        assert!(refused.stderr.contains("made in its vendor's own pages"), "{refused:?}");
        assert!(refused.stderr.contains("key record --succeeds"), "{refused:?}");
        let new = desk.unlocked(&["key", "new", "-t", "Vendor", "--name", "other", "--stdout"]);
        assert!(new.stderr.contains("`latchkey key record`"), "{new:?}");

        server.make(second);
        let old = handle(&desk, "nightly", "active");
        let succeeded = record(&desk, vendor, "nightly", second, &["--succeeds", &old, "--overlap", "24h"]).ok();
        assert!(succeeded.contains("Recorded nightly"), "{succeeded}");
        assert_eq!(handle(&desk, "nightly", "superseded"), old);
        let new = handle(&desk, "nightly", "active");
        assert_eq!(checked(&desk, &new), (Some(0), "valid".into()));
        let retired = desk.unlocked(&["key", "rotate", &old, "--resume", "--overlap", "none"]);
        assert!(retired.stderr.contains("works until a person ends it there"), "{retired:?}");
        assert_eq!(handle(&desk, "nightly", "revoked"), old);
        server.end(first);

        let revoked = desk.unlocked(&["key", "revoke", &new, "--yes"]);
        assert!(revoked.stderr.contains("1. "), "the steps: {revoked:?}");
        assert_eq!(revoked.status, Some(0));
        server.end(second);
        let gone = desk.run_with(
            &["--passphrase-file", &desk.arg("passphrase"), "key", "check", &new],
            &[],
            second.as_bytes(),
        );
        assert_eq!(gone.status, Some(3), "{gone:?}");
        assert!(gone.stdout.contains("does not know the key"), "{gone:?}");
    }
}

/// A status and a body, and the exit status and the word that they come to.
type Row = (u16, &'static str, Option<i32>, &'static str);

#[test]
fn what_each_vendor_answers_is_understood() {
    let answers: [(&str, &[Row]); 4] = [
        (
            "documenso",
            &[
                (400, r#"{"message":"Expired token","data":{"appError":{"code":"EXPIRED_CODE"}}}"#, Some(3), "expired"),
                (401, r#"{"message":"User is disabled"}"#, Some(3), "disabled"),
            ],
        ),
        ("documoto", &[(403, "", Some(0), "restricted")]),
        ("docanalyzer", &[(200, r#"{"error":{"message":"Expert Mode is off"}}"#, Some(6), "")]),
        (
            "gotransverse",
            &[
                (403, "Access Denied", Some(0), "restricted"),
                (401, "User account is locked", Some(3), "disabled"),
                (401, "User account has expired", Some(3), "expired"),
            ],
        ),
    ];
    for (connector, table) in answers {
        let vendor = VENDORS.iter().find(|vendor| vendor.connector == connector).unwrap();
        let (desk, server) = office(vendor);
        record(&desk, vendor, "nightly", vendor.keys[0], &[]).ok();
        for &(status, body, exit, expected) in table {
            server.answer(vendor.keys[0], (status, body));
            assert_eq!(checked(&desk, "nightly"), (exit, expected.to_owned()), "{connector}: {status} {body}");
        }
    }
}

#[test]
fn a_file_that_the_vendor_offered_is_read_and_an_unusual_key_pointed_out() {
    let vendor = &VENDORS[3];
    let (desk, _) = office(vendor);
    fs::write(desk.path("nightly.APIKEY"), format!("API key: {}\n", vendor.keys[0])).unwrap();
    let file = desk.arg("nightly.APIKEY");
    let args = ["--json", "key", "record", "nightly", "-t", "Vendor", "--secret-file", &file, "--api-set", "billing"];
    let recorded: Value = serde_json::from_str(&desk.unlocked(&args).ok()).unwrap();
    assert_eq!((&recorded["usual"], &recorded["kept"]), (&json!(true), &json!(true)));
    assert_eq!(recorded["api_sets"], json!(["billing"]));
    let again = desk.unlocked(&args).refused(2);
    assert!(again["message"].as_str().unwrap().contains("nightly ("), "{again}");
    assert_eq!((&again["field"]["name"], &again["field"]["rule"]), (&json!("secret"), &json!("known_key")));

    let odd = record(&desk, vendor, "odd", "x9-not-hexadecimal-at-all", &["--no-keep"]);
    assert!(odd.stderr.contains("does not look as the vendor's keys do"), "{odd:?}");
    assert!(odd.stdout.contains("its text was not kept"), "{odd:?}");
    let piped = ["key", "record", "piped", "-t", "Vendor", "--secret-file", "-", "--api-set", "billing", "--no-keep"];
    desk.run_with(&piped, &[], vendor.keys[1].as_bytes()).ok();
    let none = desk.run_with(&piped, &[], b"");
    assert_eq!(none.status, Some(2), "{none:?}");
}

#[test]
fn a_recorded_key_is_in_the_vault_and_nowhere_else() {
    for vendor in &VENDORS {
        let (desk, server) = office(vendor);
        let text = vendor.keys[0];
        server.make(text);
        fs::write(desk.path("pasted"), text).unwrap();
        make_private(&desk.path("pasted"));
        let (passphrase, file) = (desk.arg("passphrase"), desk.arg("pasted"));
        let record = ["key", "record", "nightly", "-t", "Vendor", "--secret-file", &file];
        let record = [&record, vendor.facts].concat();
        let steps: [&[&str]; 5] =
            [&record, &record, &["key", "check", "nightly"], &["key", "show", "nightly"], &["audit", "list"]];
        for args in steps {
            let args = [&["--passphrase-file", passphrase.as_str()], args].concat();
            let said = desk.run_with(&args, &[("LATCHKEY_LOG", "trace"), ("RUST_BACKTRACE", "full")], b"");
            assert!(!said.stdout.contains(text) && !said.stderr.contains(text), "{args:?}: {said:?}");
            let bare = text.trim_start_matches("Basic ");
            assert!(found_in(&desk.path("home"), bare).is_empty(), "{args:?}");
        }
    }
}

#[test]
fn killed_at_each_step_a_key_is_recorded_with_its_text_or_not_at_all() {
    let vendor = &VENDORS[3];
    for point in kill::points("record") {
        let (desk, server) = office(vendor);
        let [first, second] = vendor.keys;
        record(&desk, vendor, "nightly", first, &[]).ok();
        let old = handle(&desk, "nightly", "active");
        fs::write(desk.path("pasted"), second).unwrap();
        let file = desk.arg("pasted");
        let args = ["key", "record", "nightly", "-t", "Vendor", "--secret-file", &file, "--succeeds", &old];
        let args = [&args[..], &["--overlap", "none", "--api-set", "billing"]].concat();
        kill::die(&desk, &point, &args);
        desk.unlocked(&["key", "list"]).ok();
        let listed = desk.json(&["key", "list", "-t", "Vendor"]).as_array().unwrap().len();
        let there = point == "record.listed";
        assert_eq!(listed, if there { 2 } else { 1 }, "{point}");
        assert_eq!(kill::in_vault(&desk, &point), 1, "{point}: the text of the key that is in use");
        if !there {
            // Nothing stands in the way of the next try.
            desk.unlocked(&args).ok();
        }
        server.make(second);
        let new = handle(&desk, "nightly", "active");
        assert_eq!(checked(&desk, &new), (Some(0), "valid".into()), "{point}");
        assert_eq!(handle(&desk, "nightly", "revoked"), old, "{point}");
    }
}

#[test]
fn the_guide_is_printed_and_its_page_opened_by_the_systems_browser() {
    let (desk, server) = office(&VENDORS[0]);
    let page = format!("{}/t/personal/settings/tokens", server.url);
    let text = desk.ok(&["tenant", "guide", "Vendor"]);
    assert!(text.starts_with("1. Sign in") && text.contains(&format!("Page: {page}")), "{text}");
    let guide = desk.json(&["tenant", "guide", "Vendor", "revoke"]);
    assert_eq!((&guide["capability"], &guide["page"]), (&json!("revoke"), &json!(page)));
    assert!(guide["steps"].as_array().unwrap().len() > 1);
    let none = desk.refused(&["tenant", "guide", "Vendor", "update"], 1);
    assert_eq!(none["code"], "not_now");
    let local = desk.refused(&["tenant", "guide", "Harbour"], 1);
    assert_eq!(local["code"], "not_now");
    #[cfg(target_os = "linux")]
    assert_eq!(opened(&desk, &["--offline", "tenant", "guide", "Vendor", "--open"]), page);
}

/// What the browser of the system is sent to: one that stands in for it writes that into a pipe.
#[cfg(target_os = "linux")]
fn opened(desk: &Desk, args: &[&str]) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Command;
    use std::sync::mpsc;
    use std::time::Duration;

    let (folder, pipe) = (desk.path("bin"), desk.path("pipe"));
    fs::create_dir(&folder).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let browser = folder.join("xdg-open");
    fs::write(&browser, format!("#!/bin/sh\nprintf '%s' \"$1\" > '{}'\n", pipe.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(fs::read_to_string(&pipe).unwrap()));
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    desk.run_with(args, &[("PATH", &path)], b"").ok();
    told.recv_timeout(Duration::from_mins(1)).unwrap()
}
