//! What the other vendors answer to a key that asks whether it works, row by row as their documentation has it.

use latchkey_app::ports::{Connectors, Failure, Outcome, SESSION, Watch};
use latchkey_app::wire::CheckedKey::{self, Disabled, Expired, Restricted, Unknown, Valid};
use latchkey_app::wire::ErrorCode::{RemoteRefused, RemoteThrottled, RemoteUnreachable};
use latchkey_domain::secret::Secret;
use serde_json::{Value as Json, json};

use crate::support::{Desk, Reply, Seen, Server, Tenant, fails};

/// What a vendor's key is told, and what was sent.
fn asked(vendor: &'static str, pasted: &str, status: u16, body: &Json) -> (Result<CheckedKey, Failure>, Seen) {
    let body = body.clone();
    replied(vendor, pasted, move || match &body {
        Json::Null => Reply::empty(status),
        Json::String(text) => Reply::text(status, "text/plain", text),
        body => Reply::json(status, body),
    })
}

fn replied(
    vendor: &'static str,
    pasted: &str,
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> (Result<CheckedKey, Failure>, Seen) {
    let server = Server::new(move |_| reply());
    let tenant = Tenant::new(vendor, &server.url())
        .option("team", "personal")
        .option("service", "billing/2")
        .option("resource", "actions");
    let key = Secret::new(pasted.to_owned());
    let checked = Desk::new().connectors.check(&tenant.site(), &key, &Watch::default());
    (checked, server.seen()[0].clone())
}

fn says(vendor: &'static str, table: &[(u16, Json, CheckedKey)]) {
    for (status, body, expected) in table {
        let (checked, _) = asked(vendor, "a-key", *status, body);
        assert_eq!(checked.as_ref(), Ok(expected), "{vendor}: {status} {body}");
    }
}

#[test]
fn documenso_tells_expired_from_unknown() {
    let failed = |message: &str, code: &str| {
        json!({ "message": message, "code": "INTERNAL_SERVER_ERROR",
                "data": { "code": "BAD_REQUEST", "httpStatus": 401, "appError": { "code": code, "message": message } } })
    };
    says(
        "documenso",
        &[
            (200, json!({ "data": [], "count": 0, "currentPage": 1 }), Valid),
            (401, failed("Invalid token", "UNAUTHORIZED"), Unknown),
            (401, json!({ "message": "Invalid session or API token." }), Unknown),
            (400, failed("Expired token", "EXPIRED_CODE"), Expired),
            (400, json!({ "message": "Expired token" }), Expired),
            (400, failed("The token is over", "EXPIRED_CODE"), Expired),
            (401, json!({ "message": "Expired token" }), Expired),
            (401, json!({ "message": "User is disabled" }), Disabled),
        ],
    );
    let (_, seen) = asked("documenso", " Bearer api_0123456789abcdef\n", 200, &json!({}));
    assert_eq!(format!("{} {}", seen.method, seen.path), "GET /api/v2/envelope?page=1&perPage=1");
    assert_eq!(seen.header("authorization"), Some("api_0123456789abcdef"), "the token alone");
}

#[test]
fn documenso_in_trouble_or_out_of_quota_says_nothing_of_the_key() {
    let (broken, _) = asked("documenso", "a-key", 500, &json!({ "message": "Internal Server Error" }));
    fails(broken, RemoteUnreachable, Outcome::NotDone, &["in trouble (status 500): Internal Server Error."]);
    let (quota, _) =
        asked("documenso", "a-key", 429, &json!({ "error": "Too many requests, please try again later." }));
    assert_eq!(fails(quota, RemoteThrottled, Outcome::NotDone, &["for now"]).wait, None);
    let (rate, _) = replied("documenso", "a-key", || Reply::empty(429).with("Retry-After", "61"));
    fails(rate, RemoteThrottled, Outcome::NotDone, &["61 seconds"]);
    // The window's own pages answer under every address that is none of the interface.
    let (page, _) = replied("documenso", "a-key", || Reply::text(200, "text/html", "<!doctype html><html></html>"));
    fails(page, RemoteUnreachable, Outcome::NotDone, &["a web page"]);
}

/// What a key is told where the organization's quota is used up, and what was asked for it.
fn out_of_quota(
    vendor: &'static str,
    wait: Option<&'static str>,
    me: fn() -> Reply,
) -> (Result<CheckedKey, Failure>, Vec<String>) {
    let server = Server::new(move |seen| match seen.path.as_str() {
        "/api/v1/me" => me(),
        _ => wait.iter().fold(Reply::empty(429), |reply, wait| reply.with("Retry-After", wait)),
    });
    let tenant = Tenant::new(vendor, &server.url()).option("team", "7").with(SESSION, "sessionId=abc");
    let key = Secret::new("api_0123456789abcdef".to_owned());
    let checked = Desk::new().connectors.check(&tenant.site(), &key, &Watch::default());
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.header("authorization") == Some("api_0123456789abcdef")));
    assert!(seen.iter().all(|seen| seen.header("cookie").is_none()));
    (checked, seen.into_iter().map(|seen| seen.path).collect())
}

