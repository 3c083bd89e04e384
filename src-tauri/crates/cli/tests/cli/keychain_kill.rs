//! The process killed at every step of what touches a secret, over a real gnome-keyring: after the next start the list
//! and the keychain agree, so that there is never an orphan.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::{env, fs};

use latchkey_app::key::show;
use latchkey_app::save_window::SaveWindow;
use latchkey_app::session::{Operator, Origin};
use serde_json::Value;

use crate::desk::{Desk, key_in};
use crate::keychain::{NEW, PROFILE, on_a_bus, written};
use crate::kill::{all_points, points};

/// `die COMMAND…`: has to be killed at the point in `LATCHKEY_FAULT`, by itself.
const DIE: &str = r#"
    die() {
        status=0
        (export LATCHKEY_FAULT="$POINT"; "$@" >/dev/null 2>&1) || status=$?
        test "$status" = 134 || { echo "$POINT was not reached: $status" >&2; exit 1; }
    }
    owners() {
        for item in $(items); do
            gdbus call --session --dest org.freedesktop.secrets --object-path "$item" \
                --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Item Attributes |
                grep -o "'username': '[^']*'" | cut -d"'" -f4 | cut -d/ -f2
        done
    }
"#;

/// Runs `before`, dies at the point in `killed`, and starts again. The keys in the list, and whether the only item of the
/// keychain, if there is one, is what the list says is kept.
fn after(desk: &Desk, point: &str, before: &str, killed: &str) -> Vec<Value> {
    let script = format!(
        "{DIE}
        POINT={point}; TEST='{}'
        start_keychain 'a password'; {PROFILE}
        {before}
        die {killed}
        latchkey --json key list > listed
        owners > owners
        latchkey --json key list > again
        kept() {{ latchkey run --env S=crane -- sh -c 'printf \"%s\\n\" \"$S\" > kept; chmod 600 kept'; }}
        if [ -s owners ]; then kept; fi",
        env::current_exe().unwrap().display()
    );
    on_a_bus(desk, &script).ok();
    let keys = written(desk, "listed").as_array().unwrap().clone();
    let held = keys.iter().filter(|key| key["kept"] == true).map(|key| key["id"].as_str().unwrap().to_owned());
    let owners = fs::read_to_string(desk.path("owners")).unwrap();
    assert_eq!(owners.lines().map(str::to_owned).collect::<BTreeSet<_>>(), held.collect(), "{point}");
    assert!(keys.iter().all(|key| key["holding"] != "missing"), "{point}");
    assert_eq!(written(desk, "again").as_array(), Some(&keys), "{point}: nothing was left to do");
    keys
}

#[test]
fn a_generated_key_has_its_item_or_neither_is_there() {
    let mut undone = BTreeSet::new();
    for point in points("generate") {
        let desk = Desk::empty();
        let keys = after(&desk, &point, "", NEW);
        let file = desk.path("crane.APIKEY");
        assert_eq!(file.exists(), !keys.is_empty(), "{point}");
        if keys.is_empty() {
            undone.insert(point);
        } else {
            assert_eq!(keys[0]["kept"], true, "{point}");
            assert_eq!(key_in(&desk.path("kept")), key_in(&file), "{point}");
        }
    }
    assert_eq!(undone, ["generate.journaled", "generate.kept", "generate.written"].map(str::to_owned).into());
}

#[test]
fn the_item_of_a_revoked_or_deleted_key_is_gone() {
    for verb in ["revoke", "delete"] {
        for point in points(verb).into_iter().chain(points("discard")) {
            let desk = Desk::empty();
            let keys = after(&desk, &point, NEW, &format!("latchkey key {verb} crane"));
            assert_eq!(keys.len(), usize::from(verb == "revoke"), "{point}");
            assert_eq!(fs::read_to_string(desk.path("owners")).unwrap(), "", "{verb}, {point}");
        }
    }
}

#[test]
fn what_the_window_keeps_is_in_the_keychain_or_not_said_to_be_kept() {
    let points: BTreeSet<_> = all_points().into_iter().filter(|point| point.starts_with("keep.")).collect();
    assert!(points.len() >= 3, "{points:?}");
    for point in points {
        let desk = Desk::empty();
        let before = "latchkey --json key new -t Harbour --name gate --stdout >/dev/null";
        let keys = after(&desk, &point, before, "\"$TEST\" --exact keychain_kill::keeper --ignored");
        let crane = keys.iter().find(|key| key["name"] == "crane").unwrap();
        assert_eq!(crane["kept"], point != "keep.journaled", "{point}");
    }
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn keeper() {
    let home = env::var("LATCHKEY_HOME").unwrap();
    let session = latchkey_profile::open(home.as_ref(), None).unwrap();
    let operator = Operator { name: "Ada".into(), origin: Origin::Window };
    let gate = show(&session, "gate").unwrap().key;
    let draft = latchkey_app::wire::KeyDraft {
        tenant: gate.tenant_id,
        name: "crane".into(),
        description: String::new(),
        owner: None,
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: latchkey_app::wire::Expiration::Never,
    };
    let window = SaveWindow::default();
    let new = window.generate(&session, &operator, &draft).unwrap();
    window.keep(&session, &operator, &new.key.id).unwrap();
}
