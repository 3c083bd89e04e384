//! Templates, organizations and user groups on the command line.

use std::fs;

use serde_json::{Value, json};

use crate::desk::Desk;

fn verified(desk: &Desk, tenant: &str, key: &str) -> Value {
    let answer = desk.run_with(&["--json", "verify", "-t", tenant], &[], key.as_bytes());
    serde_json::from_str(&answer.ok()).unwrap()
}

#[test]
fn a_documoto_tenant_from_its_template_to_a_key_that_is_verified() {
    let desk = Desk::new();
    let templates = desk.json(&["tenant", "templates"]);
    assert_eq!(templates.as_array().unwrap().len(), 6);
    assert!(desk.ok(&["tenant", "templates"]).contains("ONLYOFFICE DocSpace"));

    desk.ok(&["tenant", "add", "Parts", "--local", "--template", "documoto"]);
    assert_eq!(desk.json(&["organization", "list", "-t", "Parts"])[0]["id"], "main");
    let dealers = ["organization", "add", "-t", "Parts", "Dealers", "--permission", "publisher"];
    assert_eq!(desk.ok(&dealers), "Added dealers (Dealers).\n");
    let media = ["group", "add", "-t", "Parts", "Media", "--permission", "publisher", "--permission", "exporter"];
    assert_eq!(desk.json(&media)["permissions"], json!(["publisher", "exporter"]));
    assert!(desk.ok(&["tenant", "show", "Parts"]).contains("User groups       4"));

    let new = ["key", "new", "-t", "Parts", "--name", "web shop", "--stdout"];
    assert_eq!(desk.refused(&new, 2)["field"]["name"], "organization");
    let new = [&new[..], &["--organization", "dealers"]].concat();
    assert_eq!(desk.refused(&new, 2)["field"]["name"], "groups");
    let key = desk.ok(&[&new[..], &["--group", "Media"]].concat());
    let shown = desk.json(&["key", "show", "web shop"]);
    assert_eq!((&shown["organization"], &shown["groups"]), (&json!("dealers"), &json!(["media"])));
    let said = desk.ok(&["key", "show", "web shop"]);
    assert!(said.contains("Publisher (by its groups); not Exporter (its organization)"), "{said}");

    let of = |organization: &str| desk.json(&["key", "list", "--organization", organization]);
    assert_eq!(of("dealers")[0]["name"], "web shop");
    assert_eq!(of("Dealers")[0]["name"], "web shop", "by its name, too");
    assert_eq!((of("main"), of("nobody's")), (json!([]), json!([])));
    let tagged = desk.json(&["key", "tag", "--all-found", "--organization", "dealers", "--add", "shops"]);
    assert_eq!(tagged["changed"], 1, "{tagged}");

    let valid = verified(&desk, "Parts", &key);
    assert_eq!(valid["permissions"], json!(["publisher"]));
    assert_eq!((&valid["organization"], &valid["groups"]), (&json!("dealers"), &json!(["media"])));
    desk.ok(&["organization", "edit", "-t", "Parts", "dealers", "--all-permissions", "--name", "Dealers worldwide"]);
    assert_eq!(verified(&desk, "Parts", &key)["permissions"], json!(["publisher", "exporter"]));
    desk.ok(&["group", "edit", "-t", "Parts", "media", "--no-permissions"]);
    assert_eq!(verified(&desk, "Parts", &key)["permissions"], json!([]));

    assert_eq!(desk.refused(&["group", "remove", "-t", "Parts", "media"], 1)["code"], "not_now");
    desk.ok(&["key", "edit", "web shop", "--organization", "main", "--group", "publishers", "--group", "exporters"]);
    assert_eq!(verified(&desk, "Parts", &key)["permissions"], json!(["publisher", "exporter"]));
    desk.ok(&["group", "remove", "-t", "Parts", "media"]);
    desk.ok(&["organization", "remove", "-t", "Parts", "dealers"]);
    let unknown = ["group", "edit", "-t", "Parts", "publishers", "--permission", "unheard"];
    assert_eq!(desk.refused(&unknown, 2)["field"]["name"], "permissions");
    assert_eq!(desk.refused(&["group", "edit", "-t", "Parts", "gone", "--name", "Gone"], 1)["code"], "not_found");
    let told = desk.ok(&["audit", "list"]);
    assert!(told.contains("Dealers worldwide"), "{told}");
}

#[test]
fn a_tenant_is_saved_as_a_template_and_loaded() {
    let desk = Desk::new();
    desk.ok(&["tenant", "add", "Billing", "--local", "--template", "goTransverse"]);
    desk.ok(&["api-set", "add", "-t", "Billing", "own", "--name", "Our own"]);
    let saved = desk.ok(&["tenant", "save-template", "Billing", "--out", "billing.json"]);
    assert_eq!(saved, "Saved Billing as a template in billing.json.\n");
    assert_eq!(
        desk.refused(&["tenant", "save-template", "Billing", "--out", "billing.json"], 1)["code"],
        "file_exists"
    );
    let again = ["tenant", "add", "Again", "--local", "--template", "billing.json"];
    assert_eq!(desk.ok(&again), "Added Again. Its keys are 32 hexadecimal digits.\n");
    assert_eq!(desk.json(&["api-set", "list", "-t", "Again"]).as_array().unwrap().len(), 10);
    let key = desk.ok(&["key", "new", "-t", "Again", "--name", "ledger", "--api-set", "own", "--stdout"]);
    assert!(key.trim_end().len() == 32 && key.trim_end().bytes().all(|b| b.is_ascii_hexdigit()), "{}", key.len());
    assert_eq!(verified(&desk, "Again", &key)["api_sets"], json!(["own"]));

    let text = fs::read_to_string(desk.path("billing.json")).unwrap();
    fs::write(desk.path("newer.json"), text.replace("\"version\": 1", "\"version\": 2")).unwrap();
    fs::write(desk.path("cut.json"), &text[..text.len() / 2]).unwrap();
    fs::write(desk.path("long.json"), " ".repeat(300_000)).unwrap();
    for file in ["newer.json", "cut.json", "long.json"] {
        let refused = desk.refused(&["tenant", "add", "Third", "--local", "--template", file], 1);
        assert!(refused["message"].as_str().unwrap().contains("is not a template"), "{refused}");
    }
    let gone = desk.refused(&["tenant", "add", "Third", "--local", "--template", "./gone"], 1);
    assert!(gone["message"].as_str().unwrap().starts_with("Could not read ./gone"), "{gone}");
    let unheard = desk.refused(&["tenant", "add", "Third", "--local", "--template", "unheard"], 2);
    assert_eq!(unheard["field"]["name"], "template");
    assert_eq!(desk.json(&["tenant", "list"]).as_array().unwrap().len(), 3, "Harbour, Billing, Again");
}
