//! nginx that asks the gate, beside nginx that asks its own static 204: what a proxy pays for the gate, in one run.
//! The configuration is that of `docs/gate`; in the other one the question goes to nginx itself.
//!
//! Fails where an answer is wrong, and never over time: that is for the reader to judge.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[cfg(unix)]
#[path = "../tests/http/client.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests need more of it")]
mod client;
#[cfg(unix)]
#[path = "../tests/http/harbour.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests need more of it")]
mod harbour;
#[cfg(unix)]
#[path = "../tests/http/proxy.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests need more of it")]
mod proxy;
#[cfg(unix)]
#[path = "../tests/http/running.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests need more of it")]
mod running;

#[cfg(unix)]
fn main() {
    use std::time::Duration;

    use crate::harbour::{CRANE, Harbour, text};
    use crate::proxy::Nginx;
    use crate::running::{Running, config};

    /// Of connections that each ask again when they are answered.
    const CLIENTS: usize = 8;
    const ROUND: Duration = Duration::from_secs(2);
    const ROUNDS: usize = 5;

    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, Some(latchkey_gate::Proxy::Nginx), &["/billing=Billing"]));
    // The application costs both the same, and little: another nginx answers in its place.
    let application = ("http://127.0.0.1:8081;", "http://unix:{folder}/application;");
    let page = "server { listen unix:{folder}/application; return 200; }";
    let address = format!("server {};", gate.address);
    let asking = Nginx::start(&[application, ("server 127.0.0.1:8471;", &address)], page);
    let own = Nginx::start(&[application, ("proxy_pass http://latchkey_gate;", "return 204;")], page);
    let key = text(CRANE);
    let measured = |nginx: &Nginx| {
        let socket = nginx.socket();
        let begun = std::time::Instant::now();
        let answered: u32 = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| {
                    scope.spawn(|| {
                        let connect = || Nginx::connect(&socket);
                        let (mut client, mut answered) = (connect(), 0_u32);
                        while begun.elapsed() < ROUND {
                            let response = client.get("/billing/list", &[("X-API-Key", &key)]);
                            assert_eq!(response.status, 200, "{response:?}");
                            answered += 1;
                            if response.header("connection") == "close" {
                                client = connect();
                            }
                        }
                        answered
                    })
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        f64::from(answered) / begun.elapsed().as_secs_f64()
    };
    // In turns, so that what else the machine does falls on both.
    let mut rates: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (measured(&asking), measured(&own))).collect();
    rates.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    let (with, without) = rates[ROUNDS / 2];
    let ratio = with / without;
    let side = if ratio < 0.6 { "under" } else { "meets" };
    println!("nginx with the gate: {with:.0} requests a second; with its own 204: {without:.0}");
    println!("ratio {ratio:.2} ({side} the aim of 0.6)");
}

#[cfg(not(unix))]
fn main() {}
