//! What goes wrong between Latchkey and any server, and what is said of it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use latchkey_app::ports::{Connectors, Network, Outcome, Proxy, RemoteChange, Watch};
use latchkey_app::wire::CheckedKey;
use latchkey_app::wire::ErrorCode::{
    Cancelled, NotFound, Offline, RemoteCredential, RemoteRefused, RemoteThrottled, RemoteUnreachable,
};
use latchkey_connectors::transport::Patience;
use latchkey_domain::secret::Secret;
use serde_json::json;

use crate::support::{ACME, CREDENTIAL, Desk, Reply, Server, acme, draft, fails, hasty, tenant};

const PAGE: &str = "<!DOCTYPE html><html><body>Sign in to the network</body></html>";

fn key() -> Secret {
    Secret::new("lk_a_key_that_is_checked".to_owned())
}

#[test]
fn a_list_is_asked_for_with_the_credential_and_read() {
    let server = Server::new(|_| Reply::json(200, &json!({ "keys": [{ "id": 7, "name": "ci" }] })));
    let listing = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default()).unwrap();
    assert_eq!((listing.keys[0].id.as_str(), listing.keys[0].name.as_str(), listing.skipped), ("7", "ci", 0));
    let seen = server.seen();
    assert_eq!(server.asked(), ["GET /keys"]);
    assert_eq!(seen[0].header("x-api-key"), Some(CREDENTIAL));
    assert_eq!(seen[0].header("accept"), Some("application/json"));
    assert!(seen[0].header("cookie").is_none() && seen[0].header("referer").is_none());
}

#[test]
fn each_status_has_its_words() {
    for (status, code, says) in [
        (400, RemoteRefused, "does not take it (status 400): no such luck."),
        (401, RemoteCredential, "does not accept the credential: no such luck."),
        (402, RemoteRefused, "wants the subscription to be settled"),
        (403, RemoteRefused, "does not permit it to create a key"),
        (404, RemoteRefused, "has nothing at this address"),
        (409, RemoteRefused, "has one like it already"),
        (422, RemoteRefused, "does not take it (status 422)"),
        (429, RemoteThrottled, "takes no more requests for now"),
    ] {
        let server = Server::new(move |_| Reply::json(status, &json!({ "error": "no such luck" })));
        let made = acme().connectors.create(&tenant(&server.url()).site(), &draft(), &Watch::default());
        fails(made, code, Outcome::NotDone, &["127.0.0.1", says]);
        assert_eq!(server.asked(), ["POST /keys"]);
    }
}

#[test]
fn a_server_in_trouble_is_asked_again_only_where_nothing_can_be_done_twice() {
    for status in [500, 502, 503, 504] {
        let server = Server::new(move |_| Reply::text(status, "text/html", PAGE));
        let (desk, tenant) = (acme(), tenant(&server.url()));
        let words = format!("is in trouble (status {status})");
        let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
        fails(listed, RemoteUnreachable, Outcome::NotDone, &[&words]);
        let made = desk.connectors.create(&tenant.site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, Outcome::Unknown, &[&words]);
        assert_eq!(server.asked(), ["GET /keys", "GET /keys", "GET /keys", "POST /keys"], "{status}");
    }
}

#[test]
fn trouble_that_passes_is_not_noticed() {
    let asked = AtomicUsize::new(0);
    let server = Server::new(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::empty(503),
        1 => Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"keys\""),
        _ => Reply::json(200, &json!({ "keys": [] })),
    });
    assert!(acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default()).is_ok());
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_wait_that_the_server_asks_for_is_kept_and_told() {
    let asked = AtomicUsize::new(0);
    let server = Server::new(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::empty(429).with("Retry-After", "1"),
        _ => Reply::json(200, &json!({ "keys": [] })),
    });
    let told = Arc::new(Mutex::new(Vec::new()));
    let hears = told.clone();
    let watch = Watch { waiting: Arc::new(move |left| hears.lock().unwrap().push(left)), ..Watch::default() };
    let begun = std::time::Instant::now();
    assert!(acme().connectors.keys(&tenant(&server.url()).site(), &watch).is_ok());
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(*told.lock().unwrap(), [Duration::from_secs(1), Duration::ZERO]);
}

