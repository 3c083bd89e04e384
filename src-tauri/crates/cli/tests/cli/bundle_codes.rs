//! Bundles that cross a gap as QR codes: printed on one side, put together on the other, where there is no profile.

use std::fs;

use serde_json::Value;

use crate::desk::{Answer, Desk};

const EXPORT: [&str; 5] = ["bundle", "export", "-t", "Harbour", "--qr"];

fn harbour(keys: usize) -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("harbour.pub"), desk.unlocked(&["bundle", "public-key", "-t", "Harbour"]).ok()).unwrap();
    for number in 0..keys {
        desk.key(&format!("crane {number}"), &[]);
    }
    desk
}

fn codes(document: &Value) -> Vec<String> {
    document["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

/// Where there is no profile: what a scanner said, as it said it.
fn receive(desk: &Desk, more: &[&str], scanned: &str) -> Answer {
    let home = desk.path("nowhere");
    let args = [&["--home", home.to_str().unwrap(), "bundle", "receive", "--out", "got.bundle"], more].concat();
    let answer = desk.run_with(&args, &[], scanned.as_bytes());
    assert!(!home.exists(), "no profile was made");
    answer
}

#[test]
fn what_a_scanner_saw_in_any_order_becomes_the_same_two_files() {
    let desk = harbour(12);
    let both = [&["--json"], &EXPORT[..], &["--out", "harbour.bundle"]].concat();
    let document: Value = serde_json::from_str(&desk.unlocked(&both).ok()).unwrap();
    let codes = codes(&document);
    assert!(codes.len() > 3, "{}", codes.len());
    let lines = codes.iter().rev().flat_map(|code| [code; 2]).map(|code| format!("QR-Code:{code}\r"));
    let scanned = format!("\nhttps://example.com\n{}\n", lines.collect::<Vec<_>>().join("\n"));
    let got = receive(&desk, &["--public-key", "harbour.pub"], &scanned);
    for told in ["Passed over: it is no text of a bundle's code.", &format!("1 of {} parts", codes.len()), "All parts"]
    {
        assert!(got.stderr.contains(told), "{got:?}");
    }
    assert!(got.ok().contains("tenant:    Harbour"));
    for ending in ["bundle", "bundle.minisig"] {
        let [sent, came] = ["harbour", "got"].map(|name| fs::read(desk.path(&format!("{name}.{ending}"))).unwrap());
        assert_eq!(sent, came, "{ending}");
    }
    // Once more, over the older one.
    receive(&desk, &[], &scanned).ok();
}

#[test]
fn too_few_codes_and_codes_of_somebody_else_write_nothing() {
    let desk = harbour(12);
    let document: Value = serde_json::from_str(&desk.unlocked(&[&["--json"], &EXPORT[..]].concat()).ok()).unwrap();
    assert_eq!((&document["path"], &document["signature"]), (&Value::Null, &Value::Null));
    let codes = codes(&document);
    let few = receive(&desk, &[], &codes[1..].join("\n"));
    assert_eq!(few.status, Some(1));
    assert!(few.stderr.contains(&format!("Only {} of {} parts have come.", codes.len() - 1, codes.len())), "{few:?}");
    assert!(receive(&desk, &[], "").stderr.contains("No code of a bundle has come."));
    let other = harbour(0);
    fs::copy(other.path("harbour.pub"), desk.path("other.pub")).unwrap();
    let foreign = receive(&desk, &["--public-key", "other.pub"], &codes.join("\n"));
    assert_eq!((foreign.status, foreign.stderr.contains("wrong-key")), (Some(1), true), "{foreign:?}");
    assert!(!desk.path("got.bundle").exists() && !desk.path("got.bundle.minisig").exists());
    // What somebody else has at the place stays.
    fs::write(desk.path("got.bundle"), "mine").unwrap();
    assert_eq!(receive(&desk, &[], &codes.join("\n")).status, Some(1));
    assert_eq!(fs::read_to_string(desk.path("got.bundle")).unwrap(), "mine");
}

#[test]
fn codes_are_printed_for_a_camera_and_the_export_is_written_down() {
    let desk = harbour(1);
    let printed = desk.unlocked(&EXPORT).ok();
    assert!(printed.starts_with("These QR codes are 1 key of Harbour."), "{printed}");
    assert!(printed.contains("\n1 of 2\n") && printed.ends_with("\n2 of 2\n"), "{printed}");
    assert!(printed.lines().filter(|line| line.contains('█')).all(|line| line.chars().count() <= 80));
    let log = desk.json(&["audit", "list"]);
    let line = log.as_array().unwrap().iter().find(|event| event["kind"] == "bundle_exported").unwrap();
    assert!(line["detail"].as_str().unwrap().ends_with("full, 1 keys, as QR codes"), "{line}");
    // A delta since what left as codes.
    let sequence = desk.json(&["tenant", "show", "Harbour"])["sequence"].to_string();
    let delta = desk.unlocked(&[&EXPORT[..], &["--since", &sequence]].concat()).ok();
    assert!(delta.contains(&format!("a delta of Harbour since {sequence}")), "{delta}");
}

#[test]
fn a_bundle_that_is_too_large_for_codes_is_not_exported() {
    let desk = harbour(0);
    let args = ["key", "batch", "-t", "Harbour", "--count", "400", "--name", "device-{n:05}", "--out", "keys.csv"];
    desk.unlocked(&args).ok();
    for more in [&[][..], &["--out", "harbour.bundle"]] {
        let error = desk.unlocked(&[&["--json"], &EXPORT[..], more].concat()).refused(1);
        assert!(error["message"].as_str().unwrap().contains("too large for QR codes"), "{error}");
    }
    assert!(!desk.path("harbour.bundle").exists());
    let log = desk.json(&["audit", "list"]);
    assert!(log.as_array().unwrap().iter().all(|event| event["kind"] != "bundle_exported"));
}
