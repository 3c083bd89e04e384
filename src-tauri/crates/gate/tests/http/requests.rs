//! What a proxy is answered.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use latchkey_gate::{Gate, GateError, Proxy};
use latchkey_verify::Access;
use latchkey_verify::issue::DraftKey;

use crate::client::{Client, get};
use crate::harbour::{CRANE, GATE, GONE, Harbour, LATER, NOW, OFF, OVER, QUAY, TENANT, draft, ids, key, text};
use crate::running::{Running, config};

#[test]
fn each_key_gets_its_answer() {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, None, &[]));
    let wrong = text(CRANE).replace("crane001_c", "crane001_d");
    for (key, status, reason) in [
        (text(CRANE), 200, ""),
        (text(OVER), 401, "expired"),
        (text(GONE), 401, "revoked"),
        (text(LATER), 401, "not-yet-valid"),
        (text(OFF), 401, "disabled"),
        (text("none0001"), 401, "unknown"),
        (wrong, 401, "malformed"),
        ("é".to_owned(), 401, "malformed"),
    ] {
        let response = gate.with(&key);
        assert_eq!(response.said(), (status, reason), "{key}");
        let challenge = if status == 401 { "Bearer error=\"invalid_token\"" } else { "" };
        assert_eq!((response.header("www-authenticate"), response.header("cache-control")), (challenge, "no-store"));
        assert_eq!(response.body, "");
    }
    let none = get(gate.address, "/", &[]);
    assert_eq!((none.said(), none.header("www-authenticate")), ((401, "no-key"), "Bearer"));
    let crane = text(CRANE);
    let two = get(gate.address, "/", &[("Authorization", &crane), ("X-API-Key", &text(QUAY))]);
    assert_eq!(two.said(), (401, "several-keys"));
    for name in ["X-API-Key", "X-Crane", "Authorization"] {
        assert_eq!(get(gate.address, "/", &[(name, &crane)]).said(), (200, ""), "{name}");
    }
    // A log has handles, and no key in any form.
    assert!(gate.logged("revoked").ends_with("refused 401 revoked key=gone0001"));
    gate.logged("disabled");
    let log = gate.log();
    for handle in [CRANE, OVER, GONE, LATER, OFF, "none0001"] {
        let secret = text(handle);
        assert!(!log.contains(&secret[12..30]), "{log}");
    }
}

#[test]
fn what_is_known_of_a_key_stands_in_headers() {
    let harbour = Harbour::new();
    let many: Vec<String> = (0..900).map(|number| format!("set-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let odd = key("odd00001", &["*", "a,b", "zwei\u{2028}drei", "ﬁ"]);
    let full = Access { api_sets: ids(&many), groups: ids(&["Media"]), ..Access::default() };
    let full = DraftKey { access: Arc::new(full), ..key("full0001", &[]) };
    harbour.put("bundle", &draft(10, [crate::harbour::keys(), vec![odd, full]].concat()));
    let gate = Running::start(config(&harbour, None, &[]));

    let names =
        ["key", "tenant", "organization", "groups", "permissions", "api-sets", "expires", "sequence", "incomplete"];
    let told = |handle: &str| {
        let response = gate.with(&text(handle));
        names.map(|name| response.headers.get(&format!("x-latchkey-{name}")).cloned().unwrap())
    };
    assert_eq!(told(CRANE), [CRANE, TENANT, "", "", "", "Billing,files:read", "", "10", ""]);
    let (organization, groups) = ("H%C3%A4fen%2C%20S%C3%BCd", "100%25,%C3%84rzte");
    let end = "2026-11-30T01:10:00Z";
    assert_eq!(told(GATE), [GATE, TENANT, organization, groups, "publisher", "*", end, "10", ""]);
    assert_eq!(told("odd00001")[5], "%2A,a%2Cb,zwei%E2%80%A8drei,%EF%AC%81");
    // More than proxies take is left out, and said.
    assert_eq!(told("full0001"), ["full0001", TENANT, "", "Media", "", "", "", "10", "api-sets"]);
}

#[test]
fn paths_ask_for_api_sets_wherever_the_proxy_tells_them() {
    let harbour = Harbour::new();
    let rules = ["/billing=Billing", "/billing/dunning=Dunning"];
    let envoy = Proxy::Envoy { prefix: "/check".into() };
    let proxies = [
        (Proxy::Nginx, Some("X-Original-URI"), ""),
        (Proxy::Traefik, Some("X-Forwarded-Uri"), ""),
        (Proxy::Caddy, Some("X-Forwarded-Uri"), ""),
        (envoy, None, "/check"),
        (Proxy::Envoy { prefix: String::new() }, None, ""),
    ];
    for (proxy, header, prefix) in proxies {
        let gate = Running::start(config(&harbour, Some(proxy.clone()), &rules));
        let ask = |handle: &str, path: &str| {
            let key = text(handle);
            let mut headers = vec![("X-API-Key", key.as_str())];
            headers.extend(header.map(|header| (header, path)));
            let target = if header.is_some() { "/auth".to_owned() } else { format!("{prefix}{path}") };
            let response = get(gate.address, &target, &headers);
            (response.status, response.header("x-latchkey-reason").to_owned())
        };
        for (handle, path, status, reason) in [
            (CRANE, "/", 200, ""),
            (QUAY, "/", 200, ""),
            (CRANE, "/billing/list?q=/../x", 200, ""),
            (QUAY, "/billing", 403, "api-set-missing"),
            (QUAY, "/billing/dunning/", 200, ""),
            (CRANE, "/billing/dunning", 403, "api-set-missing"),
            (GATE, "/billing/dunning", 200, ""),
            (GATE, "/x/../billing", 403, "path-ambiguous"),
            (QUAY, "//billing", 403, "path-ambiguous"),
            (QUAY, "/Billing", 403, "path-ambiguous"),
            (QUAY, "/%62illing", 403, "path-ambiguous"),
            // The key comes first: who has none learns nothing of paths.
            (GONE, "/billing", 401, "revoked"),
        ] {
            assert_eq!(ask(handle, path), (status, reason.to_owned()), "{proxy:?} {handle} {path}");
        }
    }
}

#[test]
fn a_client_cannot_say_which_path_it_asked_for() {
    let harbour = Harbour::new();
    let quay = text(QUAY);
    let start = |proxy| Running::start(config(&harbour, Some(proxy), &["/billing=Billing"]));
    let ask = |gate: &Running, target: &str, headers: &[(&str, &str)]| {
        let response = get(gate.address, target, &[&[("X-API-Key", quay.as_str())], headers].concat());
        response.header("x-latchkey-reason").to_owned()
    };
    let nginx = start(Proxy::Nginx);
    let own = ("X-Original-URI", "/billing");
    assert_eq!(ask(&nginx, "/auth", &[own, ("X-Forwarded-Uri", "/")]), "api-set-missing");
    assert_eq!(ask(&nginx, "/auth", &[own, ("X-Original-URI", "/")]), "path-ambiguous");
    // A proxy that is not set up tells nothing: then nobody passes.
    assert_eq!(ask(&nginx, "/", &[]), "path-ambiguous");
    let caddy = start(Proxy::Caddy);
    assert_eq!(ask(&caddy, "/", &[("X-Forwarded-Uri", "/billing"), ("X-Original-URI", "/")]), "api-set-missing");
    let envoy = start(Proxy::Envoy { prefix: "/check".into() });
    assert_eq!(ask(&envoy, "/check/billing", &[("X-Forwarded-Uri", "/"), ("X-Original-URI", "/")]), "api-set-missing");
    for target in ["/billing", "/check", "/checkbilling", "http://app.example/check/", "*"] {
        assert_eq!(ask(&envoy, target, &[]), "path-ambiguous", "{target}");
    }
}

#[test]
fn requirements_without_a_proxy_are_refused_at_the_start() {
    let harbour = Harbour::new();
    let refused = Gate::open(config(&harbour, None, &["/billing=Billing"]), || NOW, |_| {});
    assert!(matches!(refused, Err(GateError::NoProxy)), "{refused:?}");
}

#[test]
fn a_connection_serves_many_requests_of_every_method() {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, None, &[]));
    let crane = text(CRANE);
    let mut client = Client::new(gate.address);
    for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        assert_eq!(client.ask(method, "/-/health", &[("X-API-Key", &crane)]).status, 200, "{method}");
        assert_eq!(client.ask(method, "/-/health", &[]).said(), (401, "no-key"), "{method}");
    }
}

