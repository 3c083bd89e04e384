//! A tenant of a Documenso server that somebody has signed in to, through its whole life.

use std::fs;
use std::sync::{Arc, Mutex, MutexGuard};

use rustls::ServerConfig;
use serde_json::{Value, json};

use crate::certificates::{Authority, demanding};
#[cfg(target_os = "linux")]
use crate::desk::PASSPHRASE;
use crate::desk::{Answer, Desk, key_in, make_private};
use crate::http::{Request, Response, listen};
use crate::kill;
use crate::leaks::found_in;
use crate::proxy::Proxy;
#[cfg(target_os = "linux")]
use crate::terminal::Person;
use crate::tls::{self, Answer as Answering};
use server::{Asked, CODE, Documenso, EMAIL, PASSWORD, Team};

#[path = "../../../connectors/tests/servers/support/documenso.rs"]
#[allow(dead_code, unreachable_pub)]
mod server;

struct Office {
    desk: Desk,
    url: String,
    state: Arc<Mutex<Documenso>>,
}

impl Office {
    /// A server with two tokens, and nobody signed in.
    fn new() -> Self {
        Self::listening(listen)
    }

    /// Over HTTPS.
    fn tls(config: ServerConfig) -> Self {
        Self::listening(|answer| tls::listen(config, answer))
    }

    fn listening(listen: impl FnOnce(Answering) -> String) -> Self {
        let mut server = Documenso::new();
        server.add("Crane", None);
        server.add("Gate", None);
        let state = Arc::new(Mutex::new(server));
        let answering = Arc::clone(&state);
        let url = listen(Box::new(move |request: &Request| {
            let asked = Asked {
                method: &request.method,
                path: &request.path,
                headers: request.headers.clone(),
                body: &request.body,
            };
            let told = answering.lock().unwrap().answer(&asked);
            Some(Response { status: told.status, headers: told.headers, body: told.body })
        }));
        let office = Self { desk: Desk::new(), url, state };
        office.write("password", PASSWORD);
        office.write("code", CODE);
        office
    }

    /// With the tenant Office, which is signed in.
    fn signed_in() -> Self {
        let office = Self::new();
        let added = office.add(&["--accept-caution", "--option", "team=7"]).ok();
        assert!(added.contains("Added Office. 2 keys at the server, 2 new here."), "{added}");
        office
    }

    fn state(&self) -> MutexGuard<'_, Documenso> {
        self.state.lock().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.desk.path(name), format!("{text}\n")).unwrap();
        make_private(&self.desk.path(name));
    }

    fn add(&self, more: &[&str]) -> Answer {
        let password = self.desk.arg("password");
        let args = ["tenant", "add", "Office", "--remote", "documenso-session", "--url", &self.url, "--email", EMAIL];
        self.desk.unlocked(&[&args[..], &["--password-file", &password], more].concat())
    }

    fn sign_in(&self, more: &[&str]) -> Answer {
        let password = self.desk.arg("password");
        let args = ["tenant", "sign-in", "Office", "--email", EMAIL, "--password-file", &password];
        self.desk.unlocked(&[&args, more].concat())
    }

    fn tried(&self, more: &[&str]) -> Answer {
        let password = self.desk.arg("password");
        let args = ["connector", "try", "documenso-session", "--url", &self.url, "--email", EMAIL];
        self.desk.run(&[&args[..], &["--password-file", &password], more].concat())
    }

    fn listed(&self) -> Vec<(String, String)> {
        let keys = self.desk.json(&["key", "list", "-t", "Office", "--sort", "name"]);
        let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
        keys.as_array().unwrap().iter().map(|key| (text(key, "name"), text(key, "status"))).collect()
    }

    fn remote(&self) -> Value {
        self.desk.json(&["tenant", "show", "Office"])["remote"].clone()
    }

    fn told(&self) -> Vec<Value> {
        self.desk.json(&["audit", "list"]).as_array().unwrap().clone()
    }
}

