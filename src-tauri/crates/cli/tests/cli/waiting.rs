//! A server that does what it is asked and never answers: Ctrl+C stops waiting, and the next refresh tells what became of it.

#![cfg(target_os = "linux")]

use serde_json::json;

use crate::remote::office;
use crate::terminal::Person;
use crate::vendor::Portal;

/// Presses Ctrl+C when the server has what it was asked: before that, there is nothing that it could do nevertheless.
fn stops_waiting(person: Person, portal: &Portal) -> (String, Option<i32>) {
    let person = person.types("Asking the server (Ctrl+C cancels)", "");
    while portal.state().held {
        std::thread::yield_now();
    }
    person.types("", "\u{3}").ends()
}

#[test]
fn ctrl_c_stops_waiting_for_a_new_key_which_the_next_refresh_finds() {
    let (desk, portal) = office();
    let before = portal.state().keys.len();
    portal.state().held = true;
    let person = Person::at(&desk, "--passphrase-file passphrase key new -t Portal --name Quay --keep");
    let (seen, status) = stops_waiting(person, &portal);
    assert!(status.is_some_and(|status| status != 0), "{seen}");
    assert!(seen.contains("Cancelled.") && seen.contains("refresh the tenant before you try again"), "{seen}");
    assert_eq!(portal.state().keys.len(), before + 1, "the server has made it");
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["unanswered"], 1);
    let elsewhere = ["tenant", "connection", "Portal", "--url", "http://127.0.0.1:9", "--keep-credential"];
    let refused = desk.unlocked(&elsewhere);
    assert!(refused.status == Some(2) && refused.stderr.contains("has not answered yet"), "{refused:?}");

    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["unanswered"], 0);
    assert_eq!(desk.json(&["key", "show", "Quay"])["handed_over"], json!(false), "nobody has its text");
}

#[test]
fn what_nobody_waited_for_is_looked_for_before_it_is_asked_for_again() {
    let (desk, portal) = office();
    portal.state().held = true;
    let new = ["key", "new", "-t", "Portal", "--name", "Quay", "--keep"];
    stops_waiting(Person::at(&desk, &format!("--passphrase-file passphrase {}", new.join(" "))), &portal);
    portal.state().asked.clear();
    for _ in 0..2 {
        let refused = desk.unlocked(&new);
        assert!(refused.status == Some(2) && refused.stderr.contains("made Quay ("), "{refused:?}");
        assert!(refused.stderr.contains("Revoke that key first."), "{refused:?}");
    }
    let asked = portal.state().asked.clone();
    assert_eq!(asked, ["GET /api/2.0/keys/permissions", "GET /api/2.0/keys"], "once it is known, nobody is asked");
    assert_eq!(desk.json(&["key", "show", "Quay"])["handed_over"], json!(false), "it is in the list");

    desk.unlocked(&["key", "revoke", "Quay", "--yes"]).ok();
    desk.unlocked(&new).ok();
    // What the server does not list it may still be making.
    portal.state().held = true;
    let pier = ["key", "new", "-t", "Portal", "--name", "Pier", "--keep"];
    stops_waiting(Person::at(&desk, &format!("--passphrase-file passphrase {}", pier.join(" "))), &portal);
    portal.state().keys.retain(|key| key["name"] != "Pier");
    let refused = desk.unlocked(&pier);
    assert!(refused.status == Some(2) && refused.stderr.contains("has not answered so far"), "{refused:?}");
    assert!(refused.stderr.contains("try again in five minutes"), "{refused:?}");
    assert!(portal.key("Pier").is_none(), "it was not asked for again");
}

#[test]
fn ctrl_c_stops_waiting_for_the_end_of_a_key_which_the_next_refresh_tells() {
    let (desk, portal) = office();
    desk.unlocked(&["key", "new", "-t", "Portal", "--name", "Quay", "--keep"]).ok();
    portal.state().held = true;
    let person = Person::at(&desk, "--passphrase-file passphrase key revoke Quay --yes");
    let (seen, status) = stops_waiting(person, &portal);
    assert!(status.is_some_and(|status| status != 0), "{seen}");
    assert!(seen.contains("It may have been done nevertheless"), "{seen}");
    assert_eq!(desk.json(&["key", "show", "Quay"])["status"], "active");

    desk.unlocked(&["tenant", "sync", "Portal"]).ok();
    assert_eq!(desk.json(&["key", "show", "Quay"])["status"], "revoked");
}

#[test]
fn a_key_that_was_not_made_is_given_up_by_its_name() {
    let (desk, portal) = office();
    assert_eq!(desk.run(&["tenant", "unanswered", "Portal"]).ok(), "The server owes no answer.\n");
    let local = desk.run(&["tenant", "unanswered", "Harbour"]);
    assert!(local.status != Some(0) && local.stderr.contains("is a local tenant"), "{local:?}");

    portal.state().held = true;
    let person = Person::at(&desk, "--passphrase-file passphrase key new -t Portal --name Quay --keep");
    stops_waiting(person, &portal);
    portal.state().keys.retain(|key| key["name"] != "Quay");
    let lost = desk.json(&["tenant", "unanswered", "Portal"]);
    assert_eq!(
        (&lost[0]["name"], &lost[0]["awaited"], lost.as_array().unwrap().len()),
        (&json!("Quay"), &json!(false), 1)
    );
    let shown = desk.run(&["tenant", "unanswered", "Portal"]).ok();
    assert!(shown.contains("Quay") && shown.contains("lost"), "{shown}");

    let unknown = desk.run(&["tenant", "give-up", "Portal", "Pier"]);
    assert!(unknown.status == Some(1) && unknown.stderr.contains("owes no answer"), "{unknown:?}");
    let given_up = desk.run(&["tenant", "give-up", "Portal", "Quay"]).ok();
    assert_eq!(given_up, "Quay is no longer looked for. It can be generated again.\n");
    let told = desk.json(&["audit", "list", "--limit", "1"]);
    assert_eq!(
        (&told[0]["kind"], &told[0]["detail"]),
        (&json!("tenant_edited"), &json!("no longer looked for: the key Quay"))
    );
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["unanswered"], 0);

    desk.unlocked(&["key", "new", "-t", "Portal", "--name", "Quay", "--keep"]).ok();
    assert_eq!(desk.json(&["key", "show", "Quay"])["status"], "active");
}

#[test]
fn a_tenant_moves_away_from_a_lost_answer_where_somebody_says_so() {
    let (desk, portal) = office();
    portal.state().held = true;
    let person = Person::at(&desk, "--passphrase-file passphrase key new -t Portal --name Quay --keep");
    stops_waiting(person, &portal);
    let elsewhere = ["tenant", "connection", "Portal", "--url", "http://127.0.0.1:9", "--keep-credential"];
    desk.unlocked(&[&elsewhere[..], &["--leave-unanswered"]].concat()).ok();
    assert_eq!(desk.json(&["tenant", "show", "Portal"])["remote"]["unanswered"], 0);
}
