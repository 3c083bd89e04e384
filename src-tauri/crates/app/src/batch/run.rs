use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use latchkey_domain::batch::NamePattern;
use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{self, Hashing};
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;

use super::sink::Sink;
use super::unfinished::{claim, described, summary, tenant_of};
use super::{CHUNK, NameList, Watch, draft, undo};
use crate::delivery;
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{Batch, BatchRow, BatchStep, DrawnKey, NewEvent, Reader};
use crate::session::{Operator, Session};
use crate::wire::{BatchDelivery, BatchDraft, BatchEnd, BatchProgress, ErrorCode};

/// Generates many keys into `target`, which must not exist yet.
///
/// `watch` is told how far it is and can cancel it; then, and when it fails, nothing of it is left. Being killed at any
/// step leaves it to be resumed or undone.
///
/// Fails with `invalid_input` on `name`, `count`, `names`, `recipients` or a field of the keys; with `not_permitted`
/// where the tenant wants keys for oneself only; with `file_exists`, `disk_full` or `read_only` for the file.
pub fn run(
    session: &Session,
    operator: &Operator,
    draft: &BatchDraft,
    list: Option<&NameList>,
    target: &Path,
    watch: &mut Watch<'_>,
) -> Result<BatchEnd> {
    let plan = draft::parse(session, operator, draft, list)?;
    let mut batch = Batch { file: delivery::plan(plan.id, target)?, ..plan };
    let rows = list.filter(|_| batch.pattern.is_none()).map(|list| list.rows.as_slice()).unwrap_or_default();
    session.store.writing(|writer| {
        writer.put_batch(&batch)?;
        writer.add_batch_rows(batch.id, 0, rows)
    })?;
    fault::point("batch.begun");
    match proceed(session, operator, &mut batch, watch) {
        // The file has its place: what is missing in the list is added at the next start, or when the batch is resumed.
        Err(error) if batch.step == BatchStep::Listing => Err(error),
        Err(error) => {
            if let Err(left) = undo::take_back(session, operator, &mut batch) {
                tracing::warn!(code = ?left.code(), "a batch that failed could not be taken back and waits");
            }
            Err(error)
        }
        end => end,
    }
}

/// Checks all that [`run`] would but the place, and makes nothing.
pub fn check(session: &Session, operator: &Operator, draft: &BatchDraft, list: Option<&NameList>) -> Result<()> {
    draft::parse(session, operator, draft, list).map(drop)
}

/// Goes on with a batch that a process left when it died. A failure leaves it to be resumed again.
///
/// Fails with `not_found`, with `not_now` where another process is at it or it is being taken back, and as [`run`] does.
pub fn resume(session: &Session, operator: &Operator, batch: &str, watch: &mut Watch<'_>) -> Result<BatchEnd> {
    let mut batch = claim(session, batch)?;
    match batch.step {
        BatchStep::Undoing | BatchStep::Withdrawing => {
            return Err(Error::new(ErrorCode::NotNow, "This batch is being taken back.").hint("Undo it."));
        }
        BatchStep::Drawing if !delivery::part_has(&batch.file, batch.length) || is_sealed_table(&batch) => {
            rewind(session, &mut batch)?;
        }
        _ => {}
    }
    if batch.step == BatchStep::Drawing {
        delivery::check_free(&batch.file.target)?;
    }
    proceed(session, operator, &mut batch, watch)
}

/// Begins anew: nobody has seen the keys that were drawn.
fn rewind(session: &Session, batch: &mut Batch) -> Result<()> {
    delivery::drop_part(&batch.file)?;
    (batch.drawn, batch.length) = (0, 0);
    session.store.writing(|writer| {
        writer.forget_drawn_keys(batch.id)?;
        writer.put_batch(batch)
    })
}

fn is_sealed_table(batch: &Batch) -> bool {
    batch.delivery == BatchDelivery::Csv && !batch.recipients.is_empty()
}

/// Runs what is left of a batch.
pub(super) fn proceed(
    session: &Session,
    operator: &Operator,
    batch: &mut Batch,
    watch: &mut Watch<'_>,
) -> Result<BatchEnd> {
    let tenant = tenant_of(session, batch)?;
    if batch.step == BatchStep::Drawing && draw(session, &tenant, batch, watch)?.is_break() {
        undo::take_back(session, operator, batch)?;
        return Ok(BatchEnd::Cancelled);
    }
    if batch.step == BatchStep::Placing {
        place(session, operator, &tenant, batch)?;
    }
    let summary = summary(session, &tenant, batch)?;
    if list(session, &tenant, batch, watch)?.is_break() {
        undo::take_back(session, operator, batch)?;
        return Ok(BatchEnd::Cancelled);
    }
    fault::point("batch.done");
    Ok(BatchEnd::Done { summary })
}

fn progress(batch: &Batch) -> BatchProgress {
    BatchProgress { drawn: batch.drawn, listed: batch.listed, total: batch.total }
}

