//! A tenant's signing key: rotated, lost, and the sequence after a backup was put back.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bundle::{OFFLINE, PUBLIC_KEY, export, nowhere, signing};
use crate::desk::{Answer, Desk};
use crate::kill::{die, in_vault, points};

const ROTATE: [&str; 8] =
    ["--json", "bundle", "rotate-key", "-t", "Harbour", "--yes", "--out", "harbour.bundle.endorsement"];

fn json(answer: Answer) -> Value {
    serde_json::from_str(&answer.ok()).unwrap()
}

fn former(desk: &Desk) -> Vec<Value> {
    desk.json(&["bundle", "endorsement", "-t", "Harbour"]).as_array().unwrap().clone()
}

/// The word for an answer of `verify --bundle`: a decision, a reason, or the code of what must not be believed.
fn said(answer: &Answer) -> String {
    let document: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
    let word = document["reason"].as_str().or(document["decision"].as_str()).map(str::to_owned);
    word.unwrap_or_else(|| {
        let message = document["error"]["message"].as_str().unwrap();
        message.split(['(', ')']).nth(1).unwrap_or(message).to_owned()
    })
}

#[test]
fn a_new_key_that_the_old_one_endorsed_signs_and_services_follow() {
    let desk = signing();
    let crane = desk.key("crane", &[]);
    let decide = |more: &[&str]| said(&nowhere(&desk, &[&OFFLINE[..], more].concat(), 0, &crane));
    let first = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    assert_eq!(decide(&["--state", "seen"]), "valid");
    let old = [fs::read(desk.path("harbour.bundle")).unwrap(), fs::read(desk.path("harbour.bundle.minisig")).unwrap()];

    assert_eq!(desk.refused(&ROTATE[1..], 5)["code"], "vault_locked");
    let rotate = [&ROTATE[..], &["--reason", "once a year"]].concat();
    let done = json(desk.unlocked(&rotate));
    assert_eq!(done["key"], desk.json(&PUBLIC_KEY));
    assert_eq!((&done["written"]["number"], in_vault(&desk, "rotated")), (&done["key"]["number"], 1));
    let told = desk.json(&["audit", "list"]);
    let rotated = told.as_array().unwrap().iter().find(|event| event["kind"] == "signing_key_rotated").unwrap();
    assert_eq!((&rotated["detail"], &rotated["reason"]), (&done["key"]["fingerprint"], &"once a year".into()));
    let [before] = &former(&desk)[..] else { panic!("one key before") };
    assert_eq!((&before["endorsed_next"], before["number"] == done["key"]["number"]), (&true.into(), false));

    // Services start from one bundle: the first one by the new key is full.
    let delta = ["--json", "bundle", "export", "-t", "Harbour", "--out", "delta", "--since", &first];
    assert_eq!(desk.unlocked(&delta).refused(2)["field"]["rule"], "not_exported");
    // Where the endorsement is, the old key says nothing any more.
    assert_eq!(decide(&[]), "wrong-key");
    desk.ok(&["key", "revoke", "crane"]);
    let full = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    assert_eq!((decide(&[]).as_str(), decide(&["--state", "seen"]).as_str()), ("revoked", "revoked"));
    export(&desk, "delta", &["--since", &full]);
    let public = desk.json(&PUBLIC_KEY)["public_key"].as_str().unwrap().to_owned();
    let by_new = nowhere(&desk, &[&OFFLINE[..5], &[&public]].concat(), 0, &crane);
    assert_eq!(said(&by_new), "revoked", "an endorsement of before is in nobody's way");
    // Elsewhere, named, and taken once; then what the old key signs is refused without it, too.
    for ending in ["", ".minisig"] {
        let name = format!("harbour.bundle.endorsement{ending}");
        fs::rename(desk.path(&name), desk.path(&format!("away{ending}"))).unwrap();
    }
    assert_eq!(decide(&["--endorsement", "away", "--state", "seen"]), "revoked");
    assert_eq!(decide(&[]), "wrong-key");
    for (name, bytes) in ["harbour.bundle", "harbour.bundle.minisig"].iter().zip(old) {
        fs::write(desk.path(name), bytes).unwrap();
    }
    assert_eq!(decide(&["--endorsement", "away", "--state", "seen"]), "wrong-key");
    let error = nowhere(&desk, &[&OFFLINE[..], &["--state", "seen"]].concat(), 0, &crane).refused(1);
    assert!(error["message"].as_str().unwrap().contains("another public key"), "{error}");
    // One that was changed is believed by nobody.
    let mut changed = fs::read(desk.path("away")).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(desk.path("away"), changed).unwrap();
    assert_eq!(decide(&["--endorsement", "away"]), "bad-signature");
}

