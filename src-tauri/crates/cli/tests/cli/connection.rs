//! How the servers of remote tenants are reached: authorities, client certificates, proxies, other addresses.

use std::fs;

use serde_json::{Value, json};

use crate::certificates::{Authority, demanding, presenting};
use crate::desk::{Answer, Desk, make_private};
use crate::kill;
use crate::proxy::Proxy;
use crate::vendor::{ADMIN, Portal};

const HERE: &[&str] = &["localhost", "127.0.0.1", "portal.test"];

/// A desk with the credential in a file.
fn desk() -> Desk {
    let desk = Desk::new();
    write(&desk, "admin", &format!("{ADMIN}\n"));
    desk
}

fn write(desk: &Desk, name: &str, text: &str) -> String {
    fs::write(desk.path(name), text).unwrap();
    make_private(&desk.path(name));
    desk.arg(name)
}

/// Adds Portal at an address.
fn add(desk: &Desk, url: &str, more: &[&str]) -> Answer {
    let admin = desk.arg("admin");
    let args = ["tenant", "add", "Portal", "--remote", "docspace", "--url", url, "--credential-file", &admin];
    desk.unlocked(&[&args, more].concat())
}

fn change(desk: &Desk, args: &[&str]) -> Answer {
    desk.unlocked(&[&["tenant", "connection", "Portal"], args].concat())
}

fn shown(desk: &Desk) -> Value {
    desk.json(&["tenant", "connection", "Portal"])
}

fn sync(desk: &Desk) -> Answer {
    desk.unlocked(&["tenant", "sync", "Portal"])
}

#[track_caller]
fn unreachable(answer: &Answer, says: &str) {
    assert_eq!(answer.status, Some(6), "{answer:?}");
    assert!(answer.stderr.contains(says), "{answer:?}");
}

/// The error at a field, with its rule.
#[track_caller]
fn refused(desk: &Desk, args: &[&str], field: &str, rule: &str) -> String {
    let error = change(desk, &[&["--json"], args].concat()).refused(2);
    assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&json!(field), &json!(rule)), "{error}");
    format!("{} {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap())
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_the_tenant_names_it() {
    let authority = Authority::new();
    let portal = Portal::tls(presenting(&authority.server(HERE)));
    portal.add("Crane", &["files:read"]);
    let desk = desk();
    unreachable(&add(&desk, &portal.url, &[]), "nobody whom this computer trusts");
    assert_eq!(portal.state().asked.len(), 0, "no credential to a server that is not trusted");

    // The key of the authority does not belong there; somebody has put it into the file all the same.
    let stray = authority.client();
    let ca = write(&desk, "ca.pem", &format!("An authority\n{}{}", stray.key_pem(), authority.pem()));
    let changed = change(&desk, &["--ca", &ca]).ok();
    assert!(changed.contains("Authority of a test, until") && changed.contains("SHA-256 "), "{changed}");
    sync(&desk).ok();
    assert_eq!(desk.json(&["key", "list", "-t", "Portal"]).as_array().unwrap().len(), 1);
    nowhere_but_in_the_vault(&desk, &stray.key_pem());

    let view = shown(&desk);
    let [known] = view["authorities"].as_array().unwrap().as_slice() else { panic!("{view}") };
    assert_eq!((&known["subject"], &known["expired"]), (&json!("Authority of a test"), &json!(false)));
    assert_eq!(known["fingerprint"].as_str().unwrap().len(), 95);

    change(&desk, &["--ca", "none"]).ok();
    assert_eq!(shown(&desk)["authorities"], json!([]));
    unreachable(&sync(&desk), "nobody whom this computer trusts");
    let other = write(&desk, "other.pem", &Authority::new().pem());
    change(&desk, &["--ca", &other]).ok();
    unreachable(&sync(&desk), "nobody whom this computer trusts");

    let log = desk.json(&["audit", "list"]);
    let told: Vec<_> = log.as_array().unwrap().iter().filter(|event| event["kind"] == "tenant_edited").collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[1]["detail"], "connection: no own authorities");
    assert_eq!(told[2]["detail"], "connection: authorities: Authority of a test");
}

