//! The whole way of a bundle: from a tenant of one profile, as two files and a public key, into a closed network, where
//! services decide by them, and a delta after it.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::bundle::{export, signing};
use crate::desk::Desk;

/// What happens in the closed network. It is given the keys in a line, says in lines what `verify` and the gate decide, and
/// waits for a line before it looks for what was carried in.
const INSIDE: &str = r#"
import atexit, fcntl, http.client, json, os, signal, socket, struct, subprocess, sys
latchkey, how = sys.argv[1:]
if how == "alone":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
    assert open("/proc/net/route").read().count("\n") == 1
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
keys = json.loads(sys.stdin.readline())
trusted = ["--bundle", "harbour.bundle", "--public-key", "harbour.pub"]
def say(what):
    print(json.dumps(what), flush=True)
def verified(key):
    done = subprocess.run([latchkey, "--json", "verify", *trusted, "--state", "seen"], input=key, capture_output=True, text=True)
    said = json.loads(done.stdout)
    return [done.returncode, said.get("reason", said["decision"])]
say({name: verified(key) for name, key in keys.items()})
gate = subprocess.Popen([latchkey, "--json", "gate", *trusted, "--state", "gate", "--listen", "127.0.0.1:0", "--proxy", "traefik",
    "--require", "/billing=billing"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
atexit.register(gate.kill)
document = ""
while not document.endswith("}\n"):
    line = gate.stdout.readline()
    assert line, gate.stderr.read()
    document += line
connection = http.client.HTTPConnection(json.loads(document)["listen"])
def asked(key, path="/"):
    connection.request("GET", path, headers={"X-Forwarded-Uri": path, "Authorization": "Bearer " + key})
    answer = connection.getresponse()
    answer.read()
    return [answer.status, answer.headers["X-Latchkey-Reason"] or answer.headers["X-Latchkey-Key"], answer.headers["X-Latchkey-Sequence"]]
def answers():
    say({name: asked(key) for name, key in keys.items()})
answers()
say([asked(keys["crane"], "/billing/1")[0], asked(keys["gate"], "/billing/1")[1]])
assert sys.stdin.readline()
while "harbour.bundle.delta over" not in line:
    line = gate.stderr.readline()
    assert line
answers()
gate.send_signal(signal.SIGTERM)
say([gate.wait(), sorted(os.listdir("."))])
"#;

/// Runs in this folder with nothing of this computer's but its programs.
fn inside(mut command: Command, how: &str, folder: &Path, home: &Path) -> Child {
    command.args(["python3", "-c", INSIDE, env!("CARGO_BIN_EXE_latchkey"), how]).current_dir(folder);
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("HOME", home);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

fn carry(desk: &Desk, name: &str, folder: &Path, to: &str) {
    // The file, then its signature, as people do it.
    for ending in ["", ".minisig"] {
        fs::rename(desk.path(&format!("{name}{ending}")), folder.join(format!("{to}{ending}"))).unwrap();
    }
}

#[test]
fn a_bundle_decides_in_a_closed_network_and_a_delta_changes_its_mind() {
    let alone = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net"]);
        command
    };
    let tried = alone().arg("true").output().unwrap();
    let (command, how) = if tried.status.success() { (alone(), "alone") } else { (Command::new("env"), "here") };
    if how == "here" {
        crate::network::left_out(&format!("without a name space, since none can be made here ({tried:?})\n"));
    }

    // At the desk: the tenant and its keys, one of which ended three days ago.
    let desk = signing();
    let crane = desk.key("crane", &["--api-set", "billing"]);
    let gate = desk.key("gate", &[]);
    let winch = desk.key("winch", &[]);
    let new = ["key", "new", "-t", "Harbour", "--name", "slip", "--expires", "7d", "--stdout"];
    let slip = desk.run_with(&new, &[("LATCHKEY_CLOCK_AHEAD", "-864000")], b"").ok().trim().to_owned();
    desk.ok(&["key", "revoke", "winch"]);
    let full = export(&desk, "harbour.bundle", &[])["sequence"].to_string();
    let later = desk.key("later", &[]);

    // In the closed network: the bundle, its signature, the public key, and nothing else.
    let (closed, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    carry(&desk, "harbour.bundle", closed.path(), "harbour.bundle");
    fs::copy(desk.path("harbour.pub"), closed.path().join("harbour.pub")).unwrap();
    let mut child = inside(command, how, closed.path(), home.path());
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = || serde_json::from_str::<Value>(&stdout.next().expect("it goes on").unwrap()).unwrap();
    let keys =
        json!({ "crane": crane, "gate": gate, "winch": winch, "slip": slip, "later": later, "typo": "lk_nonsense" });
    writeln!(stdin, "{keys}").unwrap();
    let (valid, no) = (json!([0, "valid"]), |reason: &str| json!([3, reason]));
    assert_eq!(
        said(),
        json!({ "crane": valid, "gate": valid, "winch": no("revoked"), "slip": no("expired"), "later": no("unknown"),
                "typo": no("malformed") })
    );
    let passes = |key: &str, sequence: &str| json!([200, crate::desk::handle_of(key), sequence]);
    let refused = |reason: &str| json!([401, reason, null]);
    assert_eq!(
        said(),
        json!({ "crane": passes(&crane, &full), "gate": passes(&gate, &full), "winch": refused("revoked"),
                "slip": refused("expired"), "later": refused("unknown"), "typo": refused("malformed") })
    );
    assert_eq!(said(), json!([200, "api-set-missing"]));

    // Meanwhile, at the desk.
    desk.ok(&["key", "revoke", "crane", "--reason", "lost tablet"]);
    let delta = export(&desk, "harbour.delta", &["--since", &full])["sequence"].to_string();
    carry(&desk, "harbour.delta", closed.path(), "harbour.bundle.delta");
    writeln!(stdin).unwrap();
    assert_eq!(
        said(),
        json!({ "crane": refused("revoked"), "gate": passes(&gate, &delta), "winch": refused("revoked"),
                "slip": refused("expired"), "later": passes(&later, &delta), "typo": refused("malformed") })
    );
    let files = [
        "gate",
        "harbour.bundle",
        "harbour.bundle.delta",
        "harbour.bundle.delta.minisig",
        "harbour.bundle.minisig",
        "harbour.pub",
        "seen",
    ];
    assert_eq!(said(), json!([0, files]));
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "no profile was made");
}
