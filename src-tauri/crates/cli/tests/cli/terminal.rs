//! At a terminal: questions, and what is typed without an echo. `script` (Debian package `bsdutils`) gives the terminal.

#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use crate::desk::{Desk, PASSPHRASE};

/// The program with a person at its terminal.
pub(crate) struct Person {
    child: Child,
    seen: String,
}

impl Person {
    pub(crate) fn at(desk: &Desk, args: &str) -> Self {
        let line = format!("stty rows 24 cols 80; exec {} {args}", env!("CARGO_BIN_EXE_latchkey"));
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--echo", "always", "--command", &line, "/dev/null"]);
        script.env("LATCHKEY_HOME", desk.path("home")).current_dir(desk.path("")).env("SHELL", "/bin/sh");
        script.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self { child: script.spawn().unwrap(), seen: String::new() }
    }

    /// Waits for the text, then types.
    pub(crate) fn types(mut self, after: &str, text: &str) -> Self {
        let mut fresh = String::new();
        while !fresh.contains(after) {
            let mut byte = [0];
            let read = self.child.stdout.as_mut().unwrap().read(&mut byte).unwrap();
            assert_eq!(read, 1, "the program ended before it asked `{after}`: {}{fresh}", self.seen);
            fresh.push(char::from(byte[0]));
        }
        self.seen.push_str(&fresh);
        // As people do: what is typed before the echo is off would be seen, as everywhere.
        while after.ends_with(": ") && self.echoes() {
            std::thread::yield_now();
        }
        self.child.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    /// Whether the terminal shows what is typed.
    fn echoes(&self) -> bool {
        let script = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{script}/task/{script}/children")).unwrap();
        let program = children.split(' ').next().unwrap();
        let terminal = std::fs::read_link(format!("/proc/{program}/fd/0")).unwrap();
        let state = Command::new("stty").arg("-F").arg(terminal).arg("-a").output().unwrap();
        assert!(state.status.success(), "{state:?}");
        String::from_utf8(state.stdout).unwrap().split_whitespace().any(|flag| flag == "echo")
    }

    /// What was on the screen, and the exit status.
    pub(crate) fn ends(mut self) -> (String, Option<i32>) {
        let mut rest = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut rest).unwrap();
        self.seen.push_str(&String::from_utf8_lossy(&rest));
        (self.seen, self.child.wait().unwrap().code())
    }
}

#[test]
fn a_new_passphrase_is_typed_twice_and_never_shown() {
    let desk = Desk::empty();
    let line = format!("{PASSPHRASE}\n");
    let person = Person::at(&desk, "init --vault passphrase").types("New passphrase: ", &line);
    let (seen, status) = person.types("again: ", "something else\n").ends();
    assert_eq!(status, Some(2), "{seen}");
    assert!(!desk.path("home/latchkey.db").exists());

    let person = Person::at(&desk, "init --vault passphrase").types("New passphrase: ", &line);
    let (seen, status) = person.types("again: ", &line).ends();
    assert_eq!(status, Some(0), "{seen}");
    assert!(!seen.contains("horse"), "{seen}");
    desk.ok(&["tenant", "add", "Harbour", "--local"]);
    let (seen, status) =
        Person::at(&desk, "key new -t Harbour --name crane --keep").types("Passphrase: ", &line).ends();
    assert_eq!(status, Some(0), "{seen}");
    assert!(seen.contains("kept in the vault") && !seen.contains("horse"), "{seen}");
    let (seen, status) = Person::at(&desk, "run --env S=crane -- true").types("Passphrase: ", "wrong\n").ends();
    assert_eq!(status, Some(5), "{seen}");
}

