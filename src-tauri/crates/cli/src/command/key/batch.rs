use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use latchkey_app::batch::{self, NameList};
use latchkey_app::error::{Error, Result};
use latchkey_app::session::Session;
use latchkey_app::tenant;
use latchkey_app::wire::{
    BatchDelivery, BatchDraft, BatchEnd, BatchNames, BatchProgress, BatchSummary, BatchView, ErrorCode,
};
use serde_json::json;

use crate::args::{BatchFormat, KeyBatch};
use crate::context::Context;
use crate::signals::Caught;
use crate::table::Table;

pub(super) fn run(context: &Context, args: KeyBatch) -> Result<()> {
    // Looked at before the profile is opened: nothing is made.
    let expires = args.expires.as_deref().map(str::parse).transpose()?;
    let list = args.names.as_deref().map(NameList::read).transpose()?;
    let session = context.session()?;
    if args.unfinished {
        return list_unfinished(context, &session);
    }
    if let Some(id) = &args.undo {
        return undo(context, &session, named(id));
    }
    if let Some(id) = &args.resume {
        let found = batch::find(&session, named(id))?;
        return watched(context, |watch| batch::resume(&session, &context.operator, &found.id, watch));
    }
    let (Some(tenant), Some(target)) = (&args.tenant, &args.out) else {
        return Err(Error::new(ErrorCode::InvalidInput, "There is no tenant, or no place for the secrets.")
            .hint("Name them with `--tenant` and `--out`."));
    };
    let tenant = tenant::show(&session, tenant)?;
    if let Some(list) = &list {
        let same = list.preview().same_name;
        if same > 0 {
            context.output.note(&format!("{same} of the names stand in the list more than once."));
        }
    }
    let draft = BatchDraft {
        tenant: tenant.id,
        names: match (args.count, args.name) {
            (Some(count), Some(pattern)) => BatchNames::Pattern { pattern, count },
            _ => BatchNames::List,
        },
        description: args.description,
        owner: args.owner,
        api_sets: args.api_sets,
        organization: args.organization,
        groups: args.groups,
        tags: args.tags,
        expires: expires.unwrap_or_else(|| tenant.conventions.unchosen_end(&tenant.policy)),
        delivery: match args.format {
            BatchFormat::Csv => BatchDelivery::Csv,
            BatchFormat::Folder => BatchDelivery::Folder,
        },
        recipients: args.recipients,
    };
    watched(context, |watch| batch::run(&session, &context.operator, &draft, list.as_ref(), target, watch))
}

/// Nothing named stands for the only one.
fn named(id: &str) -> Option<&str> {
    (!id.is_empty()).then_some(id)
}

/// Runs with progress on standard error; an interrupt cancels it.
fn watched(context: &Context, run: impl FnOnce(&mut batch::Watch<'_>) -> Result<BatchEnd>) -> Result<()> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let cancel = Arc::clone(&cancelled);
    let caught = Caught::each(move |_| cancel.store(true, Ordering::Relaxed))
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Could not watch for interrupts: {cause}.")))?;
    let end = run(&mut |progress| {
        context.output.progress(&said_so_far(progress));
        if cancelled.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    context.output.progress("");
    drop(caught);
    match end? {
        BatchEnd::Done { summary } => context.output.answer(&summary, || said(&summary)),
        BatchEnd::Cancelled => {
            Err(Error::new(ErrorCode::Failed, "Cancelled. Nothing of the batch is left.").hint("Begin it again."))
        }
    }
}

fn said_so_far(progress: BatchProgress) -> String {
    let BatchProgress { drawn, listed, total } = progress;
    if listed == 0 {
        format!("{drawn} of {total} keys written (Ctrl+C cancels)")
    } else {
        format!("{listed} of {total} keys added to the list (Ctrl+C cancels)")
    }
}

fn said(summary: &BatchSummary) -> String {
    let sealed = if summary.sealed { ", sealed" } else { "" };
    let BatchSummary { keys, first, last, file, .. } = summary;
    format!("Generated {keys} keys, {first} to {last}: written to {file}{sealed}.")
}

fn undo(context: &Context, session: &Session, id: Option<&str>) -> Result<()> {
    let found = batch::find(session, id)?;
    batch::undo(session, &context.operator, &found.id)?;
    context
        .output
        .answer(&json!({ "id": found.id }), || format!("Took back the batch that was to have {} keys.", found.total))
}

fn list_unfinished(context: &Context, session: &Session) -> Result<()> {
    let mut page = Some(batch::unfinished(session)?);
    let head = ["ID", "TENANT", "FIRST NAME", "WRITTEN", "KEYS", "FILE"];
    let row = |batch: &BatchView| {
        let file = Path::new(&batch.file).display().to_string();
        let (id, tenant, first) = (batch.id.clone(), batch.tenant.clone(), batch.first.clone());
        [id, tenant, first, batch.drawn.to_string(), batch.total.to_string(), file]
    };
    context
        .output
        .list(Table::new(head, &["ID"]), "No batch was interrupted.", row, || Ok(page.take().unwrap_or_default()))
}
