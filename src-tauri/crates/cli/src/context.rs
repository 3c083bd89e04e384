//! What every command needs: the profile, the operator, the output.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};

use latchkey_app::error::{Error, Result};
use latchkey_app::recover;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::ErrorCode;
use latchkey_domain::secret::Secret;
use zeroize::Zeroizing;

use crate::args::Global;
use crate::output::Output;
use crate::signals::{Caught, end_by};

/// The most bytes of a key or a passphrase that are read.
const MOST: u64 = 4_096;

/// What every command needs.
pub(crate) struct Context {
    pub(crate) output: Output,
    pub(crate) operator: Operator,
    home: Option<PathBuf>,
    passphrase_file: Option<PathBuf>,
    offline: bool,
}

impl Context {
    pub(crate) fn new(global: &Global) -> Self {
        Self {
            output: Output::new(global.json),
            operator: latchkey_profile::operator(Origin::CommandLine),
            home: global.home.clone(),
            passphrase_file: global.passphrase_file.clone(),
            offline: global.offline,
        }
    }

    pub(crate) fn home(&self) -> Result<PathBuf> {
        self.home.clone().map_or_else(latchkey_profile::default_home, Ok)
    }

    /// Whether `--offline` was given.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline
    }

    /// Opens the profile. A passphrase vault stays locked unless its passphrase is in a file.
    pub(crate) fn session(&self) -> Result<Session> {
        let passphrase = self.passphrase_file.as_deref().map(|file| self.read_file(file, "passphrase")).transpose()?;
        let session = latchkey_profile::open(&self.home()?, passphrase.as_ref())?;
        // The profile may be offline by its settings already.
        if self.offline {
            session.connectors.set_offline(true);
        }
        Ok(session)
    }

    /// The passphrase for a new vault: from the file, or typed twice; `None` where nobody can be asked.
    pub(crate) fn new_passphrase(&self) -> Result<Option<Secret>> {
        if let Some(file) = &self.passphrase_file {
            return self.read_file(file, "passphrase").map(Some);
        }
        let Some(passphrase) = ask_secretly("New passphrase: ")? else {
            return Ok(None);
        };
        let again = ask_secretly("The same again: ")?;
        if again.is_none_or(|again| again.expose() != passphrase.expose()) {
            return Err(Error::new(ErrorCode::InvalidInput, "The two passphrases differ.").hint("Type them again."));
        }
        Ok(Some(passphrase))
    }

    /// Does what may ask a server to change something. An interrupt stops waiting for the server's answer; where none is
    /// waited for, or a second time, it ends the program as ever.
    pub(crate) fn changing<T>(&self, session: &Session, change: impl FnOnce() -> Result<T>) -> Result<T> {
        let progress = self.output.progress_elsewhere();
        session.changes.listen(move |any| progress(if any { "Asking the server (Ctrl+C cancels)" } else { "" }));
        let changes = session.changes.clone();
        let caught = Caught::each(move |signal| {
            if !changes.cancel() {
                end_by(signal);
            }
        })
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not watch for interrupts: {cause}.")))?;
        let done = change();
        drop(caught);
        done
    }

    /// Says where a secret could not leave the vault yet: the change itself holds all the same.
    pub(crate) fn note_waiting(&self, session: &Session) {
        if recover::waiting(session).is_ok_and(|waiting| waiting > 0) {
            self.output
                .note("A secret waits to be taken out of the vault: the next command that can open it does that.");
        }
    }

    /// Asks yes or no where a person sits at both ends, and is sure otherwise.
    pub(crate) fn is_sure(&self, yes: bool, question: &str) -> Result<bool> {
        if yes || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(true);
        }
        self.output.warn(&format!("{question} [y/N]"));
        let mut answer = String::new();
        io::stdin()
            .read_line(&mut answer)
            .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not read the answer: {cause}.")))?;
        let sure = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
        if !sure {
            self.output.warn("Nothing was changed.");
        }
        Ok(sure)
    }

    /// Whether a caution is accepted by who sits at the terminal; nobody accepts it where nobody can be asked.
    pub(crate) fn accepts(&self, caution: &str) -> Result<bool> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(false);
        }
        self.is_sure(false, &format!("{caution} Accept that?"))
    }

    /// A secret from a file that only its owner reads, or from standard input for `-`.
    pub(crate) fn read_secret(&self, path: &Path) -> Result<Secret> {
        if path == Path::new("-") { read_key() } else { self.read_file(path, "credential") }
    }

    /// Says where a secret lies in a file that others can read.
    pub(crate) fn warn_where_open(&self, path: &Path, file: &File) {
        if is_open_to_others(file) {
            self.output
                .warn(&format!("{} can be read by others than you. `chmod 600` makes it yours alone.", path.display()));
        }
    }

    fn read_file(&self, path: &Path, what: &str) -> Result<Secret> {
        let failed = |cause: io::Error| Error::io(&format!("read the {what} from"), path, &cause);
        let file = File::open(path).map_err(failed)?;
        self.warn_where_open(path, &file);
        let bytes = read_all(file).map_err(failed)?.ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, format!("{} is too large for a {what}.", path.display()))
                .hint(format!("Name a text file that holds the {what} on one line."))
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Error::new(ErrorCode::InvalidInput, format!("{} is no text.", path.display()))
                .hint(format!("Name a text file that holds the {what} on one line, in UTF-8."))
        })?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// Unlocks the vault where it is locked, asking for the passphrase where there is somebody to ask.
pub(crate) fn unlock(session: &Session) -> Result<()> {
    if !session.vault.is_locked() {
        return Ok(());
    }
    let passphrase = ask_secretly("Passphrase: ")?.ok_or_else(|| {
        Error::new(ErrorCode::VaultLocked, "The passphrase vault is locked.")
            .hint("Put the passphrase into a file that only you can read and name that with `--passphrase-file`.")
    })?;
    session.vault.unlock(&passphrase)?;
    recover::at_start(session).map(drop)
}

/// The key on standard input; typed without an echo where that is a terminal.
pub(crate) fn read_key() -> Result<Secret> {
    if let Some(typed) = ask_secretly("Key: ")? {
        return Ok(typed);
    }
    let bytes = read_all(io::stdin().lock())
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not read standard input: {cause}.")))?;
    // What is too long, or no text, is no key: the use case says `malformed` of nothing.
    let text = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    Ok(Secret::new(text.to_owned()))
}

/// All there is, or `None` where that is more than a key or a passphrase can have.
fn read_all(from: impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    // Large enough from the start: a buffer that grows leaves its old bytes behind unwiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * usize::try_from(MOST).unwrap_or_default()));
    let read = from.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= MOST).then_some(bytes))
}

/// Asks for something that does not appear on the screen; `None` where nobody sits at standard input.
pub(crate) fn ask_secretly(prompt: &str) -> Result<Option<Secret>> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    let typed = rpassword::prompt_password(prompt);
    typed
        .map(|text| Some(Secret::new(text)))
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not read from the terminal: {cause}.")))
}

/// Asks for something that appears on the screen; `None` where nobody sits at both ends.
pub(crate) fn ask_plainly(prompt: &str) -> Result<Option<String>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    let failed = |cause: io::Error| Error::new(ErrorCode::Failed, format!("Could not read the answer: {cause}."));
    let mut asked = io::stderr();
    asked.write_all(prompt.as_bytes()).and_then(|()| asked.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(Some(answer.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Whether the group or everybody may read it. A pipe from another program is nobody else's.
#[cfg(unix)]
fn is_open_to_others(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    file.metadata().is_ok_and(|found| found.is_file() && found.mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_file: &File) -> bool {
    false
}
