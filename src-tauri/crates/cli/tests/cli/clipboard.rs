//! `key copy` on a real X11 clipboard (Debian packages `xvfb`, `xclip`).

#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{Desk, key_in};

/// A screen of the test's own.
struct Screen {
    xvfb: Child,
    display: String,
}

impl Screen {
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"]);
        let mut xvfb = match command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() {
            Ok(xvfb) => xvfb,
            Err(cause) => panic!("this test needs Xvfb ({cause}): install the Debian package xvfb"),
        };
        let mut line = String::new();
        BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { xvfb, display: format!(":{}", line.trim()) }
    }

    fn clipboard(&self) -> String {
        let mut xclip = Command::new("timeout");
        xclip.args(["5", "xclip", "-selection", "clipboard", "-out"]).env("DISPLAY", &self.display);
        String::from_utf8(xclip.stderr(Stdio::null()).output().unwrap().stdout).unwrap()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.xvfb.kill();
        let _ = self.xvfb.wait();
    }
}

fn with_kept_key() -> (Desk, String) {
    let desk = Desk::new();
    desk.unlocked(&["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "crane.APIKEY"]).ok();
    let key = key_in(&desk.path("crane.APIKEY"));
    (desk, key)
}

fn copying(desk: &Desk, screen: &Screen, seconds: &str) -> Child {
    let passphrase = desk.arg("passphrase");
    let mut command = desk.command(&["--passphrase-file", &passphrase, "key", "copy", "crane"]);
    command.env("DISPLAY", &screen.display).env_remove("WAYLAND_DISPLAY").env("LATCHKEY_CLIPBOARD_SECONDS", seconds);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Copied."), "{line}");
    child
}

#[test]
fn an_interrupt_clears_what_was_copied() {
    let (desk, key) = with_kept_key();
    let screen = Screen::start();
    let mut child = copying(&desk, &screen, "30");
    assert_eq!(screen.clipboard(), key);
    let interrupted = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(interrupted.elapsed() < Duration::from_secs(5), "it was the interrupt and not the time that cleared it");
    assert_eq!(screen.clipboard(), "");
    assert_eq!(desk.json(&["audit", "list", "--limit", "1"])[0]["kind"], "secret_copied");
}

/// Half a minute is shortened in builds with the feature alone.
#[cfg(feature = "fault-points")]
#[test]
fn the_time_clears_what_was_copied() {
    let (desk, key) = with_kept_key();
    let screen = Screen::start();
    let mut child = copying(&desk, &screen, "2");
    assert_eq!(screen.clipboard(), key);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(screen.clipboard(), "");
}

#[test]
fn without_a_display_it_says_what_to_do() {
    let (desk, _) = with_kept_key();
    let passphrase = desk.arg("passphrase");
    let args = ["--json", "--passphrase-file", &passphrase, "key", "copy", "crane"];
    let answer = desk.run_with(&args, &[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")], b"");
    let error = answer.refused(1);
    assert_eq!(error["code"], "clipboard_unreachable");
    assert_eq!(desk.refused(&["key", "copy", "crane"], 5)["code"], "vault_locked");
}
