//! A tenant's signing key is rotated while the gate runs, and between two of its runs.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use latchkey_gate::{Config, GateError};
use latchkey_verify::Error;
use latchkey_verify::issue::SigningKey;

use crate::client::Client;
use crate::harbour::{CRANE, Harbour, QUAY, delta, draft, keys, revoked, text};
use crate::running::{Running, config};

/// With the public key of the beginning, as the unit of a service has it for years.
fn told(harbour: &Harbour) -> Config {
    let public_key = SigningKey::from_seed(&[1; 32]).public_key();
    Config { public_key, patience: 3, ..config(harbour, None, &[]) }
}

fn refused(harbour: &Harbour) -> Error {
    match Running::try_start(told(harbour)).map(drop) {
        Err(GateError::Bundle { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

/// Keys of sequence 10, but that the crane's is revoked.
fn without_crane() -> Vec<latchkey_verify::issue::DraftKey> {
    keys().into_iter().map(|key| if key.handle.as_str() == CRANE { revoked(CRANE) } else { key }).collect()
}

#[test]
fn bundles_of_an_endorsed_key_are_taken_over_while_requests_go_on() {
    let mut harbour = Harbour::new();
    let old = SigningKey::from_seed(&[1; 32]);
    let mut gate = Running::start(told(&harbour));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let (mut client, quay) = (Client::new(gate.address), text(QUAY));
            while !done.load(Ordering::Relaxed) {
                assert_eq!(client.get("/", &[("X-API-Key", &quay)]).status, 200);
            }
        });
        harbour.rotate("bundle.endorsement", 10, 2);
        gate.logged("bundle.endorsement over: only ");
        // The bundle stays in use, and it is told that a start would not believe it.
        assert_eq!(gate.with(&text(CRANE)).status, 200);
        assert_eq!(gate.health().1["reasons"][0], "endorsement: bundle-of-the-old-key");
        // What the old key signs from now on is nobody's word.
        let (file, signature) = draft(30, without_crane()).sign(&old).unwrap();
        harbour.replace("bundle", &file);
        harbour.replace("bundle.minisig", signature.as_bytes());
        let line = gate.logged("(wrong-key)");
        assert!(line.starts_with("REFUSED ") && line.ends_with("; going on with sequence 10"), "{line}");
        assert_eq!(gate.with(&text(CRANE)).status, 200);
        // A delta fits the bundle of before; a full bundle ends the trouble.
        harbour.put("bundle.delta", &delta(10, 11, &[CRANE]));
        gate.has_taken(11);
        assert_eq!(gate.with(&text(CRANE)).said(), (401, "revoked"));
        harbour.put("bundle", &draft(12, without_crane()));
        gate.has_taken(12);
        done.store(true, Ordering::Relaxed);
        asking.join().unwrap();
    });
    assert_eq!(gate.health().1["status"], "ok");
    gate.stop();
    // The next start is told the old key still. The endorsement was taken: it may be there or not.
    let mut gate = Running::start(told(&harbour));
    assert_eq!((gate.with(&text(CRANE)).said(), &gate.health().1["status"]), ((401, "revoked"), &"ok".into()));
    gate.stop();
    assert!(!gate.log().contains("REFUSED"), "{}", gate.log());
    fs::remove_file(harbour.path("bundle.endorsement")).unwrap();
    Running::start(told(&harbour)).stop();
    // And the old key comes back by no restart.
    let (file, signature) = draft(40, keys()).sign(&old).unwrap();
    harbour.replace("bundle", &file);
    harbour.replace("bundle.minisig", signature.as_bytes());
    assert_eq!(refused(&harbour), Error::WrongKey);
    // Whoever tells it another key means that.
    let (file, signature) = draft(40, keys()).sign(&SigningKey::from_seed(&[3; 32])).unwrap();
    harbour.replace("bundle", &file);
    harbour.replace("bundle.minisig", signature.as_bytes());
    let public_key = SigningKey::from_seed(&[3; 32]).public_key();
    Running::start(Config { public_key, ..told(&harbour) }).stop();
}

#[test]
fn a_bundle_that_comes_before_its_endorsement_is_refused_until_that_is_there() {
    let mut harbour = Harbour::new();
    let gate = Running::start(told(&harbour));
    harbour.rotate("away", 10, 2);
    harbour.put("bundle", &draft(11, without_crane()));
    assert!(gate.logged("(wrong-key)").starts_with("REFUSED "));
    assert_eq!(gate.with(&text(CRANE)).status, 200);
    fs::rename(harbour.path("away.minisig"), harbour.path("bundle.endorsement.minisig")).unwrap();
    fs::rename(harbour.path("away"), harbour.path("bundle.endorsement")).unwrap();
    gate.has_taken(11);
    assert_eq!((gate.with(&text(CRANE)).said(), &gate.health().1["status"]), ((401, "revoked"), &"ok".into()));
    assert_eq!(gate.metric("latchkey_gate_bundle_trouble"), 0);
    // One that is of another tenant, or broken, changes nothing.
    harbour.replace("bundle.endorsement", b"nonsense");
    assert!(gate.logged("(wrong-key)").starts_with("REFUSED "));
}

#[test]
fn a_start_follows_the_endorsements_and_believes_nothing_without_them() {
    let mut harbour = Harbour::new();
    Running::start(told(&harbour)).stop();
    harbour.rotate("first", 10, 2);
    harbour.rotate("second", 10, 3);
    harbour.put("bundle", &draft(11, without_crane()));
    assert_eq!(refused(&harbour), Error::WrongKey);
    let both =
        |names: [&str; 2]| Config { endorsements: names.map(|name| harbour.path(name)).into(), ..told(&harbour) };
    // The second alone says nothing of the key that is believed.
    let second = Config { endorsements: vec![harbour.path("second")], ..told(&harbour) };
    assert!(matches!(Running::try_start(second).map(drop), Err(GateError::Bundle { cause: Error::WrongKey, .. })));
    let mut gate = Running::start(both(["first", "second"]));
    assert_eq!(gate.with(&text(CRANE)).said(), (401, "revoked"));
    gate.stop();
    assert!(!gate.log().contains("REFUSED"), "{}", gate.log());
    // Taken once, and remembered.
    let mut gate = Running::start(told(&harbour));
    assert_eq!(gate.with(&text(CRANE)).said(), (401, "revoked"));
    gate.stop();
    // An endorsement says from where on its key counts, as after a backup was put back. What the key itself signs does not fall.
    harbour.rotate("bundle.endorsement", 5, 4);
    harbour.put("bundle", &draft(6, keys()));
    Running::start(told(&harbour)).stop();
    harbour.put("bundle", &draft(5, keys()));
    assert_eq!(refused(&harbour), Error::Rollback);
}
