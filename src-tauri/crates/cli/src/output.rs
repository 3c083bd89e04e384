//! Where everything is printed: one JSON document, or text for people.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::error::ErrorKind;
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{ErrorBody, ErrorCode};
use serde::Serialize;

use crate::table::Table;

/// Exit status for wrong usage.
const USAGE: u8 = 2;
/// Exit status for a key that is not valid.
pub(crate) const NOT_VALID: u8 = 3;
/// From so many letters and digits on, what follows a handle is taken for a secret.
const SECRET_LIKE: usize = 16;

/// How to print, and how far it went.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    /// A document was begun on standard output: a failure must not be mixed into it.
    begun: Cell<bool>,
    /// The reader of standard output has gone away.
    gone: Cell<bool>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, begun: Cell::new(false), gone: Cell::new(false) }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the document with `--json`, else the text, with a newline.
    pub(crate) fn answer(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        let mut printed = if self.json { pretty(document)? } else { text() };
        printed.truncate(printed.trim_end_matches('\n').len());
        printed.push('\n');
        self.print(printed.as_bytes())
    }

    /// Prints a list page by page, until a page is empty: an array with `--json`, else a table, or `none` in words.
    pub(crate) fn list<T: Serialize, const N: usize>(
        &self,
        mut table: Table<N>,
        none: &str,
        row: impl Fn(&T) -> [String; N],
        mut next_page: impl FnMut() -> Result<Vec<T>>,
    ) -> Result<()> {
        let mut separator = "[\n  ";
        let mut is_empty = true;
        loop {
            let page = next_page()?;
            if page.is_empty() || self.gone.get() {
                break;
            }
            is_empty = false;
            if self.json {
                let mut lines = String::new();
                for item in &page {
                    lines.push_str(separator);
                    lines.push_str(&serde_json::to_string(item).map_err(|cause| unprintable(&cause))?);
                    separator = ",\n  ";
                }
                self.print(lines.as_bytes())?;
            } else {
                self.print(table.page(&page.iter().map(&row).collect::<Vec<_>>()).as_bytes())?;
            }
            self.begun.set(self.json);
        }
        match (self.json, is_empty) {
            (true, true) => self.print(b"[]\n"),
            (true, false) => self.print(b"\n]\n"),
            (false, true) => self.print(format!("{none}\n").as_bytes()),
            (false, false) => Ok(()),
        }
    }

    /// Prints bytes as they are. A reader that has gone away (`latchkey key list | head`) has seen enough.
    pub(crate) fn print(&self, bytes: &[u8]) -> Result<()> {
        match self.deliver(bytes) {
            Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => {
                self.gone.set(true);
                Ok(())
            }
            Err(cause) => Err(Error::new(ErrorCode::Failed, format!("Could not write to standard output: {cause}."))),
            Ok(()) => Ok(()),
        }
    }

    /// Prints bytes, and fails where they did not arrive, whatever the reason.
    #[allow(clippy::unused_self)] // All that is printed goes through this type.
    pub(crate) fn deliver(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Tells people how it went, on standard error. Nobody parses it, and nothing fails because of it.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            self.warn(text);
        }
    }

    /// As [`Self::note`], whatever the form of the answer.
    #[allow(clippy::unused_self)] // All that is printed goes through this type.
    pub(crate) fn warn(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", without_secrets(text));
    }

    /// Rewrites the last line of standard error, where that is a terminal.
    pub(crate) fn progress(&self, text: &str) {
        rewrite(self.json, text);
    }

    /// [`Self::progress`] for another thread.
    pub(crate) fn progress_elsewhere(&self) -> impl Fn(&str) + Send + Sync + use<> {
        let json = self.json;
        move |text| rewrite(json, text)
    }

    /// Prints a failure, and answers with its exit status.
    pub(crate) fn fail(&self, error: &Error) -> ExitCode {
        let body = error.body();
        if self.json && !self.begun.get() {
            let document = pretty(&Failure { error: body }).unwrap_or_default();
            // Where nobody listens, the exit status is all there is to say.
            let _ = self.deliver(without_secrets(&document).as_bytes()).and_then(|()| self.deliver(b"\n"));
        } else {
            self.warn(&body.message);
            body.hint.iter().for_each(|hint| self.warn(hint));
        }
        ExitCode::from(status(error.code()))
    }
}

/// A failure as `--json` prints it.
#[derive(Serialize)]
struct Failure<'a> {
    error: &'a ErrorBody,
}

