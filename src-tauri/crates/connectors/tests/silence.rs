//! What must not be said: no credential and no key in any log, error or debug output.
#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "servers/support/mod.rs"]
#[allow(dead_code, unused_imports)]
mod support;

use std::io;
use std::sync::{Arc, Mutex};

use latchkey_app::ports::{Connectors, Network, RemoteChange, SESSION, Watch};
use latchkey_domain::secret::Secret;
use log::{LevelFilter, Log, Metadata, Record};
use serde_json::json;
use support::{ACME, Authority, CREDENTIAL, Desk, Reply, Server, Tenant, draft, presenting, tenant};
use tracing_subscriber::fmt::MakeWriter;

const KEY: &str = "acme-made-7d2e4c90b1";
const CHECKED: &str = "acme-checked-11aa22bb33";
const PASSWORD: &str = "office-password-6c1d09";
const COOKIE: &str = "office-cookie-90be41d7";

/// Everything that anything in this process says.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, said: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(said);
        Ok(said.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Heard {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl Log for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let said = format!("{} {}\n", record.target(), record.args());
        self.0.lock().unwrap().extend_from_slice(said.as_bytes());
    }

    fn flush(&self) {}
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = String::new();
    for three in text.as_bytes().chunks_exact(3) {
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        coded.extend([18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) as usize & 63])));
    }
    coded
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The bytes as a list of numbers, which is how bytes are printed where nobody thought of it.
fn numbers(text: &str) -> String {
    text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")
}

/// A server that speaks HTTP/2, as the vendors' do, and answers as the other one does. It ends with the test.
fn second_version(mut config: rustls::ServerConfig) -> String {
    config.alpn_protocols = vec![b"h2".to_vec()];
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut connection = h2::server::handshake(acceptor.accept(stream).await.unwrap()).await.unwrap();
                    while let Some(Ok((request, mut respond))) = connection.accept().await {
                        let is_creation = request.method() == http::Method::POST;
                        let body = if is_creation {
                            json!({ "id": "7", "secret": KEY })
                        } else {
                            json!({ "error": format!("Bad token: {:?}", request.headers().get("x-api-key")) })
                        };
                        let head = http::Response::builder().status(if is_creation { 201 } else { 400 });
                        let head = head.header("set-cookie", format!("sessionId={COOKIE}; Path=/"));
                        let mut stream = respond.send_response(head.body(()).unwrap(), false).unwrap();
                        stream.send_data(body.to_string().into(), true).unwrap();
                    }
                });
            }
        });
    });
    url
}

#[test]
fn no_secret_is_said_anywhere() {
    let heard = Heard::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(heard.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    log::set_logger(Box::leak(Box::new(heard.clone()))).unwrap();
    log::set_max_level(LevelFilter::Trace);

    let authority = Authority::new();
    let client = authority.client().pem();
    let server = Server::tls(presenting(&authority.server(&["127.0.0.1"])), |seen| match seen.method.as_str() {
        "POST" if seen.path.starts_with("/cut") => {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{{\"secret\": \"{KEY}"))
        }
        "POST" if seen.path.starts_with("/page") => Reply::text(200, "text/html", &format!("<html>{KEY}</html>")),
        "POST" if seen.path.starts_with("/lost") => Reply::json(200, &json!({ "secret": KEY })),
        "POST" => Reply::json(201, &json!({ "id": "7", "secret": KEY })),
        // A server that repeats what it was sent.
        _ => Reply::json(400, &json!({ "error": format!("Bad token: {:?}", seen.headers) })),
    });
    let second = second_version(presenting(&authority.server(&["127.0.0.1"])));
    let strange = Server::new(|seen| Reply::raw(format!("{:?}", seen.headers)));
    let desk = Desk::new().with("acme", ACME);
    let network = Network { authorities: Some(authority.pem()), client_certificate: true, ..Network::default() };
    let watch = Watch::default();
    let mut said = String::new();
    let mut say = |what: &dyn std::fmt::Debug| said.extend([format!("{what:?}"), format!("{what:#?}")]);
    for url in ["", "/cut", "/page", "/lost"].map(|path| server.url() + path).into_iter().chain([strange.url(), second])
    {
        let tenant = tenant(&url).network(network.clone()).with("client-certificate", &client);
        let site = tenant.site();
        say(&site);
        say(&desk.connectors.keys(&site, &watch));
        say(&desk.connectors.create(&site, &draft(), &watch));
        say(&desk.connectors.revoke(&site, "7", &watch));
        say(&desk.connectors.update(&site, "7", &RemoteChange::default(), &watch));
        say(&desk.connectors.check(&site, &Secret::new(CHECKED.to_owned()), &watch));
        say(&desk.connectors.check(&site, &Secret::new(format!("{CHECKED}\r\nX: y")), &watch));
    }
    // Somebody signs in, and the server repeats what it is sent.
    let office = Server::tls(presenting(&authority.server(&["127.0.0.1"])), |seen| match seen.path.as_str() {
        "/api/auth/csrf" => Reply::json(200, &json!({ "csrfToken": "c" })),
        "/api/auth/session" => Reply::json(200, &json!({ "isAuthenticated": true })),
        "/api/auth/email-password/authorize" if !seen.body.contains("nobody") => {
            Reply::empty(201).with("Set-Cookie", &format!("sessionId={COOKIE}; Path=/; HttpOnly"))
        }
        _ => Reply::json(400, &json!({ "message": format!("Bad: {} {:?}", seen.body, seen.headers) })),
    });
    let network = Network { client_certificate: false, ..network };
    let tenant = Tenant::new("documenso-session", &office.url()).option("team", "7").network(network);
    for email in ["ada@example.com", "nobody@example.com"] {
        let answers = [("email", email), ("password", PASSWORD)];
        let answers = answers.map(|(id, text)| (id.to_owned(), Arc::new(Secret::new(text.to_owned())))).into();
        say(&answers);
        say(&desk.connectors.sign_in(&tenant.site(), &answers, &watch));
    }
    let tenant = tenant.with(SESSION, &format!("sessionId={COOKIE}"));
    say(&tenant.site());
    say(&desk.connectors.keys(&tenant.site(), &watch));
    say(&desk.connectors.choices(&tenant.site(), &watch));
    say(&desk.connectors.create(&tenant.site(), &draft(), &watch));
    say(&desk.connectors.sign_out(&tenant.site(), &watch));
    assert!(office.seen().iter().any(|seen| seen.header("cookie").is_some_and(|sent| sent.contains(COOKIE))));
    let heard = String::from_utf8_lossy(&heard.0.lock().unwrap()).into_owned();
    assert!(
        heard.contains("reqwest")
            && heard.contains("rustls")
            && heard.contains("h2::")
            && heard.contains("asked a server"),
        "{heard}"
    );
    assert!(said.contains("Secret(…)") && server.seen().len() > 15);
    let private = client.lines().rev().nth(1).unwrap().to_owned();
    for secret in [CREDENTIAL, KEY, CHECKED, PASSWORD, COOKIE, private.as_str()] {
        for form in [secret.to_owned(), base64(secret), hex(secret), numbers(secret)] {
            for (place, text) in [("a log", &heard), ("an error or a debug output", &said)] {
                let at = text.find(&form);
                let around = at.map(|at| text.get(at.saturating_sub(200)..at + form.len()));
                assert!(at.is_none(), "{form} is in {place}: {around:?}");
            }
        }
    }
}
