//! `gate`: a bundle alone in a folder, and no profile anywhere.

#![cfg(unix)]

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::SystemTime;

use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{Access, Handle, KeyStatus, TenantId, unix_seconds};

use crate::desk::{Answer, Desk};

/// Its text and the SHA-256 of that.
const KEY: &str = "lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN";
const DIGEST: [u8; 32] = [
    0xaf, 0x20, 0x87, 0xa2, 0xea, 0x84, 0x74, 0x19, 0x75, 0x17, 0x93, 0xb6, 0x2a, 0x5c, 0x6a, 0xd7, 0xb5, 0x9a, 0x07,
    0xe9, 0xbf, 0xa6, 0xdf, 0x79, 0xde, 0xfe, 0x9b, 0x9e, 0x18, 0x62, 0x18, 0xe6,
];

fn signer() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn write(desk: &Desk, name: &str, sequence: u64, status: KeyStatus) {
    let now = unix_seconds(SystemTime::now());
    let access = Access { api_sets: vec!["Billing".into()], ..Access::default() };
    let handle = Handle::new("8fK2pQ7z").unwrap();
    let key = DraftKey { handle, digest: DIGEST, access: Arc::new(access), not_before: None, expires: None, status };
    let draft = Draft {
        tenant: TenantId([7; 16]),
        name: "Harbour".into(),
        sequence,
        base: None,
        issued: now - 60,
        expires: now + 86_400,
        total: 1,
        foreign: false,
        keys: vec![key],
        removed: vec![],
    };
    let (file, signature) = draft.sign(&signer()).unwrap();
    fs::write(desk.path(name), file).unwrap();
    fs::write(desk.path(&format!("{name}.minisig")), signature).unwrap();
}

/// With the bundle, the key's file, and what drives the gate.
fn site() -> Desk {
    let desk = Desk::empty();
    fs::remove_file(desk.path("passphrase")).unwrap();
    write(&desk, "harbour.bundle", 10, KeyStatus::Active);
    write(&desk, "newer", 11, KeyStatus::Revoked);
    let public = format!("untrusted comment: the harbour's\n{}\n", signer().public_key());
    fs::write(desk.path("harbour.pub"), public).unwrap();
    desk
}

/// Starts the gate, asks it, gives it a newer bundle and an older one, and ends it.
const DRIVE: &str = r#"
import fcntl, http.client, json, os, signal, socket, struct, subprocess, sys
if sys.argv[2] == "alone":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
    assert open("/proc/net/route").read().count("\n") == 1