#[test]
fn documenso_out_of_quota_is_asked_who_the_key_is() {
    for vendor in ["documenso", "documenso-session"] {
        let (checked, asked) =
            out_of_quota(vendor, Some("86400"), || Reply::json(200, &json!({ "name": "Contracts" })));
        assert_eq!(checked, Ok(Valid), "{vendor}");
        assert_eq!(asked, ["/api/v2/envelope?page=1&perPage=1", "/api/v1/me"]);
    }
    let (checked, asked) = out_of_quota("documenso", None, || Reply::json(200, &json!({ "name": "Contracts" })));
    assert_eq!((checked, asked.last().map(String::as_str)), (Ok(Valid), Some("/api/v1/me")));
    // An unknown key, one that is over and a server in trouble are told alike: nothing is known of the key.
    let says_nothing: [fn() -> Reply; 4] = [
        || Reply::json(500, &json!({ "message": "Internal Server Error" })),
        || Reply::text(200, "text/html", "<!doctype html><html></html>"),
        || Reply::empty(404),
        || Reply::empty(429).with("Retry-After", "1"),
    ];
    for me in says_nothing {
        let (checked, asked) = out_of_quota("documenso", Some("3600"), me);
        fails(checked, RemoteThrottled, Outcome::NotDone, &["60 minutes"]);
        assert_eq!(asked.len(), 2, "{asked:?}");
    }
}

#[test]
fn documoto_gets_the_value_as_it_was_copied() {
    says(
        "documoto",
        &[
            (200, json!([]), Valid),
            (401, Json::Null, Unknown),
            (401, json!("Unauthorized"), Unknown),
            (403, Json::Null, Restricted),
        ],
    );
    for value in ["Basic VEVTVDowMDAw", "Bearer VEVTVDowMDAw", "VEVTVDowMDAw", "a value with blanks"] {
        let (_, seen) = asked("documoto", &format!("  {value} \r\n"), 200, &json!({}));
        assert_eq!(seen.header("authorization"), Some(value));
        assert_eq!(seen.path, "/library/browse-flows/v1");
    }
}

#[test]
fn documoto_under_load_is_waited_for_to_the_end_of_its_window() {
    let text = json!("Due to system load, we are throttling publishing, indexing and API activities. Try later.");
    for (status, body) in [(400, &text), (403, &text), (500, &text), (429, &Json::Null), (503, &Json::Null)] {
        let (checked, _) = asked("documoto", "a-key", status, body);
        let failure = fails(checked, RemoteThrottled, Outcome::NotDone, &["takes no more requests for 5 minutes"]);
        assert_eq!(failure.wait.map(|wait| wait.as_secs()), Some(300), "{status}");
    }
}

#[test]
fn docanalyzer_may_refuse_under_any_status() {
    says(
        "docanalyzer",
        &[
            (200, json!({ "data": [{ "id": "gpt", "label": "GPT" }] }), Valid),
            (401, json!({ "error": { "message": "Invalid API key" } }), Unknown),
            (401, Json::Null, Unknown),
        ],
    );
    let (refused, seen) =
        asked("docanalyzer", "Bearer abc", 200, &json!({ "error": { "message": "Expert Mode is off" } }));
    fails(refused, RemoteRefused, Outcome::NotDone, &["Expert Mode is off"]);
    assert_eq!(seen.header("authorization"), Some("Bearer abc"));
    assert_eq!(seen.path, "/models");
    let (unpaid, _) = asked("docanalyzer", "abc", 402, &json!({ "error": { "message": "No plan" } }));
    fails(unpaid, RemoteRefused, Outcome::NotDone, &["subscription", "No plan"]);
    let (many, _) = asked("docanalyzer", "abc", 403, &json!({ "error": { "message": "Not yours" } }));
    fails(many, RemoteRefused, Outcome::NotDone, &["Not yours"]);
    let (limit, _) =
        replied("docanalyzer", "abc", || Reply::empty(429).with("X-RateLimit-Limit", "100").with("Retry-After", "90"));
    fails(limit, RemoteThrottled, Outcome::NotDone, &["90 seconds"]);
}

#[test]
fn gotransverse_refuses_unknown_keys_with_403() {
    // What the body is made of is not documented: the words count, wherever they stand.
    for wrapped in
        [|text: &str| json!(text), |text: &str| json!({ "message": text }), |text: &str| json!({ "a": [text] })]
    {
        says(
            "gotransverse",
            &[
                (200, json!({ "actions": [] }), Valid),
                (403, wrapped("Access Denied"), Restricted),
                (403, wrapped("Access to this API has been disallowed"), Unknown),
                (401, wrapped("User is Disabled"), Disabled),
                (401, wrapped("User account is locked"), Disabled),
                (401, wrapped("User account has expired"), Expired),
            ],
        );
    }
    let (unseen, _) = asked("gotransverse", "a-key", 401, &json!({ "message": "Authorization header not found" }));
    fails(unseen, RemoteRefused, Outcome::NotDone, &["Authorization header not found", "saw no key at all"]);
    let (other, _) = asked("gotransverse", "a-key", 403, &json!({ "message": "Blocked" }));
    fails(other, RemoteRefused, Outcome::NotDone, &["does not permit", "Blocked"]);
    let (_, seen) = asked("gotransverse", " 0123456789abcdef0123456789abcdef\n", 200, &json!({}));
    assert_eq!(seen.header("x-api-key"), Some("0123456789abcdef0123456789abcdef"));
    assert_eq!((seen.header("authorization"), seen.path.as_str()), (None, "/billing/2/actions"));
}

#[test]
fn a_vendor_without_requests_for_it_says_where_it_is_done() {
    let desk = Desk::new();
    for vendor in ["documenso", "documoto", "docanalyzer", "gotransverse"] {
        let tenant = Tenant::new(vendor, "https://127.0.0.1:1");
        let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
        fails(
            listed,
            latchkey_app::wire::ErrorCode::NotNow,
            Outcome::NotDone,
            &["no request to list keys", "own pages"],
        );
    }
    let tenant = Tenant::new("gotransverse", "https://127.0.0.1:1");
    let sets = desk.connectors.api_sets(&tenant.site(), &Watch::default()).unwrap();
    assert_eq!((sets.len(), sets[0].name.as_str()), (9, "Billing"), "known without asking");
}
