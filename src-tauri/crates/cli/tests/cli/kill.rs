//! The process killed at every step of what the command line does; the next command is consistent.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use latchkey_app::recover;
use latchkey_domain::secret::Secret;

use crate::desk::{Desk, PASSPHRASE, handle_of, key_in};

/// The sagas that are killed here, at each of their steps.
const SAGAS: [&str; 16] = [
    "generate",
    "revoke",
    "delete",
    "discard",
    "retire",
    "undo",
    "import",
    "batch",
    "ask",
    "tell",
    "credential",
    "signin",
    "signout",
    "record",
    "export",
    "rekey",
];

/// Every fault point that the source has: a new one is found without being listed here.
pub(crate) fn all_points() -> BTreeSet<String> {
    fn collect(folder: &Path, points: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, points);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let calls = text.split("fault::point(\"").skip(1);
                points.extend(calls.map(|call| call.split('"').next().unwrap().to_owned()));
            }
        }
    }
    let mut points = BTreeSet::new();
    for krate in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap().flatten() {
        collect(&krate.path().join("src"), &mut points);
    }
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src"), &mut points);
    points
}

fn saga_of(point: &str) -> &str {
    point.split('.').next().unwrap()
}

/// The fault points of a saga.
pub(crate) fn points(saga: &str) -> BTreeSet<String> {
    assert!(SAGAS.contains(&saga), "{saga}");
    let points: BTreeSet<_> = all_points().into_iter().filter(|point| saga_of(point) == saga).collect();
    assert!(!points.is_empty(), "{saga}");
    points
}

#[test]
fn every_fault_point_is_killed_at_by_some_test() {
    let elsewhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("../profile/tests/kill.rs");
    let elsewhere = fs::read_to_string(elsewhere).unwrap();
    let mut left = all_points();
    assert!(left.len() >= 17, "the search has to learn how fault points are written now: {left:?}");
    left.retain(|point| !SAGAS.contains(&saga_of(point)) && !elsewhere.contains(&format!("\"{point}\"")));
    assert!(left.is_empty(), "nobody dies at these: {left:?}");
}

pub(crate) fn die(desk: &Desk, point: &str, args: &[&str]) {
    let passphrase = desk.arg("passphrase");
    let args = [&["--passphrase-file", passphrase.as_str()], args].concat();
    let answer = desk.run_with(&args, &[("LATCHKEY_FAULT", point)], b"");
    assert_eq!(answer.status, None, "{point} was not reached: {answer:?}");
}

/// How many secrets are in the vault, after nothing is left to finish.
pub(crate) fn in_vault(desk: &Desk, point: &str) -> usize {
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let session = latchkey_profile::open(&desk.path("home"), Some(&passphrase)).unwrap();
    assert_eq!(recover::waiting(&session).unwrap(), 0, "{point}");
    session.vault.items().unwrap().len()
}

fn parts(desk: &Desk) -> Vec<String> {
    let names = [desk.path(""), desk.path("home")].map(|folder| fs::read_dir(folder).unwrap());
    let names = names.into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("part")).collect()
}

