//! A profile that cannot be used is refused whole, with what to do, and is left as it was.

use std::fs;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

/// The code, the sentence and the way out of a profile that cannot be used.
#[track_caller]
fn said(error: &Value, code: &str, sentence: &str, hint: &str) {
    let told = [&error["code"], &error["message"], &error["hint"]];
    assert_eq!(told, [&json!(code), &json!(sentence), &json!(hint)]);
}

#[track_caller]
fn damaged(error: &Value) {
    let sentence = "The profile's database is damaged, or it is not Latchkey's.";
    said(error, "profile_damaged", sentence, "Restore it from a backup, or move the file away and begin anew.");
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let desk = Desk::new();
    let database = desk.path("home/latchkey.db");
    let whole = fs::read(&database).unwrap();
    for spoiled in [
        &b"not a database at all, but a text that is long enough to look like one"[..],
        &whole[..whole.len() / 2],
        &[0xff; 8_192],
    ] {
        fs::write(&database, spoiled).unwrap();
        damaged(&desk.refused(&["key", "list"], 1));
        assert_eq!(fs::read(&database).unwrap(), spoiled);
    }
    let passphrase = desk.arg("passphrase");
    let error = desk.refused(&["--passphrase-file", &passphrase, "init", "--vault", "passphrase"], 1);
    // It is not overwritten by a new one.
    damaged(&error);
    fs::write(&database, whole).unwrap();
    desk.ok(&["key", "list"]);
}

#[test]
fn a_newer_database_is_refused() {
    let desk = Desk::new();
    Connection::open(desk.path("home/latchkey.db")).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    said(
        &desk.refused(&["key", "list"], 1),
        "profile_newer",
        "This profile was written by a newer version of Latchkey.",
        "Install the newest version of Latchkey, or choose another profile folder.",
    );
}

#[test]
fn a_database_that_somebody_holds_is_said_to_be_busy() {
    let desk = Desk::new();
    let holder = Connection::open(desk.path("home/latchkey.db")).unwrap();
    holder.busy_timeout(Duration::from_secs(1)).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE; UPDATE tenant SET name = name").unwrap();
    let error = desk.refused(&["tenant", "add", "Customs", "--local"], 1);
    let hint = "Wait a moment and try again, or close the other program.";
    said(&error, "profile_busy", "Another program holds the profile's database.", hint);
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    desk.ok(&["tenant", "add", "Customs", "--local"]);
}

#[test]
fn a_vault_that_is_gone_or_damaged_is_refused() {
    let desk = Desk::new();
    let vault = desk.path("home/vault.lkv");
    let whole = fs::read(&vault).unwrap();
    for (spoiled, how) in [
        (None, "is missing"),
        (Some(&b""[..]), "is not a Latchkey vault"),
        (Some(&whole[..20]), "is truncated"),
        (Some(&[0; 500]), "is not a Latchkey vault"),
    ] {
        fs::remove_file(&vault).unwrap_or_default();
        if let Some(bytes) = spoiled {
            fs::write(&vault, bytes).unwrap();
        }
        let answer = desk.unlocked(&["--json", "key", "list"]);
        let sentence = format!("The vault {} {how}.", vault.display());
        let hint =
            "Put the file back from a backup. The keys themselves stay valid; only their kept secrets are in it.";
        said(&answer.refused(5), "vault_damaged", &sentence, hint);
    }
    fs::write(&vault, whole).unwrap();
    desk.unlocked(&["key", "list"]).ok();
}

/// As somebody else than root, whom no permission stops.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_said_so() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let desk = Desk::new();
    let is_root = fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0);
    for (path, mode) in [("", 0o755), ("home", 0o555), ("home/latchkey.db", 0o444), ("home/vault.lkv", 0o444)] {
        fs::set_permissions(desk.path(path), PermissionsExt::from_mode(mode)).unwrap();
    }
    let mut command = Command::new(if is_root { "setpriv" } else { "env" });
    if is_root {
        // The binary and the folder have to be in reach of somebody else; where they are not, this proves nothing.
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    let binary = desk.path("latchkey");
    fs::copy(env!("CARGO_BIN_EXE_latchkey"), &binary).unwrap();
    command
        .arg(&binary)
        .arg("--home")
        .arg(desk.path("home"))
        .args(["--json", "key", "new", "-t", "Harbour", "--name", "crane"]);
    let answer = Answer::from(command.arg("--stdout").output().unwrap());
    fs::set_permissions(desk.path("home"), PermissionsExt::from_mode(0o700)).unwrap();
    said(
        &answer.refused(1),
        "read_only",
        "The profile's database cannot be opened for writing.",
        "Check who owns the profile folder and whether the disk is read-only, or choose another folder.",
    );
    assert!(desk.names().is_empty());
}
