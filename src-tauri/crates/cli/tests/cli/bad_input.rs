//! What bad input gets: the field, the way out, the right exit status, and nothing made.

use std::fs;

use serde_json::json;

use crate::desk::{Desk, key_in};

#[test]
fn names_follow_the_rules() {
    let desk = Desk::new();
    let long = "n".repeat(101);
    let bad: [(&str, &str); 12] = [
        ("", "required"),
        (" \u{3000} ", "required"),
        ("ab", "too_short"),
        (" ab ", "too_short"),
        (&long, "too_long"),
        ("a\tbc", "control_character"),
        ("abc\u{1b}[31m", "control_character"),
        ("abc\ndef", "control_character"),
        ("abc\u{202e}def", "invisible_character"),
        ("a\u{200b}bc", "invisible_character"),
        ("https://example.com", "url"),
        ("see www.example.com", "url"),
    ];
    for (name, rule) in bad {
        let attempts: &[&[&str]] = &[
            &["key", "new", "-t", "Harbour", "--name", name, "--stdout"],
            &["tenant", "add", name, "--local"],
            &["tenant", "edit", "Harbour", "--name", name],
        ];
        for args in attempts {
            let error = desk.refused(args, 2);
            assert_eq!(error["code"], "invalid_input", "{args:?}");
            assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&json!("name"), &json!(rule)), "{args:?}");
            let answer = desk.run(args);
            assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{answer:?}");
            assert!(answer.stderr.starts_with("The name ") && answer.stderr.lines().count() == 2, "{answer:?}");
        }
    }
    assert!(desk.names().is_empty());
    for name in ["abc", "üöä", "👩‍🔧 crane 🏗️", "名前です", "O'Brien & <b>sons</b>", "--help me", &"n".repeat(100)]
    {
        desk.key("placeholder", &[]);
        desk.ok(&["key", "edit", "placeholder", &format!("--name={name}")]);
        assert_eq!(desk.json(&["key", "list", "--limit", "1"])[0]["name"], name);
    }
}

#[test]
fn other_fields_follow_their_rules() {
    let desk = Desk::new();
    let new = |more: &[&str]| {
        let args = [&["key", "new", "-t", "Harbour", "--name", "crane", "--stdout"], more].concat();
        desk.refused(&args, 2)["field"].clone()
    };
    let yesterday = (chrono::Utc::now() - chrono::TimeDelta::days(1)).format("%Y-%m-%d").to_string();
    for (text, rule) in [
        (yesterday.as_str(), "in_the_past"),
        ("2026-02-30", "not_a_date"),
        ("2027-1-3", "not_a_date"),
        ("soon", "not_a_date"),
        ("90", "not_a_date"),
        ("", "required"),
        ("0d", "out_of_range"),
        ("36501d", "out_of_range"),
        ("99999999999999999999d", "out_of_range"),
        ("9999-12-31", "out_of_range"),
    ] {
        let field = new(&["--expires", text]);
        assert_eq!((&field["name"], &field["rule"]), (&json!("expires"), &json!(rule)), "{text}");
    }
    let long = "d".repeat(1_001);
    for (option, text, name, rule) in [
        ("--description", long.as_str(), "description", "too_long"),
        ("--description", "a\u{7}", "description", "control_character"),
        ("--owner", "a\nb", "owner", "control_character"),
        ("--api-set", "nothing", "api_sets", "unknown_api_set"),
    ] {
        let field = new(&[option, text]);
        assert_eq!((&field["name"], &field["rule"]), (&json!(name), &json!(rule)), "{option}");
    }
    desk.ok(&["tenant", "edit", "Harbour", "--require-api-set", "true", "--max-lifetime", "30"]);
    assert_eq!(new(&["--expires", "5d"]), json!({ "name": "api_sets", "rule": "required" }));
    let beyond = new(&["--api-set", "billing", "--expires", "31d"]);
    assert_eq!(beyond, json!({ "name": "expires", "rule": "beyond_ceiling", "days": 30 }));
    assert_eq!(new(&["--api-set", "billing", "--expires", "never"])["rule"], "never_forbidden");
    assert!(desk.names().is_empty());

    for (args, field, rule) in [
        (&["tenant", "add", "Harbour", "--local"][..], "name", "taken"),
        (&["tenant", "add", "HARBOUR", "--local"], "name", "taken"),
        (&["tenant", "add", "Customs", "--local", "--prefix", "UP"], "prefix", "characters"),
        (&["tenant", "add", "Customs", "--local", "--prefix", "a2345678901234567"], "prefix", "too_long"),
        (&["tenant", "add", "Customs", "--local", "--template", "none such"], "template", "unknown"),
        (&["tenant", "edit", "Harbour", "--max-lifetime", "0"], "max_lifetime_days", "out_of_range"),
        (&["tenant", "edit", "Harbour", "--warning-days", "366"], "warning_days", "out_of_range"),
        (&["api-set", "add", "-t", "Harbour", "billing"], "id", "taken"),
        (&["api-set", "add", "-t", "Harbour", "no blanks"], "id", "characters"),
        (&["api-set", "add", "-t", "Harbour", ""], "id", "required"),
    ] {
        let error = desk.refused(args, 2);
        assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&json!(field), &json!(rule)), "{args:?}");
    }
}

