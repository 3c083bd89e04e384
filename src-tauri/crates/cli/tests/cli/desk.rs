//! A profile of the test's own, and the program run over it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const PASSPHRASE: &str = "correct horse battery";

/// A folder with `home` (the profile), `passphrase` and whatever the test writes.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// No profile yet.
    pub(crate) fn empty() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(desk.path("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        make_private(&desk.path("passphrase"));
        desk
    }

    /// A profile over a passphrase vault with the tenant Harbour and its API sets `billing` and `dunning`.
    pub(crate) fn new() -> Self {
        static MADE: OnceLock<Desk> = OnceLock::new();

        // Making a vault is slow on purpose, so it is made once.
        let made = MADE.get_or_init(|| {
            let desk = Self::empty();
            desk.ok(&["--passphrase-file", &desk.arg("passphrase"), "init", "--vault", "passphrase"]);
            desk.ok(&["tenant", "add", "Harbour", "--local"]);
            for set in ["billing", "dunning"] {
                desk.ok(&["api-set", "add", "-t", "Harbour", set]);
            }
            desk
        });
        let desk = Self::empty();
        fs::create_dir(desk.path("home")).unwrap();
        for name in ["latchkey.db", "vault.lkv"] {
            fs::copy(made.path("home").join(name), desk.path("home").join(name)).unwrap();
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path in the folder, as an argument.
    pub(crate) fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn command(&self, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LATCHKEY_")) {
            command.env_remove(name);
        }
        command.env("LATCHKEY_HOME", self.path("home")).current_dir(self.folder.path()).args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        self.run_with(args, &[], b"")
    }

    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)], input: &[u8]) -> Answer {
        let mut command = self.command(args);
        command.envs(env.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not want its input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input);
        Answer::from(child.wait_with_output().unwrap())
    }

    /// Runs with the vault unlocked.
    pub(crate) fn unlocked(&self, args: &[&str]) -> Answer {
        let passphrase = self.arg("passphrase");
        self.run(&[&["--passphrase-file", passphrase.as_str()], args].concat())
    }

    /// What it prints where it succeeds.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        self.run(args).ok()
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let printed = self.ok(&[&["--json"], args].concat());
        serde_json::from_str(&printed).unwrap_or_else(|cause| panic!("{args:?} printed no JSON ({cause}): {printed}"))
    }

    /// The error document where it fails with this status.
    pub(crate) fn refused(&self, args: &[&str], status: i32) -> Value {
        self.run(&[&["--json"], args].concat()).refused(status)
    }

    /// Generates a key for Harbour; answers with its text.
    pub(crate) fn key(&self, name: &str, more: &[&str]) -> String {
        self.ok(&[&["key", "new", "-t", "Harbour", "--name", name, "--stdout"], more].concat()).trim_end().to_owned()
    }

    /// What `verify` says of a key, and its exit status.
    pub(crate) fn verify(&self, tenant: &str, key: &str, env: &[(&str, &str)]) -> (String, Option<i32>) {
        let answer = self.run_with(&["--json", "verify", "-t", tenant], env, key.as_bytes());
        let document: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
        let said = document["reason"].as_str().or(document["decision"].as_str()).unwrap().to_owned();
        (said, answer.status)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let keys = self.json(&["key", "list", "--sort", "name"]);
        keys.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.stdout
    }

    /// The error document, which has everything that it must have.
    #[track_caller]
    pub(crate) fn refused(self, status: i32) -> Value {
        assert_eq!(self.status, Some(status), "{self:?}");
        let document: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {self:?}"));
        let error = document["error"].clone();
        assert!(
            error["code"].is_string() && error["message"].as_str().is_some_and(|text| text.ends_with('.')),
            "{error}"
        );
        assert!(error.as_object().unwrap().contains_key("hint"), "{error}");
        error
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

pub(crate) fn make_private(path: &Path) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// The key in a file, which ends with a newline and is its owner's alone.
#[track_caller]
pub(crate) fn key_in(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    text.strip_suffix('\n').unwrap().to_owned()
}

/// The handle of a key.
pub(crate) fn handle_of(key: &str) -> &str {
    key.split('_').nth(1).unwrap()
}
