//! What is printed, where, and what becomes of it when nobody reads.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

fn fields(document: &Value) -> Vec<&str> {
    document.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_key_has_the_fields_of_the_contract() {
    let desk = Desk::new();
    let new = ["key", "new", "-t", "Harbour", "--name", "crane", "--expires", "2099-01-31"];
    let printed = desk.json(&[&new[..], &["--stdout"]].concat());
    let contract = [
        "id",
        "handle",
        "tenant",
        "name",
        "description",
        "display",
        "api_sets",
        "organization",
        "groups",
        "owner",
        "status",
        "created_at",
        "expires_at",
        "revoked_at",
        "kept",
    ];
    let shown = desk.json(&["key", "show", "crane"]);
    for field in contract {
        assert!(fields(&printed).contains(&field) && fields(&shown).contains(&field), "{field}");
        assert_eq!(printed[field], shown[field], "{field}");
    }
    assert_eq!(desk.json(&["key", "list"]), json!([shown]));
    assert_eq!(shown["expires_at"], "2099-02-01T00:00:00Z");
    assert_eq!(
        (&shown["status"], &shown["kept"], &shown["tenant"]),
        (&json!("active"), &json!(false), &json!("Harbour"))
    );
    let secret = printed["secret"].as_str().unwrap();
    assert_eq!(shown["display"], format!("lk_{}…{}", shown["handle"].as_str().unwrap(), &secret[secret.len() - 4..]));
    assert_eq!(desk.verify("Harbour", secret, &[]).0, "valid");
    for document in [&shown, &desk.json(&[&new[..], &["--out", "a.APIKEY"]].concat())] {
        assert!(document.get("secret").is_none(), "{document}");
    }
}

#[test]
fn standard_output_has_the_key_and_nothing_else() {
    let desk = Desk::new();
    let answer = desk.run(&["key", "new", "-t", "Harbour", "--name", "crane", "--stdout"]);
    assert!(answer.stderr.contains("Generated crane"), "{answer:?}");
    let printed = answer.ok();
    assert_eq!((printed.len(), printed.lines().count(), printed.ends_with('\n')), (62, 1, true), "{printed}");
}

#[test]
fn failures_come_where_they_are_looked_for() {
    let desk = Desk::new();
    let answer = desk.run(&["key", "show", "nothing"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (Some(1), ""));
    assert_eq!(answer.stderr.lines().count(), 2, "the message, then the hint: {answer:?}");
    let answer = desk.run(&["--json", "key", "show", "nothing"]);
    assert_eq!(answer.stderr, "");
    assert_eq!(fields(&serde_json::from_str(&answer.stdout).unwrap()), ["error"]);
    // Wherever the option stands.
    let answer = desk.run(&["key", "show", "nothing", "--json"]);
    assert_eq!(answer.refused(1)["code"], "not_found");
    let answer = desk.run(&["--offline", "key", "list"]);
    assert_eq!(answer.ok(), "No keys.\n");
}

#[test]
fn a_table_for_people_has_no_colours_and_no_surprises() {
    let desk = Desk::new();
    desk.key("crane 🏗️", &["--owner", "Ada", "--description", "a\tb", "--expires", "2099-01-31"]);
    desk.key("tug", &["--owner", "Grace Hopper", "--api-set", "billing"]);
    let printed = desk.ok(&["key", "list", "--sort", "name"]);
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    assert!(lines[0].starts_with("NAME") && lines[0].ends_with("STATUS"), "{printed}");
    assert!(lines[1].contains("2099-01-31") && lines[1].ends_with("active"), "{printed}");
    assert!(!printed.contains('\u{1b}'));
    assert!(desk.ok(&["key", "show", "crane 🏗️"]).contains(r"a\tb"));
    assert!(desk.ok(&["audit", "list", "--limit", "1"]).contains("secret printed"));
    let answer = desk.run(&["audit", "list", "--limit", "1"]);
    assert!(answer.stderr.contains("--limit"), "what is left out is said: {answer:?}");
}

#[test]
fn long_lists_come_whole_and_in_order() {
    let desk = Desk::new();
    let database = rusqlite::Connection::open(desk.path("home/latchkey.db")).unwrap();
    drop(desk.key("crane", &[]));
    // More than two pages, as copies of one row: generating them one by one would take long.
    database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let columns: Vec<String> = database
        .prepare("SELECT name FROM pragma_table_info('key')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let values: Vec<_> = columns
        .iter()
        .map(|column| match column.as_str() {
            "row" => "NULL".to_owned(),
            "id" => "randomblob(16)".to_owned(),
            "handle" => "printf('%08d', n)".to_owned(),
            "name" => "printf('crane %08d', n)".to_owned(),
            other => other.to_owned(),
        })
        .collect();
    let copied = format!(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1200)
         INSERT INTO key ({}) SELECT {} FROM c, (SELECT * FROM key LIMIT 1)",
        columns.join(", "),
        values.join(", ")
    );
    database.execute_batch(&copied).unwrap();
    drop(database);
    let names = desk.names();
    assert_eq!(names.len(), 1_201);
    assert!(names.is_sorted());
    assert_eq!(desk.ok(&["key", "list"]).lines().count(), 1_202);
    assert_eq!(desk.json(&["key", "list", "--limit", "501"]).as_array().unwrap().len(), 501);

    // A reader that stops early ends it quietly.
    let mut command = desk.command(&["key", "list"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

/// A key that was not read must not look as if it were in use.
#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_printed_is_taken_back() {
    let desk = Desk::new();
    for (json, full) in [(false, true), (false, false), (true, true), (true, false)] {
        let args = ["key", "new", "-t", "Harbour", "--name", "crane", "--stdout", "--json"];
        let mut command = desk.command(if json { &args[..] } else { &args[..7] });
        command.stderr(Stdio::piped());
        let answer = if full {
            let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            Answer::from(command.stdout(full).output().unwrap())
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            Answer::from(command.stdout(writer).output().unwrap())
        };
        assert_eq!(answer.status, Some(1), "{answer:?}");
        assert!(json || answer.stderr.contains("It was deleted again."), "{answer:?}");
        assert!(desk.names().is_empty());
    }
    let log = desk.json(&["audit", "list", "--limit", "1"]);
    assert_eq!(
        (&log[0]["kind"], &log[0]["reason"]),
        (&json!("key_deleted"), &json!("standard output did not take the key"))
    );

    // A key that is safe in a file stays, whether its document is read or not.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let args = ["--json", "key", "new", "-t", "Harbour", "--name", "crane", "--out", "crane.APIKEY"];
    assert!(desk.command(&args).stdout(writer).status().unwrap().success());
    assert_eq!(desk.names(), ["crane"]);

    // A full disk is no success, whatever is printed.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(desk.command(&["key", "list"]).stdout(full).stderr(Stdio::null()).status().unwrap().code(), Some(1));
}

#[test]
fn shells_get_their_completions() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.ok(&["completions", shell]).contains("api-set"), "{shell}");
    }
}

#[test]
fn no_option_takes_a_secret() {
    let desk = Desk::empty();
    for command in [&["init"][..], &["key", "new"], &["key", "copy"], &["verify"], &["run"], &["tenant", "add"]] {
        let help = desk.ok(&[command, &["--help"]].concat());
        for word in ["--secret", "--key ", "--passphrase "] {
            assert!(!help.contains(word), "{command:?}: {help}");
        }
    }
}