#[test]
fn each_endorsement_can_be_written_again_and_several_lead_on() {
    let desk = signing();
    let crane = desk.key("crane", &[]);
    let again = ["--json", "bundle", "endorsement", "-t", "Harbour", "--out", "again"];
    assert_eq!(desk.run(&again).refused(1)["code"], "not_found");
    let first = json(desk.unlocked(&ROTATE))["written"].clone();
    let read = |name: &str| ["", ".minisig"].map(|ending| fs::read(desk.path(&format!("{name}{ending}"))).unwrap());
    let bytes = read("harbour.bundle.endorsement");
    json(desk.unlocked(&ROTATE));
    assert_ne!(read("harbour.bundle.endorsement"), bytes, "a newer one takes its place");
    let keys = former(&desk);
    assert_eq!((keys.len(), &keys[1]["number"]), (2, &first["number"]));
    // The vault stays locked.
    assert_eq!(json(desk.run(&again))["number"], desk.json(&PUBLIC_KEY)["number"]);
    assert_eq!(read("again"), read("harbour.bundle.endorsement"));
    let by = [&again[..], &["--by", keys[0]["number"].as_str().unwrap()]].concat();
    json(desk.run(&by));
    assert_eq!(read("again"), bytes);
    export(&desk, "harbour.bundle", &[]);
    let decide = |more: &[&str]| said(&nowhere(&desk, &[&OFFLINE[..], more].concat(), 0, &crane));
    assert_eq!(decide(&[]), "wrong-key", "one is missing");
    assert_eq!(decide(&["--endorsement", "again", "--endorsement", "harbour.bundle.endorsement"]), "valid");
    // It takes the place of nothing else.
    fs::write(desk.path("again"), "somebody's").unwrap();
    assert_eq!(desk.run(&again).refused(1)["code"], "file_exists");
    let mut rotate = ROTATE;
    rotate[7] = "again";
    assert_eq!(desk.unlocked(&rotate).refused(1)["code"], "file_exists");
    assert_eq!(former(&desk).len(), 2, "and nothing was done");
}

#[test]
fn what_signs_nothing_has_no_key_to_rotate() {
    let desk = Desk::new();
    assert_eq!(desk.unlocked(&ROTATE).refused(1)["code"], "not_now");
    let neither = ["--json", "bundle", "rotate-key", "-t", "Harbour"];
    desk.unlocked(&neither).refused(2);
    desk.unlocked(&[&ROTATE[..], &["--lost"]].concat()).refused(2);
    // Found out before anything is done.
    desk.unlocked(&PUBLIC_KEY).ok();
    let mut nowhere = ROTATE;
    nowhere[7] = "none/harbour.endorsement";
    desk.unlocked(&nowhere).refused(1);
    assert_eq!(former(&desk).len(), 0);
}