#[test]
fn nothing_is_asked_before_the_caution_is_accepted() {
    let office = Office::new();
    let shown = office.desk.ok(&["connector", "show", "documenso-session"]);
    assert!(shown.contains("Caution") && shown.contains("may break it"), "{shown}");
    assert!(shown.contains("email: E-mail address") && shown.contains("code: One-time code"), "{shown}");
    let refused = office.add(&["--option", "team=7"]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("may break it") && refused.stderr.contains("--accept-caution"), "{refused:?}");
    assert!(office.state().asked.is_empty());
    office.add(&["--option", "team=7", "--accept-caution"]).ok();
    let added = office.told().into_iter().find(|event| event["kind"] == "tenant_added").unwrap();
    assert!(added["detail"].as_str().unwrap().contains("the connector's caution was accepted"), "{added}");
}

#[test]
fn the_team_is_chosen_of_those_that_the_server_offers() {
    let office = Office::new();
    office.state().teams.push(Team { id: 11, name: "Legal", role: "MANAGER" });
    let several = office.add(&["--accept-caution"]);
    assert_eq!(several.status, Some(2), "{several:?}");
    for said in ["7  Contracts (Harbour, ADMIN)", "11  Legal (Harbour, MANAGER)", "--option team=ID"] {
        assert!(several.stderr.contains(said), "{said}: {several:?}");
    }
    assert!(!several.stderr.contains("Sales"), "who is no more than a member there may not: {several:?}");
    assert_eq!(office.state().session, None, "nobody wants that session");
    let member = office.add(&["--accept-caution", "--option", "team=9"]);
    assert_eq!(member.status, Some(2), "{member:?}");
    assert!(member.stderr.contains("Sales cannot be chosen: Only its administrators"), "{member:?}");
    let nowhere = office.add(&["--accept-caution", "--option", "team=8"]);
    assert_eq!(nowhere.status, Some(2), "{nowhere:?}");
    office.state().teams.retain(|team| team.id != 11);
    office.add(&["--accept-caution"]).ok();
    assert_eq!(office.listed(), pairs(&[("Crane", "active"), ("Gate", "active")]), "there is one alone to choose");
}

#[test]
fn a_token_is_made_checked_rotated_and_revoked_in_the_session() {
    let office = Office::signed_in();
    let desk = &office.desk;
    assert_eq!(
        (&office.remote()["signed_in"], &office.remote()["connector"]),
        (&json!(true), &json!("documenso-session"))
    );
    let out = desk.arg("quay.APIKEY");
    let new = ["key", "new", "-t", "Office", "--name", "Quay", "--expires", "30d", "--keep", "--out", &out];
    desk.unlocked(&new).ok();
    let made = office.state().tokens.last().unwrap().clone();
    assert_eq!((key_in(&desk.path("quay.APIKEY")), made.name.as_str()), (made.secret.clone(), "Quay"));
    let shown = desk.json(&["key", "show", "Quay"]);
    let end: chrono::DateTime<chrono::Utc> = made.expires.unwrap().parse().unwrap();
    assert_eq!(shown["expires_at"], end.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "as the server counts its months");
    let synced = desk.unlocked(&["tenant", "sync", "Office"]).ok();
    assert!(synced.contains("3 keys at the server."), "what it made is no change from outside: {synced}");
    assert!(desk.unlocked(&["key", "check", "Quay"]).ok().contains("valid"));

    desk.unlocked(&["key", "rotate", "Quay", "--out", &desk.arg("next.APIKEY"), "--overlap", "none"]).ok();
    let names: Vec<String> = office.state().tokens.iter().map(|token| token.name.clone()).collect();
    assert_eq!(names, ["Crane", "Gate", "Quay"], "the old one is gone");
    assert_ne!(key_in(&desk.path("next.APIKEY")), made.secret);
    desk.unlocked(&["key", "revoke", "Crane", "--yes"]).ok();
    assert_eq!(office.state().tokens.len(), 2);
    let refused = desk.unlocked(&["key", "new", "-t", "Office", "--name", "Pier", "--expires", "45d", "--stdout"]);
    assert!(refused.stderr.contains("one of the ends that the vendor has"), "{refused:?}");
    assert!(office.state().wrongs.is_empty(), "{:?}", office.state().wrongs);
}

