//! API sets from a file and into one.

use std::fs;

use serde_json::json;

use crate::desk::Desk;

#[test]
fn a_catalogue_goes_out_and_comes_in_elsewhere() {
    let desk = Desk::new();
    desk.ok(&["api-set", "edit", "-t", "Harbour", "billing", "--name", "=Billing", "--description", "Invoices"]);
    desk.ok(&["api-set", "edit", "-t", "Harbour", "billing", "--group", "Money"]);
    assert!(desk.json(&["api-set", "retire", "-t", "Harbour", "dunning"])["retired_at"].is_string());
    assert!(desk.ok(&["api-set", "list", "-t", "Harbour"]).contains("dunning (retired)"));
    desk.ok(&["tenant", "add", "Fleet", "--local"]);
    for file in ["sets.csv", "sets.json"] {
        let written = desk.json(&["api-set", "export", "-t", "Harbour", "--out", file]);
        assert_eq!(written, json!({ "file": file, "api_sets": 2 }));
        assert_eq!(desk.refused(&["api-set", "export", "-t", "Harbour", "--out", file], 1)["code"], "file_exists");
        desk.ok(&["api-set", "import", "-t", "Fleet", file]);
        assert_eq!(desk.json(&["api-set", "list", "-t", "Fleet"]), desk.json(&["api-set", "list", "-t", "Harbour"]));
        let again = desk.json(&["api-set", "import", "-t", "Fleet", file]);
        assert_eq!((&again["unchanged"], &again["sets"]), (&json!(2), &json!([])));
    }
    assert!(fs::read_to_string(desk.path("sets.csv")).unwrap().contains("'=Billing"));
    desk.refused(&["api-set", "export", "-t", "Harbour", "--out", "sets.txt"], 2);
    desk.ok(&["api-set", "restore", "-t", "Fleet", "dunning"]);
}

#[test]
fn a_file_is_taken_whole_or_not_at_all() {
    let desk = Desk::new();
    fs::write(desk.path("sets.csv"), "id,name\nfine,Fine\nno spaces,Wrong\n").unwrap();
    let dry = desk.ok(&["api-set", "import", "-t", "Harbour", "sets.csv", "--dry-run"]);
    assert!(dry.contains("1 would be added") && dry.contains("Line 3: "), "{dry}");
    let refused = desk.refused(&["api-set", "import", "-t", "Harbour", "sets.csv"], 2);
    assert!(refused["message"].as_str().unwrap().starts_with("Line 3 of sets.csv"), "{refused}");
    assert_eq!(desk.json(&["api-set", "list", "-t", "Harbour"]).as_array().unwrap().len(), 2);
    desk.refused(&["api-set", "import", "-t", "Harbour", "none.csv"], 1);
}

#[test]
fn a_retired_set_is_not_for_new_keys() {
    let desk = Desk::new();
    desk.key("crane", &["--api-set", "billing"]);
    desk.ok(&["api-set", "retire", "-t", "Harbour", "billing"]);
    let new = ["key", "new", "-t", "Harbour", "--name", "gateway", "--api-set", "billing", "--stdout"];
    let refused = desk.refused(&new, 2);
    assert_eq!(refused["field"], json!({ "name": "api_sets", "rule": "retired_api_set", "id": "billing" }));
    desk.ok(&["key", "edit", "crane", "--api-set", "billing", "--api-set", "dunning"]);
}