#[test]
fn a_wait_is_told_to_the_operator_where_it_is_long_or_something_would_change() {
    let reset = chrono::Utc::now().timestamp() + 600;
    let date = (chrono::Utc::now() + chrono::TimeDelta::seconds(600)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let server = Server::new(move |seen| match seen.path.as_str() {
        "/date/keys" => Reply::empty(429).with("Retry-After", &date),
        "/reset/keys" => {
            Reply::empty(429).with("X-RateLimit-Remaining", "0").with("X-RateLimit-Reset", &reset.to_string())
        }
        "/endless/keys" => Reply::empty(429).with("Retry-After", &u64::MAX.to_string()),
        "/trouble/keys" => Reply::empty(503).with("Retry-After", "600"),
        _ => Reply::empty(429).with("Retry-After", "600"),
    });
    let desk = acme();
    let listed = |path: &str| desk.connectors.keys(&tenant(&(server.url() + path)).site(), &Watch::default());
    let about_ten_minutes = Some(Duration::from_secs(590))..=Some(Duration::from_mins(10));
    for path in ["", "/date", "/reset"] {
        let failure =
            fails(listed(path), RemoteThrottled, Outcome::NotDone, &["takes no more requests for 10 minutes"]);
        assert!(about_ten_minutes.contains(&failure.wait), "{path}: {:?}", failure.wait);
    }
    let failure = fails(listed("/trouble"), RemoteUnreachable, Outcome::NotDone, &["in trouble"]);
    assert_eq!(failure.wait, Some(Duration::from_mins(10)));
    let failure =
        fails(listed("/endless"), RemoteThrottled, Outcome::NotDone, &["takes no more requests for 168 hours"]);
    assert_eq!(failure.wait, Some(Duration::from_hours(168)), "nobody counts further");
    let made = desk.connectors.create(&tenant(&server.url()).site(), &draft(), &Watch::default());
    assert_eq!(fails(made, RemoteThrottled, Outcome::NotDone, &["10 minutes"]).wait, Some(Duration::from_mins(10)));
    assert_eq!(server.seen().len(), 6, "none of them was tried again");
}

#[test]
fn a_web_page_is_no_answer() {
    for status in [200, 403] {
        let server = Server::new(move |_| Reply::text(status, "text/html; charset=utf-8", PAGE));
        let tenant = tenant(&server.url());
        // A connector that would take 403 for a key that works.
        let lenient =
            ACME.replace(r#""messages""#, r#""answers": [{ "status": 403, "means": "restricted" }], "messages""#);
        let desk = Desk::new().with("acme", &lenient);
        let checked = desk.connectors.check(&tenant.site(), &key(), &Watch::default());
        fails(checked, RemoteUnreachable, Outcome::NotDone, &["a web page", "sign-in page"]);
    }
    let server = Server::new(|_| Reply::text(200, "text/html", PAGE));
    let (desk, tenant) = (acme(), tenant(&server.url()));
    let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["a web page"]);
    let made = desk.connectors.create(&tenant.site(), &draft(), &Watch::default());
    fails(made, RemoteUnreachable, Outcome::Unknown, &["a web page"]);
    let revoked = desk.connectors.revoke(&tenant.site(), "7", &Watch::default());
    fails(revoked, RemoteUnreachable, Outcome::Unknown, &["a web page"]);
    let change = RemoteChange { name: Some("x".to_owned()), ..RemoteChange::default() };
    let updated = desk.connectors.update(&tenant.site(), "7", &change, &Watch::default());
    fails(updated, RemoteUnreachable, Outcome::Unknown, &["a web page"]);
}

#[test]
fn the_kind_of_an_answer_counts_less_than_what_it_is() {
    for kind in ["text/plain", "application/octet-stream", "image/png"] {
        let server = Server::new(move |_| Reply::text(200, kind, "\u{feff} {\"keys\": []}"));
        assert!(acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default()).is_ok(), "{kind}");
        let server = Server::new(move |_| Reply::text(200, kind, "hello"));
        let listed = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default());
        fails(listed, RemoteUnreachable, Outcome::NotDone, &["not what its interface answers with"]);
    }
}

#[test]
fn an_answer_that_breaks_off_is_unknown_where_something_was_to_change() {
    for broken in [
        "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{\"id\": 1, \"secret\": \"half",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"id\": 1",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "",
    ] {
        let server = Server::new(move |_| Reply::raw(broken));
        let (desk, tenant) = (acme(), tenant(&server.url()));
        let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
        fails(listed, RemoteUnreachable, Outcome::NotDone, &["broke off"]);
        let made = desk.connectors.create(&tenant.site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, Outcome::Unknown, &["broke off"]);
        assert_eq!(server.asked(), ["GET /keys", "GET /keys", "GET /keys", "POST /keys"], "{broken}");
    }
}

