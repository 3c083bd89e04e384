use std::path::Path;

use latchkey_domain::bundle::Validity;
use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::tenant::Tenant;

use super::contents::{Prepared, check_since, count, prepare};
use super::pair::{Pair, check_places, signature_of};
use super::public_key::owned;
use super::{local_tenant, signing_key};
use crate::error::{Error, Result};
use crate::fault;
use crate::ports::{BundleExport, NewEvent, SigningKeyPlace, Writer};
use crate::session::{Operator, Session};
use crate::wire::{BundleDraft, BundleExported, BundleKind, ErrorCode};

/// Writes a signed bundle of a local tenant to `target`, and its signature beside it: all keys, or what has changed since
/// a bundle that was exported. The first export makes the tenant's signing key.
///
/// An older bundle of the tenant gives its place to the new one; anything else only where `replace` says that it is meant.
/// The contents are of one state of the list. Both files are whole, and in their places, before the export is written down.
///
/// Fails with `invalid_input` on `tenant` for a remote one, on `since` or on `valid_for`; with `file_exists` and the codes
/// of files; with `secret_missing` and the vault's codes; with `not_now` where the clock was set back.
pub fn export(
    session: &Session,
    operator: &Operator,
    draft: &BundleDraft,
    target: &Path,
    replace: bool,
) -> Result<BundleExported> {
    export_over(session, operator, draft, None, target, replace)
}

/// Writes a full bundle whose sequence is over `above`: for a tenant whose profile came out of a backup, so that services
/// which have newer bundles take it. What is higher already stays.
///
/// Fails as [`export`] does, with `invalid_input` on `since` where `draft` is of a delta or the number is none of a bundle.
pub fn export_above(
    session: &Session,
    operator: &Operator,
    draft: &BundleDraft,
    above: u64,
    target: &Path,
    replace: bool,
) -> Result<BundleExported> {
    if draft.since.is_some() {
        // Services that have newer bundles know things of which this list knows nothing.
        let problem = FieldProblem { name: Field::Since, rule: Rule::NotExported };
        return Err(Error::at(problem, "After a backup was put back, services need a full bundle."));
    }
    if above > HIGHEST {
        let max = u32::try_from(HIGHEST).unwrap_or(u32::MAX);
        return Err(FieldProblem { name: Field::Since, rule: Rule::OutOfRange { min: 0, max } }.into());
    }
    export_over(session, operator, draft, Some(above), target, replace)
}

/// No tenant has so many changes. A sequence that was raised to the end could never rise again.
const HIGHEST: u64 = 4_000_000_000;

fn export_over(
    session: &Session,
    operator: &Operator,
    draft: &BundleDraft,
    above: Option<u64>,
    target: &Path,
    replace: bool,
) -> Result<BundleExported> {
    let validity = draft.valid_for.as_deref().map_or(Ok(Validity::default()), str::parse)?;
    let failed = |cause| Error::io("write", target, &cause);
    let target = std::path::absolute(target).map_err(failed)?;
    session.store.reading(|reader| {
        let tenant = local_tenant(reader, &draft.tenant)?;
        check_since(reader, &tenant, draft.since)?;
        if replace { Ok(()) } else { check_places(&target, tenant.id) }
    })?;
    let (tenant, place) = owned(session, operator, &draft.tenant)?;
    let key = signing_key::take(session, &tenant, &place)?;
    let now = session.now();
    let (tenant, mut prepared) = session.store.reading(|reader| {
        let mut tenant = local_tenant(reader, &tenant.id.to_string())?;
        let raised_by = above.map_or(0, |above| (above + 1).saturating_sub(tenant.sequence));
        tenant.sequence += raised_by;
        let prepared = Prepared { raised_by, ..prepare(reader, &tenant, draft.since, validity, now)? };
        Ok((tenant, prepared))
    })?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
    prepared.export.file = name.unwrap_or_default();
    let (file, signature) = prepared.draft.sign(&key).map_err(|error| unmade(&tenant, error))?;
    // A process that dies between giving the bundle its place and writing that down leaves one of which nothing is said. So
    // that a delta fits it too, what it says otherwise counts as changed from now on.
    let doubts = |writer: &mut dyn Writer| writer.put_told_keys(tenant.id, &prepared.doubts);
    let pair = Pair::write(session, &target, &file, &signature, doubts)?;
    let written = session.store.writing(|writer| record(writer, operator, &tenant, &place, &prepared, &pair));
    if let Err(error) = written {
        pair.give_up(session);
        return Err(error);
    }
    fault::point("export.done");
    let Prepared { draft: written, export, left_out, .. } = prepared;
    Ok(BundleExported {
        tenant: tenant.name,
        path: target.display().to_string(),
        signature: signature_of(&target).display().to_string(),
        kind: if export.base.is_some() { BundleKind::Delta } else { BundleKind::Full },
        sequence: export.sequence,
        base: export.base,
        issued_at: export.issued,
        expires_at: export.expires,
        keys: count(written.keys.len()),
        removed: count(written.removed.len()),
        total: export.keys,
        left_out,
        size: file.len() as u64,
        fingerprint: key.public_key().fingerprint(),
    })
}

/// Writes down what leaves, and gives it its place: a bundle that nobody wrote down never leaves, and of one that has no
/// place nothing is said.
fn record(
    writer: &mut dyn Writer,
    operator: &Operator,
    tenant: &Tenant,
    place: &SigningKeyPlace,
    prepared: &Prepared,
    pair: &Pair,
) -> Result<()> {
    let BundleExport { sequence, base, issued, file, keys, .. } = &prepared.export;
    let tenant = local_tenant(writer, &tenant.id.to_string())?;
    if writer.signing_key(tenant.id)?.as_ref() != Some(place) {
        return Err(Error::new(
            ErrorCode::NotNow,
            format!("The signing key of {} has changed meanwhile.", tenant.name),
        )
        .hint("Export again: the new key signs."));
    }
    // What is new was found against what verifiers knew then.
    if writer.bundle_exports(tenant.id, 1)?.pop() != prepared.newest {
        return Err(Error::new(ErrorCode::NotNow, format!("Somebody else has exported {} meanwhile.", tenant.name))
            .hint("Export again."));
    }
    if prepared.raised_by > 0 {
        // By so much, and not to that number: what was changed meanwhile is a change after this bundle.
        writer.raise_sequence(tenant.id, prepared.raised_by)?;
        writer.end_deltas(tenant.id)?;
        writer.add_event(&NewEvent {
            detail: Some(format!("to {sequence}, by {}", prepared.raised_by)),
            ..operator.tenant_event(*issued, EventKind::SequenceRaised, &tenant)
        })?;
    }
    writer.put_told_keys(tenant.id, &prepared.news)?;
    writer.add_bundle_export(tenant.id, &prepared.export)?;
    let what = base.map_or_else(|| "full".to_owned(), |base| format!("delta since {base}"));
    writer.add_event(&NewEvent {
        subject: Some(file.clone()),
        detail: Some(format!("sequence {sequence}, {what}, {keys} keys")),
        ..operator.tenant_event(*issued, EventKind::BundleExported, &tenant)
    })?;
    writer.remove_journal(pair.entry())?;
    pair.place()?;
    // While the journal still knows of it: a process that dies here leaves nothing beside the places.
    pair.sweep();
    Ok(())
}

fn unmade(tenant: &Tenant, error: latchkey_verify::Error) -> Error {
    Error::new(ErrorCode::Failed, format!("No verifier would take a bundle of {}: {error}.", tenant.name))
        .hint("A bundle has at most 4 000 000 keys and 256 MiB, and no two of its keys may have the same text.")
}
