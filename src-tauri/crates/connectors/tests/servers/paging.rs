//! Lists that come in pages, from servers that mean it and from servers that do not.

use latchkey_app::ports::{Connectors, Failure, Listing, Outcome, Watch};
use latchkey_app::wire::ErrorCode::RemoteUnreachable;
use serde_json::{Value as Json, json};

use crate::support::{ACME, CREDENTIAL, Desk, Reply, Seen, Server, fails, tenant};

/// [`ACME`], whose list comes so.
fn paged(query: &str, paging: &str) -> Desk {
    let list = r#""list": { "method": "GET", "path": "/keys", "at": "/keys" }"#;
    assert!(ACME.contains(list));
    let paged = format!(
        r#""list": {{ "method": "GET", "path": "/keys", "query": {query}, "at": "/keys", "paging": {paging} }}"#
    );
    Desk::new().with("acme", &ACME.replace(list, &paged))
}

fn listed(desk: &Desk, server: &Server) -> Result<Listing, Failure> {
    desk.connectors.keys(&tenant(&(server.url() + "/api")).site(), &Watch::default())
}

fn ids(listing: &Listing) -> Vec<&str> {
    listing.keys.iter().map(|key| key.id.as_str()).collect()
}

fn rows(ids: impl IntoIterator<Item = u64>) -> Json {
    ids.into_iter().map(|id| json!({ "id": id, "name": format!("key {id}") })).collect()
}

fn number(seen: &Seen, name: &str) -> u64 {
    let query = seen.path.split_once('?').unwrap().1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap();
    value.parse().unwrap()
}

