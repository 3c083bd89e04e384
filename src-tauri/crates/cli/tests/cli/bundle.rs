//! Verifier bundles on the command line: the signing key, export, inspection, and decisions with nothing but the file.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use latchkey_verify::{Decision, Memory, Verifier, unix_seconds};
use serde_json::Value;

use crate::desk::{Answer, Desk, handle_of};
use crate::kill::{die, in_vault, points};

pub(crate) const PUBLIC_KEY: [&str; 4] = ["bundle", "public-key", "-t", "Harbour"];

#[test]
fn the_public_key_is_minisigns_and_is_told_while_the_vault_is_locked() {
    let desk = Desk::new();
    // The first asking makes the key, and that needs the vault.
    assert_eq!(desk.refused(&PUBLIC_KEY, 5)["code"], "vault_locked");
    let made = desk.unlocked(&PUBLIC_KEY);
    let fingerprint = made.stderr.trim().strip_prefix("Fingerprint: ").unwrap().to_owned();
    let text = made.ok();
    assert_eq!(desk.ok(&PUBLIC_KEY), text, "and it stays");
    let document = desk.json(&PUBLIC_KEY);
    let lines: Vec<&str> = text.lines().collect();
    let comment = format!("untrusted comment: minisign public key {}", document["number"].as_str().unwrap());
    assert_eq!(lines, [comment.as_str(), document["public_key"].as_str().unwrap()]);
    assert_eq!((document["tenant"].as_str(), document["fingerprint"].as_str()), (Some("Harbour"), Some(&*fingerprint)));
    let told = desk.json(&["audit", "list"]);
    assert_eq!((&told[0]["kind"], &told[0]["detail"]), (&"signing_key_made".into(), &fingerprint.into()));
    assert_eq!(told.as_array().unwrap().iter().filter(|event| event["kind"] == "signing_key_made").count(), 1);
}

#[test]
fn a_signing_key_is_the_tenants_own_and_goes_with_it() {
    let desk = Desk::new();
    desk.ok(&["tenant", "add", "Depot", "--local"]);
    let harbour = desk.unlocked(&PUBLIC_KEY).ok();
    let depot = desk.unlocked(&["bundle", "public-key", "-t", "Depot"]).ok();
    assert_ne!(harbour, depot);
    assert_eq!(in_vault(&desk, "two tenants"), 2);
    desk.unlocked(&["tenant", "remove", "Depot", "--yes"]).ok();
    assert_eq!(in_vault(&desk, "one of them removed"), 1);
    assert_eq!(desk.ok(&PUBLIC_KEY), harbour);
}

#[test]
fn a_remote_tenant_signs_nothing() {
    let desk = Desk::new();
    fs::write(desk.path("token"), "a-token\n").unwrap();
    crate::desk::make_private(&desk.path("token"));
    let url = ["--url", "https://docspace.invalid", "--credential-file", "token"];
    // Added, though nobody may ask its server.
    desk.unlocked(&[&["--offline", "tenant", "add", "Office", "--remote", "docspace"], &url[..]].concat());
    let error = desk.unlocked(&["--json", "bundle", "public-key", "-t", "Office"]).refused(2);
    assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&"tenant".into(), &"not_local".into()));
}

#[test]
fn a_signing_key_is_there_with_its_seed_or_not_at_all() {
    for point in points("credential") {
        let desk = Desk::new();
        die(&desk, &point, &PUBLIC_KEY);
        desk.unlocked(&["key", "list"]).ok();
        let made = point == "credential.done";
        assert_eq!(in_vault(&desk, &point), usize::from(made), "{point}");
        assert_eq!(desk.run(&PUBLIC_KEY).status == Some(0), made, "{point}");
        // Nothing stands in the way of the next try, and a start takes it for no orphan.
        let key = desk.unlocked(&PUBLIC_KEY).ok();
        assert_eq!((in_vault(&desk, &point), desk.ok(&PUBLIC_KEY)), (1, key), "{point}");
    }
}

/// A profile whose signing key is made, with its public key in the file `harbour.pub`.
pub(crate) fn signing() -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("harbour.pub"), desk.unlocked(&PUBLIC_KEY).ok()).unwrap();
    desk
}

pub(crate) fn export(desk: &Desk, file: &str, more: &[&str]) -> Value {
    let args = [&["--json", "bundle", "export", "-t", "Harbour", "--out", file], more].concat();
    serde_json::from_str(&desk.unlocked(&args).ok()).unwrap()
}

