use latchkey_domain::id::{BatchId, TenantId};
use latchkey_domain::tenant::Tenant;

use crate::error::{Error, Result};
use crate::ports::{Batch, Reader};
use crate::session::Session;
use crate::wire::{BatchDelivery, BatchSummary, BatchView, ErrorCode};

/// The batches that nobody is at: each can be resumed or undone. Oldest first.
///
/// While this process runs one itself, that one is among them: the caller knows of it.
pub fn unfinished(session: &Session) -> Result<Vec<BatchView>> {
    session.store.reading(|reader| {
        let mut views = Vec::new();
        for batch in reader.batches()?.iter().filter(|batch| is_free(session, batch)) {
            let tenant = reader.tenant(batch.tenant)?.ok_or_else(gone)?;
            views.push(BatchView {
                id: batch.id.to_string(),
                tenant: tenant.name,
                first: first_name(reader, batch)?,
                total: batch.total,
                drawn: batch.drawn,
                file: batch.file.target.display().to_string(),
                operator: batch.actor.operator.clone(),
                begun_at: batch.begun_at,
            });
        }
        Ok(views)
    })
}

/// The unfinished batch of this identifier; without one, the only unfinished batch that there is.
pub fn find(session: &Session, id: Option<&str>) -> Result<BatchView> {
    let mut all = unfinished(session)?;
    if let Some(id) = id {
        all.retain(|batch| batch.id == id.trim());
    }
    match (all.pop(), all.is_empty()) {
        (Some(batch), true) => Ok(batch),
        (Some(_), false) => Err(Error::new(ErrorCode::Ambiguous, "Several batches were interrupted.")
            .hint("Name one by its id; `latchkey key batch --unfinished` shows them.")),
        (None, _) => Err(Error::new(ErrorCode::NotFound, "No such batch was interrupted.")
            .hint("`latchkey key batch --unfinished` shows those that were.")),
    }
}

/// How many batches of a tenant are unfinished.
pub(crate) fn of_tenant(reader: &dyn Reader, tenant: TenantId) -> Result<usize> {
    Ok(reader.batches()?.iter().filter(|batch| batch.tenant == tenant).count())
}

/// Whether an unfinished batch of a tenant is to use an API set.
pub(crate) fn with_api_set(reader: &dyn Reader, tenant: TenantId, id: &str) -> Result<bool> {
    let batches = reader.batches()?;
    Ok(batches.iter().any(|batch| batch.tenant == tenant && batch.api_sets.iter().any(|set| set == id)))
}

/// Fails with `not_now` while an unfinished batch of a tenant is to belong to an organization or user group.
pub(crate) fn refuse_member(reader: &dyn Reader, tenant: TenantId, id: &str, name: &str) -> Result<()> {
    let belongs = |batch: &Batch| {
        batch.tenant == tenant
            && (batch.organization.as_deref() == Some(id) || batch.groups.iter().any(|group| group == id))
    };
    if reader.batches()?.iter().any(belongs) {
        return Err(Error::new(ErrorCode::NotNow, format!("An unfinished batch belongs to {name}."))
            .hint("Resume or undo it first."));
    }
    Ok(())
}

/// Takes over a batch that nobody is at.
pub(super) fn claim(session: &Session, id: &str) -> Result<Batch> {
    let id: BatchId = id.trim().parse().map_err(|_| gone())?;
    session.store.writing(|writer| {
        let mut batch = writer.batch(id)?.ok_or_else(gone)?;
        if !is_free(session, &batch) {
            return Err(Error::new(ErrorCode::NotNow, "Another process is at this batch.")
                .hint("Wait until it is done, or cancel it there."));
        }
        session.instance.id().clone_into(&mut batch.instance);
        writer.put_batch(&batch)?;
        Ok(batch)
    })
}

pub(super) fn tenant_of(session: &Session, batch: &Batch) -> Result<Tenant> {
    session.store.reading(|reader| reader.tenant(batch.tenant))?.ok_or_else(gone)
}

/// A batch for the audit log: which, how many keys, where to.
pub(super) fn described(batch: &Batch) -> String {
    let sealed = if batch.recipients.is_empty() { "" } else { ", sealed" };
    let form = match batch.delivery {
        BatchDelivery::Csv => "CSV",
        BatchDelivery::Folder => "folder",
    };
    let file = batch.file.target.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    format!("batch {}: {} keys, {form} {file}{sealed}", batch.id, batch.total)
}

/// What is told of a batch once it is done. Asked before, since then nothing of it is left but its keys.
pub(super) fn summary(session: &Session, tenant: &Tenant, batch: &Batch) -> Result<BatchSummary> {
    session.store.reading(|reader| {
        let name = |number| Ok::<_, Error>(reader.drawn_keys(batch.id, number, 1)?.pop().map(|key| key.name));
        Ok(BatchSummary {
            id: batch.id.to_string(),
            tenant: tenant.name.clone(),
            keys: batch.total,
            file: batch.file.target.display().to_string(),
            delivery: batch.delivery,
            sealed: !batch.recipients.is_empty()
                || !reader.batch_rows(batch.id, 0, 1)?.iter().all(|row| row.recipient.is_none()),
            first: name(0)?.unwrap_or_default(),
            last: name(batch.total - 1)?.unwrap_or_default(),
            expires_at: batch.expires_at,
        })
    })
}

fn first_name(reader: &dyn Reader, batch: &Batch) -> Result<String> {
    let given = reader.batch_rows(batch.id, 0, 1)?.pop().map(|row| row.name);
    let pattern = batch.pattern.as_deref();
    let numbered = || latchkey_domain::batch::NamePattern::parse(pattern?, batch.total).ok().map(|all| all.name(1));
    Ok(given.or_else(numbered).unwrap_or_default())
}

/// Whether no process is at it: it is this one's own, or that of one that died.
fn is_free(session: &Session, batch: &Batch) -> bool {
    batch.instance == session.instance.id() || session.instance.is_gone(&batch.instance)
}

fn gone() -> Error {
    Error::new(ErrorCode::NotFound, "There is no such batch any more.").hint("It may have been finished or undone.")
}
