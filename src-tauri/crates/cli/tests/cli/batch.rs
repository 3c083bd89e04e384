//! `key batch`: many keys in one run, cancelled and killed at every moment.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::desk::Desk;
use crate::kill::{die, points};

/// More than one chunk.
const KEYS: &str = "4500";

fn batch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["key", "batch", "-t", "Harbour", "--count", KEYS, "--name", "device-{n:05}", "--out", "keys.csv"], more].concat()
}

fn keys_in(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().to_owned()).collect()
}

/// Every fiftieth key of the file is valid, and the list has as many keys as the file.
fn check_whole(desk: &Desk, point: &str) {
    let keys = keys_in(&desk.path("keys.csv"));
    assert_eq!(keys.len().to_string(), KEYS, "{point}");
    for key in keys.iter().step_by(500).chain(keys.last()) {
        assert_eq!(desk.verify("Harbour", key, &[]).0, "valid", "{point}");
    }
    assert_eq!(desk.json(&["tenant", "show", "Harbour"])["keys"].to_string(), KEYS, "{point}");
    assert_eq!(parts(desk), [""; 0], "{point}");
}

fn check_nothing(desk: &Desk, point: &str) {
    assert!(!desk.path("keys.csv").exists(), "{point}");
    assert_eq!(desk.json(&["tenant", "show", "Harbour"])["keys"], 0, "{point}");
    assert_eq!(desk.json(&["key", "batch", "--unfinished"]), serde_json::json!([]), "{point}");
    assert_eq!(parts(desk), [""; 0], "{point}");
}

fn parts(desk: &Desk) -> Vec<String> {
    let names = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("latchkey-")).collect()
}

#[test]
fn a_batch_answers_with_a_summary() {
    let desk = Desk::new();
    let args = ["--api-set", "billing", "--tag", "kiosks", "--expires", "90d", "--description", "Gate"];
    let summary = desk.json(&batch(&args));
    assert_eq!((summary["keys"].to_string().as_str(), summary["first"].as_str()), (KEYS, Some("device-00001")));
    assert_eq!(summary["sealed"], false);
    check_whole(&desk, "done");
    let key = desk.json(&["key", "show", "device-04500"]);
    assert_eq!((&key["api_sets"][0], &key["tags"][0]), (&"billing".into(), &"kiosks".into()));
    assert!(key["expires_at"].is_string());
    assert_eq!(desk.refused(&batch(&[]), 1)["code"], "file_exists");
}

#[test]
fn usage_is_looked_at_before_anything_is_made() {
    let desk = Desk::new();
    let tenant = ["key", "batch", "-t", "Harbour"];
    let with = |more: &[&'static str]| [&tenant, more].concat();
    for args in [
        with(&["--count", "2", "--name", "a-{n}"]),
        with(&["--count", "2", "--out", "x"]),
        with(&["--name", "a-{n}", "--out", "x"]),
        with(&["--count", "2", "--name", "abc", "--out", "x"]),
        with(&["--count", "0", "--name", "abc-{n}", "--out", "x"]),
        with(&["--count", "2", "--names", "x.csv", "--name", "abc-{n}", "--out", "x"]),
        with(&["--count", "2", "--name", "abc-{n}", "--out", "x", "--recipient", "ssh-ed25519 AAAA"]),
        vec!["key", "batch"],
    ] {
        assert_eq!(desk.refused(&args, 2)["code"], "invalid_input", "{args:?}");
    }
    assert_eq!(desk.refused(&["key", "batch", "--resume"], 1)["code"], "not_found");
    assert!(!desk.path("x").exists());
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn a_list_of_names_goes_to_a_folder() {
    let desk = Desk::new();
    fs::write(desk.path("names.csv"), "name;owner\nGate 1;Grace\nGate 2;\n").unwrap();
    let out = ["key", "batch", "-t", "Harbour", "--names", "names.csv", "--format", "folder", "--out", "kiosks"];
    let said = desk.ok(&out);
    assert!(said.starts_with("Generated 2 keys, Gate 1 to Gate 2: written to "), "{said}");
    let key = crate::desk::key_in(&desk.path("kiosks/Gate 1.APIKEY"));
    assert_eq!(desk.verify("Harbour", &key, &[]).0, "valid");
    assert_eq!(desk.json(&["key", "show", "Gate 1"])["owner"], "Grace");
    fs::write(desk.path("names.csv"), "name\nGate 1\nwww.gate.example\n").unwrap();
    let refused = desk.refused(&["key", "batch", "-t", "Harbour", "--names", "names.csv", "--out", "x"], 2);
    assert_eq!(refused["message"], "Line 3: The name is a web address.");
    assert_eq!(refused["field"]["line"], 3);
}

/// The command line of Debian opens what is sealed.
#[test]
fn a_sealed_file_opens_with_age() {
    let desk = Desk::new();
    let made = std::process::Command::new("age-keygen").arg("-o").arg(desk.path("identity")).output().unwrap();
    let said = String::from_utf8(made.stderr).unwrap();
    let recipient = said.trim().strip_prefix("Public key: ").unwrap();
    desk.ok(&batch(&["--recipient", recipient]));
    let mut age = std::process::Command::new("age");
    age.arg("-d").arg("-i").arg(desk.path("identity")).arg("-o").arg(desk.path("open.csv"));
    assert!(age.arg(desk.path("keys.csv")).status().unwrap().success());
    fs::rename(desk.path("open.csv"), desk.path("keys.csv")).unwrap();
    check_whole(&desk, "sealed");
}

#[test]
fn an_interrupt_cancels_and_leaves_nothing() {
    let desk = Desk::new();
    let mut args = batch(&[]);
    args[5] = "200000";
    let mut child = desk.command(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // Under way as soon as the part is there.
    while parts(&desk).is_empty() {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::yield_now();
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    check_nothing(&desk, "interrupted");
    assert_eq!(desk.json(&["audit", "list", "--limit", "1"])[0]["kind"], "batch_undone");
}

#[test]
fn a_killed_batch_is_finished_or_resumed() {
    for point in points("batch") {
        if ["batch.undoing", "batch.removed"].contains(&point.as_str()) {
            continue;
        }
        let desk = Desk::new();
        die(&desk, &point, &batch(&[]));
        let waits = desk.json(&["key", "batch", "--unfinished"]);
        if let [batch] = waits.as_array().unwrap().as_slice() {
            assert_eq!(desk.json(&["tenant", "show", "Harbour"])["keys"], 0, "{point}");
            assert!(!desk.path("keys.csv").exists(), "{point}");
            assert_eq!(desk.refused(&["tenant", "remove", "Harbour", "--yes"], 1)["code"], "not_now");
            desk.ok(&["key", "batch", "--resume", batch["id"].as_str().unwrap()]);
        }
        check_whole(&desk, &point);
        let told = desk.json(&["audit", "list"]);
        let told = told.as_array().unwrap().iter().filter(|event| event["kind"] == "batch_generated");
        assert_eq!(told.count(), 1, "{point}");
    }
}

#[test]
fn a_killed_batch_is_undone_even_if_the_undo_is_killed() {
    for point in ["batch.begun", "batch.written", "batch.drawn"] {
        for undo in ["", "batch.undoing", "batch.removed"] {
            let desk = Desk::new();
            die(&desk, point, &batch(&[]));
            if undo.is_empty() {
                desk.ok(&["key", "batch", "--undo"]);
            } else {
                die(&desk, undo, &["key", "batch", "--undo"]);
            }
            check_nothing(&desk, &format!("{point}, {undo}"));
        }
    }
}
