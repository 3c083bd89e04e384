//! The main job over a real keychain, and every state in which a keychain cannot be used: gnome-keyring on a bus of the
//! test's own (Debian packages `dbus-daemon`, `gnome-keyring`, `libglib2.0-bin`).

#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::desk::{Answer, Desk, key_in};

/// A bus that starts nothing by itself: what is not started by the script is not there.
const BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
    <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
    <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

/// What the scripts say to the keychain. A passphrase makes an unlocked login keyring, none makes no keyring at all.
const KEYCHAIN: &str = r#"
    start_keychain() {
        printf '%s' "$1" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
        gdbus wait --session --timeout 20 org.freedesktop.secrets
    }
    ask() {
        gdbus call --session --dest org.freedesktop.secrets --object-path "$1" --method "org.freedesktop.Secret.$2" "$3"
    }
    lock() { ask /org/freedesktop/secrets Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null; }
    items() {
        ask /org/freedesktop/secrets Service.SearchItems '{"service": "Latchkey"}' |
            grep -o "/org/freedesktop/secrets/collection/[^']*" || true
    }
    delete_items() {
        for item in $(items); do
            gdbus call --session --dest org.freedesktop.secrets --object-path "$item" \
                --method org.freedesktop.Secret.Item.Delete >/dev/null
        done
    }
"#;

/// Runs a shell script in which `latchkey` is the program, on a bus with nobody on it.
pub(crate) fn on_a_bus(desk: &Desk, script: &str) -> Answer {
    fs::write(desk.path("bus.conf"), BUS).unwrap();
    let mut command = Command::new("dbus-run-session");
    command.arg("--config-file").arg(desk.path("bus.conf")).arg("--");
    run(desk, command, script)
}

fn without_a_bus(desk: &Desk, script: &str) -> Answer {
    run(desk, Command::new("env"), script)
}

fn run(desk: &Desk, mut command: Command, script: &str) -> Answer {
    let latchkey = format!("latchkey() {{ '{}' \"$@\"; }}", env!("CARGO_BIN_EXE_latchkey"));
    let script = format!("set -eu; {latchkey}; {KEYCHAIN}\n{script}");
    command.args(["timeout", "120", "sh", "-c", &script]).stdin(Stdio::null()).current_dir(desk.path(""));
    for (name, folder) in [("HOME", "user"), ("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "runtime")] {
        fs::create_dir_all(desk.path(folder)).unwrap();
        command.env(name, desk.path(folder));
    }
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"] {
        command.env_remove(name);
    }
    Answer::from(command.env("LATCHKEY_HOME", desk.path("home")).output().unwrap())
}

/// The vault cannot be used: exit status 5, this code, the sentence, and a hint that has the way out.
#[track_caller]
fn refused(answer: Answer, code: &str, sentence: &str, hint: &str) {
    let error = answer.refused(5);
    assert_eq!(error["code"], code, "{error}");
    assert!(error["message"].as_str().unwrap().contains(sentence), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
}

/// What a script has written into a file of the desk, as JSON.
#[track_caller]
pub(crate) fn written(desk: &Desk, name: &str) -> Value {
    serde_json::from_slice(&fs::read(desk.path(name)).unwrap()).unwrap()
}

/// The tenant is there, and no key, file or half-made thing besides.
#[track_caller]
fn nothing_was_made(desk: &Desk) {
    assert!(desk.names().is_empty());
    assert!(!desk.path("crane.APIKEY").exists());
    let left = fs::read_dir(desk.path("")).unwrap().flatten().map(|entry| entry.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("part")));
}

pub(crate) const PROFILE: &str = "latchkey init >/dev/null; latchkey tenant add Harbour --local >/dev/null";
pub(crate) const NEW: &str = "latchkey --json key new -t Harbour --name crane --keep --out crane.APIKEY";

#[test]
fn the_main_job_with_the_keychain() {
    let desk = Desk::empty();
    let script = "start_keychain 'a password'
        latchkey init
        latchkey tenant add Harbour --local
        latchkey key new -t Harbour --name crane --keep --out crane.APIKEY
        latchkey verify -t Harbour < crane.APIKEY
        latchkey run --env S=crane -- sh -c 'printf \"%s\\n\" \"$S\" > kept; chmod 600 kept; echo \"<$S>\"'
        latchkey --json key show crane > shown
        latchkey key revoke crane
        latchkey --json audit list > log";
    let printed = on_a_bus(&desk, script).ok();
    assert!(printed.contains("valid: crane") && printed.contains("_***>"), "{printed}");
    let key = key_in(&desk.path("crane.APIKEY"));
    assert_eq!(key_in(&desk.path("kept")), key);
    assert_eq!(written(&desk, "shown")["kept"], true);
    assert_eq!(written(&desk, "log")[0]["kind"], "secret_discarded");
    assert!(!desk.path("home/vault.lkv").exists());
    for folder in ["home", "data", "user", "runtime"] {
        assert!(crate::leaks::found_in(&desk.path(folder), crate::leaks::secret_of(&key)).is_empty(), "{folder}");
    }
}

