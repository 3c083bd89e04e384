//! Documenso, signed in: what its own pages ask, asked by Latchkey.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{Months, TimeDelta, Utc};
use latchkey_app::ports::{Connectors, Failure, Outcome, RemoteDraft, SESSION, Watch};
use latchkey_app::wire::ErrorCode::{
    InvalidInput, NotNow, RemoteRefused, RemoteSignIn, RemoteThrottled, RemoteUnreachable,
};
use latchkey_app::wire::{CheckedKey, Rule, ServerFault};
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;

use crate::support::documenso::{Asked, CODE, Documenso, EMAIL, PASSWORD};
use crate::support::{Desk, Reply, Seen, Server, Tenant, fails};

type Script = fn(&Seen) -> Reply;
type Given = BTreeMap<String, Arc<Secret>>;

struct Rig {
    desk: Desk,
    server: Server,
    state: Arc<Mutex<Documenso>>,
}

impl Rig {
    fn new() -> Self {
        let state = Arc::new(Mutex::new(Documenso::new()));
        let answering = Arc::clone(&state);
        let server = Server::new(move |seen| replied(&answering, seen));
        Self { desk: Desk::new(), server, state }
    }

    fn state(&self) -> MutexGuard<'_, Documenso> {
        self.state.lock().unwrap()
    }

    /// Without a session.
    fn tenant(&self) -> Tenant {
        Tenant::new("documenso-session", &self.server.url()).option("team", "7")
    }

    fn signed_in(&self) -> Tenant {
        let tenant = self.tenant();
        let session = self.sign_in(&answers(PASSWORD, None)).unwrap();
        tenant.with(SESSION, session.expose())
    }

    fn sign_in(&self, answers: &Given) -> Result<Secret, Failure> {
        self.desk.connectors.sign_in(&self.tenant().site(), answers, &Watch::default())
    }
}

fn replied(state: &Mutex<Documenso>, seen: &Seen) -> Reply {
    let headers = seen.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    let told =
        state.lock().unwrap().answer(&Asked { method: &seen.method, path: &seen.path, headers, body: &seen.body });
    let headers = told.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Reply::Whole { status: told.status, headers, body: told.body.into_bytes() }
}

fn answers(password: &str, code: Option<&str>) -> Given {
    let answers = [("email", Some(EMAIL)), ("password", Some(password)), ("code", code)];
    let secret = |text: &str| Arc::new(Secret::new(text.to_owned()));
    answers.into_iter().filter_map(|(id, text)| Some((id.to_owned(), secret(text?)))).collect()
}

fn draft(days: Option<i64>) -> RemoteDraft {
    let expires = days.map(|days| (u32::try_from(days).unwrap(), Utc::now() + TimeDelta::days(days)));
    RemoteDraft { name: "nightly".to_owned(), expires, ..RemoteDraft::default() }
}

#[test]
fn signing_in_takes_the_token_its_cookie_and_nothing_else() {
    let rig = Rig::new();
    let session = rig.sign_in(&answers(PASSWORD, None)).unwrap();
    assert_eq!(Some(session.expose().to_owned()), rig.state().session.as_ref().map(|id| format!("sessionId={id}")));
    assert_eq!(
        rig.server.asked(),
        ["GET /api/auth/csrf", "POST /api/auth/email-password/authorize", "GET /api/auth/session"]
    );
    let seen = rig.server.seen();
    assert_eq!(seen[0].header("cookie"), None);
    let sent = seen[1].json();
    assert_eq!(sent["csrfToken"], "c5rf-91ab");
    assert_eq!(sent.get("totpCode"), None, "what was not answered is left out");
    for one in &seen {
        assert_eq!((one.header("origin"), one.header("authorization"), one.header("referer")), (None, None, None));
    }
    assert!(rig.state().wrongs.is_empty(), "{:?}", rig.state().wrongs);
}