#[test]
fn a_clock_that_was_set_back_lets_nobody_pass() {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, None, &[]));
    gate.clock.store(NOW - 100 - 301, Ordering::Relaxed);
    assert_eq!(gate.with(&text(CRANE)).said(), (503, "clock-set-back"));
    let (status, health) = gate.health();
    assert_eq!((status, &health["status"], &health["reasons"][0]), (503, &"failing".into(), &"clock-set-back".into()));
}

#[test]
fn health_and_metrics_stand_on_a_listener_of_their_own() {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, None, &[]));
    let (status, health) = gate.health();
    let expected = serde_json::json!({
        "status": "ok", "reasons": [], "tenant": TENANT, "sequence": 10, "issued": NOW - 100, "expires": NOW + 100_000,
        "age": 100,
    });
    assert_eq!((status, health), (200, expected));

    gate.with(&text(CRANE));
    gate.with(&text(GONE));
    gate.with(&text(GONE));
    for (metric, value) in [
        ("decisions_total{decision=\"valid\",reason=\"\"}", 1),
        ("decisions_total{decision=\"refused\",reason=\"revoked\"}", 2),
        ("decisions_total{decision=\"refused\",reason=\"no-key\"}", 0),
        ("bundle_sequence", 10),
        ("bundle_keys", 7),
        ("bundle_issued_timestamp_seconds", NOW - 100),
        ("bundle_expires_timestamp_seconds", NOW + 100_000),
        ("bundle_age_seconds", 100),
        ("bundle_trouble", 0),
        ("files_taken_total", 0),
        ("files_refused_total{code=\"rollback\"}", 0),
        ("log_lines_dropped_total", 0),
    ] {
        assert_eq!(gate.metric(&format!("latchkey_gate_{metric}")), value, "{metric}");
    }
    assert_eq!(gate.page("/").status, 404);
    assert_eq!(gate.page("/-/health?x").status, 200);

    gate.clock.store(NOW + 100_000, Ordering::Relaxed);
    assert_eq!(gate.with(&text(CRANE)).said(), (401, "bundle-expired"));
    let (status, health) = gate.health();
    assert_eq!((status, &health["reasons"][0]), (503, &"bundle-expired".into()));
}

#[test]
fn a_gate_that_is_stopped_hangs_up_on_idle_connections_and_ends() {
    let harbour = Harbour::new();
    let mut gate = Running::start(config(&harbour, None, &[]));
    let mut client = Client::new(gate.address);
    assert_eq!(client.get("/", &[]).status, 401);
    gate.begin_to_stop();
    assert!(client.is_closed());
    gate.stop();
}
