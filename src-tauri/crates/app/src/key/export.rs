use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::key::KeyStatus;
use latchkey_domain::spreadsheet;
use tempfile::NamedTempFile;

use super::list::filter;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{KeyFilter, NewEvent};
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{Export, KeyQuery, KeyView};

/// How many keys are read at once.
const PAGE: u32 = 2_000;

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

/// Writes the list, without secrets, to a CSV file that its owner alone may read; all keys that the query finds,
/// whatever its page. The file is there as a whole or not at all.
///
/// A spreadsheet opens it as it is: UTF-8 with its mark, and no cell that it would compute (`latchkey_domain::spreadsheet`).
///
/// Fails with `file_exists` where the file is there and `replace` does not say that it is meant.
pub fn export(
    session: &Session,
    operator: &Operator,
    query: &KeyQuery,
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
    session.store.reading(|reader| {
        let tenants = reader.tenants()?;
        let mut filter = KeyFilter { offset: 0, limit: PAGE, ..filter(reader, query)? };
        loop {
            let page = reader.keys(&filter, now)?;
            let count = u32::try_from(page.len()).unwrap_or(PAGE);
            for key in page {
                let Some(tenant) = tenants.iter().find(|tenant| tenant.id == key.tenant) else { continue };
                table.write_record(row(view::key(key, tenant, now))).map_err(|cause| failed(cause.into()))?;
                keys += 1;
            }
            if count < PAGE {
                return Ok(());
            }
            filter.offset += count;
        }
    })?;
    let out = table.into_inner().map_err(|cause| failed(cause.into_error()))?;
    let part = out.into_inner().map_err(|cause| failed(cause.into_error()))?;
    part.as_file().sync_all().map_err(failed)?;
    let mut part = Some(part);
    record(session, operator, query, &target, keys, &mut || {
        let Some(part) = part.take() else { return Ok(()) };
        let settled = if replace { part.persist(&target) } else { part.persist_noclobber(&target) };
        settled.map(drop).map_err(|cause| failed(cause.error))
    })?;
    Ok(Export { path: Some(target.display().to_string()), keys })
}

/// Writes the export into the log and gives the file its place: a list that nobody wrote down never leaves, and of one that
/// has no place nothing is said.
fn record(
    session: &Session,
    operator: &Operator,
    query: &KeyQuery,
    target: &Path,
    keys: u32,
    settle: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
    let now = session.now();
    session.store.writing(|writer| {
        let event = match query.tenant.as_deref() {
            Some(tenant) => operator.tenant_event(now, EventKind::ListExported, &find::tenant(writer, tenant)?),
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