#[test]
fn an_answer_without_end_is_left_before_it_is_read() {
    const WHOLE: usize = 100 * 1024 * 1024;
    for is_told in [true, false] {
        let written = Arc::new(AtomicUsize::new(0));
        let counts = written.clone();
        let server = Server::new(move |_| {
            let counts = counts.clone();
            Reply::Raw(Box::new(move |to| {
                let length = format!("Content-Length: {WHOLE}\r\n\r\n");
                let head = if is_told { &length } else { "Transfer-Encoding: chunked\r\n\r\n" };
                write!(to, "HTTP/1.1 200 OK\r\n{head}")?;
                let piece = vec![b' '; 64 * 1024];
                for _ in 0..WHOLE / piece.len() {
                    if !is_told {
                        write!(to, "{:x}\r\n", piece.len())?;
                    }
                    to.write_all(&piece)?;
                    if !is_told {
                        to.write_all(b"\r\n")?;
                    }
                    counts.fetch_add(piece.len(), Ordering::SeqCst);
                }
                Ok(())
            }))
        });
        let (desk, tenant) = (acme(), tenant(&server.url()));
        let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
        fails(listed, RemoteUnreachable, Outcome::NotDone, &["too large"]);
        let made = desk.connectors.create(&tenant.site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, Outcome::Unknown, &["too large"]);
        assert_eq!(server.seen().len(), 2, "it would be as large the next time");
        assert!(written.load(Ordering::SeqCst) < WHOLE, "all of it was read");
    }
}

#[test]
fn deep_json_is_no_answer() {
    let server = Server::new(|_| Reply::text(200, "application/json", &"[".repeat(200_000)));
    let listed = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["not what its interface answers with"]);
    let whole = format!("{{\"keys\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let server = Server::new(move |_| Reply::text(200, "application/json", &whole));
    let listed = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["not what its interface answers with"]);
}

#[test]
fn redirects_are_followed_within_the_server_and_not_for_ever() {
    let server = Server::new(|seen| match seen.path.as_str() {
        "/keys" => Reply::redirect(302, "/v2/keys"),
        "/v2/keys" => Reply::json(200, &json!({ "keys": [] })),
        _ => Reply::redirect(307, &format!("{}x", seen.path)),
    });
    let desk = acme();
    assert!(desk.connectors.keys(&tenant(&server.url()).site(), &Watch::default()).is_ok());
    assert_eq!(server.seen()[1].header("x-api-key"), Some(CREDENTIAL));
    let listed = desk.connectors.keys(&tenant(&(server.url() + "/round")).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["leads in circles"]);
    assert!(server.seen().len() < 10);
}

#[test]
fn a_redirect_to_another_server_never_takes_the_credential_there() {
    let other = Server::new(|_| Reply::json(200, &json!({ "keys": [] })));
    // The same computer under another name, and another port of the same name.
    for elsewhere in [other.named_url(), other.url()] {
        for status in [301, 302, 303, 307, 308] {
            let to = format!("{elsewhere}/keys");
            let server = Server::new(move |_| Reply::redirect(status, &to));
            let (desk, tenant) = (acme(), tenant(&server.url()));
            let listed = desk.connectors.keys(&tenant.site(), &Watch::default());
            fails(listed, RemoteUnreachable, Outcome::NotDone, &["leads"]);
            assert_eq!(server.seen().len(), 1);
        }
    }
    assert_eq!(other.connections(), 0);
    let to = other.named_url();
    let server = Server::new(move |_| Reply::redirect(302, &to));
    let listed = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["127.0.0.1 leads to localhost", "credential"]);
}

#[test]
fn what_changes_something_follows_no_redirect() {
    // 307 and 308 say that it has to be sent again elsewhere; the others are also sent after something was done.
    for (status, outcome) in [
        (301, Outcome::NotDone),
        (302, Outcome::Unknown),
        (303, Outcome::Unknown),
        (307, Outcome::NotDone),
        (308, Outcome::NotDone),
    ] {
        let server = Server::new(move |_| Reply::redirect(status, "/v2/keys"));
        let made = acme().connectors.create(&tenant(&server.url()).site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, outcome, &["the address that the server really answers at"]);
        assert_eq!(server.asked(), ["POST /keys"]);
    }
}

