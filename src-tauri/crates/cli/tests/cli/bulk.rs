//! One action on several keys.

use serde_json::json;

use crate::desk::Desk;

fn harbour() -> Desk {
    let desk = Desk::new();
    for name in ["crane 1", "crane 2", "gateway"] {
        desk.key(name, &["--expires", "30d"]);
    }
    desk
}

#[test]
fn several_keys_by_name() {
    let desk = harbour();
    let done = desk.json(&["key", "disable", "crane 1", "gateway"]);
    assert_eq!(done, json!({ "changed": 2, "unchanged": 0 }));
    assert_eq!(desk.json(&["key", "enable", "crane 1"])["status"], "active", "one key answers with its record");
    assert_eq!(desk.ok(&["key", "disable", "crane 1", "gateway"]), "Disabled 1 keys. 1 stay as they were.\n");
    desk.refused(&["key", "disable", "crane 1", "nobody"], 1);
}

#[test]
fn all_that_the_filters_find() {
    let desk = harbour();
    let tagged = desk.json(&["key", "tag", "--all-found", "--search", "crane", "--add", "north", "--add", "prod"]);
    assert_eq!(tagged["changed"], 2);
    assert_eq!(desk.json(&["key", "show", "crane 1"])["tags"], json!(["north", "prod"]));
    let extended = desk.json(&["key", "extend", "--all-found", "-t", "Harbour", "--expires", "90d"]);
    assert_eq!(extended["changed"], 3);
    let revoked = desk.json(&["key", "revoke", "--all-found", "--search", "north", "--reason", "moved", "--yes"]);
    assert_eq!(revoked, json!({ "changed": 2, "unchanged": 0 }));
    assert_eq!(desk.json(&["key", "list", "--status", "active"]).as_array().unwrap().len(), 1);
}

#[test]
fn all_found_wants_a_filter_and_names_want_none() {
    let desk = harbour();
    for wrong in [
        &["key", "disable"][..],
        &["key", "disable", "--all-found"],
        &["key", "disable", "--search", "crane"],
        &["key", "disable", "gateway", "--all-found", "--search", "crane"],
        &["key", "tag", "gateway"],
    ] {
        desk.refused(wrong, 2);
    }
    assert_eq!(desk.json(&["key", "list", "--status", "disabled"]), json!([]));
}

#[test]
fn some_keys_are_exported_by_name() {
    let desk = harbour();
    let done = desk.json(&["key", "export", "crane 2", "gateway", "--out", "some.csv"]);
    assert_eq!(done["keys"], 2);
    let table = std::fs::read_to_string(desk.path("some.csv")).unwrap();
    let names: Vec<_> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["crane 2", "gateway"]);
    desk.refused(&["key", "export", "gateway", "--search", "crane", "--out", "other.csv"], 2);
    desk.refused(&["key", "export", "gateway", "nobody", "--out", "other.csv"], 1);
    assert!(!desk.path("other.csv").exists());
}