/// Runs where there is nothing but what `desk` has in its folder: no profile, no home, no session bus, no variable.
pub(crate) fn nowhere(desk: &Desk, args: &[&str], ahead: i64, input: &str) -> Answer {
    let empty = tempfile::tempdir().unwrap();
    let mut command = desk.command(args);
    command.env_clear().env("HOME", empty.path()).env("LATCHKEY_CLOCK_AHEAD", ahead.to_string());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let answer = Answer::from(child.wait_with_output().unwrap());
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0, "nothing was made there: {answer:?}");
    answer
}

pub(crate) const OFFLINE: [&str; 6] = ["--json", "verify", "--bundle", "harbour.bundle", "--public-key", "harbour.pub"];

/// What the bundle says of a key so many seconds from now, and the exit status.
fn decided(desk: &Desk, ahead: i64, key: &str) -> (Value, Option<i32>) {
    let answer = nowhere(desk, &OFFLINE, ahead, key);
    (serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}")), answer.status)
}

#[test]
fn a_bundle_decides_where_there_is_no_profile() {
    let desk = signing();
    let [crane, gate, winch, slip] = [
        desk.key("crane", &["--api-set", "billing"]),
        desk.key("gate", &[]),
        desk.key("winch", &[]),
        desk.key("slip", &["--expires", "7d"]),
    ];
    desk.ok(&["key", "revoke", "gate"]);
    desk.ok(&["key", "disable", "winch"]);
    let done = export(&desk, "harbour.bundle", &["--valid-for", "10d"]);
    assert_eq!((&done["kind"], &done["keys"], &done["total"]), (&"full".into(), &4.into(), &4.into()));
    assert_eq!(done["sequence"], desk.json(&["tenant", "show", "Harbour"])["sequence"]);

    let (said, status) = decided(&desk, 0, &format!("{crane}\n"));
    assert_eq!((status, &said["decision"], &said["sequence"]), (Some(0), &"valid".into(), &done["sequence"]));
    assert_eq!((said["key"]["handle"].as_str(), &said["api_sets"][0]), (Some(handle_of(&crane)), &"billing".into()));
    let day = 86_400;
    let mut typo = crane.clone();
    typo.replace_range(20..21, if &crane[20..21] == "0" { "1" } else { "0" });
    let other = desk.ok(&["key", "new", "-t", "Harbour", "--name", "later", "--stdout"]);
    for (key, ahead, reason) in [
        (gate.as_str(), 0, "revoked"),
        (&winch, 0, "disabled"),
        (&slip, 9 * day, "expired"),
        (&crane, 11 * day, "bundle-expired"),
        (&gate, 11 * day, "revoked"),
        (&typo, 0, "malformed"),
        (&other, 0, "unknown"),
        ("", 0, "malformed"),
    ] {
        let (said, status) = decided(&desk, ahead, key);
        assert_eq!((said["reason"].as_str(), status), (Some(reason), Some(3)), "{said}");
    }
    // As of a moment, and in words.
    let at = [&OFFLINE[1..], &["--at", "2099-01-01"]].concat();
    let answer = nowhere(&desk, &at, 0, &crane);
    assert_eq!((answer.status, answer.stdout.contains("the bundle is over")), (Some(3), true), "{answer:?}");
    // The key as text.
    let text = desk.json(&PUBLIC_KEY)["public_key"].as_str().unwrap().to_owned();
    let args = ["verify", "--bundle", "harbour.bundle", "--public-key", &text];
    assert!(
        nowhere(&desk, &args, 0, &crane).ok().starts_with(&format!("valid: {} may use billing", handle_of(&crane)))
    );
}

#[test]
fn what_must_not_be_believed_is_a_failure_and_no_decision() {
    let desk = signing();
    let crane = desk.key("crane", &[]);
    export(&desk, "harbour.bundle", &[]);
    let code = |answer: Answer, code: &str| {
        let error = answer.refused(1);
        assert!(error["message"].as_str().unwrap().contains(&format!("({code})")), "{error}");
    };
    code(nowhere(&desk, &OFFLINE, -90_000, &crane), "clock-set-back");
    let bytes = fs::read(desk.path("harbour.bundle")).unwrap();
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(desk.path("harbour.bundle"), changed).unwrap();
    code(nowhere(&desk, &OFFLINE, 0, &crane), "bad-signature");
    fs::write(desk.path("harbour.bundle"), bytes).unwrap();

    desk.ok(&["tenant", "add", "Depot", "--local"]);
    let depot = desk.unlocked(&["bundle", "public-key", "-t", "Depot"]).ok();
    fs::write(desk.path("depot.pub"), depot).unwrap();
    let args = [&OFFLINE[..5], &["depot.pub"]].concat();
    code(nowhere(&desk, &args, 0, &crane), "wrong-key");
    for no_key in ["nonsense", "harbour.bundle", "nowhere.pub"] {
        let error = nowhere(&desk, &[&OFFLINE[..5], &[no_key]].concat(), 0, &crane).refused(2);
        assert_eq!(error["field"]["name"], "public_key", "{error}");
    }

    // Remembered, an older bundle is not believed any more.
    let old = ["harbour.bundle", "harbour.bundle.minisig"].map(|name| fs::read(desk.path(name)).unwrap());
    let remembering = [&OFFLINE[..], &["--state", "seen"]].concat();
    nowhere(&desk, &remembering, 0, &crane).ok();
    desk.ok(&["key", "revoke", "crane"]);
    export(&desk, "harbour.bundle", &[]);
    assert_eq!(nowhere(&desk, &remembering, 0, &crane).status, Some(3));
    for (name, bytes) in ["harbour.bundle", "harbour.bundle.minisig"].iter().zip(old) {
        fs::write(desk.path(name), bytes).unwrap();
    }
    code(nowhere(&desk, &remembering, 0, &crane), "rollback");
    nowhere(&desk, &OFFLINE, 0, &crane).ok();
    fs::remove_file(desk.path("harbour.bundle.minisig")).unwrap();
    nowhere(&desk, &OFFLINE, 0, &crane).refused(1);
}

