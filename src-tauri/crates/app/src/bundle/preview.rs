use latchkey_qr::{MAX_PAIR, Pair, Series};

use super::contents::{Prepared, count, prepare};
use super::export::unmade;
use crate::error::Result;
use crate::session::Session;
use crate::wire::{BundleDraft, BundlePreview};

/// What a bundle would have in it that is exported now. Nothing is written and nothing is signed.
///
/// Fails as an export does that needs neither vault nor file.
pub fn preview(session: &Session, draft: &BundleDraft) -> Result<BundlePreview> {
    let now = session.now();
    session.store.reading(|reader| {
        let (tenant, prepared) = prepare(reader, &draft.tenant, draft, now)?;
        let Prepared { draft, export, left_out, .. } = prepared;
        let (file, signature) = draft.lengths().map_err(|error| unmade(&tenant, error))?;
        let carried = Pair::len_of(file, signature);
        Ok(BundlePreview {
            keys: count(draft.keys.len()),
            removed: count(draft.removed.len()),
            total: export.keys,
            left_out: count(left_out.len()),
            size: (file + signature) as u64,
            codes: (carried <= MAX_PAIR).then(|| count(Series::parts_of(carried))),
            fits_one: Series::fits_one(carried),
        })
    })
}