#[test]
fn killed_at_each_step_a_rotation_leaves_one_key_and_its_endorsement() {
    let mut told = Vec::new();
    let of_the_pair = points("export").into_iter().filter(|point| point != "export.done");
    let all = points("credential").into_iter().chain(points("rekey")).chain(points("discard")).chain(of_the_pair);
    for point in all {
        let desk = signing();
        let crane = desk.key("crane", &[]);
        let before = desk.ok(&PUBLIC_KEY);
        die(&desk, &point, &ROTATE[1..]);
        desk.unlocked(&["key", "list"]).ok();
        let left: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().contains("part")), "{point}: {left:?}");
        assert_eq!(in_vault(&desk, &point), 1, "{point}");
        let rotated = desk.ok(&PUBLIC_KEY) != before;
        let log = desk.json(&["audit", "list", "--limit", "100"]);
        let logged = log.as_array().unwrap().iter().filter(|event| event["kind"] == "signing_key_rotated").count();
        assert_eq!((former(&desk).len(), logged), (usize::from(rotated), usize::from(rotated)), "{point}");
        // Nothing stands in the way of what comes next.
        if rotated {
            desk.ok(&["bundle", "endorsement", "-t", "Harbour", "--out", ROTATE[7]]);
        } else {
            desk.unlocked(&ROTATE).ok();
        }
        export(&desk, "harbour.bundle", &[]);
        assert_eq!(said(&nowhere(&desk, &OFFLINE, 0, &crane)), "valid", "{point}");
        told.push((point, rotated));
    }
    let undone: Vec<_> = told.iter().filter(|(_, rotated)| !rotated).map(|(point, _)| point.as_str()).collect();
    assert_eq!(undone, ["credential.journaled", "credential.kept"]);
}

/// The vault of another backup: it opens, and the key is not in it.
#[test]
fn a_lost_key_gives_its_place_to_one_that_services_are_given_by_hand() {
    let desk = Desk::new();
    let empty = fs::read(desk.path("home/vault.lkv")).unwrap();
    fs::write(desk.path("harbour.pub"), desk.unlocked(&PUBLIC_KEY).ok()).unwrap();
    let crane = desk.key("crane", &[]);
    export(&desk, "harbour.bundle", &[]);
    fs::write(desk.path("home/vault.lkv"), empty).unwrap();

    let args = ["--json", "bundle", "export", "-t", "Harbour", "--out", "harbour.bundle"];
    for tried in [&args[..], &ROTATE[..]] {
        let error = desk.unlocked(tried).refused(5);
        assert_eq!(error["code"], "secret_missing");
        assert!(error["hint"].as_str().unwrap().contains("rotate-key --lost"), "{error}");
    }
    let lost = ["--json", "bundle", "rotate-key", "-t", "Harbour", "--lost", "--yes", "--reason", "the disk burned"];
    let done = json(desk.unlocked(&lost));
    assert_eq!((&done["key"], in_vault(&desk, "lost")), (&desk.json(&PUBLIC_KEY), 1));
    let told = desk.json(&["audit", "list"]);
    let replaced = told.as_array().unwrap().iter().find(|event| event["kind"] == "signing_key_replaced").unwrap();
    assert_eq!((&replaced["detail"], &replaced["reason"]), (&done["key"]["fingerprint"], &"the disk burned".into()));
    // Nothing endorses it, and nobody pretends so.
    assert_eq!((former(&desk).len(), &former(&desk)[0]["endorsed_next"]), (1, &false.into()));
    let again = ["bundle", "endorsement", "-t", "Harbour", "--out", "harbour.bundle.endorsement"];
    assert_eq!(desk.refused(&again, 1)["code"], "not_found");
    export(&desk, "harbour.bundle", &[]);
    assert_eq!(said(&nowhere(&desk, &OFFLINE, 0, &crane)), "wrong-key");
    let words = desk.unlocked(&lost[1..]).ok();
    assert!(words.contains("Give each service the new public key"), "{words}");
    export(&desk, "harbour.bundle", &[]);
    fs::write(desk.path("harbour.pub"), desk.ok(&PUBLIC_KEY)).unwrap();
    assert_eq!(said(&nowhere(&desk, &OFFLINE, 0, &crane)), "valid");
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_was_deleted_from_the_keychain_is_lost() {
    use crate::keychain::{PROFILE, on_a_bus};

    let desk = Desk::empty();
    let script = format!(
        "start_keychain 'a password'; {PROFILE}
        latchkey bundle export -t Harbour --out harbour.bundle >/dev/null
        delete_items
        latchkey --json bundle export -t Harbour --out harbour.bundle > refused || test $? = 5
        latchkey bundle rotate-key -t Harbour --lost --yes >/dev/null
        latchkey bundle rotate-key -t Harbour --out harbour.endorsement >/dev/null
        latchkey bundle export -t Harbour --out harbour.bundle
        latchkey bundle public-key -t Harbour > harbour.pub
        latchkey bundle inspect harbour.bundle --public-key harbour.pub
        items | wc -l > items"
    );
    let printed = on_a_bus(&desk, &script).ok();
    assert!(printed.contains("signature: right"), "{printed}");
    assert_eq!(crate::keychain::written(&desk, "refused")["error"]["code"], "secret_missing");
    assert_eq!(fs::read_to_string(desk.path("items")).unwrap().trim(), "1", "no old key stays there");
}

/// Copies a profile that nobody has open.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in ["latchkey.db", "vault.lkv"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
    for name in ["latchkey.db-wal", "latchkey.db-shm"] {
        let _ = fs::remove_file(to.join(name));
    }
}

