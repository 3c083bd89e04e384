mod child;
mod mask;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, Purpose};
use latchkey_app::wire::ErrorCode;
use zeroize::Zeroizing;

use crate::context::{Context, unlock};
use mask::{Mask, Masking};

/// How many bytes are read at once of what the program prints.
const CHUNK: usize = 8_192;

/// Runs a program with kept secrets in its environment, and masks them in what it prints.
///
/// Every secret is read before the program starts, so that it never runs with half of them.
pub(super) fn run(context: &Context, env: &[String], command: &[OsString]) -> Result<ExitCode> {
    let wanted = variables(env)?;
    let (program, arguments) = command.split_first().ok_or_else(|| usage("There is no command to run."))?;
    let session = context.session()?;
    unlock(&session)?;
    let purpose = Purpose::Run { program: program.to_string_lossy().into_owned() };
    let secrets = wanted
        .iter()
        .map(|(_, key)| key::read_secret(&session, &context.operator, key, &purpose))
        .collect::<Result<Vec<_>>>()?;
    // The profile is not held open while the program runs, which may be for days.
    drop(session);

    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    for ((name, _), secret) in wanted.iter().zip(&secrets) {
        command.env(name, secret.expose());
    }
    let mask = Arc::new(Mask::new(secrets));
    let mut running = child::Running::start(command, &program.to_string_lossy())?;
    let (stdout, stderr) = running.output();
    let pumps = [
        stdout.map(|from| pump(from, io::stdout(), Arc::clone(&mask))),
        stderr.map(|from| pump(from, io::stderr(), mask)),
    ];
    let status = running.wait();
    for pump in pumps.into_iter().flatten() {
        // A pump ends with its pipe; one whose reader has gone away has nothing more to do.
        let _ = pump.join();
    }
    status
}

/// Carries what the program prints, until it ends or nobody reads it any more; then the program's pipe closes too.
fn pump(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    mask: Arc<Mask>,
) -> JoinHandle<io::Result<()>> {
    thread::spawn(move || {
        let mut masking = Masking::new(&mask, CHUNK);
        let mut buffer = Zeroizing::new([0; CHUNK]);
        loop {
            match from.read(buffer.as_mut_slice()) {
                Ok(0) => break,
                Ok(read) => masking.write(&buffer[..read], &mut to)?,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
            to.flush()?;
        }
        masking.finish(&mut to)?;
        to.flush()
    })
}

/// The variables and the keys whose secrets they get.
fn variables(env: &[String]) -> Result<Vec<(&str, &str)>> {
    let mut names = HashSet::new();
    env.iter()
        .map(|pair| {
            let (name, key) = pair.split_once('=').ok_or_else(|| usage(&format!("`{pair}` is not NAME=KEY.")))?;
            let is_plain = !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_plain {
                return Err(usage(&format!("`{name}` cannot be the name of a variable.")));
            }
            if key.trim().is_empty() {
                return Err(usage(&format!("No key is named for {name}.")));
            }
            if !names.insert(name) {
                return Err(usage(&format!("{name} is given twice.")));
            }
            Ok((name, key))
        })
        .collect()
}

fn usage(message: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, message).hint("For example: latchkey run --env API_KEY=crane -- ./export")
}

/// A program that could not be started, or was lost.
fn failed(message: String) -> Error {
    Error::new(ErrorCode::Failed, message)
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn a_variable_and_a_key_are_parted_at_the_first_equals_sign() {
        let pair = ["API_KEY=night export = b".to_owned()];
        assert_eq!(variables(&pair).unwrap(), [("API_KEY", "night export = b")]);
    }

    #[test]
    fn what_is_no_variable_or_names_no_key_is_refused() {
        for pairs in [&["A"][..], &["=k"], &["1A=k"], &["A-B=k"], &["Ä=k"], &["A="], &["A= "], &["A=k", "A=l"]] {
            let pairs: Vec<_> = pairs.iter().map(|&pair| pair.to_owned()).collect();
            assert!(variables(&pairs).is_err(), "{pairs:?}");
        }
    }
}
