//! What bad input gets: the field, the way out, the right exit status, and nothing made.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use crate::desk::{Answer, Desk, key_in};

#[test]
fn names_follow_the_rules() {
    let desk = Desk::new();
    let long = "n".repeat(101);
    let missing = ("required", "The name is missing.", "Give the name.");
    let short = ("too_short", "The name is too short.", "Use at least 3 characters.");
    let control = (
        "control_character",
        "The name has a control character in it.",
        "Remove line breaks, tabs and other control characters.",
    );
    let invisible = (
        "invisible_character",
        "The name has a character in it that cannot be seen or that turns the direction of text.",
        "Type it anew instead of pasting it.",
    );
    let address = ("url", "The name is a web address.", "Give a name, and put addresses into the description.");
    let bad: [(&str, (&str, &str, &str)); 12] = [
        ("", missing),
        (" \u{3000} ", missing),
        ("ab", short),
        (" ab ", short),
        (&long, ("too_long", "The name is too long.", "Use at most 100 characters.")),
        ("a\tbc", control),
        ("abc\u{1b}[31m", control),
        ("abc\ndef", control),
        ("abc\u{202e}def", invisible),
        ("a\u{200b}bc", invisible),
        ("https://example.com", address),
        ("see www.example.com", address),
    ];
    for (name, (rule, sentence, hint)) in bad {
        let attempts: &[&[&str]] = &[
            &["key", "new", "-t", "Harbour", "--name", name, "--stdout"],
            &["tenant", "add", name, "--local"],
            &["tenant", "edit", "Harbour", "--name", name],
        ];
        for args in attempts {
            let error = desk.refused(args, 2);
            assert_eq!(error["code"], "invalid_input", "{args:?}");
            assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&json!("name"), &json!(rule)), "{args:?}");
            assert_eq!((&error["message"], &error["hint"]), (&json!(sentence), &json!(hint)), "{args:?}");
            let answer = desk.run(args);
            assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{answer:?}");
            assert_eq!(answer.stderr, format!("{sentence}\n{hint}\n"), "{answer:?}");
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
        let error = desk.refused(&args, 2);
        (error["field"].clone(), format!("{} {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap()))
    };
    let yesterday = (chrono::Utc::now() - chrono::TimeDelta::days(1)).format("%Y-%m-%d").to_string();
    let past = "The expiration is in the past. Choose today or a later date.";
    let no_date =
        "The expiration is not a date. Give never, a number of days such as 90d, or a date such as 2027-01-31.";
    let too_far = "The expiration is out of range. Give 1 to 36500.";
    for (text, rule, words) in [
        (yesterday.as_str(), "in_the_past", past),
        ("2026-02-30", "not_a_date", no_date),
        ("2027-1-3", "not_a_date", no_date),
        ("soon", "not_a_date", no_date),
        ("90", "not_a_date", no_date),
        ("", "required", "The expiration is missing. Give the expiration."),
        ("0d", "out_of_range", too_far),
        ("36501d", "out_of_range", too_far),
        ("99999999999999999999d", "out_of_range", too_far),
        ("9999-12-31", "out_of_range", too_far),
    ] {
        let (field, said) = new(&["--expires", text]);
        assert_eq!((&field["name"], &field["rule"]), (&json!("expires"), &json!(rule)), "{text}");
        assert_eq!(said, words, "{text}");
    }
    let long = "d".repeat(1_001);
    let control = "has a control character in it. Remove line breaks, tabs and other control characters.";
    for (option, text, name, rule, words) in [
        (
            "--description",
            long.as_str(),
            "description",
            "too_long",
            "The description is too long. Use at most 1000 characters.",
        ),
        ("--description", "a\u{7}", "description", "control_character", &format!("The description {control}")),
        ("--owner", "a\nb", "owner", "control_character", &format!("The owner {control}")),
        (
            "--api-set",
            "nothing",
            "api_sets",
            "unknown_api_set",
            "The tenant has no API set `nothing`, or not any more. Choose from the tenant's API sets.",
        ),
    ] {
        let (field, said) = new(&[option, text]);
        assert_eq!((&field["name"], &field["rule"]), (&json!(name), &json!(rule)), "{option}");
        assert_eq!(said, words, "{option}");
    }
    desk.ok(&["tenant", "edit", "Harbour", "--require-api-set", "true", "--max-lifetime", "30"]);
    for (more, field, words) in [
        (
            &["--expires", "5d"][..],
            json!({ "name": "api_sets", "rule": "required" }),
            "An API set is missing. Give an API set.",
        ),
        (
            &["--api-set", "billing", "--expires", "31d"],
            json!({ "name": "expires", "rule": "beyond_ceiling", "days": 30 }),
            "The expiration is beyond what the tenant allows. Keys of this tenant live for at most 30 days.",
        ),
        (
            &["--api-set", "billing", "--expires", "never"],
            json!({ "name": "expires", "rule": "never_forbidden" }),
            "Keys of this tenant must have an end. Choose a number of days or a date.",
        ),
    ] {
        assert_eq!(new(more), (field, words.to_owned()), "{more:?}");
    }
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

/// Between the look at the tenant and the moment that the key comes into the list, somebody else takes the API set away.
#[cfg(target_os = "linux")]
#[test]
fn an_api_set_removed_meanwhile_is_said_and_nothing_is_made() {
    let desk = Desk::new();
    let new =
        ["--json", "key", "new", "-t", "Harbour", "--name", "crane", "--api-set", "dunning", "--out", "crane.APIKEY"];
    let mut command = desk.command(&new);
    command.env("LATCHKEY_PAUSE", "generate.written").stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    while !fs::read_to_string(&status).unwrap().contains("State:\tT") {
        thread::yield_now();
    }
    desk.ok(&["api-set", "remove", "-t", "Harbour", "dunning"]);
    assert!(Command::new("kill").args(["-CONT", &child.id().to_string()]).status().unwrap().success());
    let error = Answer::from(child.wait_with_output().unwrap()).refused(2);
    assert_eq!(error["field"], json!({ "name": "api_sets", "rule": "unknown_api_set", "id": "dunning" }));
    assert_eq!(error["message"], "The tenant has no API set `dunning`, or not any more.");
    assert_eq!(error["hint"], "Choose from the tenant's API sets.");
    assert!(desk.names().is_empty());
    let files = fs::read_dir(desk.path("")).unwrap().flatten().map(|entry| entry.file_name());
    assert!(files.into_iter().all(|name| !name.to_string_lossy().to_lowercase().contains("key")), "no file is left");
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
    for wrong in [&b"not the passphrase"[..], b""] {
        let error = with("wrong", wrong).refused(5);
        assert_eq!(error["code"], "vault_wrong_passphrase");
        assert_eq!(error["message"], "The passphrase is not this vault's.");
        assert_eq!(
            error["hint"],
            "Type it again, and look at Caps Lock and the keyboard's language. It cannot be recovered."
        );
    }
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
