use std::fmt::Write as _;
use std::path::Path;

use latchkey_app::api_set::{self, CatalogueFile};
use latchkey_app::error::{Error, Result};
use latchkey_app::session::Session;
use latchkey_app::wire::{self, ApiSetView, CatalogueFormat, CatalogueImport, ErrorCode};
use serde_json::json;

use crate::args::{ApiSet, ApiSetDraft, ApiSetId, Sure};
use crate::context::Context;
use crate::table::Table;

pub(super) fn run(context: &Context, command: ApiSet) -> Result<()> {
    let session = context.session()?;
    match command {
        ApiSet::List { tenant } => {
            let mut sets = api_set::list(&session, &tenant)?;
            let none = "No API sets yet. `latchkey api-set add -t TENANT ID` adds one.";
            let table = Table::new(["ID", "NAME", "GROUP", "KEYS"], &["ID", "KEYS"]);
            context.output.list(table, none, row, || Ok(std::mem::take(&mut sets)))
        }
        ApiSet::Add(draft) => {
            let added = api_set::add(&session, &context.operator, &draft.tenant, &wire_draft(&draft))?;
            context.output.answer(&added, || format!("Added {} ({}).", added.id, added.name))
        }
        ApiSet::Edit(draft) => {
            let mut change = wire_draft(&draft);
            // The use case takes what is left out for the default; on a command line it is what stays.
            let sets = api_set::list(&session, &draft.tenant)?;
            if let Some(before) = sets.into_iter().find(|set| set.id == change.id.trim()) {
                change.name = change.name.or(Some(before.name));
                change.group = change.group.or(before.group);
                change.description = draft.description.unwrap_or(before.description);
            }
            let edited = api_set::edit(&session, &context.operator, &draft.tenant, &change)?;
            context.output.answer(&edited, || format!("{} is now {}.", edited.id, edited.name))
        }
        ApiSet::Retire(ApiSetId { tenant, id }) => {
            let retired = api_set::retire(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&retired, || format!("New keys cannot choose {} any more.", retired.id))
        }
        ApiSet::Restore(ApiSetId { tenant, id }) => {
            let restored = api_set::restore(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&restored, || format!("New keys can choose {} again.", restored.id))
        }
        ApiSet::Import { tenant, file, dry_run, sure } => import(context, &session, &tenant, &file, dry_run, sure),
        ApiSet::Export { tenant, out } => export(context, &session, &tenant, &out),
        ApiSet::Remove(ApiSetId { tenant, id }) => {
            api_set::remove(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&json!({ "removed": id }), || format!("Removed {id}."))
        }
    }
}

fn wire_draft(draft: &ApiSetDraft) -> wire::ApiSetDraft {
    wire::ApiSetDraft {
        id: draft.id.clone(),
        name: draft.name.clone(),
        group: draft.group.clone(),
        description: draft.description.clone().unwrap_or_default(),
    }
}

fn import(context: &Context, session: &Session, tenant: &str, file: &Path, dry_run: bool, sure: Sure) -> Result<()> {
    let file = CatalogueFile::read(file)?;
    let planned = api_set::preview(session, tenant, &file)?;
    if dry_run {
        return context.output.answer(&planned, || said(&planned, "would be"));
    }
    if planned.refused.is_empty() && planned.added + planned.changed > 0 {
        let question = format!("Add {} API sets and change {}?", planned.added, planned.changed);
        if !context.is_sure(sure.yes, &question)? {
            return Ok(());
        }
    }
    let done = api_set::import(session, &context.operator, tenant, &file)?;
    context.output.answer(&done, || said(&done, "were"))
}

fn said(import: &CatalogueImport, verb: &str) -> String {
    let CatalogueImport { file, added, changed, unchanged, .. } = import;
    let mut text = format!("{file}: {added} {verb} added, {changed} {verb} changed, {unchanged} stay as they are.\n");
    for refused in &import.refused {
        // Writing into a text never fails.
        let _ = writeln!(text, "Line {}: {}", refused.line, refused.message);
    }
    if !import.refused.is_empty() {
        text.push_str("With a refused line nothing is imported.\n");
    }
    text
}

fn export(context: &Context, session: &Session, tenant: &str, out: &Path) -> Result<()> {
    let ending = out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let format = match ending.as_deref() {
        Some("json") => CatalogueFormat::Json,
        Some("csv") => CatalogueFormat::Csv,
        _ => {
            return Err(Error::new(ErrorCode::InvalidInput, "The file's name says no form.")
                .hint("Let it end in `.json` or `.csv`."));
        }
    };
    let count = api_set::export(session, tenant, out, format, false)?;
    let file = out.display().to_string();
    context.output.answer(&json!({ "file": file, "api_sets": count }), || format!("Wrote {count} API sets to {file}."))
}

fn row(set: &ApiSetView) -> [String; 4] {
    let retired = if set.retired_at.is_some() { " (retired)" } else { "" };
    [set.id.clone(), format!("{}{retired}", set.name), set.group.clone().unwrap_or_default(), set.keys.to_string()]
}
