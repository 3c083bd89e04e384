//! A remote tenant through its whole life, over a portal on loopback.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Answer, Desk, key_in, make_private};
use crate::kill;
use crate::vendor::{ADMIN, Portal};

/// A profile with the tenant Portal, which has two keys.
pub(crate) fn office() -> (Desk, Portal) {
    let portal = Portal::start();
    portal.add("Crane", &["files:read"]);
    portal.state().make_without_permissions("Gate");
    let desk = Desk::new();
    fs::write(desk.path("admin"), format!("{ADMIN}\n")).unwrap();
    make_private(&desk.path("admin"));
    let added = add(&desk, &portal).ok();
    assert!(added.contains("Added Portal. 2 keys at the server, 2 new here."), "{added}");
    (desk, portal)
}

fn add(desk: &Desk, portal: &Portal) -> Answer {
    desk.unlocked(&[
        "tenant",
        "add",
        "Portal",
        "--remote",
        "docspace",
        "--url",
        &portal.url,
        "--credential-file",
        &desk.arg("admin"),
    ])
}

fn listed(desk: &Desk) -> Vec<(String, String)> {
    let keys = desk.json(&["key", "list", "-t", "Portal", "--sort", "name"]);
    let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
    keys.as_array().unwrap().iter().map(|key| (text(key, "name"), text(key, "status"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn the_keys_of_a_server_stand_in_the_list() {
    let (desk, portal) = office();
    assert_eq!(listed(&desk), pairs(&[("Crane", "active"), ("Gate", "active")]));
    let crane = desk.json(&["key", "show", "Crane"]);
    assert_eq!(crane["api_sets"], json!(["files:read"]));
    assert_eq!(crane["remote"]["everything"], false);
    assert_eq!(desk.json(&["key", "show", "Gate"])["remote"]["everything"], true);
    let tenant = desk.json(&["tenant", "show", "Portal"]);
    assert_eq!((&tenant["kind"], &tenant["remote"]["url"]), (&json!("remote"), &json!(format!("{}/", portal.url))));
    let sets = desk.json(&["api-set", "list", "-t", "Portal"]);
    let names: Vec<&str> = sets.as_array().unwrap().iter().map(|set| set["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["All", "Files: Read", "Files: Write", "Rooms: Read"], "the server's, in the connector's words");
    let found = desk.json(&["key", "list", "--search", "crane"]);
    assert_eq!(found.as_array().unwrap().len(), 1, "one search over local and remote keys");
}

#[test]
fn a_key_is_made_checked_changed_and_revoked_at_the_server() {
    let (desk, portal) = office();
    let file = desk.path("quay.APIKEY");
    let out = desk.arg("quay.APIKEY");
    let args = [
        "key",
        "new",
        "-t",
        "Portal",
        "--name",
        "Quay",
        "--api-set",
        "files:write",
        "--expires",
        "90d",
        "--keep",
        "--out",
        &out,
    ];
    desk.unlocked(&args).ok();
    let made = portal.key("Quay").unwrap();
    assert_eq!(key_in(&file), made["key"].as_str().unwrap());
    assert_eq!(made["permissions"], json!(["files:write"]));

    let checked = desk.unlocked(&["--json", "key", "check", "Quay"]);
    assert_eq!(serde_json::from_str::<Value>(&checked.ok()).unwrap()["checked"], "valid");
    let shown = desk.json(&["key", "show", "Quay"]);
    assert_eq!((&shown["kept"], &shown["handed_over"]), (&json!(true), &json!(true)));
    assert!(shown["display"].as_str().unwrap().starts_with("sk-…"), "{shown}");

    desk.unlocked(&["key", "disable", "Quay"]).ok();
    assert_eq!(portal.key("Quay").unwrap()["isActive"], false);
    let refused = desk.unlocked(&["key", "check", "Quay"]);
    assert_eq!(refused.status, Some(3));
    assert!(refused.stdout.contains("refused: the server does not know the key"), "{refused:?}");
    desk.unlocked(&["key", "enable", "Quay"]).ok();
    assert_eq!(portal.key("Quay").unwrap()["isActive"], true);

    desk.unlocked(&["key", "edit", "Quay", "--name", "Quay 2", "--api-set", "rooms:read"]).ok();
    assert_eq!(portal.key("Quay 2").unwrap()["permissions"], json!(["rooms:read"]));
    let refused = desk.unlocked(&["key", "edit", "Quay 2", "--expires", "never"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("The end of Quay 2 is the server's to say."), "{refused:?}");

    desk.unlocked(&["key", "revoke", "Quay 2", "--reason", "gone to sea", "--yes"]).ok();
    assert!(portal.key("Quay 2").is_none());
    assert!(listed(&desk).contains(&("Quay 2".into(), "revoked".into())));
    let log = desk.json(&["audit", "list"]);
    let revoked = log.as_array().unwrap().iter().find(|event| event["kind"] == "key_revoked").unwrap();
    assert_eq!((&revoked["reason"], &revoked["detail"]), (&json!("gone to sea"), &json!("at the server")));
}

#[test]
fn a_rotation_ends_with_the_old_key_revoked_at_the_server() {
    let (desk, portal) = office();
    let out = desk.arg("new.APIKEY");
    let old = portal.key("Crane").unwrap()["id"].clone();
    let refused = desk.unlocked(&["key", "rotate", "Crane", "--overlap", "24h", "--out", &out]);
    assert!(refused.status == Some(1) && refused.stderr.contains("knows no overlap"), "{refused:?}");
    assert_eq!(
        portal.state().asked.iter().filter(|line| line.starts_with("POST")).count(),
        0,
        "told before it is made"
    );
    desk.unlocked(&["key", "rotate", "Crane", "--prepare", "--out", &out]).ok();
    assert_eq!(portal.state().keys.iter().filter(|key| key["name"] == "Crane").count(), 2);
    let handle = |status: &str| {
        let keys = desk.json(&["key", "list", "-t", "Portal", "--search", "Crane"]);
        let found = keys.as_array().unwrap().iter().find(|key| key["status"] == status && (key["handed_over"] == true));
        found.unwrap()["handle"].as_str().unwrap().to_owned()
    };
    let any = handle("active");
    let refused = desk.unlocked(&["key", "rotate", &any, "--resume", "--overlap", "24h"]);
    assert!(refused.stderr.contains("knows no overlap"), "{refused:?}");
    desk.unlocked(&["key", "rotate", &any, "--resume", "--overlap", "none"]).ok();
    let left = portal.key("Crane").unwrap();
    assert_eq!(key_in(&desk.path("new.APIKEY")), left["key"].as_str().unwrap());
    assert_ne!(left["id"], old);
    let mut cranes = listed(&desk);
    cranes.retain(|(name, _)| name == "Crane");
    cranes.sort();
    assert_eq!(cranes, pairs(&[("Crane", "active"), ("Crane", "revoked")]));
}

#[test]
fn what_is_changed_elsewhere_is_found() {
    let (desk, portal) = office();
    {
        let mut state = portal.state();
        state.keys[0]["isActive"] = json!(false);
        state.keys.remove(1);
    }
    portal.add("Pier", &["*"]);
    let told = desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert!(told.contains("2 keys at the server, 1 new here, 1 changed there, 1 gone there."), "{told}");
    assert_eq!(listed(&desk), pairs(&[("Crane", "disabled"), ("Gate", "revoked"), ("Pier", "active")]));
    let log = desk.json(&["audit", "list"]);
    let drift: Vec<_> = log.as_array().unwrap().iter().filter(|event| event["kind"] == "key_drifted").collect();
    assert_eq!(drift.len(), 2, "{drift:?}");
    let again = desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert!(again.contains("2 keys at the server."), "nothing is told twice: {again}");
}

#[test]
fn a_server_that_fails_changes_nothing() {
    let (desk, portal) = office();
    portal.state().trouble = Some(503);
    for args in [
        &["key", "revoke", "Crane", "--yes"][..],
        &["key", "disable", "Crane"],
        &["tenant", "sync", "Portal"],
        &["key", "new", "-t", "Portal", "--name", "Quay", "--stdout"],
    ] {
        let refused = desk.unlocked(args);
        assert_eq!(refused.status, Some(6), "{args:?}: {refused:?}");
        assert!(refused.stderr.contains("127.0.0.1"), "{refused:?}");
    }
    assert_eq!(listed(&desk), pairs(&[("Crane", "active"), ("Gate", "active")]));
    let tenant = desk.json(&["tenant", "show", "Portal"]);
    assert!(tenant["remote"]["problem"]["message"].as_str().unwrap().contains("in trouble"), "{tenant}");
    portal.state().trouble = None;
    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["problem"], Value::Null);
    let offline = desk.unlocked(&["--offline", "key", "revoke", "Crane", "--yes"]);
    assert_eq!(offline.status, Some(6));
    assert!(portal.key("Crane").is_some());
}

#[test]
fn a_key_whose_answer_is_lost_is_found_and_not_made_twice() {
    let (desk, portal) = office();
    portal.state().mute = true;
    let lost = desk.unlocked(&["key", "new", "-t", "Portal", "--name", "Quay", "--stdout"]);
    assert_eq!(lost.status, Some(6), "{lost:?}");
    assert!(lost.stderr.contains("its text was lost: it is in the list, to be revoked"), "{lost:?}");
    assert_eq!(portal.state().asked.iter().filter(|line| line.starts_with("POST")).count(), 1);
    let quay = desk.json(&["key", "show", "Quay"]);
    assert_eq!(quay["handed_over"], false);
    assert_eq!(desk.json(&["audit", "list"])[0]["kind"], "key_orphaned");
    portal.state().mute = false;
    desk.unlocked(&["key", "revoke", "Quay", "--yes"]).ok();
    assert!(portal.key("Quay").is_none());
}

#[test]
fn killed_at_each_step_no_key_is_lost_without_being_told() {
    for point in kill::points("ask") {
        let (desk, portal) = office();
        let out = desk.arg("quay.APIKEY");
        kill::die(&desk, &point, &["key", "new", "-t", "Portal", "--name", "Quay", "--out", &out]);
        desk.unlocked(&["tenant", "sync", "Portal"]).ok();
        let there = portal.key("Quay").is_some();
        assert_eq!(there, point != "ask.journaled", "{point}");
        let quay = listed(&desk).into_iter().any(|(name, _)| name == "Quay");
        assert_eq!(quay, there, "{point}: what the server has stands in the list");
        if there {
            assert_eq!(desk.json(&["key", "show", "Quay"])["handed_over"], false, "{point}: and that nobody has it");
        }
        // A server that was asked may still be at it; after some minutes it is not.
        let unanswered = || desk.json(&["tenant", "show", "Portal"])["remote"]["unanswered"].clone();
        assert_eq!(unanswered(), u32::from(!there), "{point}");
        let passphrase = desk.arg("passphrase");
        let later = ["--passphrase-file", &passphrase, "tenant", "sync", "Portal"];
        desk.run_with(&later, &[("LATCHKEY_CLOCK_AHEAD", "301")], b"").ok();
        assert_eq!(unanswered(), 0, "{point}");
        assert!(!desk.path("quay.APIKEY").exists(), "{point}");
    }
    for point in kill::points("tell") {
        let (desk, portal) = office();
        kill::die(&desk, &point, &["key", "revoke", "Crane", "--yes"]);
        assert!(portal.key("Crane").is_none(), "{point}");
        desk.unlocked(&["tenant", "sync", "Portal"]).ok();
        assert_eq!(listed(&desk)[0], ("Crane".into(), "revoked".into()), "{point}");
    }
    for point in kill::points("credential") {
        let portal = Portal::start();
        let desk = Desk::new();
        fs::write(desk.path("admin"), ADMIN).unwrap();
        make_private(&desk.path("admin"));
        let admin = desk.arg("admin");
        let args =
            ["tenant", "add", "Portal", "--remote", "docspace", "--url", &portal.url, "--credential-file", &admin];
        kill::die(&desk, &point, &args);
        let there = desk.json(&["tenant", "list"]).as_array().unwrap().iter().any(|tenant| tenant["name"] == "Portal");
        assert_eq!(there, point == "credential.done", "{point}");
        if there {
            desk.unlocked(&["tenant", "sync", "Portal"]).ok();
        } else {
            add(&desk, &portal).ok();
        }
    }
}

#[test]
fn a_credential_is_in_the_vault_and_nowhere_else() {
    let (desk, portal) = office();
    for entry in fs::read_dir(desk.path("home")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(20).any(|part| part == &ADMIN.as_bytes()[3..23]), "{:?}", entry.path());
    }
    portal.state().admin = Some("sk-another".into());
    let refused = desk.unlocked(&["tenant", "sync", "Portal"]);
    assert_eq!(refused.status, Some(6));
    assert!(refused.stderr.contains("does not accept the credential"), "{refused:?}");
    fs::write(desk.path("next"), "sk-another").unwrap();
    make_private(&desk.path("next"));
    desk.unlocked(&["tenant", "credential", "Portal", "--credential-file", &desk.arg("next")]).ok();
    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
}

#[test]
fn a_tenant_is_added_though_its_server_cannot_be_asked_now() {
    let portal = Portal::start();
    portal.state().trouble = Some(500);
    let desk = Desk::new();
    fs::write(desk.path("admin"), ADMIN).unwrap();
    make_private(&desk.path("admin"));
    let added = add(&desk, &portal);
    assert_eq!(added.status, Some(6));
    assert!(added.stdout.contains("Its keys could not be asked for yet."), "{added:?}");
    portal.state().trouble = None;
    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
}