#[test]
fn wrong_usage_is_said_before_anything_is_made() {
    let desk = Desk::new();
    let new = ["key", "new", "-t", "Harbour", "--name", "crane"];
    for args in [
        &[][..],
        &["key"],
        &["nothing"],
        &["tenant", "add", "Customs"],
        &["tenant", "edit", "Harbour"],
        &["tenant", "edit", "Harbour", "--max-lifetime", "a year"],
        &["key", "edit", "crane"],
        &new[..4],
        &new,
        &[&new[..], &["--out", "-"]].concat(),
        &[&new[..], &["--out", "a.APIKEY", "--stdout"]].concat(),
        &[&new[..], &["--keep", "--no-keep"]].concat(),
        &["key", "list", "--limit", "-1"],
        &["key", "list", "--status", "fine"],
        &["audit", "list", "--since", "yesterday"],
        &["audit", "list", "--since", "2026-02-30"],
        &["run", "--", "true"],
        &["run", "--env", "A=crane"],
        &["run", "--env", "A B=crane", "--", "true"],
        &["completions", "csh"],
        &["--home", "", "tenant", "list"],
    ] {
        assert_eq!(desk.refused(args, 2)["code"], "invalid_input", "{args:?}");
        let answer = desk.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{answer:?}");
        assert!(!answer.stderr.contains("panicked"), "{answer:?}");
    }
    assert!(desk.names().is_empty());
    for since in ["0d", "7d", "99999999d", "4294967295d", "2026-11-01", "2026-11-01T00:00:00+02:00"] {
        // Days before the calendar begins are no moment, and no crash.
        let status = desk.run(&["audit", "list", "--since", since]).status;
        assert!(matches!(status, Some(0 | 2)), "{since}");
    }
    for (args, code) in [
        (&["key", "show", "nothing"][..], "not_found"),
        (&["tenant", "show", "nothing"], "not_found"),
        (&["api-set", "remove", "-t", "Harbour", "nothing"], "not_found"),
        (&["key", "list", "-t", "nothing"], "not_found"),
        (&["verify", "-t", "nothing"], "not_found"),
    ] {
        assert_eq!(desk.refused(args, 1)["code"], code, "{args:?}");
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_no_key() {
    let desk = Desk::new();
    let new = |file: &str| desk.refused(&["key", "new", "-t", "Harbour", "--name", "crane", "--out", file], 1);
    fs::write(desk.path("there.APIKEY"), "mine").unwrap();
    fs::create_dir(desk.path("folder")).unwrap();
    assert_eq!(new("there.APIKEY")["code"], "file_exists");
    assert_eq!(new("folder")["code"], "file_exists");
    assert_eq!(fs::read_to_string(desk.path("there.APIKEY")).unwrap(), "mine");
    for unusable in ["nowhere/crane.APIKEY", "there.APIKEY/crane.APIKEY", "..", "/", &"n".repeat(300)] {
        let error = new(unusable);
        assert!(error["hint"].is_string() && !error["message"].as_str().unwrap().contains("os error"), "{error}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("link.APIKEY")).unwrap();
        assert_eq!(new("link.APIKEY")["code"], "file_exists", "a link is not followed, even to nowhere");
    }
    assert!(desk.names().is_empty());
    let parts = fs::read_dir(desk.path("")).unwrap().flatten().map(|entry| entry.file_name());
    assert!(!parts.into_iter().any(|name| name.to_string_lossy().contains("part")));
    // Nothing stands in the way of the next try.
    desk.ok(&["key", "new", "-t", "Harbour", "--name", "crane", "--out", "folder/crane.APIKEY"]);
    key_in(&desk.path("folder/crane.APIKEY"));
}

#[test]
fn passphrases_are_checked() {
    let desk = Desk::new();
    let with = |file: &str, text: &[u8]| {
        fs::write(desk.path(file), text).unwrap();
        crate::desk::make_private(&desk.path(file));
        let args = ["--json", "--passphrase-file", file, "key", "list"];
        desk.run(&args)
    };
    assert_eq!(with("wrong", b"not the passphrase").refused(5)["code"], "vault_wrong_passphrase");
    assert_eq!(with("empty", b"").refused(5)["code"], "vault_wrong_passphrase");
    assert_eq!(with("binary", &[0xff; 40]).refused(2)["code"], "invalid_input");
    assert_eq!(with("large", &[b'a'; 5_000]).refused(2)["code"], "invalid_input");
    with("windows", format!("{}\r\n", crate::desk::PASSPHRASE).as_bytes()).ok();
    desk.refused(&["--passphrase-file", "nowhere", "key", "list"], 1);
    desk.refused(&["--passphrase-file", ".", "key", "list"], 1);

    let fresh = Desk::empty();
    assert_eq!(fresh.refused(&["init", "--vault", "passphrase"], 5)["code"], "vault_locked");
    fs::write(fresh.path("short"), "short").unwrap();
    let error = fresh.refused(&["--passphrase-file", "short", "init", "--vault", "passphrase"], 2);
    assert_eq!(error["field"]["name"], "passphrase");
    assert!(!fresh.path("home/latchkey.db").exists());
}

#[cfg(unix)]
#[test]
fn a_passphrase_file_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::new();
    assert!(!desk.unlocked(&["key", "list"]).stderr.contains("read by others"));
    fs::set_permissions(desk.path("passphrase"), PermissionsExt::from_mode(0o644)).unwrap();
    let answer = desk.unlocked(&["--json", "key", "list"]);
    assert!(answer.stderr.contains("can be read by others"), "{answer:?}");
    assert_eq!(answer.ok(), "[]\n");
}