#[test]
fn a_one_time_code_is_wanted_where_the_account_has_one() {
    let office = Office::new();
    office.state().two_factor = true;
    let wanted = office.add(&["--accept-caution"]);
    assert_eq!(wanted.status, Some(2), "{wanted:?}");
    assert!(wanted.stderr.contains("One-time code") && wanted.stderr.contains("--code-file"), "{wanted:?}");
    office.write("wrong", "000000");
    let wrong = office.add(&["--accept-caution", "--code-file", &office.desk.arg("wrong")]);
    assert!(wrong.stderr.contains("does not take what was given as One-time code"), "{wrong:?}");
    office.add(&["--accept-caution", "--code-file", &office.desk.arg("code")]).ok();
    let json = office.desk.unlocked(&["--json", "tenant", "sign-in", "Office", "--answer", "password=x"]).refused(2);
    assert!(json["message"].as_str().unwrap().contains("is a secret"), "{json}");
    let unknown = office.sign_in(&["--answer", "pin=x"]);
    assert!(unknown.stderr.contains("does not ask for `pin`"), "{unknown:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_signs_in_is_asked_for_at_a_terminal_and_never_shown() {
    let office = Office::new();
    office.state().two_factor = true;
    let line = |text: &str| format!("{text}\n");
    let add = format!("tenant add Office --remote documenso-session --url {}", office.url);
    let no = Person::at(&office.desk, &add).types("Passphrase: ", &line(PASSPHRASE)).types("[y/N]", "\n");
    let (seen, status) = no.ends();
    assert_eq!((status, office.state().asked.len()), (Some(2), 0), "{seen}");
    let yes = Person::at(&office.desk, &add).types("Passphrase: ", &line(PASSPHRASE)).types("[y/N]", "y\n");
    let asked = yes.types("E-mail address:", &line(EMAIL)).types("Password: ", &line(PASSWORD));
    let (seen, status) = asked.types("One-time code: ", &line(CODE)).ends();
    assert_eq!(status, Some(0), "{seen}");
    assert!(seen.contains("Added Office.") && seen.contains(EMAIL), "{seen}");
    for secret in [PASSWORD, CODE] {
        assert!(!seen.contains(secret), "{seen}");
    }
}

#[test]
fn a_session_that_is_over_leaves_the_keys_as_they_are() {
    let office = Office::signed_in();
    let desk = &office.desk;
    office.state().session = None;
    let over = desk.unlocked(&["--json", "tenant", "sync", "Office"]).refused(6);
    assert_eq!(over["code"], "remote_sign_in");
    assert!(over["hint"].as_str().unwrap().contains("Sign in again"), "{over}");
    assert!(office.remote()["problem"]["message"].as_str().unwrap().contains("is over"));
    assert_eq!(office.listed(), pairs(&[("Crane", "active"), ("Gate", "active")]));
    let new = desk.unlocked(&["key", "new", "-t", "Office", "--name", "Quay", "--stdout"]);
    assert_eq!(new.status, Some(6), "{new:?}");
    office.write("wrong", "somebody else's");
    let wrong =
        desk.unlocked(&["tenant", "sign-in", "Office", "--email", EMAIL, "--password-file", &desk.arg("wrong")]);
    assert_eq!(wrong.status, Some(2), "{wrong:?}");
    let again = office.sign_in(&[]).ok();
    assert!(again.contains("Signed in to the server of Office. 2 keys at the server."), "{again}");
    assert_eq!(office.remote()["problem"], Value::Null);
    assert_eq!(office.told().iter().filter(|event| event["kind"] == "tenant_signed_in").count(), 1);
}

#[test]
fn a_role_of_which_a_connector_says_nothing_is_told_in_words_all_the_same() {
    let office = Office::new();
    let shipped = include_str!("../../../connectors/manifests/documenso-session.json");
    let mut manifest: Value = serde_json::from_str(shipped).unwrap();
    manifest["id"] = json!("sign-own");
    let choice = manifest["session"]["choices"][0].as_object_mut().unwrap();
    assert!(choice.remove("refused").is_some());
    fs::write(office.desk.path("sign-own.json"), manifest.to_string()).unwrap();
    office.desk.ok(&["connector", "add", &office.desk.arg("sign-own.json")]);

    let password = office.desk.arg("password");
    let asked = ["connector", "try", "sign-own", "--url", &office.url, "--email", EMAIL, "--password-file", &password];
    let tried = |more: &[&str]| office.desk.run(&[&asked[..], &["--accept-caution"], more].concat());
    let member = tried(&["--option", "team=9"]);
    assert_eq!(member.status, Some(2), "{member:?}");
    assert!(member.stderr.contains("Sales cannot be chosen: Your role there does not permit it."), "{member:?}");
    office.state().teams.retain(|team| team.id == 9);
    let nothing = tried(&["--json"]).refused(6);
    assert_eq!(nothing["hint"], json!("Your role there does not permit it."), "{nothing}");
    assert_eq!(nothing["server"]["said"], json!("Team"), "a window has words of its own: {nothing}");
}

#[test]
fn who_may_not_manage_the_team_any_more_is_not_let_in_again() {
    let office = Office::signed_in();
    office.state().teams[0].role = "MEMBER";
    let empty = office.desk.unlocked(&["tenant", "sync", "Office"]);
    assert!(empty.stderr.contains("does not let you manage keys of Contracts"), "{empty:?}");
    assert_eq!(office.listed().len(), 2, "an empty list is not believed");
    let before = office.state().session.clone();
    let refused = office.sign_in(&[]);
    assert_eq!(refused.status, Some(6), "{refused:?}");
    assert!(refused.stderr.contains("Contracts cannot be managed by who has signed in"), "{refused:?}");
    assert_ne!(office.state().session, before);
    assert_eq!(office.state().session, None, "and the new session is ended");
}

#[test]
fn signing_out_forgets_the_session_even_where_the_server_is_away() {
    let office = Office::signed_in();
    let desk = &office.desk;
    let session = office.state().session.clone().unwrap();
    let out = desk.unlocked(&["tenant", "sign-out", "Office"]).ok();
    assert!(out.contains("Signed out of the server of Office."), "{out}");
    assert_eq!((office.state().session.clone(), &office.remote()["signed_in"]), (None, &json!(false)));
    let nobody = desk.unlocked(&["tenant", "sync", "Office"]);
    assert!(nobody.stderr.contains("Nobody is signed in"), "{nobody:?}");
    assert_eq!(desk.unlocked(&["tenant", "sign-out", "Office"]).status, Some(1));

    office.sign_in(&[]).ok();
    office.state().trouble = Some(503);
    let away: Value = serde_json::from_str(&desk.unlocked(&["--json", "tenant", "sign-out", "Office"]).ok()).unwrap();
    let server = &away["problem"]["server"];
    assert_eq!((&server["fault"], &server["status"]), (&json!("trouble"), &json!(503)), "{away}");
    assert_eq!(office.remote()["signed_in"], json!(false));
    let told = office.told().into_iter().find(|event| event["kind"] == "tenant_signed_out").unwrap();
    assert!(told["detail"].as_str().unwrap().contains("the server was not told"), "{told}");
    assert!(found_in(&desk.path("home"), &session).is_empty());
    assert_eq!(office.listed().len(), 2, "the keys stay");
}

#[test]
fn a_session_that_the_server_renews_goes_into_the_vault() {
    let office = Office::signed_in();
    office.state().renews = true;
    for _ in 0..3 {
        let told = office.desk.unlocked(&["tenant", "sync", "Office"]).ok();
        assert!(told.contains("2 keys at the server."), "{told}");
    }
    office.desk.unlocked(&["key", "revoke", "Crane", "--yes"]).ok();
    office.desk.unlocked(&["key", "new", "-t", "Office", "--name", "Quay", "--stdout"]).ok();
    office.desk.unlocked(&["tenant", "sync", "Office"]).ok();
}

#[test]
fn somebody_signs_in_over_the_way_that_the_tenant_has() {
    let authority = Authority::new();
    let mut office = Office::tls(demanding(&authority.server(&["office.test"]), &authority));
    // operator:hunter2
    let address = office.url.rsplit('/').next().unwrap();
    let proxy = Proxy::to(address, Some("Basic b3BlcmF0b3I6aHVudGVyMg=="));
    // Nobody has this name: only the proxy leads there.
    office.url = "https://office.test".to_owned();
    let client = authority.client().pem();
    for (name, text) in [("ca", authority.pem().as_str()), ("client", &client), ("proxy", "operator:hunter2")] {
        office.write(name, text);
    }
    let [ca, client, credential] = ["ca", "client", "proxy"].map(|name| office.desk.arg(name));
    let certified = ["--accept-caution", "--ca", &ca, "--client-certificate", &client, "--proxy", &proxy.url];
    let stranger = office.add(&certified);
    assert_eq!(stranger.status, Some(6), "{stranger:?}");
    assert!(office.state().asked.is_empty(), "a password goes nowhere but over that way");

    office.add(&[&certified[..], &["--proxy-credential", &credential]].concat()).ok();
    assert!(proxy.asked().iter().all(|line| line == "CONNECT office.test:443"), "{:?}", proxy.asked());
    assert_eq!(kill::in_vault(&office.desk, "session, certificate and sign-in"), 3);
    let shown = office.desk.json(&["tenant", "connection", "Office"]);
    assert_eq!((&shown["proxy"]["signs_in"], &shown["client_certificate"]["expired"]), (&json!(true), &json!(false)));
    let added = office.told().into_iter().find(|event| event["kind"] == "tenant_added").unwrap();
    let detail = added["detail"].as_str().unwrap();
    for said in ["authorities: ", "client certificate: ", "with a sign-in", "the connector's caution was accepted"] {
        assert!(detail.contains(said), "{said}: {detail}");
    }
    office.desk.unlocked(&["tenant", "sync", "Office"]).ok();
    assert!(office.desk.unlocked(&["tenant", "sign-out", "Office"]).ok().contains("Signed out"));
    assert_eq!(office.state().session, None);
    office.sign_in(&[]).ok();
    assert_eq!(kill::in_vault(&office.desk, "signed in again"), 3);
}

#[test]
fn a_session_stays_with_its_server() {
    let (office, other) = (Office::signed_in(), Office::new());
    let change = |url: &str, more: &[&str]| {
        office.desk.unlocked(&[&["tenant", "connection", "Office", "--url", url], more].concat()).ok();
    };
    change(&format!("{}/base", office.url), &[]);
    assert_eq!(office.remote()["signed_in"], json!(true), "the same server");
    change(&other.url, &[]);
    assert_eq!((&office.remote()["signed_in"], kill::in_vault(&office.desk, "moved")), (&json!(false), 0));
    let edited = office.told().into_iter().find(|event| event["kind"] == "tenant_edited").unwrap();
    assert!(edited["detail"].as_str().unwrap().contains("the session with the server before was forgotten"));
    let nobody = office.desk.unlocked(&["tenant", "sync", "Office"]);
    assert!(nobody.stderr.contains("Nobody is signed in"), "{nobody:?}");
    assert!(other.state().asked.is_empty(), "the session of one server is not shown to another");
    office.sign_in(&[]).ok();

    // The same server under another name, says the operator.
    change(&office.url, &["--keep-credential"]);
    assert_eq!((&office.remote()["signed_in"], kill::in_vault(&office.desk, "kept")), (&json!(true), 1));
}

#[test]
fn a_credential_is_nothing_for_a_server_that_wants_a_session() {
    let office = Office::signed_in();
    office.write("cookie", "sessionId=stolen");
    let refused =
        office.desk.unlocked(&["tenant", "credential", "Office", "--credential-file", &office.desk.arg("cookie")]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    let added = office.add(&["--accept-caution", "--credential-file", &office.desk.arg("cookie")]);
    assert_eq!(added.status, Some(2), "{added:?}");
    let other = office.desk.unlocked(&["tenant", "sign-in", "Harbour"]);
    assert_eq!(other.status, Some(1), "{other:?}");
    let tried = office.tried(&["--accept-caution", "--credential-file", &office.desk.arg("cookie")]);
    assert_eq!(tried.status, Some(2), "{tried:?}");
}

#[test]
fn the_connector_is_tried_in_a_session_that_ends_with_it() {
    let office = Office::new();
    let refused = office.tried(&[]);
    assert!(refused.status == Some(2) && refused.stderr.contains("may break it"), "{refused:?}");
    assert!(office.state().asked.is_empty());
    let tried = office.tried(&["--accept-caution"]).ok();
    for said in ["Tried with 7  Contracts (Harbour, ADMIN).", "2 keys", "Crane", "Gate"] {
        assert!(tried.contains(said), "{said}: {tried}");
    }
    assert_eq!(office.state().session, None, "nobody is signed in any more");
    let member = office.tried(&["--accept-caution", "--option", "team=9"]);
    assert!(member.status == Some(2) && member.stderr.contains("Sales cannot be chosen"), "{member:?}");
    assert_eq!(office.tried(&["--accept-caution", "--option", "team=8"]).status, Some(2));
    office.state().teams.retain(|team| team.id == 9);
    let nothing = office.tried(&["--json", "--accept-caution"]).refused(6);
    assert_eq!(nothing["server"]["fault"], json!("not_for_you"), "{nothing}");
    assert!(nothing["server"]["said"].as_str().unwrap().starts_with("Only its administrators"), "{nothing}");
    office.write("password", "not this one");
    let wrong = office.tried(&["--json", "--accept-caution"]).refused(2);
    assert_eq!((&wrong["field"]["rule"], &wrong["field"]["id"]), (&json!("answer_wrong"), &json!("password")));
    assert_eq!(office.state().session, None);
    assert_eq!(office.desk.json(&["tenant", "list"]).as_array().unwrap().len(), 1, "nothing came of it");
    assert!(found_in(&office.desk.path("home"), PASSWORD).is_empty());
}

#[test]
fn killed_at_each_step_there_is_a_session_or_none() {
    let args = |office: &Office| {
        let password = office.desk.arg("password");
        ["tenant", "sign-in", "Office", "--email", EMAIL, "--password-file", &password].map(str::to_owned)
    };
    for point in kill::points("signin").into_iter().chain(kill::points("credential")) {
        let office = Office::signed_in();
        let before = office.state().session.clone();
        let args = args(&office);
        kill::die(&office.desk, &point, &args.each_ref().map(String::as_str));
        assert_ne!(office.state().session, before, "{point}");
        // The server holds one session at a time here: whether it is the one in the vault decides.
        let synced = office.desk.unlocked(&["tenant", "sync", "Office"]);
        assert_eq!(synced.status, Some(if point == "credential.done" { 0 } else { 6 }), "{point}: {synced:?}");
        office.sign_in(&[]).ok();
        assert_eq!(office.remote()["signed_in"], json!(true), "{point}");
    }
    for point in kill::points("signout") {
        let office = Office::signed_in();
        kill::die(&office.desk, &point, &["tenant", "sign-out", "Office"]);
        assert_eq!(office.state().session, None, "{point}");
        assert_eq!(office.remote()["signed_in"], json!(point == "signout.answered"), "{point}");
        assert_eq!(office.desk.unlocked(&["tenant", "sync", "Office"]).status, Some(6), "{point}");
        office.sign_in(&[]).ok();
    }
}

#[test]
fn what_signs_in_is_nowhere_in_the_profile_and_in_no_log() {
    let office = Office::new();
    office.state().two_factor = true;
    let desk = &office.desk;
    let (passphrase, password, code) = (desk.arg("passphrase"), desk.arg("password"), desk.arg("code"));
    let logged = [("LATCHKEY_LOG", "trace"), ("RUST_BACKTRACE", "full")];
    let signing = ["--email", EMAIL, "--password-file", &password, "--code-file", &code];
    let add = ["tenant", "add", "Office", "--remote", "documenso-session", "--url", &office.url, "--accept-caution"];
    let mut said = Vec::new();
    let mut sessions = Vec::new();
    for args in [[&add[..], &signing].concat(), [&["tenant", "sign-in", "Office"][..], &signing].concat()] {
        said.push(desk.run_with(&[&["--passphrase-file", passphrase.as_str()], &args[..]].concat(), &logged, b""));
        sessions.extend(office.state().session.clone());
    }
    said.push(desk.run_with(&["--passphrase-file", &passphrase, "tenant", "sync", "Office"], &logged, b""));
    assert!(said.iter().all(|answer| answer.status == Some(0)), "{said:?}");
    assert_eq!(sessions.len(), 2);
    for secret in [PASSWORD, CODE].into_iter().chain(sessions.iter().map(String::as_str)) {
        assert_eq!(found_in(&desk.path("home"), secret), Vec::<std::path::PathBuf>::new(), "{secret}");
        for answer in &said {
            let text = format!("{}{}", answer.stdout, answer.stderr);
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned())).collect()
}