/// The program of the distribution, which knows nothing of Latchkey.
#[test]
fn minisign_believes_a_bundle_and_says_what_it_is() {
    let desk = signing();
    desk.key("crane", &[]);
    let done = export(&desk, "harbour.bundle", &[]);
    let minisign = || {
        Command::new("minisign")
            .args(["-Vm", "harbour.bundle", "-p", "harbour.pub"])
            .current_dir(desk.path(""))
            .output()
    };
    let said = Answer::from(minisign().unwrap());
    let comment = format!("kind=full sequence={} expires={}", done["sequence"], done["expires_at"].as_str().unwrap());
    assert!(said.stdout.contains(&comment), "{said:?}");
    assert_eq!(said.status, Some(0));
    let mut changed = fs::read(desk.path("harbour.bundle")).unwrap();
    changed[40] ^= 1;
    fs::write(desk.path("harbour.bundle"), changed).unwrap();
    assert_eq!(Answer::from(minisign().unwrap()).status, Some(1));
}

#[test]
fn a_delta_is_since_a_bundle_that_was_exported() {
    let desk = signing();
    desk.key("crane", &[]);
    let error =
        desk.unlocked(&["--json", "bundle", "export", "-t", "Harbour", "--out", "d", "--since", "1"]).refused(2);
    assert_eq!((&error["field"]["name"], &error["field"]["rule"]), (&"since".into(), &"not_exported".into()));
    assert!(!desk.path("d").exists());
    let first = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    desk.key("gate", &[]);
    desk.ok(&["key", "revoke", "crane"]);
    desk.ok(&["key", "delete", "crane", "--yes"]);
    let delta = export(&desk, "harbour.delta", &["--since", &first]);
    assert_eq!((&delta["keys"], &delta["removed"], &delta["total"]), (&1.into(), &1.into(), &1.into()));
    let unknown = ["--json", "bundle", "export", "-t", "Harbour", "--out", "d", "--since", "9999"];
    let hint = desk.unlocked(&unknown).refused(2)["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains(&format!("{}, {first}", delta["sequence"])), "{hint}");

    let inspect = ["--json", "bundle", "inspect", "harbour.delta", "--public-key", "harbour.pub"];
    let found: Value = serde_json::from_str(&nowhere(&desk, &inspect, 0, "").ok()).unwrap();
    assert_eq!((&found["checked"], &found["kind"], &found["base"]), (&true.into(), &"delta".into(), &delta["base"]));
    fs::remove_file(desk.path("harbour.delta.minisig")).unwrap();
    nowhere(&desk, &inspect, 0, "").refused(1);
    let peeked = nowhere(&desk, &["bundle", "inspect", "harbour.delta"], 0, "");
    assert!(peeked.stdout.contains("signature: not checked"), "{peeked:?}");
    assert!(peeked.stderr.contains("give `--public-key`"), "{peeked:?}");
}

#[test]
fn a_bundle_takes_the_place_of_an_older_one_and_of_nothing_else() {
    let desk = signing();
    fs::write(desk.path("harbour.bundle"), "somebody's").unwrap();
    let args = ["--json", "bundle", "export", "-t", "Harbour", "--out", "harbour.bundle"];
    assert_eq!(desk.unlocked(&args).refused(1)["code"], "file_exists");
    assert_eq!(fs::read(desk.path("harbour.bundle")).unwrap(), b"somebody's");
    fs::remove_file(desk.path("harbour.bundle")).unwrap();
    fs::write(desk.path("harbour.bundle.minisig"), "somebody's").unwrap();
    assert_eq!(desk.unlocked(&args).refused(1)["code"], "file_exists");
    fs::remove_file(desk.path("harbour.bundle.minisig")).unwrap();
    export(&desk, "harbour.bundle", &[]);
    export(&desk, "harbour.bundle", &[]);
    desk.ok(&["tenant", "add", "Depot", "--local"]);
    let depot = ["--json", "bundle", "export", "-t", "Depot", "--out", "harbour.bundle"];
    assert_eq!(desk.unlocked(&depot).refused(1)["code"], "file_exists");
    for wrong in ["0d", "8 days", "99999d"] {
        let error = desk.unlocked(&[&args[..], &["--valid-for", wrong]].concat()).refused(2);
        assert_eq!(error["field"]["name"], "valid_for", "{error}");
    }
    assert_eq!(desk.refused(&args[1..], 5)["code"], "vault_locked");
}

#[test]
fn a_key_that_somebody_chose_stays_here_and_is_told() {
    let desk = signing();
    fs::write(desk.path(".env"), "A_KEY=sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca\nB_KEY=hunter2hunter2\n").unwrap();
    desk.ok(&["import", ".env", "-t", "Harbour", "--yes"]);
    let said = desk.unlocked(&["bundle", "export", "-t", "Harbour", "--out", "harbour.bundle"]);
    assert!(said.stderr.contains("Not in it, since somebody may have chosen them: 1 key"), "{said:?}");
    assert!(said.stdout.contains("Wrote 1 key of Harbour"), "{said:?}");
    assert_eq!(decided(&desk, 0, "sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca").1, Some(0));
    assert_eq!(decided(&desk, 0, "hunter2hunter2").0["reason"], "malformed");
}

#[test]
fn killed_at_each_step_an_export_leaves_a_whole_pair_or_one_that_nobody_believes() {
    let mut told = Vec::new();
    for point in points("export") {
        let desk = signing();
        let crane = desk.key("crane", &[]);
        die(&desk, &point, &["bundle", "export", "-t", "Harbour", "--out", "harbour.bundle"]);
        desk.unlocked(&["key", "list"]).ok();
        let left: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().contains("part")), "{point}: {left:?}");
        assert_eq!(in_vault(&desk, &point), 1, "{point}");
        let believed = desk.path("harbour.bundle.minisig").exists();
        assert_eq!(nowhere(&desk, &OFFLINE, 0, &crane).status, Some(i32::from(!believed)), "{point}");
        let log = desk.json(&["audit", "list"]);
        let logged = log.as_array().unwrap().iter().any(|event| event["kind"] == "bundle_exported");
        told.push((point, believed, logged));
        // Nothing stands in the way of the next try.
        export(&desk, "harbour.bundle", &[]);
        assert_eq!(decided(&desk, 0, &crane).1, Some(0));
    }
    let told: Vec<_> = told.iter().map(|(point, believed, logged)| (point.as_str(), *believed, *logged)).collect();
    assert_eq!(
        told,
        [
            ("export.done", true, true),
            ("export.half", false, false),
            ("export.journaled", false, false),
            ("export.placed", true, false),
            ("export.written", false, false),
        ]
    );
}