#[test]
fn a_key_is_there_with_its_file_and_its_kept_secret_or_not_at_all() {
    let (mut undone, mut finished) = (Vec::new(), Vec::new());
    for point in points("generate") {
        let desk = Desk::new();
        die(&desk, &point, &["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "crane.APIKEY"]);
        desk.unlocked(&["key", "list"]).ok();
        let file = desk.path("crane.APIKEY");
        assert_eq!(parts(&desk), [""; 0], "{point}");
        if desk.names().is_empty() {
            assert!(!file.exists(), "{point}: a file without a key");
            assert_eq!(in_vault(&desk, &point), 0, "{point}: a secret without a key");
            // Nothing stands in the way of the next try.
            desk.ok(&["key", "new", "-t", "Harbour", "--name", "crane", "--out", "crane.APIKEY"]);
            undone.push(point);
            continue;
        }
        let key = key_in(&file);
        assert_eq!(desk.verify("Harbour", &key, &[]).0, "valid", "{point}");
        let shown = desk.json(&["key", "show", "crane"]);
        assert_eq!(
            (shown["handle"].as_str(), &shown["kept"], &shown["handed_over"]),
            (Some(handle_of(&key)), &true.into(), &true.into())
        );
        assert_eq!(in_vault(&desk, &point), 1, "{point}");
        let copied = "printf '%s\\n' \"$S\" > kept; chmod 600 kept";
        desk.unlocked(&["run", "--env", "S=crane", "--", "sh", "-c", copied]).ok();
        assert_eq!(key_in(&desk.path("kept")), key, "{point}");
        finished.push(point);
    }
    assert_eq!(undone, ["generate.journaled", "generate.kept", "generate.written"]);
    assert_eq!(finished, ["generate.delivered", "generate.done", "generate.listed"]);
}

#[test]
fn revoking_and_deleting_hold_from_the_first_step_on() {
    let steps = ["revoke", "delete"]
        .map(|verb| points(verb).into_iter().chain(points("discard")).map(move |point| (verb, point)));
    for (verb, point) in steps.into_iter().flatten() {
        let desk = Desk::new();
        let new = ["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "crane.APIKEY"];
        desk.unlocked(&new).ok();
        let key = key_in(&desk.path("crane.APIKEY"));
        die(&desk, &point, &["key", verb, "crane"]);
        let refused = if verb == "revoke" { "revoked" } else { "unknown" };
        assert_eq!(desk.verify("Harbour", &key, &[]), (refused.to_owned(), Some(3)), "{point}");
        desk.unlocked(&["key", "list"]).ok();
        assert_eq!(in_vault(&desk, &point), 0, "{point}");
        let told = desk.json(&["audit", "list", "--limit", "100"]);
        let told = told.as_array().unwrap().iter().filter(|event| event["kind"] == format!("key_{verb}d"));
        assert_eq!(told.count(), 1, "{point}");
    }
}

/// Killed from outside at any moment, and not at a named step.
#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_leaves_nothing_half_made() {
    use std::process::Stdio;
    use std::time::Duration;

    let desk = Desk::new();
    for number in 0..20_u64 {
        let (name, file) = (format!("crane {number}"), format!("{number}.APIKEY"));
        let mut command = desk.command(&["key", "new", "-t", "Harbour", "--name", &name, "--out", &file]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(3 * number));
        child.kill().unwrap_or_default();
        child.wait().unwrap();
    }
    // What needs no vault is settled at once; the vault is unlocked for what might.
    desk.unlocked(&["key", "list"]).ok();
    assert_eq!(parts(&desk), [""; 0]);
    let names = desk.names();
    for number in 0..20 {
        let file = desk.path(&format!("{number}.APIKEY"));
        assert_eq!(file.exists(), names.contains(&format!("crane {number}")), "{number}");
        if file.exists() {
            assert_eq!(desk.verify("Harbour", &key_in(&file), &[]).0, "valid");
        }
    }
}

#[test]
fn an_import_is_there_with_all_its_kept_secrets_or_not_at_all() {
    let file = "A_KEY=sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca\nB_KEY=hunter2hunter2\n";
    let (mut undone, mut finished) = (Vec::new(), Vec::new());
    for point in points("import") {
        let desk = Desk::new();
        fs::write(desk.path(".env"), file).unwrap();
        die(&desk, &point, &["import", ".env", "-t", "Harbour", "--keep", "--yes"]);
        desk.unlocked(&["key", "list"]).ok();
        match desk.names().len() {
            0 => undone.push((point.clone(), in_vault(&desk, &point))),
            count => finished.push((point.clone(), count, in_vault(&desk, &point))),
        }
        // Nothing stands in the way of the next try.
        desk.unlocked(&["import", ".env", "-t", "Harbour", "--keep", "--yes"]).ok();
        assert_eq!((desk.names().len(), in_vault(&desk, &point)), (2, 2), "{point}");
    }
    assert_eq!(undone, [("import.journaled".to_owned(), 0), ("import.kept".to_owned(), 0)]);
    assert_eq!(finished, [("import.listed".to_owned(), 2, 2)]);
}