gate = subprocess.Popen([sys.argv[1], "--json", "gate", "--bundle", "harbour.bundle", "--public-key", "harbour.pub", "--listen",
    "127.0.0.1:0", "--admin", "127.0.0.1:0", "--state", "seen", "--proxy", "traefik", "--require", "/billing=Billing",
    "--require", "/dunning=Dunning"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
document = ""
while not document.endswith("}\n"):
    line = gate.stdout.readline()
    assert line, gate.stderr.read()
    document += line
listening = json.loads(document)
key = sys.stdin.read().strip()
def ask(path, key, where="listen"):
    connection = http.client.HTTPConnection(listening[where])
    connection.request("GET", path, headers={"X-Forwarded-Uri": path, **({"Authorization": "Bearer " + key} if key else {})})
    answer = connection.getresponse()
    return answer, answer.read()
def said(path, key):
    answer, _ = ask(path, key)
    return [answer.status, answer.headers["X-Latchkey-Reason"] or answer.headers["X-Latchkey-Key"]]
def replace(name):
    for ending in ["", ".minisig"]:
        os.replace(name + ending, "harbour.bundle" + ending)
print(json.dumps([said(*a) for a in [("/billing/1", key), ("/dunning", key), ("/Dunning", key), ("/", ""), ("/", key + "x")]]))
os.link("harbour.bundle", "older"); os.link("harbour.bundle.minisig", "older.minisig")
replace("newer")
while "sequence 11" not in gate.stderr.readline(): pass
print(json.dumps(said("/", key)))
replace("older")
while "(rollback)" not in gate.stderr.readline(): pass
print(json.dumps([said("/", key), json.loads(ask("/-/health", "", "admin")[1])["reasons"], ask("/-/metrics", "", "admin")[0].status]))
gate.send_signal(signal.SIGTERM)
print(gate.wait(), open("seen").read().split(" ")[1])
sys.stderr.write(gate.stderr.read())
"#;

fn drive(desk: &Desk, command: &mut Command, how: &str) -> Answer {
    fs::write(desk.path("key"), KEY).unwrap();
    let key = fs::File::open(desk.path("key")).unwrap();
    fs::remove_file(desk.path("key")).unwrap();
    command.args(["python3", "-c", DRIVE, env!("CARGO_BIN_EXE_latchkey"), how]);
    command.env("LATCHKEY_HOME", desk.path("home")).current_dir(desk.path("")).stdin(key);
    Answer::from(command.output().unwrap())
}

fn check(desk: &Desk, answer: Answer) {
    let printed = answer.ok();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(
        lines,
        [
            "[[200, \"8fK2pQ7z\"], [403, \"api-set-missing\"], [403, \"path-ambiguous\"], [401, \"no-key\"], [401, \"malformed\"]]",
            "[401, \"revoked\"]",
            "[[401, \"revoked\"], [\"bundle: rollback\"], 200]",
            "0 11",
        ]
    );
    assert!(!desk.path("home").exists());
}

#[test]
fn a_gate_decides_takes_over_refuses_and_ends() {
    let desk = site();
    check(&desk, drive(&desk, &mut Command::new("env"), "here"));
}

/// In a name space of its own, with nothing but loopback.
#[test]
fn a_gate_needs_no_network_but_loopback() {
    let alone = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net"]);
        command
    };
    if let Some(refused) = Some(alone().arg("true").output().unwrap()).filter(|tried| !tried.status.success()) {
        crate::network::left_out(&format!("skipped: no name space can be made here ({refused:?})\n"));
        return;
    }
    let desk = site();
    check(&desk, drive(&desk, &mut alone(), "alone"));
}

#[test]
fn what_cannot_be_used_is_named_before_anything_listens() {
    let desk = site();
    let public = signer().public_key().to_string();
    let other = SigningKey::from_seed(&[2; 32]).public_key().to_string();
    let base = |key: &str| format!("gate --bundle harbour.bundle --listen 127.0.0.1:0 --public-key {key}");
    for (line, status, message) in [
        (base("harbour.bundle"), 2, "The public key is neither one of minisign nor a file with one."),
        (base("none.pub"), 2, "The public key is neither one of minisign nor a file with one."),
        (
            base(&other),
            1,
            "The bundle harbour.bundle must not be believed: the file was signed with another key (wrong-key).",
        ),
        (base(&public).replace("harbour.bundle", "none"), 1, "Could not read none: "),
        (base(&public) + " --proxy nginx --require billing=Billing", 2, "`--require billing=Billing` cannot be used: "),
        (
            base(&public) + " --require /billing=Billing",
            2,
            "The following required arguments were not provided: --proxy",
        ),
        (base(&public) + " --proxy nginx --prefix /check", 2, "Only Envoy puts a prefix before the path."),
        (base(&public) + " --header X:Y", 2, "`X:Y` is no name of a header."),
        (base(&public) + " --state none/seen", 1, "Could not write none/seen: "),
        (format!("--offline {}", base(&public)), 6, "The gate listens on the network, and Latchkey is offline."),
    ] {
        let error = desk.refused(&line.split(' ').collect::<Vec<_>>(), status);
        let said = error["message"].as_str().unwrap();
        assert!(said.starts_with(message), "{line}: {said}");
    }
}
