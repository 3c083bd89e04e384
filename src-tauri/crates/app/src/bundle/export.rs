use std::path::Path;

use latchkey_domain::event::EventKind;
use latchkey_domain::tenant::Tenant;
use latchkey_verify::issue::SigningKey;

use super::contents::{Prepared, check, count, prepare};
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
/// Where `draft` names what services have, the bundle's sequence is over that: a tenant whose profile came out of a backup
/// would be refused otherwise. What is higher already stays.
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
    let failed = |cause| Error::io("write", target, &cause);
    let target = std::path::absolute(target).map_err(failed)?;
    session.store.reading(|reader| {
        let tenant = local_tenant(reader, &draft.tenant)?;
        check(reader, &tenant, draft)?;
        if replace { Ok(()) } else { check_places(&target, tenant.id) }
    })?;
    let (tenant, place) = owned(session, operator, &draft.tenant)?;
    let key = signing_key::take(session, &tenant, &place)?;
    let now = session.now();
    let id = tenant.id.to_string();
    let (tenant, mut prepared) = session.store.reading(|reader| prepare(reader, &id, draft, now))?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
    prepared.export.file = name.unwrap_or_default();
    let (file, signature) = prepared.draft.sign(&key).map_err(|error| unmade(&tenant, error))?;
    // A process that dies between giving the bundle its place and writing that down leaves one of which nothing is said. So
    // that a delta fits it too, what it says otherwise counts as changed from now on.
    let doubts = |writer: &mut dyn Writer| writer.put_told_keys(tenant.id, &prepared.doubts);
    let pair = Pair::write(session, &target, &file, &signature, doubts)?;
    pair.deliver(session, |writer| record(writer, operator, &tenant, &place, &prepared))?;
    fault::point("export.done");
    let path = Some(target.display().to_string());
    let signature = Some(signature_of(&target).display().to_string());
    Ok(BundleExported { path, signature, ..exported(tenant, prepared, &file, &key) })
}

/// What is told of an export, its places left aside.
pub(super) fn exported(tenant: Tenant, prepared: Prepared, file: &[u8], key: &SigningKey) -> BundleExported {
    let Prepared { draft: written, export, left_out, .. } = prepared;
    BundleExported {
        tenant: tenant.name,
        path: None,
        signature: None,
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
    }
}

/// Writes down what leaves. It gets its place in the same transaction: a bundle that nobody wrote down never leaves, and of
/// one that has no place nothing is said.
pub(super) fn record(
    writer: &mut dyn Writer,
    operator: &Operator,
    tenant: &Tenant,
    place: &SigningKeyPlace,
    prepared: &Prepared,
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
    let way = if file.is_empty() { ", as QR codes" } else { "" };
    let what = base.map_or_else(|| "full".to_owned(), |base| format!("delta since {base}"));
    writer.add_event(&NewEvent {
        subject: Some(file.clone()).filter(|file| !file.is_empty()),
        detail: Some(format!("sequence {sequence}, {what}, {keys} keys{way}")),
        ..operator.tenant_event(*issued, EventKind::BundleExported, &tenant)
    })
}

pub(super) fn unmade(tenant: &Tenant, error: latchkey_verify::Error) -> Error {
    Error::new(ErrorCode::Failed, format!("No verifier would take a bundle of {}: {error}.", tenant.name))
        .hint("A bundle has at most 4 000 000 keys and 256 MiB, and no two of its keys may have the same text.")
}
