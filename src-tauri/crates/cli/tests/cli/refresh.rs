//! Remote tenants refreshed by the command line: all at once, one that fails among them, and what is said meanwhile.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::remote::office;
use crate::vendor::Portal;

/// The office with two more portals, of which the second is in trouble.
fn three() -> (Desk, [Portal; 3]) {
    let (desk, portal) = office();
    let others = ["Depot", "Quarry"].map(|name| {
        let other = Portal::start();
        other.add("Lamp", &["files:read"]);
        let admin = desk.arg("admin");
        let args = ["tenant", "add", name, "--remote", "docspace", "--url", &other.url, "--credential-file", &admin];
        desk.unlocked(&args).ok();
        other
    });
    let [depot, quarry] = others;
    quarry.state().trouble = Some(500);
    (desk, [portal, depot, quarry])
}

#[test]
fn all_are_refreshed_and_one_that_fails_hides_none() {
    let (desk, [portal, depot, quarry]) = three();
    portal.add("Pier", &["*"]);
    depot.add("Door", &["*"]);
    let told = desk.unlocked(&["tenant", "sync", "--all"]);
    assert_eq!(told.status, Some(6), "the exit status is that of the one that failed: {told:?}");
    let lines: Vec<&str> = told.stdout.lines().collect();
    assert_eq!(lines[0], "Depot: 2 keys at the server, 1 new here.");
    assert_eq!(lines[1], "Portal: 3 keys at the server, 1 new here.");
    assert!(lines[2].starts_with("Quarry: 127.0.0.1 is in trouble (status 500)"), "{told:?}");
    assert_eq!(
        desk.json(&["key", "list", "-t", "Quarry"]).as_array().unwrap().len(),
        1,
        "it keeps the list that it has"
    );
    let noted = desk.json(&["tenant", "show", "Quarry"])["remote"]["problem"].clone();
    assert_eq!((&noted["code"], &noted["server"]["fault"]), (&json!("remote_unreachable"), &json!("trouble")));

    let shown = desk.ok(&["tenant", "show", "Quarry"]);
    for (fact, value) in [("Server", quarry.url.as_str()), ("Refreshed", " UTC"), ("Problem", "is in trouble")] {
        assert!(shown.lines().any(|line| line.starts_with(fact) && line.contains(value)), "{fact}: {shown}");
    }

    quarry.state().trouble = None;
    let told: Value = serde_json::from_str(&desk.unlocked(&["--json", "tenant", "sync", "--all"]).ok()).unwrap();
    let names: Vec<&str> = told.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Depot", "Portal", "Quarry"]);
    assert!(told.as_array().unwrap().iter().all(|one| one["problem"].is_null()), "{told}");
    assert_eq!(desk.json(&["tenant", "show", "Quarry"])["remote"]["problem"], Value::Null);
}

#[test]
fn rows_that_nobody_understands_are_counted_and_the_others_listed() {
    let (desk, portal) = office();
    portal.state().keys.push(json!({ "keyPostfix": "0000", "name": "no identifier" }));
    let told = desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert!(told.contains("2 keys at the server, 1 rows not understood."), "{told}");
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["skipped"], 1);
    portal.state().keys.pop();
    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["skipped"], 0);
}

#[test]
fn what_is_refreshed_is_one_or_all() {
    let desk = Desk::new();
    assert_eq!(desk.unlocked(&["tenant", "sync"]).status, Some(2));
    assert_eq!(desk.unlocked(&["tenant", "sync", "Harbour", "--all"]).status, Some(2));
    assert_eq!(desk.unlocked(&["tenant", "sync", "--all"]).ok(), "No remote tenants.\n");
    assert_eq!(desk.unlocked(&["tenant", "sync", "Harbour"]).status, Some(1));
}

/// A server that wants to be left alone for a minute is waited for with a countdown, which Ctrl+C ends; nothing changes.
#[cfg(target_os = "linux")]
#[test]
fn a_wait_is_counted_down_and_ctrl_c_ends_it() {
    use crate::terminal::Person;

    let (desk, [portal, ..]) = three();
    for (line, expected) in [
        ("tenant sync Portal", "The server is busy: again in 5"),
        ("tenant sync --all", "of 3 tenants refreshed, servers are busy: again in 5"),
    ] {
        portal.state().busy = Some(59);
        let fresh = desk.json(&["tenant", "show", "Portal"])["remote"].clone();
        let person = Person::at(&desk, &format!("--passphrase-file passphrase {line}"));
        let (seen, status) = person.types(expected, "\u{3}").ends();
        assert!(status.is_some_and(|status| status != 0), "{seen}");
        assert!(seen.contains("(Ctrl+C cancels)") && seen.contains("Cancelled."), "{seen}");
        assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"], fresh, "it says what it said before");
    }
}
