use std::io;
use std::path::Path;

use latchkey_app::error::{Error, Result};
use latchkey_app::import::{self, Pending, Source};
use latchkey_app::tenant;
use latchkey_app::wire::{
    Expiration, ImportChoice, ImportDone, ImportEntry, ImportFate, ImportFormat, ImportPreview, ImportReason,
};
use serde::Serialize;

use crate::args::import::{Format, Import};
use crate::context::{Context, unlock};
use crate::table::Table;

pub(super) fn run(context: &Context, args: Import) -> Result<()> {
    // Looked at before the profile is opened: nothing is made, nothing is unlocked.
    let expires = args.expires.as_deref().map(str::parse).transpose()?;
    let is_stream = args.file == Path::new("-");
    let source = if is_stream { Source::stream(io::stdin().lock())? } else { Source::file(&args.file)? };
    let mut pending = Pending::read(&source, args.format.map(format))?;
    drop(source);

    let session = context.session()?;
    let tenant = tenant::show(&session, &args.tenant)?;
    let preview = import::preview(&session, &tenant.id, &mut pending)?;
    let numbers: Vec<u32> =
        preview.entries.iter().filter(|entry| is_taken(entry, args.all)).map(|e| e.number).collect();
    if args.dry_run || numbers.is_empty() {
        return report(context, &preview, args.all, None);
    }
    if !context.output.is_json() {
        context.output.note(table(&preview, args.all).trim_end());
    }
    if args.keep {
        unlock(&session)?;
    }
    let question = format!("Import {} of {} into {}?", numbers.len(), preview.entries.len(), tenant.name);
    // Standard input was read to its end: nobody can answer there.
    if !context.is_sure(args.sure.yes || is_stream, &question)? {
        return Ok(());
    }
    let ceiling = tenant.policy.max_lifetime_days.and(tenant.conventions.longest(&tenant.policy));
    let choice = ImportChoice {
        tenant: tenant.id,
        entries: numbers,
        api_sets: args.api_sets,
        organization: args.organization,
        groups: args.groups,
        owner: args.owner,
        tags: args.tags,
        expires: expires.unwrap_or_else(|| ceiling.map_or(Expiration::Never, |days| Expiration::Days { days })),
        keep: args.keep,
    };
    let mut progress = |done, all| context.output.progress(&format!("Computing slow digests: {done} of {all}"));
    let done = import::run(&session, &context.operator, &mut pending, &choice, &mut progress)?;
    context.output.progress("");
    report(context, &preview, args.all, Some(done))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    preview: &'a ImportPreview,
    /// `null` where nothing was imported.
    done: Option<ImportDone>,
}

fn report(context: &Context, preview: &ImportPreview, all: bool, done: Option<ImportDone>) -> Result<()> {
    if preview.cut {
        context.output.warn(&format!("Only the first {} entries of the file were read.", preview.entries.len()));
    }
    context.output.answer(&Report { preview, done }, || match done {
        Some(done) => summary(done),
        None => table(preview, all),
    })?;
    let nothing = done.is_none() && !preview.entries.iter().any(|entry| is_taken(entry, all));
    if nothing {
        context.output.note("Nothing of it can be imported.");
    }
    Ok(())
}

fn summary(done: ImportDone) -> String {
    let keys = if done.imported == 1 { "1 key".to_owned() } else { format!("{} keys", done.imported) };
    let sentences = [
        Some(format!("Imported {keys}.")),
        (done.kept > 0).then(|| format!("Kept {} in the vault.", done.kept)),
        (done.duplicates > 0).then(|| format!("{} turned out to be known already.", done.duplicates)),
        (done.weak > 0)
            .then(|| format!("{} weak: a person may have chosen them, or they are short. Rotate them.", done.weak)),
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_taken(entry: &ImportEntry, all: bool) -> bool {
    let wanted = entry.fate == ImportFate::Import || (all && entry.fate == ImportFate::Optional);
    wanted && entry.name_problem.is_none()
}

fn table(preview: &ImportPreview, all: bool) -> String {
    let rows: Vec<[String; 4]> = preview.entries.iter().map(|entry| row(entry, all)).collect();
    Table::new(["LINE", "NAME", "KEY", "WHAT HAPPENS"], &["LINE", "WHAT HAPPENS"]).page(&rows)
}

fn row(entry: &ImportEntry, all: bool) -> [String; 4] {
    let happens = if is_taken(entry, all) {
        let weak = if entry.weak { ", marked as weak" } else { "" };
        let twice = if entry.same_name { "; another key has this name" } else { "" };
        format!("imported{weak}{twice}")
    } else {
        not_taken(entry)
    };
    [entry.line.to_string(), entry.name.clone(), entry.display.clone().unwrap_or_default(), happens]
}

fn not_taken(entry: &ImportEntry) -> String {
    if let Some(problem) = &entry.name_problem {
        return format!("skipped: {}", Error::from(problem.clone()));
    }
    let why = match entry.reason {
        Some(ImportReason::Known) => {
            return format!("duplicate: known as {}", entry.known_as.as_deref().unwrap_or_default());
        }
        Some(ImportReason::Repeated) => return "duplicate: the file has it before".to_owned(),
        Some(ImportReason::NoKeyName) => "it does not look like a key; --all imports it",
        Some(ImportReason::Ambiguous) => "it may be the key, and so may others; --all imports them",
        Some(ImportReason::Empty) => "nothing stands there",
        Some(ImportReason::TooShort) => "under 8 characters",
        Some(ImportReason::TooLong) => "over 4 KiB",
        Some(ImportReason::Blank) => "blanks or control characters in it",
        Some(ImportReason::Damaged) => "characters in it are damaged",
        Some(ImportReason::Reference) => "it names another variable",
        Some(ImportReason::Form) => "a quote that does not end, or no NAME=value",
        Some(ImportReason::TooManyChosen) => {
            "over 1000 keys that a person may have chosen; import it with the next part"
        }
        None => "it was left out",
    };
    format!("skipped: {why}")
}

fn format(format: Format) -> ImportFormat {
    match format {
        Format::Env => ImportFormat::Env,
        Format::Csv => ImportFormat::Csv,
        Format::Apikey => ImportFormat::Apikey,
    }
}
