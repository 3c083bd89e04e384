//! A disk that is full: it is said so, nothing half-made stays behind, and with room again the same command works.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::process::Command;

use serde_json::Value;

use crate::desk::{Answer, Desk, key_in};

/// What the scripts need: a small disk at `small`, which can be filled and emptied again. It goes with the script's
/// name space.
const DISK: &str = "
    mkdir small
    mount -t tmpfs -o size=2m,mode=0700 tmpfs small
    fill() { dd if=/dev/zero of=small/ballast bs=4k 2>/dev/null || true; }
    room() { rm small/ballast; }
";

/// Runs a shell script in which `latchkey` is the program; `None`, with the reason printed, where this machine lets
/// nobody mount a disk.
fn on_a_small_disk(desk: &Desk, script: &str) -> Option<Answer> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0);
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.arg("--mount").args((!is_root).then_some("--map-root-user")).args(["sh", "-c", script]);
        command.env("LATCHKEY_HOME", desk.path("home")).current_dir(desk.path(""));
        Answer::from(command.output().unwrap())
    };
    let allowed = unshare("mount -t tmpfs tmpfs /mnt");
    if allowed.status != Some(0) {
        // Not by a macro, whose output the test runner keeps to itself.
        let reason = format!("skipped: no disk can be mounted here ({})\n", allowed.stderr.trim());
        // Set by `make test` where a disk can be mounted: a test that is left out in silence proves nothing.
        assert!(env::var("LATCHKEY_DISKS").as_deref() != Ok("needed"), "{reason}");
        io::stderr().write_all(reason.as_bytes()).unwrap();
        return None;
    }
    let latchkey = format!("latchkey() {{ '{}' \"$@\"; }}", env!("CARGO_BIN_EXE_latchkey"));
    Some(unshare(&format!("set -eu; {latchkey}; {DISK}\n{script}")))
}

/// What one command of a script said, which it has written to `said` and `status`.
#[track_caller]
fn refused(desk: &Desk) -> Value {
    let error = serde_json::from_slice::<Value>(&fs::read(desk.path("said")).unwrap()).unwrap()["error"].clone();
    assert_eq!(fs::read_to_string(desk.path("status")).unwrap().trim(), "1", "{error}");
    assert_eq!(error["code"], "disk_full", "{error}");
    assert!(error["message"].as_str().unwrap().contains("disk is full"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("Make room on the disk"), "{error}");
    error
}

#[test]
fn a_key_that_cannot_be_written_is_not_made() {
    let desk = Desk::new();
    let new = "latchkey --json key new -t Harbour --name crane --out small/crane.APIKEY";
    let script = format!(
        "fill
        status=0; {new} > said || status=$?; echo $status > status
        ls -A small > left
        latchkey --json key list > listed
        room
        {new}; cp -p small/crane.APIKEY ."
    );
    let Some(answer) = on_a_small_disk(&desk, &script) else { return };
    answer.ok();
    assert!(refused(&desk)["message"].as_str().unwrap().contains("small/crane.APIKEY"));
    assert_eq!(fs::read_to_string(desk.path("left")).unwrap(), "ballast\n");
    assert_eq!(fs::read_to_string(desk.path("listed")).unwrap().trim(), "[]");
    assert_eq!(desk.verify("Harbour", &key_in(&desk.path("crane.APIKEY")), &[]).0, "valid");
    assert_eq!(desk.names(), ["crane"]);
}

#[test]
fn a_profile_without_room_takes_nothing_and_loses_nothing() {
    for what in ["--stdout", "--keep", "--keep --stdout"] {
        let desk = Desk::new();
        desk.key("gate", &[]);
        let new = format!("latchkey --passphrase-file passphrase --json key new -t Harbour --name crane {what}");
        let script = format!(
            "cp home/latchkey.db home/vault.lkv small; export LATCHKEY_HOME=small
            fill
            status=0; {new} > said || status=$?; echo $status > status
            room
            latchkey --passphrase-file passphrase --json key list > listed
            ls -A small > left
            {new} > made
            latchkey --json key list --sort name > both"
        );
        let Some(answer) = on_a_small_disk(&desk, &script) else { return };
        answer.ok();
        refused(&desk);
        let names = |file: &str| {
            let keys: Value = serde_json::from_slice(&fs::read(desk.path(file)).unwrap()).unwrap();
            keys.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("listed"), ["gate"], "{what}");
        assert_eq!(names("both"), ["crane", "gate"], "{what}");
        let left = fs::read_to_string(desk.path("left")).unwrap();
        let strange: Vec<_> =
            left.lines().filter(|name| !["latchkey.db", "vault.lkv", "running"].contains(name)).collect();
        assert_eq!(strange, [""; 0], "{what}");
    }
}

#[test]
fn a_profile_that_has_no_room_is_not_half_made() {
    let desk = Desk::empty();
    let init = "latchkey --passphrase-file passphrase --json init --vault passphrase";
    let script = format!(
        "export LATCHKEY_HOME=small
        fill
        status=0; {init} > said || status=$?; echo $status > status
        room
        {init}
        latchkey tenant add Harbour --local"
    );
    let Some(answer) = on_a_small_disk(&desk, &script) else { return };
    answer.ok();
    refused(&desk);
}

/// A batch whose profile has no room for all its keys is there with its file or not at all, or it waits and goes on.
#[test]
fn a_batch_that_a_full_profile_stopped_is_taken_back_or_goes_on() {
    let mut ends = BTreeSet::new();
    for kib in [700, 1_400, 2_100, 2_800, 3_500] {
        let desk = Desk::new();
        let batch = "latchkey --json key batch -t Harbour --count 4500 --name 'device-{n:05}' --out keys.csv";
        let script = format!(
            "cp home/latchkey.db home/vault.lkv small; export LATCHKEY_HOME=small
            mount -o remount,size={kib}k small
            status=0; {batch} > said || status=$?; echo $status > status
            ls -A > left
            mount -o remount,size=64m small
            latchkey --json key batch --unfinished > waits
            latchkey --json tenant show Harbour > before
            if grep -q id waits; then latchkey key batch --resume; elif [ ! -e keys.csv ]; then {batch}; fi >/dev/null
            latchkey --json tenant show Harbour > after
            tail -n 1 keys.csv | cut -d, -f3 | latchkey verify -t Harbour"
        );
        let Some(answer) = on_a_small_disk(&desk, &script) else { return };
        let answer = answer.ok();
        assert!(answer.starts_with("valid: device-04500"), "{kib}: {answer}");
        refused(&desk);
        let read = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
        let keys = |name: &str| serde_json::from_str::<Value>(&read(name)).unwrap()["keys"].as_u64().unwrap();
        let (waits, left) = (read("waits").contains("id"), read("left"));
        let placed = left.contains("keys.csv");
        // A file that has its place decides: the next command has taken its keys into the list.
        assert_eq!(keys("before"), if placed { 4_500 } else { 0 }, "{kib}");
        assert_eq!(waits, left.contains(".latchkey-"), "{kib}: what is not taken back waits");
        assert_eq!(keys("after"), 4_500, "{kib}");
        ends.insert((placed, waits));
    }
    assert!(ends.contains(&(true, false)) && ends.len() > 1, "{ends:?}");
}
