use std::ops::ControlFlow;

use super::{run, undo};
use crate::error::Result;
use crate::ports::{Batch, BatchStep};
use crate::session::{Operator, Session};

/// Finishes what dead processes had decided: a batch whose keys are all written comes into the list, one that was being
/// taken back goes. One whose keys were still being drawn waits for the operator.
pub(crate) fn at_start(session: &Session) -> Result<()> {
    for mut batch in session.store.reading(|reader| reader.batches())? {
        if !session.instance.is_gone(&batch.instance) {
            continue;
        }
        if let Err(error) = settle(session, &mut batch) {
            tracing::warn!(code = ?error.code(), "a batch waits for the operator");
        }
    }
    Ok(())
}

fn settle(session: &Session, batch: &mut Batch) -> Result<()> {
    let operator = Operator::start();
    match batch.step {
        BatchStep::Drawing => Ok(()),
        BatchStep::Placing | BatchStep::Listing => {
            run::proceed(session, &operator, batch, &mut |_| ControlFlow::Continue(())).map(drop)
        }
        BatchStep::Undoing | BatchStep::Withdrawing => undo::take_back(session, &operator, batch),
    }
}