#[test]
fn a_profile_out_of_a_backup_exports_above_what_services_have() {
    let desk = signing();
    let crane = desk.key("crane", &[]);
    let seen = [&OFFLINE[..], &["--state", "seen"]].concat();
    let decide = || said(&nowhere(&desk, &seen, 0, &crane));
    let first = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    copy(&desk.path("home"), &desk.path("backup"));
    for name in ["gate", "winch", "slip"] {
        desk.key(name, &[]);
    }
    let newest = export(&desk, "newest.bundle", &[])["sequence"].as_u64().unwrap();
    for ending in ["", ".minisig"] {
        fs::copy(desk.path(&format!("newest.bundle{ending}")), desk.path(&format!("harbour.bundle{ending}"))).unwrap();
    }
    assert_eq!(decide(), "valid");

    copy(&desk.path("backup"), &desk.path("home"));
    desk.ok(&["key", "revoke", "crane"]);
    export(&desk, "harbour.bundle", &[]);
    assert_eq!(decide(), "rollback");
    let done = export(&desk, "harbour.bundle", &["--after", "newest.bundle"]);
    assert_eq!((done["sequence"].as_u64(), decide().as_str()), (Some(newest + 1), "revoked"));
    assert_eq!(desk.json(&["tenant", "show", "Harbour"])["sequence"], newest + 1);
    let told = desk.json(&["audit", "list", "--limit", "2"]);
    assert_eq!((&told[0]["kind"], &told[1]["kind"]), (&"bundle_exported".into(), &"sequence_raised".into()));
    // What services had of before is no base: they know keys of which this list knows nothing.
    let since = ["--json", "bundle", "export", "-t", "Harbour", "--out", "delta", "--since", &first];
    assert_eq!(desk.unlocked(&since).refused(2)["field"]["rule"], "not_exported");
    desk.key("pier", &[]);
    let delta = export(&desk, "delta", &["--since", &done["sequence"].to_string()]);
    assert_eq!((&delta["keys"], delta["sequence"].as_u64()), (&1.into(), Some(newest + 2)));

    // By number, too; what is high enough stays.
    let above = |number: &str| export(&desk, "harbour.bundle", &["--above", number])["sequence"].as_u64();
    assert_eq!((above("90"), above("5")), (Some(91), Some(91)));
    let args = |number| ["--json", "bundle", "export", "-t", "Harbour", "--out", "harbour.bundle", "--above", number];
    let error = desk.unlocked(&args("4000000001")).refused(2);
    assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&"above".into(), &"out_of_range".into()));
    // Of another tenant, it says nothing.
    desk.ok(&["tenant", "add", "Depot", "--local"]);
    desk.unlocked(&["bundle", "export", "-t", "Depot", "--out", "depot.bundle"]).ok();
    let foreign = ["--json", "bundle", "export", "-t", "Harbour", "--out", "harbour.bundle", "--after", "depot.bundle"];
    let error = desk.unlocked(&foreign).refused(1);
    assert!(error["message"].as_str().unwrap().contains("(wrong-key)"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--above"), "{error}");
}

#[test]
fn a_sequence_is_raised_with_its_export_or_not_at_all() {
    for point in points("export") {
        let desk = signing();
        let before = desk.json(&["tenant", "show", "Harbour"])["sequence"].clone();
        die(&desk, &point, &["bundle", "export", "-t", "Harbour", "--out", "harbour.bundle", "--above", "90"]);
        desk.unlocked(&["key", "list"]).ok();
        let log = desk.json(&["audit", "list"]);
        let told = |kind: &str| log.as_array().unwrap().iter().any(|event| event["kind"] == kind);
        let raised = desk.json(&["tenant", "show", "Harbour"])["sequence"] == 91;
        assert_eq!((told("sequence_raised"), told("bundle_exported")), (raised, raised), "{point}");
        assert_eq!((raised, before == 91), (point == "export.done", false), "{point}");
        // Done again, it is above what may have left.
        assert_eq!(export(&desk, "harbour.bundle", &["--above", "90"])["sequence"], 91, "{point}");
    }
}

/// Runs with the vault unlocked, stands still at a point, and goes on after what somebody else does meanwhile.
#[cfg(target_os = "linux")]
fn with(desk: &Desk, args: &[&str], point: &str, meanwhile: impl FnOnce()) -> Answer {
    use std::process::{Command, Stdio};

    let passphrase = desk.arg("passphrase");
    let mut command = desk.command(&[&["--json", "--passphrase-file", passphrase.as_str()], args].concat());
    command.env("LATCHKEY_PAUSE", point).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    while !fs::read_to_string(&status).unwrap().contains("State:\tT") {
        std::thread::yield_now();
    }
    meanwhile();
    assert!(Command::new("kill").args(["-CONT", &child.id().to_string()]).status().unwrap().success());
    Answer::from(child.wait_with_output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn what_happens_meanwhile_is_after_a_raised_sequence() {
    let desk = signing();
    let args = ["bundle", "export", "-t", "Harbour", "--out", "harbour.bundle", "--above", "90"];
    let done = json(with(&desk, &args, "export.written", || drop(desk.key("crane", &[]))));
    assert_eq!((&done["sequence"], &done["keys"]), (&91.into(), &0.into()));
    assert_eq!(desk.json(&["tenant", "show", "Harbour"])["sequence"], 92);
    let delta = export(&desk, "delta", &["--since", "91"]);
    assert_eq!((&delta["sequence"], &delta["keys"]), (&92.into(), &1.into()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_was_rotated_meanwhile_signs_nothing_and_is_not_rotated_again() {
    let desk = signing();
    let rotate = || drop(json(desk.unlocked(&ROTATE)));
    let args = ["bundle", "export", "-t", "Harbour", "--out", "harbour.bundle"];
    assert_eq!(with(&desk, &args, "export.written", rotate).refused(1)["code"], "not_now");
    assert!(!desk.path("harbour.bundle").exists());
    assert_eq!(with(&desk, &ROTATE[1..], "credential.kept", rotate).refused(1)["code"], "not_now");
    desk.unlocked(&["key", "list"]).ok();
    assert_eq!((former(&desk).len(), in_vault(&desk, "rotated")), (2, 1));
    export(&desk, "harbour.bundle", &[]);
    let public = desk.json(&PUBLIC_KEY)["public_key"].as_str().unwrap().to_owned();
    json(desk.run(&["--json", "bundle", "inspect", "harbour.bundle", "--public-key", &public]));
}
