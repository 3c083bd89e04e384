use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::id::TenantId;
use latchkey_domain::key::KeyStatus;
use latchkey_domain::spreadsheet;
use tempfile::NamedTempFile;

use super::selection;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{Export, KeyQuery, KeySelection, KeyView};

/// The columns, as the fields of a key in JSON are called.
const HEADING: [&str; 17] = [
    "name",
    "display",
    "handle",
    "tenant",
    "description",
    "api_sets",
    "organization",
    "groups",
    "tags",
    "owner",
    "status",
    "weak",
    "created_at",
    "expires_at",
    "revoked_at",
    "kept",
    "id",
];

/// Writes a list of keys, without secrets, to a CSV file that its owner alone may read: all that a query finds, whatever
/// its page, or those that were chosen. The file is there as a whole or not at all.
///
/// A spreadsheet opens it as it is: UTF-8 with its mark, and no cell that it would compute (`latchkey_domain::spreadsheet`).
///
/// Fails with `file_exists` where the file is there and `replace` does not say that it is meant.
pub fn export(
    session: &Session,
    operator: &Operator,
    selection: &KeySelection,
    target: &Path,
    replace: bool,
) -> Result<Export> {
    if !replace && target.symlink_metadata().is_ok() {
        return Err(Error::io("write", target, &io::ErrorKind::AlreadyExists.into()));
    }
    let target = std::path::absolute(target).map_err(|cause| Error::io("write", target, &cause))?;
    let failed = |cause: io::Error| Error::io("write", &target, &cause);
    let folder = target.parent().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
    let part = NamedTempFile::new_in(folder).map_err(failed)?;
    let mut out = BufWriter::new(part);
    out.write_all("\u{feff}".as_bytes()).map_err(failed)?;
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    table.write_record(HEADING).map_err(|cause| failed(cause.into()))?;
    let now = session.now();
    let mut keys = 0;
    let mut of = Of::Nobody;
    session.store.reading(|reader| {
        let tenants = reader.tenants()?;
        selection::each(reader, selection, now, |key| {
            let Some(tenant) = tenants.iter().find(|tenant| tenant.id == key.tenant) else { return Ok(()) };
            of.add(tenant.id);
            table.write_record(row(view::key(key, tenant, now))).map_err(|cause| failed(cause.into()))?;
            keys += 1;
            Ok(())
        })
    })?;
    let out = table.into_inner().map_err(|cause| failed(cause.into_error()))?;
    let part = out.into_inner().map_err(|cause| failed(cause.into_error()))?;
    part.as_file().sync_all().map_err(failed)?;
    let mut part = Some(part);
    record(session, operator, selection, of, &target, keys, &mut || {
        let Some(part) = part.take() else { return Ok(()) };
        let settled = if replace { part.persist(&target) } else { part.persist_noclobber(&target) };
        settled.map(drop).map_err(|cause| failed(cause.error))
    })?;
    Ok(Export { path: Some(target.display().to_string()), keys })
}

/// Whose keys were written.
#[derive(Clone, Copy)]
enum Of {
    Nobody,
    One(TenantId),
    Several,
}

impl Of {
    fn add(&mut self, tenant: TenantId) {
        *self = match self {
            Self::Nobody => Self::One(tenant),
            Self::One(one) if *one == tenant => Self::One(tenant),
            Self::One(_) | Self::Several => Self::Several,
        }
    }
}

/// Writes the export into the log and gives the file its place: a list that nobody wrote down never leaves, and of one that
/// has no place nothing is said.
fn record(
    session: &Session,
    operator: &Operator,
    selection: &KeySelection,
    of: Of,
    target: &Path,
    keys: u32,
    settle: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = match (selection, of) {
            (KeySelection::Found { query: KeyQuery { tenant, .. }, .. }, _) => {
                tenant.as_deref().map(|tenant| find::tenant(writer, tenant)).transpose()?
            }
            // A tenant that is gone meanwhile has no history to write into.
            (KeySelection::Keys { .. }, Of::One(id)) => writer.tenant(id)?,
            (KeySelection::Keys { .. }, Of::Nobody | Of::Several) => None,
        };
        let event = match &tenant {
            Some(tenant) => operator.tenant_event(now, EventKind::ListExported, tenant),
            None => operator.event(now, EventKind::ListExported),
        };
        writer.add_event(&NewEvent { subject: name.clone(), detail: Some(format!("{keys} keys")), ..event })?;
        settle()
    })
}

fn row(key: KeyView) -> [String; 17] {
    let moment = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let list = |items: Vec<String>| items.join(", ");
    let said = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    [
        key.name,
        key.display,
        key.handle,
        key.tenant,
        key.description,
        list(key.api_sets),
        key.organization.unwrap_or_default(),
        list(key.groups),
        list(key.tags),
        key.owner,
        status(key.status).to_owned(),
        said(key.weak),
        moment(key.created_at),
        key.expires_at.map(moment).unwrap_or_default(),
        key.revoked_at.map(moment).unwrap_or_default(),
        said(key.kept),
        key.id,
    ]
    .map(|text| spreadsheet::guarded(&text))
}

fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "active",
        KeyStatus::Expiring => "expiring",
        KeyStatus::Expired => "expired",
        KeyStatus::Disabled => "disabled",
        KeyStatus::Revoked => "revoked",
        KeyStatus::Superseded => "superseded",
    }
}