/// Draws the keys that are missing and writes them beside the file's place.
fn draw(session: &Session, tenant: &Tenant, batch: &mut Batch, watch: &mut Watch<'_>) -> Result<ControlFlow<()>> {
    let pattern = batch.pattern.as_deref().map(|text| NamePattern::parse(text, batch.total)).transpose()?;
    let mut sink = Sink::open(batch, &known_files(session, batch)?)?;
    while batch.drawn < batch.total {
        let from = batch.drawn;
        let rows = match &pattern {
            Some(pattern) => numbered(pattern, from, CHUNK.min(batch.total - from)),
            None => session.store.reading(|reader| reader.batch_rows(batch.id, from, CHUNK))?,
        };
        if rows.is_empty() {
            return Err(Error::new(ErrorCode::Failed, "The names of the batch are not in the database any more.")
                .hint("Undo the batch."));
        }
        let mut keys = Vec::with_capacity(rows.len());
        for (mut key, secret, recipient) in
            session.store.reading(|reader| drawn(session, reader, tenant, batch, &rows))?
        {
            sink.add(&mut key, &secret, recipient)?;
            keys.push(key);
        }
        let length = sink.settle()?;
        fault::point("batch.written");
        batch.length = length;
        batch.drawn += u32::try_from(keys.len()).unwrap_or(u32::MAX);
        session.store.writing(|writer| {
            writer.add_drawn_keys(batch.id, from, &keys)?;
            writer.put_batch(batch)
        })?;
        fault::point("batch.drawn");
        if watch(progress(batch)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    batch.length = sink.finish()?;
    batch.step = BatchStep::Placing;
    session.store.writing(|writer| writer.put_batch(batch))?;
    fault::point("batch.complete");
    Ok(ControlFlow::Continue(()))
}

/// The files of the keys that were drawn before, where each has one.
fn known_files(session: &Session, batch: &Batch) -> Result<HashSet<String>> {
    let mut files = HashSet::new();
    if batch.delivery == BatchDelivery::Folder {
        for from in (0..batch.drawn).step_by(CHUNK as usize) {
            let keys = session.store.reading(|reader| reader.drawn_keys(batch.id, from, CHUNK))?;
            files.extend(keys.into_iter().filter_map(|key| key.file));
        }
    }
    Ok(files)
}

fn numbered(pattern: &NamePattern, from: u32, count: u32) -> Vec<BatchRow> {
    (from + 1..=from + count)
        .map(|number| BatchRow { name: pattern.name(number), description: None, owner: None, recipient: None })
        .collect()
}

fn drawn<'r>(
    session: &Session,
    reader: &dyn Reader,
    tenant: &Tenant,
    batch: &Batch,
    rows: &'r [BatchRow],
) -> Result<Vec<(DrawnKey, Secret, Option<&'r str>)>> {
    let now = session.now();
    let mut handles = HashSet::with_capacity(rows.len());
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let generated = loop {
            let generated = session.with_rng(|rng| key_format::generate(batch.format, &tenant.prefix, rng));
            if !handles.contains(&generated.handle) && !reader.handle_is_taken(&generated.handle)? {
                break generated;
            }
        };
        handles.insert(generated.handle.clone());
        let key = DrawnKey {
            id: session.with_rng(|rng| KeyId::random(rng)),
            handle: generated.handle,
            display: generated.display,
            digest: generated.digest,
            name: row.name.clone(),
            description: row.description.clone().unwrap_or_else(|| batch.description.clone()),
            owner: row.owner.clone().unwrap_or_else(|| batch.owner.clone()),
            created_at: now,
            file: None,
        };
        keys.push((key, generated.secret, row.recipient.as_deref()));
    }
    Ok(keys)
}

/// Gives the file its place. From then on the batch is decided.
fn place(session: &Session, operator: &Operator, tenant: &Tenant, batch: &mut Batch) -> Result<()> {
    if !delivery::is_placed(&batch.file) {
        delivery::settle_new(&batch.file)?;
    }
    delivery::drop_part(&batch.file)?;
    fault::point("batch.placed");
    let next = Batch { step: BatchStep::Listing, ..batch.clone() };
    let now = session.now();
    let first = session.store.reading(|reader| reader.drawn_keys(batch.id, 0, 1))?;
    session.store.writing(|writer| {
        writer.put_batch(&next)?;
        writer.add_batch_event(
            next.id,
            &NewEvent {
                subject: first.first().map(|key| key.name.clone()),
                detail: Some(described(&next)),
                ..operator.tenant_event(now, EventKind::BatchGenerated, tenant)
            },
        )
    })?;
    fault::point("batch.decided");
    *batch = next;
    Ok(())
}

/// Takes the drawn keys into the list.
fn list(session: &Session, tenant: &Tenant, batch: &mut Batch, watch: &mut Watch<'_>) -> Result<ControlFlow<()>> {
    while batch.listed < batch.total {
        let drawn = session.store.reading(|reader| reader.drawn_keys(batch.id, batch.listed, CHUNK))?;
        let keys: Vec<Key> = drawn.into_iter().map(|key| listed(key, tenant, batch)).collect();
        if keys.is_empty() {
            return Err(Error::new(ErrorCode::Failed, "Keys of the batch are not in the database any more.")
                .hint("Undo the batch."));
        }
        let next = Batch { listed: batch.listed + u32::try_from(keys.len()).unwrap_or(u32::MAX), ..batch.clone() };
        session.store.writing(|writer| {
            writer.add_keys(Some(next.id), &keys)?;
            if next.listed == next.total { writer.remove_batch(next.id) } else { writer.put_batch(&next) }
        })?;
        fault::point("batch.listed");
        *batch = next;
        if watch(progress(batch)).is_break() && batch.listed < batch.total {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn listed(key: DrawnKey, tenant: &Tenant, batch: &Batch) -> Key {
    Key {
        id: key.id,
        tenant: tenant.id,
        handle: key.handle,
        display: key.display,
        format: Some(batch.format),
        digest: key.digest,
        hashing: Hashing::Sha256,
        name: key.name,
        description: key.description,
        owner: key.owner,
        api_sets: batch.api_sets.clone(),
        organization: batch.organization.clone(),
        groups: batch.groups.clone(),
        tags: batch.tags.clone(),
        created_at: key.created_at,
        expires_at: batch.expires_at,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: true,
    }
}
