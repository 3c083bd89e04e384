//! Which sockets the program opens, seen from outside: by a trace of its system calls, and where there is no network at
//! all. `strace` and `unshare` are Debian packages (`strace`, `util-linux`).

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs, io};

use latchkey_app::session::{Operator, Origin};
use latchkey_app::settings;
use latchkey_app::wire::Settings;

use crate::desk::{Answer, Desk};
use crate::remote::office;
use crate::vendor::Portal;

/// Whether a program can be traced here; says so where it cannot. `make test` finds out whether that is so, and sets
/// `LATCHKEY_TRACE` where it is not: a test that is left out in silence proves nothing.
fn can_trace() -> bool {
    let tried = Command::new("strace").args(["--trace=network", "--output=/dev/null", "true"]).output();
    let refused = match tried {
        Ok(done) if done.status.success() => return true,
        Ok(done) => String::from_utf8_lossy(&done.stderr).trim().to_owned(),
        Err(cause) => cause.to_string(),
    };
    left_out(&format!("skipped: no system calls can be traced here ({refused})\n"));
    false
}

pub(crate) fn left_out(reason: &str) {
    assert!(env::var("LATCHKEY_TRACE").as_deref() != Ok("needed"), "{reason}");
    // Not by a macro, whose output the test runner keeps to itself.
    io::Write::write_all(&mut io::stderr(), reason.as_bytes()).unwrap();
}

/// Runs the program, all its threads and what it starts, and answers with the families of the sockets that were opened.
fn traced(desk: &Desk, args: &[&str]) -> (Answer, BTreeSet<String>) {
    let plain = desk.command(args);
    let mut command = Command::new("strace");
    command.args(["--follow-forks", "--trace=network", "--output"]).arg(desk.path("trace")).arg("--");
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(desk.path(""));
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let answer = Answer::from(command.stdin(std::process::Stdio::null()).output().unwrap());
    let trace = fs::read_to_string(desk.path("trace")).unwrap();
    let opened = trace.lines().filter_map(|line| line.split_once("socket(")?.1.split(',').next());
    (answer, opened.map(str::to_owned).collect())
}

fn is_internet(family: &str) -> bool {
    // Nothing but the local kinds: what is not known is not local.
    !["AF_UNIX", "AF_NETLINK"].contains(&family)
}

/// Every command that asks a server.
fn asking(desk: &Desk, portal: &Portal) -> [String; 10] {
    let server = format!("docspace --url {} --credential-file {}", portal.url, desk.arg("admin"));
    [
        "tenant sync Portal".to_owned(),
        "tenant sync --all".to_owned(),
        "key new -t Portal --name Quay --stdout".to_owned(),
        "key disable Crane".to_owned(),
        "key edit Crane --name Pier".to_owned(),
        "key revoke Crane --yes".to_owned(),
        "key rotate Crane --overlap none --stdout".to_owned(),
        "key check Crane".to_owned(),
        format!("connector try {server}"),
        format!("tenant add Other --remote {server}"),
    ]
}

/// With the key Crane kept, so that it can be asked with.
fn office_with_kept_key() -> (Desk, Portal) {
    let (desk, portal) = office();
    desk.unlocked(&["key", "revoke", "Crane", "--yes"]).ok();
    desk.unlocked(&["key", "delete", "Crane", "--yes"]).ok();
    desk.unlocked(&["key", "new", "-t", "Portal", "--name", "Crane", "--keep"]).ok();
    // Not counted for what follows.
    portal.state().asked.clear();
    (desk, portal)
}

fn traced_line(desk: &Desk, options: &[&str], line: &str) -> (Answer, BTreeSet<String>) {
    let passphrase = desk.arg("passphrase");
    let args: Vec<&str> = ["--passphrase-file", &passphrase].into_iter().chain(options.iter().copied()).collect();
    traced(desk, &[args, line.split(' ').collect()].concat())
}

fn switch_off(desk: &Desk) {
    let session = latchkey_profile::open(&desk.path("home"), None).unwrap();
    let operator = Operator { name: "Ada".into(), origin: Origin::CommandLine };
    settings::save(&session, &operator, Settings { offline: true, ..Settings::default() }).unwrap();
}

