//! The whole job of an administrator, from an empty machine to a key that ends.

use serde_json::json;

use crate::desk::{Desk, handle_of, key_in};

#[test]
fn from_an_empty_machine_to_a_key_that_ends() {
    let desk = Desk::empty();
    assert_eq!(desk.refused(&["tenant", "list"], 1)["code"], "profile_missing");
    let passphrase = desk.arg("passphrase");
    let made = desk.json(&["--passphrase-file", &passphrase, "init", "--vault", "passphrase"]);
    assert_eq!(made, json!({ "home": desk.path("home"), "vault": "passphrase" }));
    let again = ["--passphrase-file", &passphrase, "init", "--vault", "passphrase"];
    assert_eq!(desk.refused(&again, 1)["code"], "profile_exists");

    desk.ok(&["tenant", "add", "Harbour Authority", "--local", "--prefix", "ha"]);
    desk.ok(&["tenant", "add", "Customs", "--local"]);
    desk.ok(&["api-set", "add", "-t", "harbour authority", "billing", "--name", "Billing", "--group", "Money"]);
    desk.ok(&["api-set", "add", "-t", "Harbour Authority", "files:read"]);

    let file = desk.path("crane.APIKEY");
    let printed = desk.ok(&[
        "key",
        "new",
        "-t",
        "Harbour Authority",
        "--name",
        " crane controller ",
        "--api-set",
        "billing",
        "--expires",
        "90d",
        "--out",
        "crane.APIKEY",
    ]);
    let key = key_in(&file);
    assert!(key.starts_with("ha_") && key.len() == 3 + 8 + 1 + 49, "{}", key.len());
    assert!(printed.contains("crane.APIKEY") && !printed.contains(&key[12..]), "{printed}");

    let valid = desk.run_with(&["--json", "verify", "-t", "Harbour Authority"], &[], format!("  {key}\r\n").as_bytes());
    let valid: serde_json::Value = serde_json::from_str(&valid.ok()).unwrap();
    assert_eq!(valid["decision"], "valid");
    assert_eq!(valid["key"]["name"], "crane controller");
    assert_eq!(valid["api_sets"], json!(["billing"]));
    assert!(valid["sequence"].is_u64());

    let verify = |key: &str| desk.verify("Harbour Authority", key, &[]);
    let refused = |reason: &str| (reason.to_owned(), Some(3));
    let accepted = ("valid".to_owned(), Some(0));
    for at in [0, 5, 20, key.len() - 1] {
        let mut mistyped = key.clone().into_bytes();
        mistyped[at] = if mistyped[at] == b'a' { b'b' } else { b'a' };
        assert_eq!(verify(&String::from_utf8(mistyped).unwrap()), refused("malformed"), "{at}");
    }
    for nothing in ["", "   \n", "lk_", "\0", &"a".repeat(100_000)] {
        assert_eq!(verify(nothing), refused("malformed"));
    }
    assert_eq!(desk.verify("Customs", &key, &[]), refused("unknown"), "another tenant's");

    let handle = handle_of(&key);
    desk.ok(&["key", "disable", "crane controller"]);
    assert_eq!(verify(&key), refused("disabled"));
    desk.ok(&["key", "enable", handle]);
    assert_eq!(verify(&key), accepted);
    let ahead =
        |days: u64| desk.verify("Harbour Authority", &key, &[("LATCHKEY_CLOCK_AHEAD", &(days * 86_400).to_string())]);
    assert_eq!(ahead(89), accepted);
    assert_eq!(ahead(91), refused("expired"));

    let id = desk.json(&["key", "show", handle])["id"].as_str().unwrap().to_owned();
    let revoked = desk.json(&["key", "revoke", &id, "--reason", "lost tablet"]);
    assert_eq!((&revoked["status"], &revoked["kept"]), (&json!("revoked"), &json!(false)));
    assert_eq!(verify(&key), refused("revoked"));
    assert_eq!(ahead(91), refused("revoked"), "what was done by hand outweighs what time does");
    for verb in ["disable", "enable", "revoke"] {
        assert_eq!(desk.refused(&["key", verb, handle], 1)["code"], "not_now", "{verb}");
    }
    assert!(desk.ok(&["key", "show", handle]).contains("lost tablet"));
    assert_eq!(desk.json(&["key", "delete", handle, "--reason", "tidy up"]), json!({ "deleted": id }));
    assert_eq!(verify(&key), refused("unknown"));

    let log = desk.json(&["audit", "list", "--limit", "4"]);
    let told: Vec<_> = log.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(told, ["key_deleted", "key_revoked", "key_enabled", "key_disabled"]);
    assert_eq!(log[0]["reason"], "tidy up");
    assert_eq!(log[0]["actor"]["origin"], "command line");
}