/// On Linux the system's authorities are those of OpenSSL, which can be named so.
#[cfg(target_os = "linux")]
#[test]
fn an_authority_that_the_system_trusts_is_trusted() {
    let authority = Authority::new();
    let portal = Portal::tls(presenting(&authority.server(HERE)));
    portal.add("Crane", &["files:read"]);
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    unreachable(&add(&desk, &portal.url, &[]), "nobody whom this computer trusts");
    let passphrase = desk.arg("passphrase");
    let sync = ["--passphrase-file", &passphrase, "tenant", "sync", "Portal"];
    desk.run_with(&sync, &[("SSL_CERT_FILE", &ca)], b"").ok();
    assert_eq!(desk.names(), ["Crane"]);
}

#[test]
fn a_connector_is_tried_over_the_way_that_a_tenant_would_have() {
    let authority = Authority::new();
    let portal = Portal::tls(demanding(&authority.server(&["portal.test"]), &authority));
    portal.add("Crane", &["files:read"]);
    let proxy = Proxy::to(portal.url.rsplit('/').next().unwrap(), Some("Basic b3BlcmF0b3I6aHVudGVyMg=="));
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    let certified = authority.client();
    let client = write(&desk, "client.pem", &certified.pem());
    let credential = write(&desk, "proxy", "operator:hunter2");
    let admin = desk.arg("admin");
    let plain = ["connector", "try", "docspace", "--url", "https://portal.test", "--credential-file", &admin];
    let tried = |way: &[&str]| desk.run(&[&plain, way].concat());
    let through = ["--proxy", &proxy.url, "--proxy-credential", &credential];
    unreachable(
        &tried(&[&through[..], &["--client-certificate", &client]].concat()),
        "nobody whom this computer trusts",
    );
    unreachable(&tried(&[&through[..], &["--ca", &ca]].concat()), "it wants a client certificate");
    assert_eq!(portal.state().asked.len(), 0);
    let answered = tried(&[&through[..], &["--ca", &ca, "--client-certificate", &client]].concat()).ok();
    assert!(answered.contains("1 keys") && answered.contains("Crane"), "{answered}");
    assert!(proxy.asked().iter().all(|line| line == "CONNECT portal.test:443"), "{:?}", proxy.asked());
    let refused = tried(&["--ca", &admin]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    assert_eq!(desk.json(&["tenant", "list"]).as_array().unwrap().len(), 1, "nothing came of it");
    nowhere_but_in_the_vault(&desk, &certified.key_pem());
    nowhere_but_in_the_vault(&desk, "hunter2");
}

#[test]
fn a_client_certificate_is_shown_where_the_server_asks_for_one() {
    let authority = Authority::new();
    let portal = Portal::tls(demanding(&authority.server(HERE), &authority));
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    let certified = authority.client();
    let client = write(&desk, "client.pem", &certified.pem());
    unreachable(&add(&desk, &portal.url, &["--ca", &ca]), "it wants a client certificate");
    assert_eq!(portal.state().asked.len(), 0);
    change(&desk, &["--client-certificate", &client]).ok();
    sync(&desk).ok();
    nowhere_but_in_the_vault(&desk, &certified.key_pem());
    assert_eq!(kill::in_vault(&desk, "with it"), 2);

    // It is how the server is reached: a key that checks itself goes the same way.
    portal.add("Crane", &["files:read"]);
    sync(&desk).ok();
    let crane = portal.key("Crane").unwrap()["key"].as_str().unwrap().to_owned();
    let passphrase = desk.arg("passphrase");
    let check = ["--passphrase-file", &passphrase, "key", "check", "Crane"];
    assert!(desk.run_with(&check, &[], crane.as_bytes()).ok().contains("valid"));

    // The one that comes in its place is the only one that is left.
    let stranger = write(&desk, "stranger.pem", &Authority::new().client().pem());
    change(&desk, &["--client-certificate", &stranger]).ok();
    unreachable(&sync(&desk), "No encrypted connection");
    assert_eq!(kill::in_vault(&desk, "another one"), 2);
    change(&desk, &["--client-certificate", "none"]).ok();
    assert_eq!(shown(&desk)["client_certificate"], Value::Null);
    assert_eq!(kill::in_vault(&desk, "without it"), 1);
    unreachable(&sync(&desk), "it wants a client certificate");
}

#[test]
fn everything_can_be_said_when_the_tenant_is_added() {
    let authority = Authority::new();
    let portal = Portal::tls(demanding(&authority.server(HERE), &authority));
    let proxy = Proxy::to(portal.address(), None);
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    let client = write(&desk, "client.pem", &authority.client().pem());
    let way = ["--ca", &ca, "--client-certificate", &client, "--proxy", &proxy.url];
    add(&desk, "https://portal.test", &way).ok();
    assert!(proxy.asked().iter().all(|line| line == "CONNECT portal.test:443"), "{:?}", proxy.asked());
    assert!(!portal.state().asked.is_empty());
    let local = desk.run(&["tenant", "add", "Quay", "--local", "--proxy", "none"]);
    assert_eq!(local.status, Some(2), "{local:?}");
}

#[test]
fn the_proxy_of_the_tenant_is_used_and_that_of_the_environment_where_it_says_so() {
    let authority = Authority::new();
    let portal = Portal::tls(presenting(&authority.server(HERE)));
    let (own, systems) = (Proxy::to(portal.address(), None), Proxy::to(portal.address(), None));
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    let passphrase = desk.arg("passphrase");
    let environment = [("HTTPS_PROXY", systems.url.as_str()), ("NO_PROXY", ""), ("no_proxy", "")];
    let sync = || desk.run_with(&["--passphrase-file", &passphrase, "tenant", "sync", "Portal"], &environment, b"");

    // Nobody has this name: only a proxy leads there.
    let added = add(&desk, "https://portal.test", &["--ca", &ca, "--proxy", "none"]);
    assert_eq!(added.status, Some(6), "{added:?}");
    unreachable(&sync(), "portal.test cannot be reached");
    assert_eq!((own.asked().len(), systems.asked().len()), (0, 0), "none is none");

    change(&desk, &["--proxy", "system"]).ok();
    sync().ok();
    assert!(!systems.asked().is_empty());
    let before = systems.asked().len();

    change(&desk, &["--proxy", &own.url]).ok();
    sync().ok();
    assert_eq!((own.asked().is_empty(), systems.asked().len()), (false, before));
    assert!(own.asked().iter().all(|line| line == "CONNECT portal.test:443"), "{:?}", own.asked());
    assert_eq!(shown(&desk)["proxy"], json!({ "kind": "address", "url": format!("{}/", own.url), "signs_in": false }));
}

#[test]
fn what_a_proxy_is_signed_in_to_with_lies_in_the_vault() {
    let authority = Authority::new();
    let portal = Portal::tls(presenting(&authority.server(HERE)));
    // operator:hunter2
    let proxy = Proxy::to(portal.address(), Some("Basic b3BlcmF0b3I6aHVudGVyMg=="));
    let desk = desk();
    let ca = write(&desk, "ca.pem", &authority.pem());
    unreachable(
        &add(&desk, "https://portal.test", &["--ca", &ca, "--proxy", &proxy.url]),
        "portal.test cannot be reached",
    );
    let sign_in = write(&desk, "sign-in", "operator:hunter2\n");
    let changed = change(&desk, &["--proxy", &proxy.url, "--proxy-credential", &sign_in]).ok();
    assert!(changed.contains("with a sign-in"), "{changed}");
    sync(&desk).ok();
    assert!(proxy.signed_in().iter().any(Option::is_some));
    nowhere_but_in_the_vault(&desk, "hunter2");
    assert_eq!(kill::in_vault(&desk, "with it"), 2);
    // Said without it, there is none.
    change(&desk, &["--proxy", &proxy.url]).ok();
    assert_eq!(kill::in_vault(&desk, "without it"), 1);
    unreachable(&sync(&desk), "portal.test cannot be reached");

    let inside = proxy.url.replace("//", "//operator:hunter2@");
    let said = refused(&desk, &["--proxy", &inside], "proxy", "password_inside");
    assert!(!said.contains("hunter2") && said.contains("lie in the vault"), "{said}");
    let nobody = write(&desk, "nobody", "operator");
    refused(&desk, &["--proxy", &proxy.url, "--proxy-credential", &nobody], "proxy_credential", "not_a_sign_in");
}

#[test]
fn another_server_gets_the_credential_only_where_the_operator_says_so() {
    let (first, second) = (Portal::start(), Portal::start());
    let desk = desk();
    add(&desk, &first.url, &[]).ok();
    let said = refused(&desk, &["--url", &second.url], "credential", "other_server");
    assert!(said.contains("given for another server"), "{said}");
    assert_eq!(shown(&desk)["url"], format!("{}/", first.url));

    // The same server under another path.
    let base = format!("{}/base", first.url);
    change(&desk, &["--url", &base]).ok();
    assert_eq!(shown(&desk)["url"], base);

    second.state().admin = Some("sk-second".into());
    let given = write(&desk, "second", "sk-second");
    change(&desk, &["--url", &second.url, "--credential-file", &given]).ok();
    sync(&desk).ok();
    assert_eq!(kill::in_vault(&desk, "in its place"), 1);

    first.state().admin = Some("sk-second".into());
    change(&desk, &["--url", &first.url, "--keep-credential"]).ok();
    sync(&desk).ok();
    let log = desk.json(&["audit", "list"]);
    let told = log.as_array().unwrap().iter().find(|event| event["kind"] == "tenant_edited").unwrap();
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains("this server gets the credential of the one before"), "{detail}");
}

