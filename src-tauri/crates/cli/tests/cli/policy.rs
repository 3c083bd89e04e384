//! What a tenant demands of its keys.

use serde_json::json;

use crate::desk::Desk;

#[test]
fn every_rule_can_be_set_and_is_shown() {
    let desk = Desk::new();
    let edited = desk.json(&[
        "tenant",
        "edit",
        "Harbour",
        "--default-expires",
        "30d",
        "--unique-names",
        "true",
        "--own-keys-only",
        "true",
        "--format",
        "sk-hex64",
    ]);
    assert_eq!(edited["policy"]["default_expiration"], json!({ "kind": "days", "days": 30 }));
    assert_eq!((&edited["policy"]["unique_names"], &edited["policy"]["own_keys_only"]), (&json!(true), &json!(true)));
    assert_eq!(edited["format"], "sk-hex64");
    let shown = desk.ok(&["tenant", "show", "Harbour"]);
    for line in ["sk-hex64", "after 30 days", "Unique names"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let told = desk.ok(&["audit", "list", "--limit", "1"]);
    assert!(told.contains("default end, unique names, own keys only"), "{told}");
    for (text, default) in [("never", json!({ "kind": "never" })), ("none", json!(null))] {
        let edited = desk.json(&["tenant", "edit", "Harbour", "--default-expires", text]);
        assert_eq!(edited["policy"]["default_expiration"], default);
    }
    for wrong in ["2027-01-31", "0d", "soon"] {
        desk.refused(&["tenant", "edit", "Harbour", "--default-expires", wrong], 2);
    }
    let beyond = ["tenant", "edit", "Harbour", "--max-lifetime", "30", "--default-expires", "90d"];
    assert_eq!(desk.refused(&beyond, 2)["field"]["name"], "default_expiration");
}

#[test]
fn a_key_that_names_no_end_gets_the_tenants() {
    let desk = Desk::new();
    let ends = |name: &str| {
        desk.key(name, &[]);
        desk.json(&["key", "show", name])["expires_at"].clone()
    };
    assert_eq!(ends("free"), json!(null));
    desk.ok(&["tenant", "edit", "Harbour", "--default-expires", "30d"]);
    assert!(ends("by default").is_string());
    desk.ok(&["tenant", "edit", "Harbour", "--default-expires", "none", "--max-lifetime", "90"]);
    assert!(ends("as long as it may").is_string());
}

#[test]
fn names_and_owners_are_refused_at_their_field() {
    let desk = Desk::new();
    desk.key("crane", &[]);
    desk.ok(&["tenant", "edit", "Harbour", "--unique-names", "true", "--own-keys-only", "true"]);
    let again = desk.refused(&["key", "new", "-t", "Harbour", "--name", "crane", "--stdout"], 2);
    assert_eq!(again["field"], json!({ "name": "name", "rule": "taken" }));
    let foreign = ["key", "new", "-t", "Harbour", "--name", "other", "--owner", "Somebody Else", "--stdout"];
    assert_eq!(desk.refused(&foreign, 2)["field"], json!({ "name": "owner", "rule": "own_keys_only" }));
}

#[test]
fn check_lists_what_no_longer_meets_the_policy() {
    let desk = Desk::new();
    assert!(desk.ok(&["tenant", "check", "Harbour"]).contains("All 0 keys"));
    desk.key("crane", &["--api-set", "billing", "--expires", "30d"]);
    desk.key("endless", &[]);
    assert_eq!(desk.json(&["tenant", "check", "Harbour"]), json!([]));
    desk.ok(&["tenant", "edit", "Harbour", "--max-lifetime", "90", "--require-api-set", "true"]);
    let found = desk.run(&["--json", "tenant", "check", "Harbour"]);
    assert_eq!(found.status, Some(3), "{found:?}");
    let found: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!((&found[0]["key"]["name"], &found[0]["gaps"]), (&json!("endless"), &json!(["no_end", "no_api_set"])));
    let told = desk.run(&["tenant", "check", "Harbour"]);
    assert!(told.stdout.contains("has no end, has no API set"), "{told:?}");
    assert!(told.stderr.contains("1 of 2 keys"), "{told:?}");
}

#[test]
fn a_change_tells_how_many_keys_no_longer_meet_it() {
    let desk = Desk::new();
    desk.key("crane", &["--expires", "30d"]);
    desk.key("endless", &[]);
    let edit = |options: &[&str]| {
        let done = desk.run(&[&["tenant", "edit", "Harbour"], options].concat());
        assert_eq!(done.status, Some(0), "{done:?}");
        done
    };
    let told = edit(&["--max-lifetime", "90"]);
    assert!(told.stderr.contains("1 of 2 keys in use do not meet the policy."), "{told:?}");
    assert!(told.stderr.contains("latchkey tenant check \"Harbour\""), "{told:?}");
    assert!(!told.stdout.contains("do not meet"), "scripts read that");
    let same = edit(&["--name", "Harbour"]);
    assert!(!same.stderr.contains("do not meet"), "nothing was asked anew: {same:?}");
    let told = edit(&["--prefix", "hb"]);
    assert!(told.stderr.contains("2 of 2 keys"), "{told:?}");
    let listed = desk.run(&["tenant", "check", "Harbour"]);
    assert!(listed.stdout.contains("begins with another prefix"), "{listed:?}");
    edit(&["--prefix", "lk", "--format", "hex32"]);
    assert!(desk.run(&["tenant", "check", "Harbour"]).stdout.contains("has another key format"));
    let fixed = edit(&["--format", "latchkey", "--max-lifetime", "none"]);
    assert!(!fixed.stderr.contains("do not meet"), "{fixed:?}");
}