/// The handle or the name is enough where a whole key is pasted by mistake: nothing of the rest comes back.
#[test]
fn a_whole_key_where_a_name_belongs_is_cut_down_to_its_handle() {
    let desk = Desk::new();
    let key = desk.key("crane", &[]);
    assert_eq!(desk.json(&["key", "show", &key])["name"], "crane");
    let other = format!("{}x", &key[..key.len() - 1]);
    let pair = format!("NAME {key}");
    let attempts: &[&[&str]] = &[
        &["key", "revoke", &format!("lk_aaaaaaaa_{}", &key[12..])],
        &["tenant", "show", &key],
        &["api-set", "list", "-t", &other],
        &["key", "new", "-t", "Harbour", "--name", "x", "--stdout", "--api-set", &key],
        &["key", "list", "--status", &key],
        &["key", "list", &key],
        &["run", "--env", &pair, "--", "true"],
        &["audit", "list", "--since", &key],
        &["--passphrase-file", &key, "tenant", "list"],
        &[&key],
        &[&format!("--{key}")],
    ];
    for args in attempts {
        for json in [false, true] {
            let args = if json { [&["--json"], *args].concat() } else { args.to_vec() };
            let answer = desk.run(&args);
            assert_ne!(answer.status, Some(0), "{args:?}");
            assert!(!answer.stdout.contains(&key[13..30]) && !answer.stderr.contains(&key[13..30]), "{answer:?}");
        }
    }
}

#[test]
fn tenants_are_shown_changed_and_removed() {
    let desk = Desk::new();
    let shown = desk.json(&["tenant", "show", "Harbour"]);
    assert_eq!(shown["key_pattern"], r"\blk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\b");
    assert!(desk.ok(&["tenant", "show", "Harbour"]).contains(r"\blk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\b"));
    let edited = desk.json(&[
        "tenant",
        "edit",
        "Harbour",
        "--name",
        "Port",
        "--prefix",
        "pt",
        "--max-lifetime",
        "90",
        "--allow-never",
        "false",
        "--require-api-set",
        "true",
        "--keep",
        "forbid",
        "--warning-days",
        "7",
    ]);
    assert_eq!(edited["id"], shown["id"]);
    assert_eq!((&edited["name"], &edited["prefix"]), (&json!("Port"), &json!("pt")));
    let policy = json!({
        "max_lifetime_days": 90, "allow_never": false, "default_expiration": null, "require_api_set": true,
        "keep": "forbid", "warning_days": 7, "unique_names": false, "own_keys_only": false, "rotate_after_days": null
    });
    assert_eq!(edited["policy"], policy);
    let edited = desk.json(&["tenant", "edit", "port", "--max-lifetime", "none", "--keep", "default"]);
    assert_eq!(edited["policy"]["max_lifetime_days"], json!(null));
    assert_eq!((&edited["policy"]["keep"], &edited["policy"]["warning_days"]), (&json!("default"), &json!(7)));

    let key = [
        "key",
        "new",
        "-t",
        "Port",
        "--name",
        "crane",
        "--api-set",
        "billing",
        "--expires",
        "5d",
        "--no-keep",
        "--stdout",
    ];
    desk.ok(&key);
    let error = desk.refused(&["tenant", "remove", "Port"], 1);
    assert_eq!(error["code"], "not_now");
    desk.ok(&["key", "revoke", "crane"]);
    assert_eq!(desk.json(&["tenant", "remove", "Port"]), json!({ "removed": shown["id"] }));
    assert_eq!(desk.json(&["tenant", "list"]), json!([]));
}

#[test]
fn api_sets_keep_what_an_edit_leaves_out() {
    let desk = Desk::new();
    let edited = desk.json(&["api-set", "edit", "-t", "Harbour", "billing", "--name", "Billing", "--group", "Money"]);
    let expected = json!({
        "id": "billing", "name": "Billing", "group": "Money", "description": "", "retired_at": null, "keys": 0
    });
    assert_eq!(edited, expected);
    let edited = desk.json(&["api-set", "edit", "-t", "Harbour", "billing", "--name", "Bills"]);
    assert_eq!((&edited["name"], &edited["group"]), (&json!("Bills"), &json!("Money")));
    let edited = desk.json(&["api-set", "edit", "-t", "Harbour", "billing", "--group", ""]);
    assert_eq!((&edited["name"], &edited["group"]), (&json!("Bills"), &json!(null)));
    assert_eq!(desk.refused(&["api-set", "edit", "-t", "Harbour", "nothing"], 1)["code"], "not_found");

    desk.key("crane", &["--api-set", "billing"]);
    assert_eq!(desk.refused(&["api-set", "remove", "-t", "Harbour", "billing"], 1)["code"], "not_now");
    desk.ok(&["key", "edit", "crane", "--no-api-sets"]);
    assert_eq!(desk.json(&["api-set", "remove", "-t", "Harbour", "billing"]), json!({ "removed": "billing" }));
    let left = desk.json(&["api-set", "list", "-t", "Harbour"]);
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    assert_eq!((&left[0]["id"], &left[0]["keys"]), (&json!("dunning"), &json!(0)));
}

