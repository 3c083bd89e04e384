//! Bundles that come while the gate runs, and those that it finds at its start.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use latchkey_gate::{Config, GateError};
use latchkey_verify::issue::{Draft, SigningKey};
use latchkey_verify::{Error, TenantId};

use crate::client::Client;
use crate::harbour::{CRANE, Harbour, NOW, QUAY, delta, draft, key, keys, text};
use crate::running::{Running, config};

#[test]
fn newer_bundles_and_deltas_are_taken_over_while_requests_go_on() {
    let harbour = Harbour::new();
    let gate = Running::start(config(&harbour, None, &[]));
    let done = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..2)
        .map(|_| {
            let (done, address) = (Arc::clone(&done), gate.address);
            thread::spawn(move || {
                let mut client = Client::new(address);
                let quay = text(QUAY);
                while !done.load(Ordering::Relaxed) {
                    assert_eq!(client.get("/", &[("X-API-Key", &quay)]).status, 200);
                }
            })
        })
        .collect();
    harbour.put("bundle.delta", &delta(10, 11, &[CRANE]));
    gate.has_taken(11);
    assert_eq!(gate.with(&text(CRANE)).said(), (401, "revoked"));
    // One delta since the full bundle, again and again.
    harbour.put("bundle.delta", &delta(10, 12, &[CRANE]));
    gate.has_taken(12);
    let keys = [keys(), vec![key("new00001", &["Billing"])]].concat();
    harbour.put("bundle", &draft(20, keys));
    gate.has_taken(20);
    assert_eq!(gate.with(&text("new00001")).status, 200);
    // A delta in the full bundle's own place is taken as well.
    let in_place = Draft { total: 8, ..delta(20, 21, &["new00001"]) };
    harbour.put("bundle", &in_place);
    gate.has_taken(21);
    assert_eq!(gate.with(&text("new00001")).said(), (401, "revoked"));
    done.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!(gate.metric("latchkey_gate_files_taken_total"), 4);
    // The delta of before has had its day; nobody is told of it.
    assert!(!gate.log().contains("REFUSED"), "{}", gate.log());
    assert_eq!(gate.health().1["status"], "ok");
}

#[test]
fn a_file_that_must_not_be_believed_is_refused_loudly_and_the_gate_goes_on() {
    let harbour = Harbour::new();
    let gate = Running::start(Config { patience: 3, ..config(&harbour, None, &[]) });
    let foreign = Draft { tenant: TenantId([8; 16]), ..draft(30, keys()) };
    for (name, draft, code) in [
        ("bundle", draft(9, keys()), "rollback"),
        ("bundle", foreign, "other-tenant"),
        ("bundle.delta", delta(11, 12, &[CRANE]), "misfit"),
    ] {
        harbour.put(name, &draft);
        let line = gate.logged(&format!("({code})"));
        assert!(line.starts_with("REFUSED ") && line.ends_with("; going on with sequence 10"), "{line}");
        assert_eq!(gate.metric(&format!("latchkey_gate_files_refused_total{{code=\"{code}\"}}")), 1);
        assert_eq!(gate.metric("latchkey_gate_bundle_trouble"), 1);
        let (status, health) = gate.health();
        assert_eq!((status, &health["status"]), (200, &"degraded".into()));
        let wrong = format!("{}: {code}", name.strip_prefix("bundle.").unwrap_or(name));
        assert!(health["reasons"].as_array().unwrap().contains(&wrong.into()), "{health}");
        assert_eq!((gate.with(&text(CRANE)).status, gate.metric("latchkey_gate_bundle_sequence")), (200, 10));
    }
    // Broken in itself: given its time, then refused.
    harbour.replace("bundle", b"nonsense");
    gate.logged("(bad-signature)");
    fs::remove_file(harbour.path("bundle")).unwrap();
    gate.logged("(unreadable)");
    fs::create_dir(harbour.path("bundle")).unwrap();
    assert_eq!(gate.with(&text(CRANE)).status, 200);
    fs::remove_dir(harbour.path("bundle")).unwrap();
    // What is right again is taken, and all is well.
    fs::remove_file(harbour.path("bundle.delta")).unwrap();
    gate.logged("bundle.delta is gone, and misfit no longer");
    harbour.put("bundle", &draft(31, keys()));
    gate.has_taken(31);
    let bundle =
        [harbour.path("bundle"), harbour.path("bundle.minisig")].map(|path| (path.clone(), fs::read(path).unwrap()));
    // So does what was taken last, when it is back.
    let (file, signature) = draft(32, keys()).sign(&SigningKey::from_seed(&[2; 32])).unwrap();
    harbour.replace("bundle", &file);
    harbour.replace("bundle.minisig", signature.as_bytes());
    gate.logged("(wrong-key)");
    for (path, bytes) in bundle {
        fs::write(path, bytes).unwrap();
    }
    gate.logged("bundle is as it was, and wrong-key no longer");
    assert_eq!(gate.metric("latchkey_gate_bundle_trouble"), 0);
}