#[test]
fn what_is_refused_is_said_at_its_question() {
    let rig = Rig::new();
    let question = |answer: Result<Secret, Failure>, says: &[&str]| {
        fails(answer, InvalidInput, Outcome::NotDone, says).error.body().field.clone().unwrap().rule
    };
    let wanted = |id: &str| Rule::AnswerWanted { id: id.to_owned() };
    let wrong = |id: &str| Rule::AnswerWrong { id: id.to_owned() };
    let mut without = answers(PASSWORD, None);
    without.remove("password");
    assert_eq!(question(rig.sign_in(&without), &["wants to be told: Password"]), wanted("password"));
    assert!(rig.server.asked().is_empty(), "nobody was asked for that");
    let refused = rig.sign_in(&answers("wrong", None));
    assert_eq!(question(refused, &["does not take what was given as Password", "e-mail address"]), wrong("password"));
    rig.state().two_factor = true;
    assert_eq!(question(rig.sign_in(&answers(PASSWORD, None)), &["wants to be told: One-time code"]), wanted("code"));
    assert_eq!(question(rig.sign_in(&answers(PASSWORD, Some("000000"))), &["One-time code"]), wrong("code"));
    rig.sign_in(&answers(PASSWORD, Some(CODE))).unwrap();
}

#[test]
fn what_no_answer_helps_against_is_said() {
    for (status, code, says) in [
        (400, "INVALID_CAPTCHA", "a captcha, which no program can answer"),
        (400, "SIGNIN_DISABLED", "with a password is switched off"),
        (500, "UNVERIFIED_EMAIL", "not confirmed"),
        (500, "ACCOUNT_DISABLED", "switched off"),
    ] {
        let rig = Rig::new();
        rig.state().refuses = Some((status, code));
        fails(rig.sign_in(&answers(PASSWORD, None)), RemoteRefused, Outcome::NotDone, &[says]);
        assert_eq!(rig.state().count("POST"), 1, "{code}: nobody tries again");
    }
    let rig = Rig::new();
    rig.state().throttled = true;
    let failed = rig.sign_in(&answers(PASSWORD, None));
    fails(failed, RemoteThrottled, Outcome::NotDone, &["takes no more requests for 14 minutes"]);
    rig.state().throttled = false;
    rig.state().trouble = Some(502);
    fails(rig.sign_in(&answers(PASSWORD, None)), RemoteUnreachable, Outcome::NotDone, &["in trouble (status 502)"]);
}

#[test]
fn ten_wishes_to_sign_in_are_as_many_as_the_server_takes() {
    let rig = Rig::new();
    for _ in 0..10 {
        rig.sign_in(&answers("wrong", None)).unwrap_err();
    }
    let failed = rig.sign_in(&answers(PASSWORD, None));
    fails(failed, RemoteThrottled, Outcome::NotDone, &["takes no more requests for 15 minutes"]);
    assert_eq!(rig.state().count("POST"), 10, "the eleventh was not sent");
}

#[test]
fn a_server_that_answers_otherwise_gives_no_session() {
    let table: [(&str, Script); 4] = [
        ("a web page", |_| Reply::text(200, "text/html", "<!doctype html><title>Documenso</title>")),
        ("not what its interface", |_| Reply::json(200, &serde_json::json!({ "token": "elsewhere" }))),
        ("gave no session", |seen| match seen.method.as_str() {
            "GET" => Reply::json(200, &serde_json::json!({ "csrfToken": "x" })),
            _ => Reply::text(201, "text/plain", "").with("Set-Cookie", "theme=dark"),
        }),
        ("gave no session", |seen| match seen.path.as_str() {
            "/api/auth/csrf" => Reply::json(200, &serde_json::json!({ "csrfToken": "x" })),
            "/api/auth/session" => Reply::json(200, &serde_json::json!({ "isAuthenticated": false })),
            _ => Reply::empty(201).with("Set-Cookie", "sessionId=abc"),
        }),
    ];
    for (says, script) in table {
        let server = Server::new(script);
        let tenant = Tenant::new("documenso-session", &server.url());
        let failed = Desk::new().connectors.sign_in(&tenant.site(), &answers(PASSWORD, None), &Watch::default());
        let Err(failed) = failed else { panic!("{says}") };
        assert_eq!(failed.error.code(), RemoteUnreachable, "{failed:?}");
        assert!(failed.error.to_string().contains(says), "{failed:?}");
    }
}

#[test]
fn the_teams_are_told_with_the_role_there() {
    let rig = Rig::new();
    let tenant = rig.signed_in();
    let offered = rig.desk.connectors.choices(&tenant.site(), &Watch::default()).unwrap();
    let told: Vec<_> = offered
        .iter()
        .map(|one| (one.option.as_str(), one.id.as_str(), one.name.as_str(), one.role.as_deref(), one.refused))
        .collect();
    assert_eq!(told, [("team", "7", "Contracts", Some("ADMIN"), false), ("team", "9", "Sales", Some("MEMBER"), true)]);
    assert_eq!(offered[0].group.as_deref(), Some("Harbour"));
    assert_eq!((offered[0].why.as_deref(), offered[0].reason()), (None, None));
    let why = "Only its administrators and managers may manage tokens.";
    assert_eq!((offered[1].why.as_deref(), offered[1].reason()), (Some(why), Some(why)));
}

