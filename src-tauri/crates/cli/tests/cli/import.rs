//! Keys that come from files, and lists that go into one.

use std::fs;

use serde_json::Value;

use crate::desk::Desk;
use crate::leaks::found_in;

const RANDOM: &str = "sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";
const WEAK: &str = "hunter2hunter2";

fn desk() -> Desk {
    let desk = Desk::new();
    let table = format!(
        "name,api key,notes\n=cmd|' /C calc'!A0,{RANDOM},the crane\ngate,{WEAK},\nx,{RANDOM}2,\ntwin,{RANDOM},\nnone,,\n"
    );
    fs::write(desk.path("keys.csv"), table).unwrap();
    desk
}

fn kinds(desk: &Desk) -> Vec<String> {
    let told = desk.json(&["audit", "list"]);
    told.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let desk = desk();
    let before = kinds(&desk);
    let said = desk.ok(&["import", "keys.csv", "-t", "Harbour", "--dry-run"]);
    for line in [
        "sk_live_…j0Ca  imported",
        "••••••••       imported, marked as weak",
        "skipped: The name is too short.",
        "duplicate: the file has it before",
        "skipped: nothing stands there",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains(WEAK) && !said.contains(RANDOM));
    let document = desk.json(&["import", "keys.csv", "-t", "Harbour", "--dry-run"]);
    assert_eq!(document["done"], Value::Null);
    let fates: Vec<_> = document["entries"].as_array().unwrap().iter().map(|e| e["fate"].as_str().unwrap()).collect();
    assert_eq!(fates, ["import", "import", "import", "duplicate", "skip"]);
    assert_eq!(desk.names(), [""; 0]);
    assert_eq!(kinds(&desk), before);
}

#[test]
fn imported_keys_are_verified_marked_and_nowhere_in_the_profile() {
    let desk = desk();
    let args = ["import", "keys.csv", "-t", "Harbour", "--api-set", "billing", "--expires", "90d", "--owner", "Grace"];
    let args = [&args[..], &["--tag", "partners", "--tag", "old"]].concat();
    let done = desk.json(&args);
    assert_eq!(done["done"], serde_json::json!({ "imported": 2, "weak": 1, "kept": 0, "duplicates": 0 }));
    for key in [RANDOM, WEAK] {
        assert_eq!(desk.verify("Harbour", key, &[]), ("valid".into(), Some(0)));
        assert!(found_in(&desk.path("home"), key).is_empty());
    }
    assert_eq!(desk.verify("Harbour", "hunter2hunter3", &[]), ("malformed".into(), Some(3)));
    let gate = desk.json(&["key", "show", "gate"]);
    assert_eq!((&gate["weak"], &gate["owner"], &gate["format"]), (&true.into(), &"Grace".into(), &Value::Null));
    assert!(gate["expires_at"].is_string());
    assert_eq!(gate["tags"], serde_json::json!(["old", "partners"]));
    assert!(desk.ok(&["key", "show", "gate"]).contains("weak: a person may have chosen it"));
    assert!(desk.ok(&["key", "list"]).contains("active, weak"));
    assert_eq!(kinds(&desk).iter().filter(|kind| *kind == "key_imported").count(), 2);
    // Once more, everything is known.
    let again = desk.json(&args);
    assert_eq!(again["done"], Value::Null);
    assert_eq!(again["entries"][1]["known_as"], "gate");
}

#[test]
fn kept_secrets_can_be_used_and_a_stream_is_read_like_a_file() {
    let desk = Desk::new();
    let file = format!("# crane\nexport CRANE_KEY=\"{RANDOM}\"\nPORT=8080\nMODE=production\n");
    let passphrase = desk.arg("passphrase");
    let args = ["--passphrase-file", &passphrase, "import", "-", "-t", "Harbour", "--keep"];
    desk.run_with(&args, &[], file.as_bytes()).ok();
    assert_eq!(desk.names(), ["CRANE_KEY"]);
    let said = desk.unlocked(&["run", "--env", "S=CRANE_KEY", "--", "sh", "-c", "printf %s \"$S\" > used"]);
    said.ok();
    assert_eq!(fs::read_to_string(desk.path("used")).unwrap(), RANDOM);
    // What does not look like a key comes in only when it is asked for.
    desk.run_with(&["import", "-", "-t", "Harbour", "--all"], &[], file.as_bytes()).ok();
    assert_eq!(desk.names(), ["CRANE_KEY", "MODE"]);
}

#[test]
fn hostile_files_are_refused_whole_with_a_sentence() {
    let desk = Desk::new();
    fs::File::create(desk.path("huge.csv")).unwrap().set_len(2 << 30).unwrap();
    fs::write(desk.path("binary.env"), b"A_KEY=\0\x01\x02").unwrap();
    fs::write(desk.path("empty.csv"), b"").unwrap();
    fs::write(desk.path("other.csv"), b"name,colour\ncrane,red\n").unwrap();
    for (file, status, words) in [
        ("huge.csv", 2, "larger"),
        ("binary.env", 2, "not text"),
        ("empty.csv", 2, "no key"),
        ("other.csv", 2, "without a column"),
        ("home", 2, "no file"),
        ("missing.csv", 1, "no file"),
    ] {
        let error = desk.refused(&["import", file, "-t", "Harbour"], status);
        assert!(error["message"].as_str().unwrap().contains(words), "{file}: {error}");
        assert!(error["hint"].is_string(), "{file}");
    }
    desk.refused(&["import", "other.csv", "-t", "Harbour", "--expires", "soon"], 2);
}

#[test]
fn a_list_is_exported_for_a_spreadsheet() {
    let desk = desk();
    desk.ok(&["import", "keys.csv", "-t", "Harbour"]);
    let said = desk.ok(&["key", "export", "-t", "Harbour", "--out", "list.csv"]);
    assert!(said.contains("2 keys, without secrets"), "{said}");
    let text = fs::read_to_string(desk.path("list.csv")).unwrap();
    assert!(text.contains("'=cmd|' /C calc'!A0"), "{text}");
    assert!(!text.contains(RANDOM) && !text.contains(WEAK));
    assert_eq!(desk.json(&["key", "export", "--search", "gate", "--out", "gate.csv"])["keys"], 1);
    assert_eq!(desk.refused(&["key", "export", "--out", "list.csv"], 1)["code"], "file_exists");
    assert_eq!(kinds(&desk).iter().filter(|kind| *kind == "list_exported").count(), 2);
    // It has no keys in it, and says so when it is imported.
    desk.refused(&["import", "list.csv", "-t", "Harbour"], 2);
}
