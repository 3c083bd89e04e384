//! The worked example of `docs/connectors.md`, as the page has it, against a server as the page describes it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta};
use latchkey_app::ports::{Connectors, Outcome, RemoteDraft, SESSION, Watch};
use latchkey_app::wire::CheckedKey;
use latchkey_app::wire::ErrorCode::{InvalidInput, NotNow, RemoteCredential, RemoteRefused};
use latchkey_connectors::manifest;
use latchkey_domain::secret::Secret;
use serde_json::{Value as Json, json};

use crate::support::{Desk, Reply, Seen, Server, Tenant, fails};

const PAGE: &str = include_str!("../../../../../docs/connectors.md");
const ADMIN: &str = "acme_00000000000000000000000000000000";

/// The manifests of the page: the one with a credential, and the one where somebody signs in.
fn examples() -> [&'static str; 2] {
    let examples = PAGE.split("```json\n").skip(1).map(|from| from.split_once("\n```").unwrap().0);
    let examples: Vec<_> = examples.collect();
    examples.try_into().unwrap()
}

/// The tokens of Acme: what each is, and its value.
type Tokens = Mutex<Vec<(Json, String)>>;

fn answer(tokens: &Tokens, seen: &Seen) -> Reply {
    let mut tokens = tokens.lock().unwrap();
    let asking = seen.header("authorization").and_then(|value| value.strip_prefix("Token ")).unwrap_or_default();
    let known = tokens.iter().find(|(_, value)| value == asking).map(|(token, _)| token.clone());
    if asking != ADMIN && known.is_none() {
        return Reply::json(401, &json!({ "message": "Who are you?" }));
    }
    match (seen.method.as_str(), seen.path.strip_prefix("/api/v1").unwrap()) {
        ("GET", "/whoami") if known.is_some_and(|token| token["until"] == json!(1)) => {
            Reply::json(403, &json!({ "message": "No.", "reason": "expired" }))
        }
        ("GET", "/whoami") => Reply::json(200, &json!({})),
        _ if asking != ADMIN => Reply::json(403, &json!({ "message": "The scope admin is missing." })),
        ("GET", path) => {
            let page: usize = path.strip_prefix("/tokens?page=").unwrap().parse().unwrap();
            let page: Json = tokens.iter().skip(50 * (page - 1)).take(50).map(|(token, _)| token.clone()).collect();
            Reply::json(200, &json!({ "tokens": page }))
        }
        ("POST", "/tokens") => {
            let body = seen.json();
            let number = tokens.len() + 1;
            let value = format!("acme_{number:032x}");
            let until = body["days"].as_i64().map(|days| 1_795_255_200 + 86_400 * days);
            let mut token = json!({ "id": number, "label": body["label"], "scopes": body["scopes"],
                                    "hint": &value[33..], "created": 1_795_255_200, "until": until });
            tokens.push((token.clone(), value.clone()));
            token["value"] = json!(value);
            Reply::json(200, &json!({ "token": token }))
        }
        ("DELETE", path) => {
            let id: u64 = path.strip_prefix("/tokens/").unwrap().parse().unwrap();
            let before = tokens.len();
            tokens.retain(|(token, _)| token["id"] != json!(id));
            Reply::empty(if tokens.len() < before { 204 } else { 404 })
        }
        _ => Reply::empty(405),
    }
}

#[test]
fn the_example_does_what_the_page_says() {
    let tokens: Arc<Tokens> = Arc::default();
    let answers = tokens.clone();
    let server = Server::new(move |seen| answer(&answers, seen));
    let desk = Desk::new();
    let file = desk.folder.path().join("download");
    std::fs::write(&file, examples()[0]).unwrap();
    assert_eq!(desk.connectors.add(&file).unwrap().id, "acme");
    let tenant = Tenant::new("acme", &server.url()).with("key", &format!("Token {ADMIN}"));
    let (connectors, site, watch) = (&desk.connectors, tenant.site(), Watch::default());

    let end = DateTime::from_timestamp(1_795_255_200, 0).unwrap() + TimeDelta::days(90);
    let draft = RemoteDraft {
        name: "nightly".to_owned(),
        api_sets: vec!["read".to_owned(), "write".to_owned()],
        expires: Some((90, end)),
        ..RemoteDraft::default()
    };
    let made = connectors.create(&site, &draft, &watch).unwrap();
    assert_eq!(server.seen()[0].json(), json!({ "label": "nightly", "scopes": ["read", "write"], "days": 90 }));
    let listing = connectors.keys(&site, &watch).unwrap();
    assert_eq!(listing.keys, [made.key]);
    let key = &listing.keys[0];
    assert_eq!((key.id.as_str(), key.name.as_str(), key.display.as_str()), ("1", "nightly", "…0001"));
    assert_eq!((&key.api_sets, key.everything, key.expires_at), (&draft.api_sets, false, Some(end)));
    assert_eq!(connectors.api_sets(&site, &watch).unwrap().len(), 3);

    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Valid));
    tokens.lock().unwrap()[0].0["until"] = json!(1);
    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Expired));
    connectors.revoke(&site, "1", &watch).unwrap();
    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Unknown));
    connectors.revoke(&site, "1", &watch).unwrap();

    let pages: Vec<_> = (1..=120).map(|id| (json!({ "id": id, "label": "many" }), String::new())).collect();
    *tokens.lock().unwrap() = pages;
    assert_eq!(connectors.keys(&site, &watch).unwrap().keys.len(), 120);
    fails(connectors.switch(&site, "1", false, &watch), NotNow, Outcome::NotDone, &["Acme has no request to disable"]);
    let stranger = Tenant::new("acme", &server.url()).with("key", "acme_nobody");
    fails(connectors.keys(&stranger.site(), &watch), RemoteCredential, Outcome::NotDone, &["Who are you?"]);
    tokens.lock().unwrap().push((json!({ "id": 121 }), "acme_small".to_owned()));
    let small = Tenant::new("acme", &server.url()).with("key", "acme_small");
    fails(connectors.keys(&small.site(), &watch), RemoteRefused, Outcome::NotDone, &["The scope admin is missing"]);
    let small = Secret::new("acme_small".to_owned());
    assert_eq!(connectors.check(&site, &small, &watch), Ok(CheckedKey::Valid));
}