#[test]
fn a_server_that_does_not_answer_is_left() {
    let server = Server::new(|_| Reply::Silence);
    let desk = Desk::patient(Patience { answer: Duration::from_millis(200), ..hasty() }).with("acme", ACME);
    let tenant = tenant(&server.url());
    fails(desk.connectors.keys(&tenant.site(), &Watch::default()), RemoteUnreachable, Outcome::NotDone, &["too long"]);
    let made = desk.connectors.create(&tenant.site(), &draft(), &Watch::default());
    fails(made, RemoteUnreachable, Outcome::Unknown, &["too long"]);
    assert!(server.seen().len() <= 4 && server.asked().iter().filter(|asked| asked.starts_with("POST")).count() <= 1);
}

#[test]
fn nobody_listening_is_told_and_nothing_was_done() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let made = acme().connectors.create(&tenant(&url).site(), &draft(), &Watch::default());
    fails(made, RemoteUnreachable, Outcome::NotDone, &["127.0.0.1 cannot be reached"]);
}

#[test]
fn a_request_can_be_cancelled_under_way_and_while_it_waits() {
    let cancelled = Arc::new(AtomicBool::new(false));
    let (asks, sets) = (cancelled.clone(), cancelled.clone());
    let server = Server::new(move |seen| {
        sets.store(true, Ordering::SeqCst);
        if seen.method == "POST" { Reply::Silence } else { Reply::empty(429).with("Retry-After", "50") }
    });
    let watch = Watch { is_cancelled: Arc::new(move || asks.load(Ordering::SeqCst)), ..Watch::default() };
    let (desk, tenant) = (acme(), tenant(&server.url()));
    let made = desk.connectors.create(&tenant.site(), &draft(), &watch);
    fails(made, Cancelled, Outcome::Unknown, &["Cancelled."]);
    fails(desk.connectors.create(&tenant.site(), &draft(), &watch), Cancelled, Outcome::NotDone, &[]);
    cancelled.store(false, Ordering::SeqCst);
    fails(desk.connectors.keys(&tenant.site(), &watch), Cancelled, Outcome::NotDone, &[]);
    assert_eq!(server.asked(), ["POST /keys", "GET /keys"]);
}

#[test]
fn offline_nothing_is_sent_at_all() {
    let server = Server::new(|_| Reply::json(200, &json!({ "keys": [] })));
    let (desk, tenant, watch) = (acme(), tenant(&server.url()), Watch::default());
    desk.connectors.set_offline(true);
    let words = &["offline", "Switch the network on again"];
    fails(desk.connectors.keys(&tenant.site(), &watch), Offline, Outcome::NotDone, words);
    fails(desk.connectors.create(&tenant.site(), &draft(), &watch), Offline, Outcome::NotDone, words);
    fails(desk.connectors.revoke(&tenant.site(), "1", &watch), Offline, Outcome::NotDone, words);
    fails(desk.connectors.check(&tenant.site(), &key(), &watch), Offline, Outcome::NotDone, words);
    assert_eq!(server.connections(), 0);
    desk.connectors.set_offline(false);
    assert!(desk.connectors.keys(&tenant.site(), &watch).is_ok());
}

#[test]
fn going_offline_stops_what_is_under_way() {
    let desk = Arc::new(acme());
    let switch = desk.clone();
    let server = Server::new(move |_| {
        switch.connectors.set_offline(true);
        Reply::Silence
    });
    let made = desk.connectors.create(&tenant(&server.url()).site(), &draft(), &Watch::default());
    fails(made, Offline, Outcome::Unknown, &["offline"]);
}

#[test]
fn plain_http_to_another_computer_is_refused_before_anything_is_opened() {
    let proxy = Server::new(|_| Reply::json(200, &json!({ "keys": [] })));
    let through = |plain_http| Network { plain_http, proxy: Proxy::Address(proxy.url()), ..Network::default() };
    // An address for documentation: nobody has it.
    let tenant = |plain_http| tenant("http://192.0.2.1").network(through(plain_http));
    let desk = acme();
    let listed = desk.connectors.keys(&tenant(false).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["192.0.2.1", "without encryption", "https://"]);
    assert_eq!(proxy.connections(), 0);
    assert!(desk.connectors.keys(&tenant(true).site(), &Watch::default()).is_ok());
    assert_eq!(proxy.asked(), ["GET http://192.0.2.1/keys"], "the proxy of the tenant is used");
}

