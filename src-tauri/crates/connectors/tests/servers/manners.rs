//! What the client does by itself: its connections, its limits, and what it sends along.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use latchkey_app::ports::{Connectors, Network, Outcome, Watch};
use latchkey_app::wire::CheckedKey;
use latchkey_app::wire::ErrorCode::{Offline, RemoteThrottled, RemoteUnreachable};
use latchkey_connectors::transport::Patience;
use latchkey_domain::secret::Secret;
use serde_json::json;

use crate::support::{ACME, Authority, CREDENTIAL, Desk, Reply, Server, acme, demanding, draft, fails, hasty, tenant};

fn key() -> Secret {
    Secret::new("lk_a_key_that_is_checked".to_owned())
}

/// [`ACME`] with something else in place of its requests' beginning.
fn with(member: &str) -> Desk {
    Desk::new().with("acme", &ACME.replacen(r#""requests": {"#, &format!(r#"{member}, "requests": {{"#), 1))
}

fn empty_list() -> Reply {
    Reply::json(200, &json!({ "keys": [] }))
}

#[test]
fn what_changes_something_has_a_connection_of_its_own() {
    // One that was kept may have been closed by the server just now, and then nobody knows what became of the request.
    let server = Server::new(|seen| match seen.method.as_str() {
        "GET" => empty_list(),
        _ => Reply::json(201, &json!({ "id": 1, "secret": "made" })),
    });
    let (desk, tenant) = (acme(), tenant(&server.url()));
    for _ in 0..3 {
        desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap();
    }
    assert_eq!(server.connections(), 1, "what reads keeps its connection");
    for _ in 0..3 {
        desk.connectors.create(&tenant.site(), &draft(), &Watch::default()).unwrap();
    }
    assert_eq!(server.connections(), 4);
}

#[test]
fn going_offline_closes_what_is_kept_open() {
    let server = Server::new(|_| empty_list());
    let (desk, tenant) = (acme(), tenant(&server.url()));
    desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap();
    assert_eq!(server.closed(), 0);
    desk.connectors.set_offline(true);
    server.wait_until_closed(1);
    fails(desk.connectors.keys(&tenant.site(), &Watch::default()), Offline, Outcome::NotDone, &[]);
}

#[test]
fn no_more_requests_are_under_way_than_the_vendor_takes() {
    const AT_ONCE: usize = 2;
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen_most = most.clone();
    // Answers only when as many have come as may: with fewer it would wait for ever.
    let together = Barrier::new(AT_ONCE);
    let server = Server::new(move |_| {
        seen_most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        together.wait();
        now.fetch_sub(1, Ordering::SeqCst);
        empty_list()
    });
    let desk = with(r#""parallel": 2"#);
    let tenant = tenant(&server.url());
    thread::scope(|scope| {
        for _ in 0..4 * AT_ONCE {
            scope.spawn(|| desk.connectors.keys(&tenant.site(), &Watch::default()).unwrap());
        }
    });
    assert_eq!((server.seen().len(), most.load(Ordering::SeqCst)), (4 * AT_ONCE, AT_ONCE));
}

#[test]
fn a_revocation_waits_for_no_list() {
    let (asked, is_asked) = mpsc::sync_channel(1);
    let (test, over) = mpsc::channel::<()>();
    let over = Mutex::new(over);
    let server = Server::new(move |seen| match seen.method.as_str() {
        "GET" => {
            asked.send(()).unwrap();
            let _ = over.lock().unwrap().recv();
            empty_list()
        }
        _ => Reply::empty(204),
    });
    let (desk, tenant) = (with(r#""parallel": 1"#), tenant(&server.url()));
    thread::scope(|scope| {
        let listing = scope.spawn(|| desk.connectors.keys(&tenant.site(), &Watch::default()));
        is_asked.recv().unwrap();
        desk.connectors.revoke(&tenant.site(), "7", &Watch::default()).unwrap();
        drop(test);
        assert!(listing.join().unwrap().is_ok());
    });
}

#[test]
fn the_tenants_address_may_have_a_path() {
    let server = Server::new(|_| empty_list());
    let desk = acme();
    for path in ["/", "/api", "/api/", "/a%20b/c", "//twice", "/ä|^", "/a/../b"] {
        desk.connectors.keys(&tenant(&(server.url() + path)).site(), &Watch::default()).unwrap();
    }
    let paths = ["/keys", "/api/keys", "/api/keys", "/a%20b/c/keys", "//twice/keys", "/%C3%A4|^/keys", "/b/keys"];
    assert_eq!(server.asked(), paths.map(|path| format!("GET {path}")));
}

#[test]
fn a_limit_is_waited_for_where_nothing_changes_and_told_where_something_does() {
    let server = Server::new(|seen| match seen.method.as_str() {
        "GET" => empty_list(),
        _ => Reply::json(201, &json!({ "id": 1, "secret": "made" })),
    });
    let desk = with(r#""limits": [{ "requests": ["list"], "most": 1, "seconds": 2 }]"#);
    let told = Arc::new(Mutex::new(Vec::new()));
    let hears = told.clone();
    let watch = Watch { waiting: Arc::new(move |left| hears.lock().unwrap().push(left)), ..Watch::default() };
    let here = tenant(&server.url());
    desk.connectors.check(&here.site(), &key(), &watch).unwrap();
    desk.connectors.keys(&here.site(), &watch).unwrap();
    assert!(told.lock().unwrap().is_empty());
    desk.connectors.keys(&here.site(), &watch).unwrap();
    let ends = [Duration::from_secs(1), Duration::ZERO];
    assert!(told.lock().unwrap().ends_with(&ends), "the second one waited, and said so");
    let desk = with(r#""limits": [{ "most": 1, "seconds": 3600 }]"#);
    desk.connectors.create(&here.site(), &draft(), &watch).unwrap();
    let failure = fails(
        desk.connectors.create(&here.site(), &draft(), &watch),
        RemoteThrottled,
        Outcome::NotDone,
        &["60 minutes"],
    );
    assert!(failure.wait.is_some_and(|wait| wait > Duration::from_secs(3500)));
    fails(desk.connectors.keys(&here.site(), &watch), RemoteThrottled, Outcome::NotDone, &["60 minutes"]);
}

#[test]
fn what_never_reached_the_server_counts_against_no_limit() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = tenant(&format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    let desk = with(r#""limits": [{ "most": 1, "seconds": 3600 }]"#);
    for _ in 0..3 {
        let made = desk.connectors.create(&nobody.site(), &draft(), &Watch::default());
        fails(made, RemoteUnreachable, Outcome::NotDone, &["cannot be reached"]);
    }
}

#[test]
fn a_checked_key_goes_without_the_tenants_credentials_and_with_its_certificate() {
    let authority = Authority::new();
    let server = Server::tls(demanding(&authority.server(&["127.0.0.1"]), &authority), |_| Reply::empty(204));
    let manifest =
        ACME.replace(r#"{ "X-API-Key": "{secret}" }"#, r#"{ "X-API-Key": "{secret}", "X-Admin": "{credential.key}" }"#);
    let desk = Desk::new().with("acme", &manifest);
    let network = Network { authorities: Some(authority.pem()), client_certificate: true, ..Network::default() };
    let tenant = tenant(&server.url()).network(network).with("client-certificate", &authority.client().pem());
    assert_eq!(desk.connectors.check(&tenant.site(), &key(), &Watch::default()), Ok(CheckedKey::Valid));
    let seen = server.seen();
    assert_eq!((seen[0].header("x-api-key"), seen[0].header("x-admin")), (Some(key().expose()), None));
    assert!(!format!("{seen:?}").contains(CREDENTIAL));
}

#[test]
fn an_option_that_was_never_asked_for_is_its_default() {
    let manifest = ACME
        .replace(
            r#""credentials""#,
            r#""options": [{ "id": "area", "label": "Area", "default": "v1/all" }], "credentials""#,
        )
        .replace(r#""path": "/self""#, r#""path": "/{option.area}/self""#);
    let server = Server::new(|_| Reply::empty(204));
    let desk = Desk::new().with("acme", &manifest);
    desk.connectors.check(&tenant(&server.url()).site(), &key(), &Watch::default()).unwrap();
    let chosen = tenant(&server.url()).option("area", "v2");
    desk.connectors.check(&chosen.site(), &key(), &Watch::default()).unwrap();
    assert_eq!(server.asked(), ["GET /v1/all/self", "GET /v2/self"]);
}

#[test]
fn an_answer_that_only_drips_is_left_in_time() {
    let (test, over) = mpsc::channel::<()>();
    let over = Arc::new(Mutex::new(over));
    let server = Server::new(move |_| {
        let over = over.clone();
        Reply::Raw(Box::new(move |to| {
            write!(to, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{{")?;
            to.flush()?;
            // Until the test is over.
            let _ = over.lock().unwrap().recv();
            Ok(())
        }))
    });
    let patience = Patience { answer: Duration::from_millis(200), attempts: 1, ..hasty() };
    let desk = Desk::patient(patience).with("acme", ACME);
    let listed = desk.connectors.keys(&tenant(&server.url()).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["too long"]);
    drop(test);
}

#[test]
fn headers_without_end_are_left() {
    let server = Server::new(|_| {
        Reply::Raw(Box::new(|to| {
            write!(to, "HTTP/1.1 200 OK\r\n")?;
            for at in 0..1_000_000 {
                write!(to, "X-{at}: {at}\r\n")?;
            }
            Ok(())
        }))
    });
    let listed = acme().connectors.keys(&tenant(&server.url()).site(), &Watch::default());
    fails(listed, RemoteUnreachable, Outcome::NotDone, &["broke off"]);
}

#[test]
fn an_answer_that_does_not_say_whether_it_was_done_is_not_taken_for_a_refusal() {
    let manifest = ACME.replace(r#""path": "/keys/{id}" }"#, r#""path": "/keys/{id}", "done": "/ok" }"#);
    for body in [json!({}), json!({ "ok": null }), json!({ "ok": "true" }), json!([])] {
        let server = Server::new(move |_| Reply::json(200, &body));
        let desk = Desk::new().with("acme", &manifest);
        let revoked = desk.connectors.revoke(&tenant(&server.url()).site(), "1", &Watch::default());
        fails(revoked, RemoteUnreachable, Outcome::Unknown, &["not what its interface answers with"]);
    }
}
