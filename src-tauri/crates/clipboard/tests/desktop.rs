//! The real clipboard, on an X server of its own (Debian packages `xvfb` and `xclip`).
//!
//! The display's address is an environment variable of the whole process, so each test starts this program once more with
//! it set; what the second one runs are the tests marked `ignore`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use latchkey_app::ports::Clipboard as _;
use latchkey_app::wire::ErrorCode;
use latchkey_clipboard::DesktopClipboard;
use latchkey_domain::secret::Secret;

const LONG: Duration = Duration::from_mins(10);

/// An X server on a free display, ended with the test.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test needs Xvfb: install the Debian package xvfb");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let number = number.trim();
        assert!(!number.is_empty(), "Xvfb ended before it had a display");
        Self { server, display: format!(":{number}") }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Runs an ignored test of this file in a process that has this display, or none.
fn run(test: &str, display: Option<&str>) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--ignored", "--nocapture"]);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"] {
        child.env_remove(name);
    }
    child.envs(display.map(|display| ("DISPLAY", display)));
    let output = child.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && report.contains("1 passed"),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn xclip(arguments: &[&str]) -> Option<String> {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard"])
        .args(arguments)
        .output()
        .expect("this test needs xclip: install the Debian package xclip");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn read() -> Option<String> {
    xclip(&["-o"]).filter(|text| !text.is_empty())
}

/// Copies as another program does. xclip stays in the background to serve it, so its output must not be waited for.
fn copy_elsewhere(text: &str) {
    let mut other = Command::new("xclip")
        .args(["-selection", "clipboard", "-i"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    other.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    other.wait().unwrap();
    let start = Instant::now();
    while read().as_deref() != Some(text) {
        assert!(start.elapsed() < Duration::from_secs(10), "xclip did not copy");
    }
}

fn secret() -> Secret {
    Secret::new("lk_8fK2_secret".to_owned())
}

/// A clipboard and where it says that it has cleared.
fn clipboard() -> (DesktopClipboard, mpsc::Receiver<()>) {
    let (cleared, told) = mpsc::channel();
    (DesktopClipboard::new(move || cleared.send(()).unwrap()), told)
}

macro_rules! on_a_screen {
    ($($test:ident / $child:ident $body:block)*) => {$(
        #[test]
        fn $test() {
            run(stringify!($child), Some(&Screen::start().display));
        }

        #[test]
        #[ignore = "started by another test, with a display"]
        fn $child() $body
    )*};
}

on_a_screen! {
    a_copy_is_there_marked_and_cleared_in_time / child_copies {
        let (clipboard, told) = clipboard();
        clipboard.copy(secret(), LONG).unwrap();
        assert_eq!(read().as_deref(), Some("lk_8fK2_secret"));
        let targets = xclip(&["-t", "TARGETS", "-o"]).unwrap();
        assert!(targets.lines().any(|target| target == "x-kde-passwordManagerHint"), "{targets}");
        assert_eq!(xclip(&["-t", "x-kde-passwordManagerHint", "-o"]).as_deref(), Some("secret"));
        clipboard.copy(secret(), Duration::from_millis(100)).unwrap();
        clipboard.wait_until_cleared();
        told.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(read(), None);
    }

    what_another_program_copied_stays / child_is_replaced {
        let (clipboard, told) = clipboard();
        clipboard.copy(secret(), Duration::from_millis(1500)).unwrap();
        copy_elsewhere("mine");
        told.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(read().as_deref(), Some("mine"));
        clipboard.copy(secret(), LONG).unwrap();
        copy_elsewhere("mine again");
        drop(clipboard);
        assert_eq!(read().as_deref(), Some("mine again"));
    }

    what_another_program_copied_is_read / child_reads {
        let (clipboard, _told) = clipboard();
        assert!(clipboard.read().unwrap().is_none(), "nobody has copied anything");
        copy_elsewhere("a key of the vendor's");
        assert_eq!(clipboard.read().unwrap().unwrap().expose(), "a key of the vendor's");
        assert!(read().is_some(), "it stays");
    }

    it_is_cleared_on_demand_and_at_the_end / child_ends {
        let (clipboard, told) = clipboard();
        clipboard.copy(secret(), LONG).unwrap();
        clipboard.clear();
        assert_eq!(read(), None);
        clipboard.copy(secret(), LONG).unwrap();
        assert!(read().is_some());
        drop(clipboard);
        assert_eq!(read(), None);
        assert!(told.try_recv().is_err(), "no time was over");
    }

    a_second_copy_has_its_own_time / child_copies_twice {
        let (clipboard, told) = clipboard();
        clipboard.copy(secret(), Duration::from_secs(2)).unwrap();
        clipboard.copy(Secret::new("lk_second".to_owned()), LONG).unwrap();
        assert!(told.recv_timeout(Duration::from_secs(3)).is_err(), "the time of the first copy went with it");
        assert_eq!(read().as_deref(), Some("lk_second"));
    }
}

#[test]
fn without_a_display_the_way_out_is_said() {
    run("child_without_display", None);
}

#[test]
#[ignore = "started by another test, without a display"]
fn child_without_display() {
    let (clipboard, _told) = clipboard();
    let error = clipboard.copy(secret(), LONG).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ClipboardUnreachable);
    assert!(error.body().hint.is_some() && !error.to_string().contains("lk_8fK2"), "{error}");
    clipboard.wait_until_cleared();
    clipboard.clear();
}
