use std::path::Path;

use latchkey_qr::{MAX_PAIR, Pair, Series};

use super::contents::{count, prepare};
use super::export::{exported, record, unmade};
use super::file::PairBytes;
use super::preview::preview;
use super::public_key::owned;
use super::signing_key;
use crate::error::{Error, Result};
use crate::session::{Operator, Session};
use crate::wire::{BundleCodes, BundleDraft, ErrorCode};

/// The same as an export to a file, but it leaves as QR codes. The first export makes the tenant's signing key.
///
/// It is written down before anybody sees a code. Fails as an export does, and where the bundle is too large for codes.
pub fn export_codes(session: &Session, operator: &Operator, draft: &BundleDraft) -> Result<(BundleCodes, Series)> {
    if preview(session, draft)?.codes.is_none() {
        return Err(too_large());
    }
    let (tenant, place) = owned(session, operator, &draft.tenant)?;
    let key = signing_key::take(session, &tenant, &place)?;
    let now = session.now();
    let id = tenant.id.to_string();
    let (tenant, prepared) = session.store.reading(|reader| prepare(reader, &id, draft, now))?;
    let (file, signature) = prepared.draft.sign(&key).map_err(|error| unmade(&tenant, error))?;
    let pair = Pair { file, signature: signature.into_bytes() };
    let series = Series::new(&pair).map_err(|_| too_large())?;
    session.store.writing(|writer| record(writer, operator, &tenant, &place, &prepared))?;
    let codes = BundleCodes {
        exported: exported(tenant, prepared, &pair.file, &key),
        parts: count(series.parts()),
        fits_one: series.printed().is_some(),
    };
    Ok((codes, series))
}

/// A bundle that was exported to a file, as QR codes. Needs no profile.
pub fn series(bundle: &Path) -> Result<Series> {
    let PairBytes { file, signature } = PairBytes::read(bundle)?;
    Series::new(&Pair { file, signature }).map_err(|_| too_large())
}

fn too_large() -> Error {
    let most = MAX_PAIR / 1_024;
    Error::new(ErrorCode::Failed, format!("The bundle is too large for QR codes: they carry at most {most} KiB."))
        .hint("Export it to a file, or a delta since a bundle that services have.")
}
