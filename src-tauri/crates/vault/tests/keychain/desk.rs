//! A desktop session of the test's own: a bus, a keychain over an empty folder, and a screen where one is needed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use tempfile::TempDir;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;

const PROMPTER: &str = "/usr/libexec/gcr-prompter";

/// A program that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Starts it; a program that is missing fails the test with the Debian package that has it.
    pub(crate) fn start(command: &mut Command, package: &str) -> Self {
        let program = command.get_program().to_string_lossy().into_owned();
        match command.spawn() {
            Ok(child) => Self(child),
            Err(cause) => panic!("this test needs {program} ({cause}): install the Debian package {package}"),
        }
    }

    /// The first line that it prints; it must have been started with its output piped.
    pub(crate) fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "the program ended before it was ready");
        line.trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A session bus that starts no service by itself, except a prompter where that is asked for.
pub(crate) struct Desk {
    folder: TempDir,
    bus: Option<Running>,
    screen: Option<Running>,
    environment: Vec<(&'static str, String)>,
}

impl Desk {
    /// No bus, and no place where one could be found.
    pub(crate) fn without_bus() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut environment = Vec::new();
        for (name, part) in [("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "runtime")] {
            let path = folder.path().join(part);
            fs::create_dir(&path).unwrap();
            environment.push((name, path.display().to_string()));
        }
        Self { folder, bus: None, screen: None, environment }
    }

    /// A bus, and nothing on it.
    pub(crate) fn with_bus() -> Self {
        let mut desk = Self::without_bus();
        desk.start_bus();
        desk
    }

    /// A bus that starts GNOME's prompter, and a screen for it.
    pub(crate) fn with_prompter() -> Self {
        assert!(Path::new(PROMPTER).exists(), "this test needs {PROMPTER}: install the Debian package gcr");
        let mut desk = Self::without_bus();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let mut screen = Running::start(xvfb.stdout(Stdio::piped()).stderr(Stdio::null()), "xvfb");
        desk.environment.push(("DISPLAY", format!(":{}", screen.first_line())));
        desk.screen = Some(screen);
        let service = format!("[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec={PROMPTER}\n");
        fs::write(desk.services().join("prompter.service"), service).unwrap();
        desk.start_bus();
        desk
    }

    fn services(&self) -> PathBuf {
        let path = self.folder.path().join("services");
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn start_bus(&mut self) {
        let (folder, services) = (self.folder.path().display(), self.services());
        let config = format!(
            "<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><servicedir>{}</servicedir>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            services.display()
        );
        let file = self.folder.path().join("bus.conf");
        fs::write(&file, config).unwrap();
        let mut daemon = Command::new("dbus-daemon");
        daemon.arg(format!("--config-file={}", file.display())).args(["--nofork", "--print-address=1"]);
        self.apply(&mut daemon);
        let mut bus = Running::start(daemon.stdout(Stdio::piped()).stderr(Stdio::null()), "dbus-daemon");
        self.environment.push(("DBUS_SESSION_BUS_ADDRESS", bus.first_line()));
        self.bus = Some(bus);
    }

    fn apply(&self, command: &mut Command) {
        for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "XAUTHORITY"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }

    /// Runs an ignored test of this program at this desk: the bus is found by the environment, which a process has once.
    pub(crate) fn run(&self, test: &str) {
        let mut child = Command::new("timeout");
        child.arg("120").arg(env::current_exe().unwrap()).args(["--exact", test, "--ignored", "--nocapture"]);
        self.apply(&mut child);
        let output = child.output().unwrap();
        let report = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && report.contains("1 passed"), "{report}{errors}");
    }
}

/// Starts the keychain on the bus of this process and waits for it. `password` unlocks its login keyring, which is made
/// where there is none; without one there is no keyring at all.
pub(crate) fn start_keychain(password: Option<&str>) -> Running {
    let address = env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
    let bus = Builder::address(address.as_str()).unwrap().build().unwrap();
    let bus = DBusProxy::new(&bus).unwrap();
    // Before the program starts, so that nothing is missed.
    let mut names = bus.receive_name_owner_changed().unwrap();
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon.args(["--foreground", "--unlock", "--components=secrets"]);
    daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut daemon = Running::start(&mut daemon, "gnome-keyring");
    let mut input = daemon.0.stdin.take().unwrap();
    input.write_all(password.unwrap_or_default().as_bytes()).unwrap();
    drop(input);
    let is_up = |change: zbus::fdo::NameOwnerChanged| {
        let change = change.args().unwrap();
        change.name.as_str() == "org.freedesktop.secrets" && change.new_owner.is_some()
    };
    assert!(names.any(is_up), "the bus ended before the keychain was there");
    daemon
}

/// Presses Escape in the prompt that opens next on the screen of this process; its first line names the prompt's window.
pub(crate) fn dismiss_next_prompt() -> Running {
    let mut xdotool = Command::new("xdotool");
    xdotool.args(["search", "--sync", "--onlyvisible", "--class", "gcr-prompter", "getwindowgeometry"]);
    // More than once, as the window may not listen yet; the last ones come too late and are complained of.
    xdotool.args(["windowfocus", "--sync", "key", "--delay", "200", "--repeat", "5", "Escape"]);
    Running::start(xdotool.stdout(Stdio::piped()).stderr(Stdio::null()), "xdotool")
}