#[test]
fn a_proxy_is_asked_for_an_encrypted_way_and_learns_no_credential() {
    let proxy = Server::new(|_| Reply::empty(403));
    let network = Network { proxy: Proxy::Address(proxy.url()), ..Network::default() };
    let tenant = tenant("https://192.0.2.1").network(network);
    let made = acme().connectors.create(&tenant.site(), &draft(), &Watch::default());
    fails(made, RemoteUnreachable, Outcome::NotDone, &["192.0.2.1 cannot be reached"]);
    let seen = proxy.seen();
    assert_eq!(proxy.asked(), ["CONNECT 192.0.2.1:443"]);
    assert!(!format!("{seen:?}").contains(CREDENTIAL));
}

#[test]
fn a_setting_that_does_not_work_is_named() {
    let asked_with = |network: Network| {
        let tenant = tenant("https://192.0.2.1").network(network);
        acme().connectors.keys(&tenant.site(), &Watch::default())
    };
    for address in ["::", "ftp://proxy.example.com", "http://operator:hunter2@proxy.example.com"] {
        let network = Network { proxy: Proxy::Address(address.to_owned()), ..Network::default() };
        let failure = fails(asked_with(network), RemoteUnreachable, Outcome::NotDone, &["network settings", "proxy"]);
        assert!(!format!("{failure:?}").contains("hunter2"));
    }
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"] {
        let network = Network { authorities: Some(pem.to_owned()), ..Network::default() };
        fails(asked_with(network), RemoteUnreachable, Outcome::NotDone, &["network settings", "authorities"]);
    }
}

#[test]
fn an_address_with_a_password_is_refused_without_repeating_it() {
    for url in ["https://operator:hunter2@portal.example.com", "hunter2", "https://portal.example.com/?token=hunter2"] {
        let listed = acme().connectors.keys(&tenant(url).site(), &Watch::default());
        let failure = fails(listed, RemoteUnreachable, Outcome::NotDone, &["address"]);
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }
}

#[test]
fn a_key_that_is_gone_is_ended_once_the_list_says_so_too() {
    let revoked = |list: Reply| {
        let list = Mutex::new(Some(list));
        let server = Server::new(move |seen| match seen.method.as_str() {
            "GET" => list.lock().unwrap().take().unwrap_or(Reply::Silence),
            _ => Reply::empty(404),
        });
        acme().connectors.revoke(&tenant(&server.url()).site(), "7", &Watch::default())
    };
    assert_eq!(revoked(Reply::json(200, &json!({ "keys": [{ "id": "8" }] }))), Ok(()));
    let still_there = revoked(Reply::json(200, &json!({ "keys": [{ "id": "7" }] })));
    fails(still_there, RemoteRefused, Outcome::Unknown, &["says that there is no such key, and lists it"]);
    // An address that is not the interface's knows no key at all.
    fails(revoked(Reply::empty(404)), RemoteRefused, Outcome::Unknown, &["has nothing at this address"]);
}

#[test]
fn a_key_that_is_gone_cannot_be_changed() {
    let server = Server::new(|_| Reply::empty(404));
    let change = RemoteChange { name: Some("x".to_owned()), ..RemoteChange::default() };
    let changed = acme().connectors.update(&tenant(&server.url()).site(), "7", &change, &Watch::default());
    fails(changed, NotFound, Outcome::NotDone, &["has no such key any more", "Refresh"]);
}

#[test]
fn a_check_sends_the_key_alone() {
    let server = Server::new(|_| Reply::empty(204));
    let checked = acme().connectors.check(&tenant(&server.url()).site(), &key(), &Watch::default());
    assert_eq!(checked, Ok(CheckedKey::Valid));
    let seen = server.seen();
    assert_eq!(seen[0].header("x-api-key"), Some(key().expose()));
    assert!(!format!("{seen:?}").contains(CREDENTIAL));
}

#[test]
fn a_created_key_without_its_text_is_an_orphan() {
    for body in
        [json!({ "id": "7" }), json!({ "id": "7", "secret": " " }), json!({ "id": "7", "secret": "ac-***9f3e" })]
    {
        let server = Server::new(move |_| Reply::json(201, &body));
        let made = acme().connectors.create(&tenant(&server.url()).site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, Outcome::Unknown, &["made a key, but its text did not arrive", "revoke"]);
    }
}