#[test]
fn a_key_is_edited_and_found() {
    let desk = Desk::new();
    desk.key("crane", &["--owner", "Ada", "--api-set", "dunning", "--api-set", "billing"]);
    desk.key("export", &["--description", "nightly\nfor the archive", "--expires", "5d"]);
    let edited = desk.json(&[
        "key",
        "edit",
        "crane",
        "--name",
        "tug",
        "--owner",
        "Grace",
        "--api-set",
        "dunning",
        "--expires",
        "30d",
    ]);
    assert_eq!((&edited["name"], &edited["owner"]), (&json!("tug"), &json!("Grace")));
    assert_eq!(edited["api_sets"], json!(["dunning"]));
    let names = |args: &[&str]| {
        let found = desk.json(&[&["key", "list"], args].concat());
        found.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["--sort", "name"]), ["export", "tug"]);
    assert_eq!(names(&["--sort", "expires"]), ["export", "tug"]);
    assert_eq!(names(&["--search", "archive"]), ["export"]);
    assert_eq!(names(&["--status", "expiring"]), ["export"]);
    assert_eq!(names(&["--status", "expiring", "--status", "active", "--sort", "name"]), ["export", "tug"]);
    assert_eq!(names(&["--api-set", "dunning"]), ["tug"]);
    assert_eq!(names(&["--owner", "Grace"]), ["tug"]);
    assert_eq!(names(&["-t", "Harbour", "--limit", "1", "--sort", "name"]), ["export"]);
    assert!(names(&["--limit", "0"]).is_empty());
    assert!(names(&["--search", "nothing like it"]).is_empty());
    let shown = desk.ok(&["key", "show", "export"]);
    assert!(shown.contains("Used for  nightly\n          for the archive\n"), "{shown}");
}

#[test]
fn a_tenant_that_keeps_by_default_is_a_place_for_the_secret() {
    let desk = Desk::new();
    desk.ok(&["tenant", "edit", "Harbour", "--keep", "default"]);
    let new = ["key", "new", "-t", "Harbour", "--name", "crane"];
    assert_eq!(desk.refused(&new, 5)["code"], "vault_locked");
    assert!(desk.names().is_empty());
    let printed = desk.unlocked(&new).ok();
    assert!(printed.contains("kept in the vault"), "{printed}");
    assert_eq!(desk.json(&["key", "show", "crane"])["kept"], true);
    assert_eq!(desk.refused(&[&new[..], &["--no-keep"]].concat(), 2)["code"], "invalid_input");
    desk.ok(&["tenant", "edit", "Harbour", "--keep", "forbid"]);
    assert_eq!(desk.refused(&[&new[..], &["--keep"]].concat(), 4)["code"], "not_permitted");
    assert_eq!(desk.names(), ["crane"]);

    // A locked vault does not hold a revocation up; the secret leaves with the next command that can open the vault.
    let answer = desk.run(&["key", "revoke", "crane"]);
    assert!(answer.stderr.contains("waits to be taken out of the vault"), "{answer:?}");
    answer.ok();
    assert!(desk.unlocked(&["audit", "list"]).ok().contains("secret discarded"));
}

#[test]
fn without_an_end_a_key_lives_as_long_as_its_tenant_allows() {
    let desk = Desk::new();
    desk.key("endless", &[]);
    assert_eq!(desk.json(&["key", "show", "endless"])["expires_at"], json!(null));
    desk.ok(&["tenant", "edit", "Harbour", "--max-lifetime", "30"]);
    desk.key("month", &[]);
    let end = desk.json(&["key", "show", "month"])["expires_at"].as_str().unwrap().to_owned();
    let days = (end.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - chrono::Utc::now()).num_hours();
    assert!((29 * 24..=30 * 24).contains(&days), "{end}");
    desk.ok(&["tenant", "edit", "Harbour", "--max-lifetime", "none", "--allow-never", "false"]);
    let endless = ["key", "new", "-t", "Harbour", "--name", "endless too", "--stdout"];
    let error = desk.refused(&endless, 2);
    assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&json!("expires"), &json!("never_forbidden")));
}

#[test]
fn a_name_for_several_keys_is_pointed_out_and_not_guessed() {
    let desk = Desk::new();
    desk.key("crane", &[]);
    let second = desk.run(&["key", "new", "-t", "Harbour", "--name", "crane", "--stdout"]);
    assert!(second.stderr.contains("other keys named crane"), "{second:?}");
    let key = second.ok();
    assert_eq!(desk.refused(&["key", "delete", "crane"], 1)["code"], "ambiguous");
    desk.ok(&["key", "delete", handle_of(&key)]);
    assert_eq!(desk.names(), ["crane"]);
}