#[test]
fn a_link_that_is_set_elsewhere_is_followed() {
    // As Kubernetes does it: `bundle` leads into `data`, a link that is replaced.
    let harbour = Harbour::new();
    let lay = |folder: &str, draft: &Draft| {
        fs::create_dir(harbour.path(folder)).unwrap();
        harbour.put(&format!("{folder}/bundle"), draft);
        std::os::unix::fs::symlink(folder, harbour.path("new-data")).unwrap();
        fs::rename(harbour.path("new-data"), harbour.path("data")).unwrap();
    };
    lay("first", &draft(10, keys()));
    for name in ["bundle", "bundle.minisig"] {
        fs::remove_file(harbour.path(name)).unwrap();
        std::os::unix::fs::symlink(format!("data/{name}"), harbour.path(name)).unwrap();
    }
    let gate = Running::start(config(&harbour, None, &[]));
    lay("second", &draft(11, keys()));
    gate.has_taken(11);
}

#[test]
fn a_restart_believes_nothing_older() {
    let harbour = Harbour::new();
    let mut gate = Running::start(config(&harbour, None, &[]));
    harbour.put("bundle.delta", &delta(10, 11, &[CRANE]));
    gate.has_taken(11);
    gate.stop();
    // Full bundle and delta together are as new as what was seen.
    let mut gate = Running::start(config(&harbour, None, &[]));
    assert_eq!(gate.with(&text(CRANE)).said(), (401, "revoked"));
    gate.stop();
    fs::rename(harbour.path("bundle.delta"), harbour.path("away")).unwrap();
    let refused = |harbour: &Harbour| match Running::try_start(config(harbour, None, &[])).map(drop) {
        Err(GateError::Bundle { cause, .. }) => Some(cause),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&harbour), Some(Error::Rollback));
    fs::rename(harbour.path("away"), harbour.path("bundle.delta")).unwrap();
    // A newer full bundle beside a delta of before.
    harbour.put("bundle", &draft(12, keys()));
    let mut gate = Running::start(config(&harbour, None, &[]));
    assert_eq!((gate.with(&text(CRANE)).status, &gate.health().1["status"]), (200, &"ok".into()));
    gate.stop();
    // The tenant is remembered, too.
    harbour.put("bundle", &Draft { tenant: TenantId([8; 16]), ..draft(30, keys()) });
    assert_eq!(refused(&harbour), Some(Error::OtherTenant));
    // A delta is no place to start from.
    harbour.put("bundle", &delta(10, 30, &[]));
    assert_eq!(refused(&harbour), Some(Error::Misfit));
    // What was noted is never taken for nothing.
    fs::write(harbour.path("state"), "nonsense").unwrap();
    let refused = Running::try_start(config(&harbour, None, &[])).map(drop);
    assert!(matches!(refused, Err(GateError::State(_))), "{refused:?}");
}

#[test]
fn a_file_whose_signature_comes_later_is_waited_for() {
    let harbour = Harbour::new();
    let (file, signature) = harbour.signed(&draft(11, keys()));
    let gate = Running::start(config(&harbour, None, &[]));
    harbour.replace("bundle", &file);
    // So that it was surely seen: each answer comes from a gate that looked at its files meanwhile, or will.
    harbour.replace("bundle.delta", b"half");
    assert_eq!(gate.with(&text(CRANE)).header("x-latchkey-sequence"), "10");
    harbour.replace("bundle.minisig", signature.as_bytes());
    gate.has_taken(11);
    assert!(!gate.log().contains("REFUSED"), "{}", gate.log());
    drop(gate);
    // At the start as well: the signature comes while it waits.
    let (file, signature) = harbour.signed(&Draft { issued: NOW - 50, ..draft(12, keys()) });
    fs::remove_file(harbour.path("bundle.delta")).unwrap();
    harbour.replace("bundle", &file);
    thread::scope(|scope| {
        let started = scope.spawn(|| Running::start(config(&harbour, None, &[])));
        harbour.replace("bundle.minisig", signature.as_bytes());
        assert_eq!(started.join().unwrap().with(&text(CRANE)).header("x-latchkey-sequence"), "12");
    });
}