#[test]
fn plain_http_to_another_computer_is_marked_and_allowed_anew_for_each_server() {
    let desk = desk();
    // An address for documentation: nobody has it.
    let offline = |args: &[&str]| desk.unlocked(&[&["--offline"], args].concat());
    let admin = desk.arg("admin");
    let added = offline(&[
        "tenant",
        "add",
        "Portal",
        "--remote",
        "docspace",
        "--url",
        "http://192.0.2.1",
        "--credential-file",
        &admin,
        "--plain-http",
    ]);
    assert_eq!(added.status, Some(6), "{added:?}");
    let marked = || desk.json(&["tenant", "show", "Portal"])["remote"]["plain_http"].clone();
    assert_eq!(marked(), true);
    change(&desk, &["--url", "http://192.0.2.2", "--keep-credential"]).ok();
    assert_eq!(marked(), false);
    change(&desk, &["--plain-http", "yes"]).ok();
    assert_eq!(marked(), true);
    change(&desk, &["--plain-http", "no"]).ok();
    assert_eq!(marked(), false);
    change(&desk, &["--url", "http://127.0.0.1:9", "--keep-credential", "--plain-http", "yes"]).ok();
    assert_eq!(marked(), false, "to this computer it is nobody else's business");
}

#[test]
fn what_cannot_be_used_is_said_at_its_field() {
    let portal = Portal::start();
    let desk = desk();
    add(&desk, &portal.url, &[]).ok();
    let authority = Authority::new();
    let (one, other) = (authority.client(), authority.client());
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nbm8=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let large = "x".repeat((256 << 10) + 1);
    for (text, rule) in [
        (one.certificate_pem(), "no_private_key"),
        (one.key_pem(), "key_alone"),
        (format!("{}{encrypted}", one.certificate_pem()), "encrypted_key"),
        (format!("{}{}", one.certificate_pem(), other.key_pem()), "other_key"),
        ("no PEM".to_owned(), "no_certificate"),
        (large.clone(), "too_large"),
    ] {
        let file = write(&desk, "client.pem", &text);
        let said = refused(&desk, &["--client-certificate", &file], "client_certificate", rule);
        assert!(rule != "encrypted_key" || said.contains("openssl pkey"), "{said}");
    }
    let broken = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n";
    for (text, rule) in [(one.key_pem(), "no_certificate"), (broken.to_owned(), "no_certificate"), (large, "too_large")]
    {
        let file = write(&desk, "ca.pem", &text);
        refused(&desk, &["--ca", &file], "authorities", rule);
    }
    fs::write(desk.path("ca.der"), [0x30, 0x82, 0xff]).unwrap();
    let said = refused(&desk, &["--ca", &desk.arg("ca.der")], "authorities", "not_text");
    assert!(said.contains("openssl x509 -inform der"), "{said}");
    refused(&desk, &["--ca", &desk.arg("home")], "authorities", "not_a_file");
    for wrong in ["proxy.example.com:3128", "ftp://proxy.example.com", "http://"] {
        refused(&desk, &["--proxy", wrong], "proxy", "not_a_proxy");
    }
    refused(&desk, &["--url", "portal"], "address", "not_an_address");
    refused(&desk, &["--option", "team=1"], "options", "unknown");
    refused(&desk, &["--credential", "pin=admin"], "credential", "unknown");
    let usage = change(&desk, &["--plain-http", "perhaps"]);
    assert_eq!(usage.status, Some(2), "{usage:?}");
    let local = desk.refused(&["tenant", "connection", "Harbour"], 1);
    assert_eq!(local["code"], "not_now");
    assert_eq!(shown(&desk)["client_certificate"], Value::Null);

    let old = write(&desk, "client.pem", &authority.expired(&[]).pem());
    let changed = change(&desk, &["--client-certificate", &old]);
    assert!(changed.stderr.contains("The certificate of A test has expired on 2021-01-01."), "{changed:?}");
    assert!(changed.ok().contains("A test, expired 2021-01-01"));
    assert_eq!(shown(&desk)["client_certificate"]["expired"], true);
}