#[test]
fn a_keychain_that_cannot_be_used_makes_no_profile_and_the_way_out_is_said() {
    let init = "latchkey --json init";
    let desk = Desk::empty();
    let answer = without_a_bus(&desk, init);
    refused(answer, "keychain_no_bus", "this session has no D-Bus session bus", "dbus-run-session");
    let answer = on_a_bus(&desk, init);
    refused(answer, "keychain_no_service", "no program on the session bus", "gnome-keyring, KWallet or KeePassXC");
    let answer = on_a_bus(&desk, &format!("start_keychain ''; {init}"));
    refused(answer, "keychain_no_collection", "has no default keyring", "Create a keyring");
    assert!(!desk.path("home/latchkey.db").exists());

    // The same, and what was tried before is not in the way.
    on_a_bus(&desk, &format!("start_keychain 'a password'; {init}")).ok();
}

#[test]
fn a_keychain_that_has_gone_since_keeps_nothing_and_loses_nothing() {
    for (state, code, sentence) in [
        ("", "keychain_no_service", "no program on the session bus offers the Secret Service"),
        ("rm -r \"$XDG_DATA_HOME\"/keyrings; start_keychain ''", "keychain_no_collection", "has no default keyring"),
        ("start_keychain 'a password'; lock", "keychain_dismissed", "is locked and was not unlocked"),
    ] {
        let desk = Desk::empty();
        on_a_bus(&desk, &format!("start_keychain 'a password'; {PROFILE}")).ok();
        let answer = on_a_bus(&desk, &format!("{state}\n{NEW}"));
        refused(answer, code, sentence, "");
        nothing_was_made(&desk);
        // What is not kept needs no keychain.
        on_a_bus(&desk, &format!("{state}\nlatchkey key new -t Harbour --name gate --out gate.APIKEY")).ok();
        assert_eq!(desk.verify("Harbour", &key_in(&desk.path("gate.APIKEY")), &[]).0, "valid");
        on_a_bus(&desk, &format!("start_keychain 'a password'\n{NEW}\ntest $(items | wc -l) = 1")).ok();
        assert_eq!(desk.names(), ["crane", "gate"]);
    }
}

#[test]
fn a_kept_secret_outlives_a_keychain_that_is_away_or_locked() {
    for (state, code) in [("", "keychain_no_service"), ("start_keychain 'a password'; lock", "keychain_dismissed")] {
        let desk = Desk::empty();
        on_a_bus(&desk, &format!("start_keychain 'a password'; {PROFILE}; {NEW}")).ok();
        let run = "latchkey --json run --env S=crane -- sh -c 'echo started > started'";
        refused(on_a_bus(&desk, &format!("{state}\n{run}")), code, "keychain", "");
        assert!(!desk.path("started").exists());
        assert_eq!(desk.json(&["key", "show", "crane"])["holding"], "held");
        // Revoking never waits; the secret leaves the keychain once that can be opened.
        on_a_bus(&desk, &format!("{state}\nlatchkey key revoke crane")).ok();
        let key = key_in(&desk.path("crane.APIKEY"));
        assert_eq!(desk.verify("Harbour", &key, &[]).0, "revoked");
        on_a_bus(&desk, "start_keychain 'a password'; latchkey key list; test -z \"$(items)\"").ok();
    }
}

#[test]
fn a_kept_secret_that_was_deleted_from_outside_is_said_to_be_missing() {
    let desk = Desk::empty();
    let script = format!(
        "start_keychain 'a password'; {PROFILE}; {NEW} >/dev/null
        delete_items
        latchkey --json run --env S=crane -- sh -c 'echo started > started'"
    );
    let answer = on_a_bus(&desk, &script);
    // Opening the profile compares the list with the keychain, so it may be marked already.
    let error = answer.refused(5);
    assert_eq!(error["code"], "secret_missing");
    assert_eq!(error["message"], "The secret of crane is not in the vault any more.");
    assert!(error["hint"].as_str().unwrap().contains("Generate a new key and revoke this one."), "{error}");
    assert!(!desk.path("started").exists());
    assert_eq!(desk.json(&["key", "show", "crane"])["holding"], "missing");
    assert!(desk.ok(&["key", "list"]).contains("active, secret missing"));
    let log = desk.json(&["audit", "list", "--limit", "100"]);
    let told = log.as_array().unwrap().iter().filter(|event| event["kind"] == "secret_missing");
    assert_eq!(told.count(), 1, "{log}");
}