#[test]
fn tokens_are_listed_made_checked_and_deleted_in_the_session() {
    let rig = Rig::new();
    rig.state().add("Crane", Some("2027-02-21T10:00:00.000Z"));
    let tenant = rig.signed_in();
    let site = tenant.site();
    let watch = Watch::default();
    let connectors = &rig.desk.connectors;
    let listed = connectors.keys(&site, &watch).unwrap().keys;
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].display.as_str()), (1, "Crane", ""));
    assert!(listed[0].everything, "a token may do everything in its team");
    assert_eq!(listed[0].expires_at.unwrap().to_rfc3339(), "2027-02-21T10:00:00+00:00");

    let made = connectors.create(&site, &draft(Some(30)), &watch).unwrap();
    assert_eq!((made.key.name.as_str(), made.key.id.as_str()), ("nightly", "43"), "the answer itself has no name");
    let token = rig.state().tokens.last().unwrap().clone();
    assert_eq!(made.secret.expose(), token.secret);
    let (end, month) = (made.key.expires_at.unwrap(), Utc::now() + Months::new(1));
    assert!((month - end).abs() < TimeDelta::minutes(10), "as the server counts: {end}");

    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Valid));
    connectors.revoke(&site, &made.key.id, &watch).unwrap();
    assert_eq!(connectors.check(&site, &made.secret, &watch), Ok(CheckedKey::Unknown));
    connectors.revoke(&site, &made.key.id, &watch).unwrap();
    assert_eq!(rig.state().tokens.len(), 1, "one that is gone is revoked, the others stay");
    for seen in rig.server.seen().iter().filter(|seen| seen.path.contains("getMany")) {
        assert_eq!(seen.header("x-team-id"), Some("7"));
    }
    assert!(rig.state().wrongs.is_empty(), "{:?}", rig.state().wrongs);
}

#[test]
fn ends_are_those_that_the_vendor_has_names_for() {
    let rig = Rig::new();
    let tenant = rig.signed_in();
    let create = |days| rig.desk.connectors.create(&tenant.site(), &draft(days), &Watch::default());
    let sent = |days, name: serde_json::Value| {
        create(days).unwrap();
        let seen = rig.server.seen();
        let created = seen.iter().rev().find(|seen| seen.path.ends_with("apiToken.create")).unwrap().json();
        assert_eq!(created["json"]["expirationDate"], name);
        assert_eq!((&created["json"]["teamId"], &created["json"]["tokenName"]), (&7.into(), &"nightly".into()));
    };
    sent(None, serde_json::Value::Null);
    for (days, name) in [(7, "ONE_WEEK"), (90, "THREE_MONTHS"), (180, "SIX_MONTHS"), (365, "ONE_YEAR")] {
        sent(Some(days), name.into());
    }
    // As long as a token lives that was made for three months in November.
    sent(Some(92), "THREE_MONTHS".into());
    let before = rig.server.seen().len();
    fails(create(Some(45)), InvalidInput, Outcome::NotDone, &["one of the ends that the vendor has"]);
    assert_eq!(rig.server.seen().len(), before, "nobody was asked for that");
}

#[test]
fn who_may_not_manage_a_team_is_shown_no_empty_list() {
    let rig = Rig::new();
    rig.state().add("Crane", None);
    let tenant = rig.signed_in();
    rig.state().teams[0].role = "MEMBER";
    let keys = |tenant: &Tenant| rig.desk.connectors.keys(&tenant.site(), &Watch::default());
    fails(keys(&tenant), RemoteRefused, Outcome::NotDone, &["manage keys of Contracts", "administrators and managers"]);
    let made = rig.desk.connectors.create(&tenant.site(), &draft(None), &Watch::default());
    fails(made, RemoteRefused, Outcome::NotDone, &["does not permit it", "administrators and managers"]);
    rig.state().teams.remove(0);
    fails(keys(&tenant), RemoteRefused, Outcome::NotDone, &["does not show 7"]);
    let other = rig.signed_in();
    rig.state().teams.push(crate::support::documenso::Team { id: 7, name: "New", role: "MANAGER" });
    rig.state().tokens.clear();
    assert!(keys(&other).unwrap().keys.is_empty(), "a team without tokens has an empty list");
}