/// A bundle that took its place, of which nothing is written down since the process died: a delta fits it all the same.
#[test]
fn a_delta_fits_a_bundle_that_nobody_wrote_down() {
    let desk = signing();
    let crane = desk.key("crane", &[]);
    desk.ok(&["key", "disable", "crane"]);
    let base = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    desk.ok(&["key", "enable", "crane"]);
    die(&desk, "export.placed", &["bundle", "export", "-t", "Harbour", "--out", "lost.bundle"]);
    desk.ok(&["key", "disable", "crane"]);
    export(&desk, "harbour.delta", &["--since", &base]);
    let read =
        |name: &str| [name.to_owned(), format!("{name}.minisig")].map(|name| fs::read(desk.path(&name)).unwrap());
    let key = fs::read_to_string(desk.path("harbour.pub")).unwrap().parse().unwrap();
    let [file, signature] = read("harbour.bundle");
    let verifier = Verifier::open(Memory::new(key), &file, &signature).unwrap();
    let reason = |verifier: &Verifier| match verifier.decide(&crane, unix_seconds(SystemTime::now())).unwrap() {
        Decision::Valid(_) => "valid",
        Decision::Refused(refused) => refused.reason.name(),
    };
    assert_eq!(reason(&verifier), "disabled");
    for (name, said) in [("lost.bundle", "valid"), ("harbour.delta", "disabled")] {
        let [file, signature] = read(name);
        verifier.take(&file, &signature).unwrap();
        assert_eq!(reason(&verifier), said, "{name}");
    }
}