#[test]
fn killed_at_each_step_a_client_certificate_is_there_or_not_at_all() {
    for point in kill::points("credential") {
        let authority = Authority::new();
        let portal = Portal::tls(demanding(&authority.server(HERE), &authority));
        let desk = desk();
        let ca = write(&desk, "ca.pem", &authority.pem());
        assert_eq!(add(&desk, &portal.url, &["--ca", &ca]).status, Some(6));
        let certified = authority.client();
        let client = write(&desk, "client.pem", &certified.pem());
        let args = ["tenant", "connection", "Portal", "--client-certificate", &client];
        kill::die(&desk, &point, &args);
        desk.unlocked(&["key", "list"]).ok();
        let there = point == "credential.done";
        assert_eq!(shown(&desk)["client_certificate"].is_null(), !there, "{point}");
        assert_eq!(kill::in_vault(&desk, &point), if there { 2 } else { 1 }, "{point}");
        nowhere_but_in_the_vault(&desk, &certified.key_pem());
        change(&desk, &["--client-certificate", &client]).ok();
        sync(&desk).ok();

        // Another one in its place: one of the two is there, and it works.
        kill::die(&desk, &point, &args);
        desk.unlocked(&["key", "list"]).ok();
        assert_eq!(kill::in_vault(&desk, &point), 2, "{point}");
        sync(&desk).ok();
    }
    for point in kill::points("discard") {
        let portal = Portal::start();
        let desk = desk();
        let client = write(&desk, "client.pem", &Authority::new().client().pem());
        add(&desk, &portal.url, &["--client-certificate", &client]).ok();
        kill::die(&desk, &point, &["tenant", "connection", "Portal", "--client-certificate", "none"]);
        desk.unlocked(&["key", "list"]).ok();
        assert_eq!(shown(&desk)["client_certificate"], Value::Null, "{point}");
        assert_eq!(kill::in_vault(&desk, &point), 1, "{point}");
    }
}

/// That no file of the profile has a line of a secret in it; the vault is encrypted.
#[track_caller]
fn nowhere_but_in_the_vault(desk: &Desk, secret: &str) {
    let lines: Vec<_> = secret.lines().filter(|line| !line.starts_with("-----")).collect();
    let mut folders = vec![desk.path("home")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = fs::read(entry.path()).unwrap();
            for line in &lines {
                let found = bytes.windows(line.len()).any(|part| part == line.as_bytes());
                assert!(!found, "{}", entry.path().display());
            }
        }
    }
}
