//! The main job over a real keychain: gnome-keyring on a bus of the test's own (Debian packages `dbus-daemon`,
//! `gnome-keyring`).

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::desk::{Answer, Desk, key_in};

/// Runs a shell script in which `latchkey` is the program, on a bus with an unlocked login keyring or without any.
fn on_a_bus(desk: &Desk, keyring: bool, script: &str) -> Answer {
    let start = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
    let script = format!(
        "set -eu; latchkey() {{ '{}' \"$@\"; }}; {}; {script}",
        env!("CARGO_BIN_EXE_latchkey"),
        if keyring { start } else { ":" }
    );
    let mut command = Command::new(if keyring { "dbus-run-session" } else { "env" });
    if keyring {
        command.arg("--");
    }
    command.args(["timeout", "120", "sh", "-c", &script]).stdin(Stdio::null()).current_dir(desk.path(""));
    for (name, folder) in [("HOME", "user"), ("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "runtime")] {
        std::fs::create_dir_all(desk.path(folder)).unwrap();
        command.env(name, desk.path(folder));
    }
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"] {
        command.env_remove(name);
    }
    Answer::from(command.env("LATCHKEY_HOME", desk.path("home")).output().unwrap())
}

#[test]
fn the_main_job_with_the_keychain() {
    let desk = Desk::empty();
    let script = "latchkey init
        latchkey tenant add Harbour --local
        latchkey key new -t Harbour --name crane --keep --out crane.APIKEY
        latchkey verify -t Harbour < crane.APIKEY
        latchkey run --env S=crane -- sh -c 'printf \"%s\\n\" \"$S\" > kept; chmod 600 kept; echo \"<$S>\"'
        latchkey --json key show crane > shown
        latchkey key revoke crane
        latchkey --json audit list > log";
    let printed = on_a_bus(&desk, true, script).ok();
    assert!(printed.contains("valid: crane") && printed.contains("_***>"), "{printed}");
    let key = key_in(&desk.path("crane.APIKEY"));
    assert_eq!(key_in(&desk.path("kept")), key);
    let read = |name: &str| serde_json::from_slice::<Value>(&std::fs::read(desk.path(name)).unwrap()).unwrap();
    assert_eq!(read("shown")["kept"], true);
    assert_eq!(read("log")[0]["kind"], "secret_discarded");
    assert!(!desk.path("home/vault.lkv").exists());
    assert!(crate::leaks::found_in(&desk.path("home"), crate::leaks::secret_of(&key)).is_empty());
}

#[test]
fn without_a_keychain_nothing_is_made_and_the_way_out_is_said() {
    let desk = Desk::empty();
    let error = on_a_bus(&desk, false, "latchkey --json init").refused(5);
    assert_eq!(error["code"], "keychain_no_bus");
    assert!(error["hint"].is_string());
    assert!(!desk.path("home/latchkey.db").exists());
}