#[test]
fn offline_no_command_opens_a_socket_to_another_computer() {
    if !can_trace() {
        return;
    }
    for options in [&["--offline"][..], &[]] {
        let (desk, portal) = office_with_kept_key();
        if options.is_empty() {
            switch_off(&desk);
        }
        for line in asking(&desk, &portal) {
            let (answer, opened) = traced_line(&desk, options, &line);
            assert!(!opened.iter().any(|family| is_internet(family)), "{options:?} {line}: {opened:?}");
            assert_eq!(answer.status, Some(6), "{options:?} {line}: {answer:?}");
            let said = format!("{}{}", answer.stdout, answer.stderr);
            assert!(said.contains("Latchkey is offline"), "{options:?} {line}: {answer:?}");
        }
        assert_eq!(portal.state().asked, [""; 0], "{options:?}");
    }
}

/// What the test above looks for can be seen: the same commands, online.
#[test]
fn online_each_of_them_opens_one() {
    if !can_trace() {
        return;
    }
    let count = asking(&Desk::empty(), &Portal::start()).len();
    for number in 0..count {
        // What one command changes is not there for the next.
        let (desk, portal) = office_with_kept_key();
        let line = &asking(&desk, &portal)[number];
        let (answer, opened) = traced_line(&desk, &[], line);
        assert!(opened.iter().any(|family| is_internet(family)), "{line}: {opened:?}");
        assert_eq!(answer.status, Some(0), "{line}: {answer:?}");
        assert!(!portal.state().asked.is_empty(), "{line}");
    }
}

/// A day with local tenants alone, and the rest of a day with remote ones: online, and yet nobody is asked.
const LOCAL: [&str; 14] = [
    "tenant add Depot --local",
    "api-set add -t Depot billing",
    "key new -t Depot --name crane --api-set billing --keep --out crane.APIKEY",
    "key list",
    "key show crane",
    "key edit crane --description nightly",
    "key rotate crane --overlap 1h --out next.APIKEY",
    "key batch -t Depot --count 3 --name kiosk-{n} --out kiosks.csv",
    "import crane.APIKEY -t Depot --yes",
    "key export --out list.csv",
    "tenant list",
    "tenant check Depot",
    "connector list",
    "audit list",
];

#[test]
fn what_asks_no_server_opens_no_socket_to_another_computer() {
    if !can_trace() {
        return;
    }
    let (desk, portal) = office_with_kept_key();
    for line in LOCAL {
        let (answer, opened) = traced_line(&desk, &[], line);
        assert!(!opened.iter().any(|family| is_internet(family)), "{line}: {opened:?}");
        assert_eq!(answer.status, Some(0), "{line}: {answer:?}");
    }
    assert_eq!(portal.state().asked, [""; 0]);
}

/// In a name space of its own, without any network: not even this computer can be reached.
#[test]
fn without_any_network_local_work_goes_on() {
    let desk = Desk::new();
    let passphrase = desk.arg("passphrase");
    let alone = |line: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net", env!("CARGO_BIN_EXE_latchkey")]);
        command.args(["--passphrase-file", &passphrase]).args(line.split(' '));
        command.env("LATCHKEY_HOME", desk.path("home")).current_dir(desk.path(""));
        Answer::from(command.output().unwrap())
    };
    let allowed = alone("--version");
    if allowed.status != Some(0) {
        left_out(&format!("skipped: no name space can be made here ({})\n", allowed.stderr.trim()));
        return;
    }
    for line in LOCAL {
        alone(line).ok();
    }
    fs::write(desk.path("admin"), "sk-admin").unwrap();
    let add = "tenant add Portal --remote docspace --url http://127.0.0.1:9 --credential-file admin";
    let refused = alone(add);
    assert!(refused.status == Some(6) && refused.stderr.contains("cannot be reached"), "{refused:?}");
    let refused = alone("--offline tenant sync Portal");
    assert!(refused.status == Some(6) && refused.stderr.contains("Latchkey is offline"), "{refused:?}");
}