/// The document with two blanks for each level.
fn rewrite(json: bool, text: &str) {
    let mut err = io::stderr().lock();
    if !json && err.is_terminal() {
        let _ = write!(err, "\r{text}\x1b[K").and_then(|()| err.flush());
    }
}

fn pretty(document: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(document).map_err(|cause| unprintable(&cause))
}

fn unprintable(cause: &serde_json::Error) -> Error {
    Error::new(ErrorCode::Failed, format!("Could not write the answer as JSON: {cause}."))
}

/// Prints what clap says of the arguments: help and version are no failures.
pub(crate) fn usage(usage: &clap::Error) -> ExitCode {
    if !usage.use_stderr() {
        // A closed pipe is nobody's loss.
        let _ = usage.print();
        return ExitCode::SUCCESS;
    }
    let as_json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    let text = usage.render().to_string();
    if as_json {
        let message = if usage.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            // Here clap prints the help instead of an error.
            "No command was given.".to_owned()
        } else {
            let problem = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<_> = problem.trim_start_matches("error: ").split_whitespace().collect();
            let sentence = words.join(" ");
            let (first, rest) = sentence.split_at(sentence.chars().next().map_or(0, char::len_utf8));
            format!("{}{}.", first.to_uppercase(), rest.trim_end_matches('.'))
        };
        let error = Error::new(ErrorCode::InvalidInput, message).hint("`latchkey --help` shows how it is used.");
        return Output::new(true).fail(&error);
    }
    let _ = io::stderr().lock().write_all(without_secrets(&text).as_bytes());
    ExitCode::from(USAGE)
}

/// Cuts what looks like a whole key down to its handle: somebody may have pasted it where a name belongs, and messages
/// end up in logs.
pub(crate) fn without_secrets(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        safe.push_str(before);
        let mut parts = word.split('_');
        let mut before = parts.next().unwrap_or_default();
        safe.push_str(before);
        for part in parts {
            let follows_handle = before.len() == latchkey_domain::key_format::HANDLE_LEN;
            safe.push('_');
            safe.push_str(if follows_handle && part.len() >= SECRET_LIKE { "***" } else { part });
            before = part;
        }
        rest = after;
    }
    safe + rest
}

/// The exit status of a failure. The numbers are a contract.
pub(crate) fn status(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::InvalidInput => USAGE,
        ErrorCode::NotPermitted => 4,
        ErrorCode::VaultLocked
        | ErrorCode::VaultWrongPassphrase
        | ErrorCode::VaultDamaged
        | ErrorCode::KeychainNoBus
        | ErrorCode::KeychainNoService
        | ErrorCode::KeychainNoCollection
        | ErrorCode::KeychainDismissed
        | ErrorCode::KeychainFailed
        | ErrorCode::SecretMissing => 5,
        ErrorCode::Offline
        | ErrorCode::RemoteUnreachable
        | ErrorCode::RemoteRefused
        | ErrorCode::RemoteCredential
        | ErrorCode::RemoteSignIn
        | ErrorCode::RemoteThrottled => 6,
        ErrorCode::NotFound
        | ErrorCode::Ambiguous
        | ErrorCode::NotNow
        | ErrorCode::ProfileMissing
        | ErrorCode::ProfileExists
        | ErrorCode::ProfileNewer
        | ErrorCode::ProfileDamaged
        | ErrorCode::ProfileBusy
        | ErrorCode::DiskFull
        | ErrorCode::ReadOnly
        | ErrorCode::SecretGone
        | ErrorCode::SecretUnsaved
        | ErrorCode::FileExists
        | ErrorCode::ClipboardUnreachable
        | ErrorCode::Cancelled
        | ErrorCode::Failed => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn a_key_in_a_message_is_cut_down_to_its_handle() {
        let key = format!("lk_8fK2pQ7z_{}", "a".repeat(49));
        assert_eq!(without_secrets(&format!("no tenant `{key}`.")), "no tenant `lk_8fK2pQ7z_***`.");
        assert_eq!(without_secrets(&format!("--x={key}x y")), "--x=lk_8fK2pQ7z_*** y");
    }

    #[test]
    fn other_words_stay() {
        for text in ["", "name_of_things", "crane_8fK2pQ7z_short", "ä_öüß – 😀", "a_vault_wrong_passphrase"] {
            assert_eq!(without_secrets(text), text);
        }
    }
}