#[test]
fn what_ends_a_key_is_asked_for() {
    let desk = Desk::new();
    desk.key("crane", &["--description", "The nightly export"]);
    let (seen, status) = Person::at(&desk, "key revoke crane").types("[y/N]", "\n").ends();
    assert!(status == Some(0) && seen.contains("Nothing was changed."), "{seen}");
    assert!(seen.contains("crane (") && seen.contains("The nightly export loses access"), "{seen}");
    assert_eq!(desk.json(&["key", "show", "crane"])["status"], "active");
    let (seen, status) = Person::at(&desk, "key delete crane").types("[y/N]", "no\n").ends();
    assert!(status == Some(0) && seen.contains("Nothing was changed."), "{seen}");
    let (seen, status) = Person::at(&desk, "key revoke crane").types("[y/N]", "y\n").ends();
    assert!(status == Some(0) && seen.contains("Revoked crane"), "{seen}");
    let (seen, _) = Person::at(&desk, "key delete crane --yes").ends();
    assert!(seen.contains("Deleted crane") && !seen.contains("[y/N]"), "{seen}");
    let (seen, _) = Person::at(&desk, "tenant remove Harbour").types("[y/N]", "Yes\n").ends();
    assert!(seen.contains("Removed Harbour"), "{seen}");
}

#[test]
fn what_ends_several_keys_is_named_before_it_is_done() {
    let desk = Desk::new();
    for name in ["crane 1", "crane 2", "gateway"] {
        desk.key(name, &[]);
    }
    desk.ok(&["key", "disable", "gateway"]);
    let revoke = "key revoke --all-found --tenant Harbour --reason moved";
    let (seen, status) = Person::at(&desk, revoke).types("[y/N]", "\n").ends();
    assert!(status == Some(0) && seen.contains("Nothing was changed."), "{seen}");
    // Nobody loses access with the one that is disabled.
    let asked = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(asked.contains("Revoke 3 of 3 keys? 2 lose access at once: crane 1, crane 2."), "{seen}");
    assert_eq!(desk.json(&["key", "list", "--status", "active"]).as_array().unwrap().len(), 2);
    let (seen, status) = Person::at(&desk, revoke).types("[y/N]", "y\n").ends();
    assert!(status == Some(0) && seen.contains("Revoked 3 keys."), "{seen}");
    assert_eq!(desk.json(&["key", "list", "--status", "revoked"]).as_array().unwrap().len(), 3);
}

#[test]
fn a_key_to_verify_is_typed_without_an_echo() {
    let desk = Desk::new();
    let key = desk.key("crane", &[]);
    let (seen, status) = Person::at(&desk, "verify -t Harbour").types("Key: ", &format!("{key}\n")).ends();
    assert_eq!(status, Some(0), "{seen}");
    assert!(seen.contains("valid: crane") && !seen.contains(&key[12..]), "{seen}");
}

#[test]
fn a_table_fits_the_terminal() {
    let desk = Desk::new();
    desk.key(&"a long name ".repeat(8), &["--owner", "somebody with a long name", "--api-set", "billing"]);
    let (seen, _) = Person::at(&desk, "key list").ends();
    assert_eq!(seen.lines().count(), 2, "{seen}");
    for line in seen.lines() {
        assert!(line.trim_end().chars().count() <= 80, "{line}");
    }
    assert!(seen.contains('…') && seen.trim_end().ends_with("active"), "{seen}");
}

/// The terminal tells both: the program decides what becomes of it, and is waited for.
#[test]
fn ctrl_c_reaches_a_program_that_is_waited_for() {
    let desk = Desk::new();
    desk.unlocked(&["key", "new", "-t", "Harbour", "--name", "crane", "--keep"]).ok();
    let script = "trap 'echo caught' INT; echo ready; sleep 1; sleep 1; echo over; exit 5";
    let args = format!("--passphrase-file passphrase run --env S=crane -- sh -c \"{script}\"");
    let (seen, status) = Person::at(&desk, &args).types("ready", "\u{3}").ends();
    assert_eq!(status, Some(5), "{seen}");
    assert!(seen.contains("caught") && seen.contains("over"), "{seen}");
}
