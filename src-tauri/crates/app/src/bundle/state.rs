use super::local_tenant;
use crate::error::Result;
use crate::ports::{BundleExport, Untold};
use crate::session::Session;
use crate::wire::{BundleState, ExportView};

/// What left the building of a tenant last, and what has happened since that services do not know.
///
/// Fails with `invalid_input` on `tenant` for a remote one.
pub fn state(session: &Session, tenant: &str) -> Result<BundleState> {
    let public_key = super::known_key(session, tenant)?;
    session.store.reading(|reader| {
        let tenant = local_tenant(reader, tenant)?;
        let exports = reader.bundle_exports(tenant.id, MOST)?;
        let Untold { keys, ended, left_out } = reader.untold(tenant.id)?;
        let newest = exports.first().map(|export| export.sequence);
        let view = |export: BundleExport| {
            Ok(ExportView {
                may_be_base: reader.was_exported(tenant.id, export.sequence)?,
                sequence: export.sequence,
                base: export.base,
                issued_at: export.issued,
                expires_at: export.expires,
                keys: export.keys,
                file: export.file,
            })
        };
        let before = reader.former_signing_keys(tenant.id)?.pop();
        Ok(BundleState {
            public_key: public_key.clone(),
            endorsed: before.is_some_and(|before| before.endorsement.is_some()),
            sequence: tenant.sequence,
            changed: newest.is_none_or(|newest| newest < tenant.sequence),
            exports: exports.into_iter().map(view).collect::<Result<_>>()?,
            keys_in_none: keys,
            ends_untold: ended,
            left_out,
        })
    })
}

/// So many exports are told.
const MOST: u32 = 20;