#[test]
fn a_session_that_is_over_wants_somebody_to_sign_in() {
    let rig = Rig::new();
    let watch = Watch::default();
    let nobody = rig.tenant();
    fails(rig.desk.connectors.keys(&nobody.site(), &watch), RemoteSignIn, Outcome::NotDone, &["Nobody is signed in"]);
    assert!(rig.server.asked().is_empty());
    let tenant = rig.signed_in();
    rig.state().session = None;
    for failed in [
        rig.desk.connectors.keys(&tenant.site(), &watch).map(drop),
        rig.desk.connectors.create(&tenant.site(), &draft(None), &watch).map(drop),
        rig.desk.connectors.revoke(&tenant.site(), "41", &watch),
    ] {
        fails(failed, RemoteSignIn, Outcome::NotDone, &["is over", "Sign in again"]);
    }
    let token = Secret::new("api_0000000000000000".to_owned());
    assert_eq!(rig.desk.connectors.check(&nobody.site(), &token, &watch), Ok(CheckedKey::Unknown), "a key asks alone");
}

#[test]
fn a_session_that_the_server_renews_is_handed_on() {
    let rig = Rig::new();
    rig.state().renews = true;
    let tenant = rig.signed_in();
    let now = |rig: &Rig| format!("sessionId={}", rig.state().session.clone().unwrap());
    assert_eq!(tenant.credentials[SESSION].expose(), now(&rig), "the newest, after it was looked whether it holds");
    rig.desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap();
    assert_eq!(tenant.renewed.take().unwrap().expose(), now(&rig));
    assert!(tenant.renewed.take().is_none());
    rig.state().renews = false;
    let tenant = rig.signed_in();
    rig.desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap();
    assert!(tenant.renewed.take().is_none(), "the same one is nothing new");
}

#[test]
fn signing_out_ends_the_session_there() {
    let rig = Rig::new();
    let tenant = rig.signed_in();
    rig.desk.connectors.sign_out(&tenant.site(), &Watch::default()).unwrap();
    assert_eq!(rig.state().session, None);
    rig.desk.connectors.sign_out(&tenant.site(), &Watch::default()).unwrap();
    rig.state().trouble = Some(401);
    rig.desk.connectors.sign_out(&tenant.site(), &Watch::default()).unwrap();
    rig.state().trouble = Some(503);
    let failed = rig.desk.connectors.sign_out(&tenant.site(), &Watch::default());
    fails(failed, RemoteUnreachable, Outcome::Unknown, &["in trouble"]);
}

#[test]
fn it_is_said_where_nothing_ends_a_session() {
    let mut manifest: Json = serde_json::from_str(include_str!("../../manifests/documenso-session.json")).unwrap();
    manifest["id"] = "lasting".into();
    manifest["session"].as_object_mut().unwrap().remove("sign_out").unwrap();
    let desk = Desk::new().with("lasting", &manifest.to_string());
    let tenant = Tenant::new("lasting", "https://sign.example.com").option("team", "7").with(SESSION, "sessionId=abc");
    let failed = desk.connectors.sign_out(&tenant.site(), &Watch::default());
    let failure = fails(failed, RemoteRefused, Outcome::NotDone, &["sign.example.com has no request to sign out"]);
    assert_eq!(failure.error.body().server.as_ref().unwrap().fault, ServerFault::NoSignOut);
}

#[test]
fn what_knows_no_session_keeps_no_cookies() {
    let server = Server::new(|_| {
        Reply::json(200, &serde_json::json!({ "keys": [{ "id": 1 }] })).with("Set-Cookie", "sessionId=abc; Path=/")
    });
    let desk = crate::support::acme();
    let tenant = crate::support::tenant(&server.url());
    for _ in 0..2 {
        desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap();
        desk.connectors.check(&tenant.site(), &Secret::new("k".to_owned()), &Watch::default()).unwrap();
    }
    assert!(server.seen().iter().all(|seen| seen.header("cookie").is_none()));
    assert!(tenant.renewed.take().is_none());
    let failed = desk.connectors.sign_in(&tenant.site(), &Given::new(), &Watch::default());
    fails(failed, NotNow, Outcome::NotDone, &["no request to sign in"]);
}
