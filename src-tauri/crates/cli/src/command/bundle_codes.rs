//! Bundles as QR codes: printed for a camera, and put together from what one saw.

use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal as _, Read as _};
use std::path::Path;

use latchkey_app::bundle;
use latchkey_app::error::{Error, Result};
use latchkey_app::session::Session;
use latchkey_app::wire::{BundleDraft, BundleExported, ErrorCode};
use latchkey_qr::{Code, Error as CodeError, Progress, Receiver, Series};
use serde::Serialize;

use super::bundle::{exported, inspect};
use crate::args::BundleReceive;
use crate::context::Context;

/// More bytes than these are not looked at in a line.
const MAX_LINE: u64 = 8_192;

/// With `--json`: what was exported, and the texts of its codes.
#[derive(Serialize)]
struct Codes<'a> {
    #[serde(flatten)]
    exported: &'a BundleExported,
    codes: Vec<String>,
}

/// Exports as QR codes alone.
pub(super) fn export(context: &Context, session: &Session, draft: &BundleDraft) -> Result<BundleExported> {
    let (done, series) = bundle::export_codes(session, &context.operator, draft)?;
    print(context, &done.exported, &series)?;
    Ok(done.exported)
}

/// Exports to a file, and prints the same bundle as QR codes.
pub(super) fn export_both(
    context: &Context,
    session: &Session,
    draft: &BundleDraft,
    out: &Path,
) -> Result<BundleExported> {
    if bundle::preview(session, draft)?.codes.is_none() {
        return Err(Error::new(ErrorCode::Failed, "The bundle is too large for QR codes: they carry at most 16 KiB.")
            .hint("Leave `--qr` out. Nothing was exported."));
    }
    let done = bundle::export(session, &context.operator, draft, out, false)?;
    print(context, &done, &bundle::series(out)?)?;
    Ok(done)
}

fn print(context: &Context, done: &BundleExported, series: &Series) -> Result<()> {
    let undrawn = |error: CodeError| Error::new(ErrorCode::Failed, format!("No QR code could be drawn: {error}."));
    let numbers = 1..=series.parts();
    let codes = numbers.clone().map(|number| series.text(number)).collect::<Result<Vec<_>, _>>().map_err(undrawn)?;
    let drawn = numbers.map(|number| series.code(number)).collect::<Result<Vec<_>, _>>().map_err(undrawn)?;
    warn_of_width(context, &drawn);
    context.output.answer(&Codes { exported: done, codes }, || {
        let mut text = exported(done);
        for (number, code) in (1..).zip(&drawn) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n\n{}\n{number} of {}", squares(code), drawn.len());
        }
        text
    })
}

/// A code that is wrapped is none.
fn warn_of_width(context: &Context, drawn: &[Code]) {
    let widest = drawn.iter().map(Code::size).max().unwrap_or_default();
    let columns = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    if let Some((width, _)) = columns.filter(|(width, _)| usize::from(width.0) < widest) {
        context.output.note(&format!(
            "The terminal has {} columns, and the codes need {widest}: make it wider, or the letters smaller.",
            width.0
        ));
    }
}

/// Black on white, whatever the terminal's colours are. In a file, what is dark is written, as on paper.
fn squares(code: &Code) -> String {
    let text = code.text(true);
    if !io::stdout().is_terminal() {
        return text;
    }
    text.lines().map(|line| format!("\x1b[38;5;16;48;5;231m{line}\x1b[0m")).collect::<Vec<_>>().join("\n")
}

/// Reads the texts of codes until all parts have come, and writes the pair.
pub(super) fn receive(context: &Context, args: &BundleReceive) -> Result<()> {
    let mut receiver = Receiver::default();
    let mut input = io::stdin().lock();
    let mut last = None;
    loop {
        let Some(line) = next_line(&mut input)? else { return Err(too_few(last)) };
        let line = line.trim();
        // Scanners write the kind of the code before its text.
        let begins = line.to_ascii_lowercase().find("ur:").unwrap_or_default();
        match receiver.take(&line[begins..]) {
            Ok(Progress::Done(pair)) => {
                bundle::receive(&pair, args.public_key.as_deref(), &args.out)?;
                context.output.note(&format!("All parts have come: wrote {0} and {0}.minisig.", args.out.display()));
                return inspect(context, &args.out, args.public_key.as_deref());
            }
            Ok(Progress::Some { known, of }) => {
                if last != Some((known, of)) {
                    tell(context, &format!("{known} of {of} parts"));
                }
                last = Some((known, of));
            }
            Err(_) if line.is_empty() => {}
            Err(error) => context.output.note(&format!("Passed over: {error}.")),
        }
    }
}

fn tell(context: &Context, text: &str) {
    if io::stderr().is_terminal() { context.output.progress(text) } else { context.output.note(text) }
}

/// The next line, or as much of it as a code may have.
fn next_line(input: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = Vec::new();
    let read = input.take(MAX_LINE).read_until(b'\n', &mut line);
    let read = read.map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not read the codes: {cause}.")))?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

fn too_few(last: Option<(usize, usize)>) -> Error {
    let message = match last {
        Some((known, of)) => format!("Only {known} of {of} parts have come."),
        None => "No code of a bundle has come.".to_owned(),
    };
    Error::new(ErrorCode::Failed, message).hint("Scan all of them in one go: nothing was written.")
}