#[test]
fn by_number_until_a_page_is_not_full() {
    let desk = paged(r#"{ "page": "{page}", "size": "2" }"#, r#"{ "kind": "pages", "size": 2 }"#);
    let server = Server::new(|seen| {
        let first = number(seen, "page") * 2 - 1;
        Reply::json(200, &json!({ "keys": rows((first..first + 2).filter(|id| *id <= 5)) }))
    });
    assert_eq!(ids(&listed(&desk, &server).unwrap()), ["1", "2", "3", "4", "5"]);
    assert_eq!(server.asked().len(), 3);
    assert_eq!(server.asked()[0], "GET /api/keys?page=1&size=2");
}

#[test]
fn by_offset_until_a_page_is_not_full() {
    let desk = paged(r#"{ "skip": "{offset}" }"#, r#"{ "kind": "offset", "size": 3 }"#);
    let server = Server::new(|seen| {
        let skip = number(seen, "skip");
        Reply::json(200, &json!({ "keys": rows((skip..skip + 3).filter(|id| *id < 6)) }))
    });
    assert_eq!(ids(&listed(&desk, &server).unwrap()).len(), 6);
    assert_eq!(server.asked(), ["GET /api/keys?skip=0", "GET /api/keys?skip=3", "GET /api/keys?skip=6"]);
}

#[test]
fn by_links_relative_and_absolute() {
    let desk = paged("{}", r#"{ "kind": "next", "at": "/next" }"#);
    let server = Server::new(|seen| {
        let host = seen.header("host").unwrap();
        let next = match seen.path.as_str() {
            "/api/keys" => json!("?from=2"),
            "/api/keys?from=2" => json!("more/keys"),
            "/api/more/keys" => json!("/api/last"),
            "/api/last" => json!(format!("http://{host}/end")),
            _ => Json::Null,
        };
        Reply::json(200, &json!({ "keys": [{ "id": seen.path }], "next": next }))
    });
    assert_eq!(listed(&desk, &server).unwrap().keys.len(), 5);
    let paths = ["/api/keys", "/api/keys?from=2", "/api/more/keys", "/api/last", "/end"];
    assert_eq!(server.asked(), paths.map(|path| format!("GET {path}")));
    assert!(server.seen().iter().all(|seen| seen.header("x-api-key") == Some(CREDENTIAL)));
}

#[test]
fn a_link_to_another_server_is_not_followed() {
    let other = Server::new(|_| Reply::json(200, &json!({ "keys": [] })));
    let desk = paged("{}", r#"{ "kind": "next", "at": "/next" }"#);
    for link in [other.named_url(), other.url(), "//localhost/keys".to_owned(), "http://me:too@127.0.0.1/".to_owned()] {
        let server = Server::new(move |_| Reply::json(200, &json!({ "keys": rows([1]), "next": link })));
        fails(listed(&desk, &server), RemoteUnreachable, Outcome::NotDone, &["leads"]);
        assert_eq!(server.seen().len(), 1);
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn by_cursor_until_there_is_none() {
    let desk = paged(r#"{ "after": "{cursor}" }"#, r#"{ "kind": "cursor", "at": "/meta/next" }"#);
    let server = Server::new(|seen| match seen.path.as_str() {
        "/api/keys" => Reply::json(200, &json!({ "keys": rows([1]), "meta": { "next": "a/b=" } })),
        // Nothing for this one to see here: the next page may have some again.
        "/api/keys?after=a%2Fb%3D" => Reply::json(200, &json!({ "keys": [], "meta": { "next": 7 } })),
        _ => Reply::json(200, &json!({ "keys": rows([2]), "meta": { "next": false } })),
    });
    assert_eq!(ids(&listed(&desk, &server).unwrap()), ["1", "2"]);
    assert_eq!(server.asked(), ["GET /api/keys", "GET /api/keys?after=a%2Fb%3D", "GET /api/keys?after=7"]);
}

#[test]
fn a_page_that_comes_again_and_again_is_the_last_one() {
    // With a broken row, too: it must not count again each time.
    let page =
        json!({ "keys": [{ "id": 1 }, { "id": 2 }, { "name": "no id" }], "next": "/api/keys?again", "cursor": "same" });
    for (query, paging, requests) in [
        (r#"{ "page": "{page}" }"#, r#"{ "kind": "pages", "size": 3 }"#, 2),
        (r#"{ "skip": "{offset}" }"#, r#"{ "kind": "offset", "size": 3 }"#, 2),
        ("{}", r#"{ "kind": "next", "at": "/next" }"#, 2),
        (r#"{ "after": "{cursor}" }"#, r#"{ "kind": "cursor", "at": "/cursor" }"#, 2),
    ] {
        let (desk, page) = (paged(query, paging), page.clone());
        let server = Server::new(move |_| Reply::json(200, &page));
        let listing = listed(&desk, &server).unwrap();
        assert_eq!((ids(&listing), listing.skipped), (vec!["1", "2"], 1), "{paging}");
        assert_eq!(server.seen().len(), requests, "{paging}");
    }
}

#[test]
fn pages_without_end_and_without_keys_are_left() {
    let desk = paged(r#"{ "after": "{cursor}" }"#, r#"{ "kind": "cursor", "at": "/next" }"#);
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::new(move |_| {
        let next = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::json(200, &json!({ "keys": [], "next": next }))
    });
    fails(listed(&desk, &server), RemoteUnreachable, Outcome::NotDone, &["does not end", "paging"]);
    assert!(server.seen().len() < 200);
}

#[test]
fn a_broken_row_hides_no_other() {
    let server = Server::new(|_| {
        let long = "x".repeat(500);
        let rows = json!([
            { "id": 1, "name": "good" }, null, 7, "text", [], { "name": "no id" }, { "id": "" }, { "id": { "a": 1 } },
            { "id": "turned\u{202e}" }, { "id": long }, { "id": 1, "name": "twice" }, { "id": "2", "name": ["no text"] }
        ]);
        Reply::json(200, &json!({ "keys": rows }))
    });
    let listing = listed(&Desk::new().with("acme", ACME), &server).unwrap();
    assert_eq!(ids(&listing), ["1", "2"]);
    assert_eq!((listing.keys[0].name.as_str(), listing.keys[1].name.as_str()), ("good", "2"));
    assert_eq!(listing.skipped, 9);
}

#[test]
fn a_list_that_is_none_is_told() {
    for body in [json!({}), json!({ "keys": null }), json!({ "keys": { "id": 1 } }), json!([]), json!("keys")] {
        let server = Server::new(move |_| Reply::json(200, &body));
        let listing = listed(&Desk::new().with("acme", ACME), &server);
        fails(listing, RemoteUnreachable, Outcome::NotDone, &["has no list where it should be"]);
    }
}
