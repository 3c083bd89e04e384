use latchkey_domain::event::EventKind;

use super::CHUNK;
use super::unfinished::{claim, described, tenant_of};
use crate::delivery;
use crate::error::Result;
use crate::fault;
use crate::ports::{Batch, BatchStep, NewEvent};
use crate::session::{Operator, Session};
use crate::wire::BatchDelivery;

/// Takes a batch back that a process left when it died: its file and its keys, listed or not.
///
/// Fails with `not_found`, and with `not_now` where another process is at it.
pub fn undo(session: &Session, operator: &Operator, batch: &str) -> Result<()> {
    let mut batch = claim(session, batch)?;
    take_back(session, operator, &mut batch)
}

/// Takes everything back. Where it fails or dies half-way, a start goes on with it.
pub(super) fn take_back(session: &Session, operator: &Operator, batch: &mut Batch) -> Result<()> {
    let tenant = tenant_of(session, batch)?;
    // Whether the file in its place is the batch's must be known before anything of it is gone.
    batch.step = match batch.step {
        BatchStep::Drawing | BatchStep::Undoing => BatchStep::Undoing,
        BatchStep::Placing if !delivery::is_placed(&batch.file) => BatchStep::Undoing,
        BatchStep::Placing | BatchStep::Listing | BatchStep::Withdrawing => BatchStep::Withdrawing,
    };
    session.store.writing(|writer| writer.put_batch(batch))?;
    fault::point("batch.undoing");
    while session.store.writing(|writer| writer.remove_batch_keys(batch.id, CHUNK))? == CHUNK {}
    if batch.step == BatchStep::Withdrawing {
        remove_placed(session, batch)?;
    }
    delivery::drop_part(&batch.file)?;
    fault::point("batch.removed");
    let now = session.now();
    session.store.writing(|writer| {
        writer.remove_batch(batch.id)?;
        writer.add_event(&NewEvent {
            detail: Some(described(batch)),
            ..operator.tenant_event(now, EventKind::BatchUndone, &tenant)
        })
    })
}

/// Takes away what has its place and is the batch's still: of a folder no file that somebody else put there.
fn remove_placed(session: &Session, batch: &Batch) -> Result<()> {
    match batch.delivery {
        BatchDelivery::Csv => delivery::remove_file_of_length(&batch.file.target, batch.length),
        BatchDelivery::Folder => {
            for from in (0..batch.drawn).step_by(CHUNK as usize) {
                let keys = session.store.reading(|reader| reader.drawn_keys(batch.id, from, CHUNK))?;
                for file in keys.into_iter().filter_map(|key| key.file) {
                    delivery::remove_file(&batch.file.target.join(file))?;
                }
            }
            delivery::remove_empty_folder(&batch.file.target)
        }
    }
}
