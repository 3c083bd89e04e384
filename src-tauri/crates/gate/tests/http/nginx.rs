//! The nginx of Debian in front of a small application, with the very file of `docs/gate`.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use latchkey_gate::Proxy;
use tempfile::TempDir;

use crate::client::{Client, Response};
use crate::harbour::{CRANE, GATE, GONE, Harbour, OVER, QUAY, TENANT, delta, draft, keys, text};
use crate::running::{Running, config};

const DOCUMENTED: &str = include_str!("../../../../../docs/gate/nginx.conf");

struct Nginx {
    folder: TempDir,
    child: Child,
}

impl Nginx {
    fn start(gate: SocketAddr, application: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut server = DOCUMENTED.to_owned();
        for (from, to) in [
            ("server 127.0.0.1:8471;", format!("server {gate};")),
            ("proxy_pass http://127.0.0.1:8081;", format!("proxy_pass http://{application};")),
            // No port has to be free.
            ("listen 127.0.0.1:8080;", format!("listen unix:{};", path("socket"))),
        ] {
            assert_eq!(server.matches(from).count(), 1, "{from}");
            server = server.replace(from, &to);
        }
        fs::write(path("server.conf"), server).unwrap();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary: String = temporary.iter().map(|kind| format!("{kind}_temp_path {};\n", path(kind))).collect();
        let main = format!(
            "worker_processes 2; pid {}; error_log {}; events {{}}\nhttp {{ access_log off; {temporary} include {}; }}",
            path("pid"),
            path("error.log"),
            path("server.conf"),
        );
        fs::write(path("nginx.conf"), main).unwrap();
        let child = Self::command(&folder).args(["-g", "daemon off;"]).spawn();
        let child = child.unwrap_or_else(|cause| panic!("nginx is needed, which `make setup` installs: {cause}"));
        let nginx = Self { folder, child };
        while UnixStream::connect(nginx.socket()).is_err() {
            thread::yield_now();
        }
        nginx
    }

    fn command(folder: &TempDir) -> Command {
        // Debian has it where only root looks.
        let found = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| fs::exists(path).unwrap());
        let mut command = Command::new(found.unwrap_or("nginx"));
        command.arg("-e").arg(folder.path().join("error.log"));
        command.arg("-p").arg(folder.path()).arg("-c").arg(folder.path().join("nginx.conf"));
        command
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    fn client(&self) -> Client {
        Client::over(UnixStream::connect(self.socket()).unwrap())
    }

    fn get(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        self.client().get(target, headers)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it, which they do not when it is killed.
        let _ = Self::command(&self.folder).args(["-s", "stop"]).status();
        let _ = self.child.wait();
        if thread::panicking() {
            let _ = fs::read(self.folder.path().join("error.log")).map(|log| std::io::stderr().write_all(&log));
        }
    }
}

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
    let nginx = Nginx::start(gate.address, application());
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
                let connect = || Client::over(UnixStream::connect(&socket).unwrap());
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