#[test]
fn the_example_where_somebody_signs_in_does_what_the_page_says() {
    let server = Server::new(|seen| {
        let is_in = seen.header("cookie") == Some("acme_session=s1");
        match (seen.method.as_str(), seen.path.as_str()) {
            ("GET", "/login") => Reply::json(200, &json!({ "form": "f1" })).with("Set-Cookie", "visit=v1"),
            ("POST", "/login") => {
                assert_eq!((seen.header("x-form"), seen.header("cookie")), (Some("f1"), Some("visit=v1")));
                match (seen.json()["password"].as_str(), seen.json()["code"].as_str()) {
                    (Some("right"), None) => Reply::json(403, &json!({ "needs": "code" })),
                    (Some("right"), Some("1234")) => {
                        Reply::empty(204).with("Set-Cookie", "acme_session=s1; Max-Age=900").with("Set-Cookie", "a=b")
                    }
                    _ => Reply::json(403, &json!({})),
                }
            }
            ("GET", "/me") => Reply::json(200, &json!({ "signed_in": is_in })),
            ("GET", "/api/v1/whoami") => {
                assert_eq!((seen.header("cookie"), seen.header("authorization")), (None, Some("Token k")));
                Reply::json(200, &json!({}))
            }
            _ if !is_in => Reply::empty(401),
            ("GET", "/offices") => {
                let offices =
                    json!([{ "number": 3, "name": "Pier", "you_are": "head" }, { "number": 4, "you_are": "guest" }]);
                Reply::json(200, &json!({ "offices": offices }))
            }
            ("GET", "/offices/3/tokens") => Reply::json(200, &json!([{ "id": 1, "label": "nightly" }])),
            ("POST", "/logout") => Reply::empty(204),
            _ => Reply::empty(404),
        }
    });
    let desk = Desk::new();
    let file = desk.folder.path().join("download");
    std::fs::write(&file, examples()[1]).unwrap();
    let connector = desk.connectors.add(&file).unwrap();
    assert!(connector.caution.is_some() && connector.options[0].chosen && connector.questions.len() == 3);
    let watch = Watch::default();
    let tenant = Tenant::new("acme-session", &server.url()).option("office", "3");
    let sign_in = |password: &str, code: Option<&str>| {
        let answers = [("user", Some("ada")), ("password", Some(password)), ("code", code)];
        let answers = answers.into_iter().filter_map(|(id, text)| Some((id.to_owned(), Secret::new(text?.to_owned()))));
        let answers = answers.map(|(id, answer)| (id, Arc::new(answer))).collect();
        desk.connectors.sign_in(&tenant.site(), &answers, &watch)
    };
    fails(sign_in("wrong", None), InvalidInput, Outcome::NotDone, &["Password"]);
    fails(sign_in("right", None), InvalidInput, Outcome::NotDone, &["wants to be told: One-time code"]);
    let session = sign_in("right", Some("1234")).unwrap();
    assert_eq!(session.expose(), "acme_session=s1");
    let tenant = Tenant::new("acme-session", &server.url()).option("office", "3").with(SESSION, session.expose());
    let offices = desk.connectors.choices(&tenant.site(), &watch).unwrap();
    assert_eq!(offices.iter().map(|office| office.refused).collect::<Vec<_>>(), [false, true]);
    assert_eq!(desk.connectors.keys(&tenant.site(), &watch).unwrap().keys[0].name, "nightly");
    assert_eq!(desk.connectors.check(&tenant.site(), &Secret::new("k".to_owned()), &watch), Ok(CheckedKey::Valid));
    desk.connectors.sign_out(&tenant.site(), &watch).unwrap();
}

#[test]
fn the_page_has_a_row_for_each_placeholder() {
    let placeholders = [
        "id",
        "name",
        "description",
        "api_sets",
        "expires_days",
        "expires_at",
        "owner",
        "organization",
        "groups",
        "page",
        "offset",
        "cursor",
        "secret",
        "option.ID",
        "credential.ID",
        "expires_choice",
        "answer.ID",
        "captured.NAME",
    ];
    let (_, table) = PAGE.split_once("## Placeholders").unwrap();
    for placeholder in placeholders {
        let written = format!("{{{placeholder}}}");
        assert!(table.contains(&format!("`{written}`")), "{written}");
        assert!(manifest::Text::try_from(written).is_ok());
    }
}
