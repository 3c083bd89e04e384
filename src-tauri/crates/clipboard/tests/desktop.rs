//! The real clipboard, on a desktop of its own: an X server (Debian packages `xvfb` and `xclip`), and a compositor without X
//! (`sway` and `wl-clipboard`).
//!
//! The display's address is an environment variable of the whole process, so each test starts this program once more with
//! it set; what the second one runs are the tests marked `ignore`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use latchkey_app::ports::Clipboard as _;
use latchkey_app::wire::ErrorCode;
use latchkey_clipboard::DesktopClipboard;
use latchkey_domain::secret::Secret;

const LONG: Duration = Duration::from_mins(10);

/// The compositor refuses to run as root; where tests do, it runs as nobody.
const NOBODY: u32 = 65_534;

/// A desktop without anybody at it, ended with the test.
struct Desktop {
    server: Child,
    /// Where programs find it: a variable of the environment.
    place: (&'static str, String),
    _folder: Option<tempfile::TempDir>,
}

impl Desktop {
    /// An X server on a free display.
    fn x11() -> Self {
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
        Self { server, place: ("DISPLAY", format!(":{number}")), _folder: None }
    }

    /// A compositor, and no X.
    fn wayland() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config"), "xwayland disable\n").unwrap();
        let mut command = Command::new("sway");
        command.arg("--config").arg(folder.path().join("config")).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for name in ["HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, folder.path());
        }
        command.envs([("WLR_BACKENDS", "headless"), ("WLR_LIBINPUT_NO_DEVICES", "1"), ("WLR_RENDERER", "pixman")]);
        if std::fs::metadata(folder.path()).unwrap().uid() == 0 {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
            command.uid(NOBODY).gid(NOBODY);
        }
        let server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let server = server.expect("this test needs sway: install the Debian package sway");
        let socket = folder.path().join("wayland-1");
        let place = ("WAYLAND_DISPLAY", socket.to_str().unwrap().to_owned());
        let desktop = Self { server, place, _folder: Some(folder) };
        let start = Instant::now();
        while UnixStream::connect(&socket).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "sway did not start");
            std::thread::yield_now();
        }
        desktop
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Runs an ignored test of this file in a process that is on this desktop, or on none.
fn run(test: &str, desktop: Option<&Desktop>) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--ignored", "--nocapture"]);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"] {
        child.env_remove(name);
    }
    child.envs(desktop.map(|desktop| (desktop.place.0, &desktop.place.1)));
    let output = child.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && report.contains("1 passed"),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn is_wayland() -> bool {
    std::env::var_os("WAYLAND_DISPLAY").is_some()
}

/// What the clipboard holds in this type, as another program reads it; nothing where it does not.
fn read_as(kind: Option<&str>) -> Option<String> {
    let (program, mut arguments, to_kind) = if is_wayland() {
        ("wl-paste", vec!["--no-newline"], "--type")
    } else {
        ("xclip", vec!["-selection", "clipboard", "-o"], "-t")
    };
    arguments.extend(kind.map(|kind| [to_kind, kind]).into_iter().flatten());
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output();
    let output =
        output.unwrap_or_else(|cause| panic!("this test needs {program}: install its Debian package ({cause})"));
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn read() -> Option<String> {
    read_as(None).filter(|text| !text.is_empty())
}

/// In which types the clipboard offers what it holds.
fn types() -> String {
    if !is_wayland() {
        return read_as(Some("TARGETS")).unwrap();
    }
    String::from_utf8(Command::new("wl-paste").arg("--list-types").output().unwrap().stdout).unwrap()
}

/// Copies as another program does. It stays in the background to serve it, so its output must not be waited for.
fn copy_elsewhere(text: &str) {
    let (program, arguments) =
        if is_wayland() { ("wl-copy", &[][..]) } else { ("xclip", &["-selection", "clipboard", "-i"][..]) };
    let mut other = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    other.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    other.wait().unwrap();
    let start = Instant::now();
    while read().as_deref() != Some(text) {
        assert!(start.elapsed() < Duration::from_secs(10), "{program} did not copy");
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

/// Each test on X and without it.
macro_rules! on_each_desktop {
    ($($test:ident / $child:ident $body:block)*) => {
        mod on_x11 {
            use super::{Desktop, run};
            $(
                #[test]
                fn $test() {
                    run(stringify!($child), Some(&Desktop::x11()));
                }
            )*
        }

        mod on_wayland {
            use super::{Desktop, run};
            $(
                #[test]
                fn $test() {
                    run(stringify!($child), Some(&Desktop::wayland()));
                }
            )*
        }

        $(
            #[test]
            #[ignore = "started by other tests, on a desktop"]
            fn $child() $body
        )*
    };
}

on_each_desktop! {
    a_copy_is_there_marked_and_cleared_in_time / child_copies {
        let (clipboard, told) = clipboard();
        clipboard.copy(secret(), LONG).unwrap();
        assert_eq!(read().as_deref(), Some("lk_8fK2_secret"));
        let types = types();
        assert!(types.lines().any(|one| one == "x-kde-passwordManagerHint"), "{types}");
        assert_eq!(read_as(Some("x-kde-passwordManagerHint")).as_deref(), Some("secret"));
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
