//! The nginx of Debian in front of a small application, with the very file of `docs/gate`.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use latchkey_gate::Proxy;

use crate::harbour::{CRANE, GATE, GONE, Harbour, OVER, QUAY, TENANT, delta, draft, keys, text};
use crate::proxy::Nginx;
use crate::running::{Running, config};

/// Answers with the path that it was asked for, and what it was told of the key.
fn application() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map(Result::unwrap) {
            let mut lines = BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty());
            let first = lines.next().unwrap_or_default();
            let mut told: Vec<String> =
                lines.filter(|line| line.to_ascii_lowercase().starts_with("x-latchkey-")).collect();
            told.sort();
            let body = format!("{}\n{}", first.split(' ').nth(1).unwrap_or_default(), told.join("\n"));
            let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            // nginx hangs up where its client does.
            let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

fn site(rules: &[&str]) -> (Harbour, Running, Nginx) {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, Some(Proxy::Nginx), rules));
    let (asked, application) = (format!("server {};", gate.address), format!("http://{};", application()));
    let replaced = [("server 127.0.0.1:8471;", asked.as_str()), ("http://127.0.0.1:8081;", application.as_str())];
    let nginx = Nginx::start(&replaced, "");
    (harbour, gate, nginx)
}

#[test]
fn nginx_lets_pass_what_the_gate_lets_pass() {
    let (_harbour, gate, nginx) = site(&["/billing=Billing"]);
    let mangled = format!("{}0", text(CRANE));
    let mut client = nginx.client();
    for (key, path, status, reason) in [
        (text(CRANE), "/billing/list?month=5", 200, ""),
        (text(QUAY), "/", 200, ""),
        (text(QUAY), "/billing", 403, "api-set-missing"),
        (text(QUAY), "/x/../billing", 403, "path-ambiguous"),
        (text(QUAY), "/%62illing", 403, "path-ambiguous"),
        (text(QUAY), "//billing", 403, "path-ambiguous"),
        (text(OVER), "/", 401, "expired"),
        (text(GONE), "/", 401, "revoked"),
        (text("none0001"), "/", 401, "unknown"),
        (mangled, "/", 401, "malformed"),
        (String::new(), "/", 401, "no-key"),
        (text(CRANE), "/-latchkey", 404, ""),
    ] {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str())];
        let response = client.get(path, if key.is_empty() { &[] } else { &headers });
        assert_eq!(response.said(), (status, reason), "{path}");
        assert_eq!(response.headers.contains_key("www-authenticate"), status == 401, "{path}: {response:?}");
        if status == 200 {
            assert_eq!(response.body.lines().next(), Some(path));
        }
    }
    // Many requests, few connections: what nginx keeps open is used again.
    assert!(gate.metric("latchkey_gate_decisions_total{decision=\"valid\",reason=\"\"}") >= 2);
}

#[test]
fn an_application_is_told_by_the_gate_and_by_nobody_else() {
    let (_harbour, _gate, nginx) = site(&["/billing=Billing"]);
    let gate = text(GATE);
    let forged = [
        ("X-API-Key", gate.as_str()),
        ("X-Latchkey-Key", "admin001"),
        ("X-Latchkey-Incomplete", "no"),
        ("X-Latchkey-Api-Sets", "Root"),
    ];
    let lines = [
        "/",
        "X-Latchkey-Api-Sets: *",
        "X-Latchkey-Expires: 2026-11-30T01:10:00Z",
        "X-Latchkey-Groups: 100%25,%C3%84rzte",
        &format!("X-Latchkey-Key: {GATE}"),
        "X-Latchkey-Organization: H%C3%A4fen%2C%20S%C3%BCd",
        "X-Latchkey-Permissions: publisher",
        "X-Latchkey-Sequence: 10",
        &format!("X-Latchkey-Tenant: {TENANT}"),
    ];
    assert_eq!(nginx.get("/", &forged).body, lines.join("\n"));
    // Where the path stands, too, a client has no say.
    let quay = text(QUAY);
    let elsewhere = [("X-API-Key", quay.as_str()), ("X-Original-URI", "/"), ("X-Forwarded-Uri", "/")];
    assert_eq!(nginx.get("/billing", &elsewhere).said(), (403, "api-set-missing"));
}

#[test]
fn a_revocation_takes_effect_under_load_and_a_rollback_none() {
    let (harbour, gate, nginx) = site(&[]);
    let done = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..2)
        .map(|_| {
            let (done, socket) = (Arc::clone(&done), nginx.socket());
            thread::spawn(move || {
                let quay = text(QUAY);
                let mut asked = 0_u64;
                let connect = || Nginx::connect(&socket);
                let mut client = connect();
                while !done.load(Ordering::Relaxed) {
                    let response = client.get("/", &[("X-API-Key", &quay)]);
                    assert_eq!(response.status, 200, "{response:?}");
                    asked += 1;
                    // After a thousand requests nginx hangs up.
                    if response.header("connection") == "close" {
                        client = connect();
                    }
                }
                asked
            })
        })
        .collect();
    let crane = text(CRANE);
    let ask = || nginx.get("/", &[("X-API-Key", &crane)]);
    assert_eq!(ask().status, 200);
    harbour.put("bundle.delta", &delta(10, 11, &[CRANE]));
    gate.has_taken(11);
    assert_eq!(ask().said(), (401, "revoked"));
    harbour.put("bundle", &draft(9, keys()));
    gate.logged("(rollback)");
    assert_eq!(ask().said(), (401, "revoked"));
    assert_eq!(gate.metric("latchkey_gate_files_refused_total{code=\"rollback\"}"), 1);
    done.store(true, Ordering::Relaxed);
    for client in clients {
        assert!(client.join().unwrap() > 0);
    }
}
