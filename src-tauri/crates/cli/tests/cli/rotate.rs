//! Rotation by the command line: the overlap by the clock, half-way rotations, and the process killed at each step.

use crate::desk::{Desk, handle_of, key_in};
use crate::kill::{die, points};

/// So many seconds ahead of the computer's clock.
fn verify_at(desk: &Desk, key: &str, hours: i64) -> (String, Option<i32>) {
    desk.verify("Harbour", key, &[("LATCHKEY_CLOCK_AHEAD", &(hours * 3_600).to_string())])
}

fn valid() -> (String, Option<i32>) {
    ("valid".to_owned(), Some(0))
}

fn superseded() -> (String, Option<i32>) {
    ("superseded".to_owned(), Some(3))
}

#[test]
fn both_keys_are_good_in_the_overlap_and_only_the_new_one_after_it() {
    let desk = Desk::new();
    let old = desk.key("crane", &["--api-set", "billing", "--tag", "quay"]);
    let new = desk.ok(&["key", "rotate", "crane", "--overlap", "24h", "--stdout"]);
    let new = new.trim_end();
    for hours in [0, 23, -48] {
        assert_eq!((verify_at(&desk, &old, hours), verify_at(&desk, new, hours)), (valid(), valid()), "{hours}");
    }
    // Forward, and back again: nothing of it is stored.
    for (hours, expected) in [(25, superseded()), (0, valid()), (2_400, superseded())] {
        assert_eq!(verify_at(&desk, &old, hours), expected, "{hours}");
        assert_eq!(verify_at(&desk, new, hours), valid(), "{hours}");
    }
    let listed = desk.json(&["key", "list", "--status", "superseded"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["handle"], handle_of(&old));
    let shown = desk.json(&["key", "show", handle_of(new)]);
    assert_eq!((&shown["succeeds"], &shown["name"]), (&listed[0]["id"], &"crane".into()));
    assert_eq!((&shown["api_sets"], &shown["tags"]), (&listed[0]["api_sets"], &listed[0]["tags"]));
    let text = desk.ok(&["key", "show", handle_of(&old)]);
    assert!(text.contains("in the overlap") && text.contains(handle_of(new)), "{text}");
}

#[test]
fn without_an_overlap_the_old_key_is_revoked_and_its_secret_leaves_the_vault() {
    let desk = Desk::new();
    desk.unlocked(&["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "old"]).ok();
    let old = key_in(&desk.path("old"));
    desk.unlocked(&["key", "rotate", "crane", "--overlap", "none", "--out", "new"]).ok();
    assert_eq!(desk.verify("Harbour", &old, &[]), ("revoked".to_owned(), Some(3)));
    assert_eq!(desk.verify("Harbour", &key_in(&desk.path("new")), &[]), valid());
    assert_eq!(desk.json(&["key", "show", handle_of(&old)])["kept"], false);
    desk.refused(&["key", "rotate", handle_of(&old), "--undo"], 1);
}

#[test]
fn a_prepared_rotation_is_resumed_or_undone() {
    let desk = Desk::new();
    let old = desk.key("crane", &["--expires", "90d"]);
    let before = desk.json(&["key", "show", "crane"])["expires_at"].clone();
    for resumed in [false, true] {
        let new = desk.ok(&["key", "rotate", handle_of(&old), "--prepare", "--stdout"]).trim_end().to_owned();
        assert!(desk.ok(&["key", "show", handle_of(&old)]).contains("under way"));
        // A second successor is not made.
        desk.refused(&["key", "rotate", handle_of(&old), "--stdout"], 1);
        if resumed {
            desk.ok(&["key", "rotate", handle_of(&new), "--resume", "--overlap", "1h"]);
            assert_eq!(verify_at(&desk, &old, 2), superseded());
        }
        desk.ok(&["key", "rotate", handle_of(&old), "--undo"]);
        assert_eq!((verify_at(&desk, &old, 2), desk.verify("Harbour", &new, &[]).0), (valid(), "revoked".to_owned()));
        assert_eq!(desk.json(&["key", "show", handle_of(&old)])["expires_at"], before);
        desk.refused(&["key", "rotate", handle_of(&old), "--undo"], 1);
    }
}

#[test]
fn nothing_is_made_without_a_place_or_with_a_wrong_overlap() {
    let desk = Desk::new();
    desk.key("crane", &[]);
    desk.refused(&["key", "rotate", "crane"], 2);
    for overlap in ["0h", "9999d", "soon", "2020-01-01", "never"] {
        desk.refused(&["key", "rotate", "crane", "--stdout", "--overlap", overlap], 2);
    }
    assert_eq!(desk.names(), ["crane"]);
}

#[test]
fn keys_that_are_due_are_listed_until_they_have_a_successor() {
    let desk = Desk::new();
    let old = desk.key("crane", &[]);
    desk.ok(&["tenant", "edit", "Harbour", "--rotate-after", "30"]);
    let due = |days: i64| {
        let seconds = (days * 86_400).to_string();
        let env = [("LATCHKEY_CLOCK_AHEAD", seconds.as_str())];
        desk.run_with(&["key", "list", "--due"], &env, b"").ok().contains("crane")
    };
    assert_eq!([due(29), due(31), due(0)], [false, true, false]);
    desk.key("other", &[]);
    desk.ok(&["key", "rotate", handle_of(&old), "--prepare", "--out", "new"]);
    let listed = desk.run_with(&["--json", "key", "list", "--due"], &[("LATCHKEY_CLOCK_AHEAD", "2678400")], b"").ok();
    assert!(!listed.contains(&format!("\"{}\"", handle_of(&old))), "{listed}");
    desk.refused(&["tenant", "edit", "Harbour", "--rotate-after", "0"], 2);
    desk.ok(&["tenant", "edit", "Harbour", "--rotate-after", "none"]);
    assert!(!due(31));
}

#[test]
fn killed_at_any_step_a_rotation_can_be_begun_resumed_or_undone() {
    let steps = points("generate").into_iter().chain(points("retire"));
    for point in steps {
        let desk = Desk::new();
        let old = desk.key("crane", &[]);
        let rotate = ["key", "rotate", handle_of(&old), "--keep", "--out", "new", "--overlap", "1h"];
        die(&desk, &point, &rotate);
        desk.unlocked(&["key", "list"]).ok();
        assert_eq!(desk.verify("Harbour", &old, &[]), valid(), "{point}");
        if desk.names().len() == 1 {
            assert!(!desk.path("new").exists(), "{point}");
            desk.unlocked(&rotate).ok();
        } else if point.starts_with("generate") {
            desk.ok(&["key", "rotate", handle_of(&old), "--resume", "--overlap", "1h"]);
        }
        let new = key_in(&desk.path("new"));
        assert_eq!((verify_at(&desk, &old, 2), verify_at(&desk, &new, 2)), (superseded(), valid()), "{point}");
    }
    for point in points("undo").into_iter().chain(points("discard")) {
        let desk = Desk::new();
        let old = desk.key("crane", &[]);
        desk.unlocked(&["key", "rotate", handle_of(&old), "--keep", "--out", "new", "--overlap", "1h"]).ok();
        die(&desk, &point, &["key", "rotate", handle_of(&old), "--undo"]);
        desk.unlocked(&["key", "list"]).ok();
        let new = key_in(&desk.path("new"));
        assert_eq!(
            (verify_at(&desk, &old, 2).0, desk.verify("Harbour", &new, &[]).0),
            ("valid".into(), "revoked".into())
        );
        assert_eq!(desk.json(&["key", "show", handle_of(&new)])["kept"], false, "{point}");
    }
}
