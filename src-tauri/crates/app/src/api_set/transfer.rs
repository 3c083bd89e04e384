//! API sets from a file and into one.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use latchkey_domain::api_set::ApiSet;
use latchkey_domain::event::EventKind;

use super::catalogue::{self, Catalogue, Row};
use super::described;
use crate::error::{Error, Result};
use crate::file::{self, Readers};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::session::{Operator, Session};
use crate::wire::{ApiSetChange, CatalogueFormat, CatalogueImport, ErrorCode, ImportedApiSet};

/// A file that was read: what the operator saw in the preview is what is imported.
#[derive(Debug)]
pub struct CatalogueFile {
    name: String,
    content: Catalogue,
}

impl CatalogueFile {
    /// Reads a file of at most 4 MiB and 10 000 API sets, JSON or a table.
    ///
    /// Fails with `invalid_input`, naming the line, where it is no catalogue, and with the codes of files. Lines that
    /// are wrong in themselves are told by [`preview`].
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |cause: std::io::Error| Error::io("read", path, &cause);
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let found = std::fs::metadata(path).map_err(failed)?;
        if !found.is_file() || found.len() > catalogue::MAX_LEN {
            return Err(Error::new(ErrorCode::InvalidInput, format!("{name} is no file of at most 4 MiB."))
                .hint("Choose a catalogue of API sets in JSON or CSV."));
        }
        let mut bytes = Vec::new();
        // It may have grown since it was measured.
        File::open(path).and_then(|file| file.take(catalogue::MAX_LEN).read_to_end(&mut bytes)).map_err(failed)?;
        Self::parse(&name, &bytes)
    }

    /// As [`Self::read`], of the bytes of a file of this name.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        Ok(Self { name: name.to_owned(), content: catalogue::parse(bytes)? })
    }
}

/// What an import would do. Nothing is changed.
pub fn preview(session: &Session, tenant: &str, file: &CatalogueFile) -> Result<CatalogueImport> {
    session.store.reading(|reader| {
        let sets = current(reader, find::tenant(reader, tenant)?.id)?;
        Ok(plan(&sets, file).0)
    })
}

/// Adds and changes what the file says, all of it or nothing. What the file does not name stays.
///
/// Fails with `invalid_input` where a line of the file is refused.
pub fn import(session: &Session, operator: &Operator, tenant: &str, file: &CatalogueFile) -> Result<CatalogueImport> {
    if let Some(first) = file.content.refused.first() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            format!("Line {} of {}: {}", first.line, file.name, first.message),
        )
        .hint("Nothing was changed. Put the file right and import it again."));
    }
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (done, changes) = plan(&current(writer, tenant.id)?, file);
        for (before, after) in &changes {
            let (kind, detail) = match before {
                None => {
                    writer.add_api_set(tenant.id, after)?;
                    (EventKind::ApiSetAdded, format!("imported from {}", file.name))
                }
                Some(before) => {
                    writer.update_api_set(tenant.id, after)?;
                    let change = format!("{} → {}", described(before), described(after));
                    (EventKind::ApiSetEdited, format!("imported from {}: {change}", file.name))
                }
            };
            writer.add_event(&NewEvent {
                subject: Some(after.id.clone()),
                detail: Some(detail),
                ..operator.tenant_event(now, kind, &tenant)
            })?;
        }
        Ok(done)
    })
}

/// Writes the API sets of a tenant into a file; what stands there is replaced only where `replace` says so.
pub fn export(session: &Session, tenant: &str, path: &Path, format: CatalogueFormat, replace: bool) -> Result<u32> {
    let sets = session.store.reading(|reader| current(reader, find::tenant(reader, tenant)?.id))?;
    let text = catalogue::render(&sets, format)?;
    file::write(path, &text, replace, Readers::Owner)?;
    Ok(u32::try_from(sets.len()).unwrap_or(u32::MAX))
}

fn current(reader: &dyn Reader, tenant: latchkey_domain::id::TenantId) -> Result<Vec<ApiSet>> {
    Ok(reader.api_sets(tenant)?.into_iter().map(|(set, _)| set).collect())
}

type Change = (Option<ApiSet>, ApiSet);

fn plan(sets: &[ApiSet], file: &CatalogueFile) -> (CatalogueImport, Vec<Change>) {
    let Catalogue { rows, refused, .. } = &file.content;
    let by_id: HashMap<&str, &ApiSet> = sets.iter().map(|set| (set.id.as_str(), set)).collect();
    let existing = |row: &Row| by_id.get(row.id.as_str()).copied();
    let changes: Vec<Change> = rows
        .iter()
        .map(|row| (existing(row).cloned(), row.over(existing(row))))
        .filter(|(before, after)| before.as_ref() != Some(after))
        .collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let added = changes.iter().filter(|(before, _)| before.is_none()).count();
    let known = rows.iter().filter(|row| existing(row).is_some()).count();
    let done = CatalogueImport {
        file: file.name.clone(),
        added: number(added),
        changed: number(changes.len() - added),
        unchanged: number(rows.len() - changes.len()),
        untouched: number(sets.len() - known),
        sets: changes
            .iter()
            .map(|(before, after)| ImportedApiSet {
                id: after.id.clone(),
                name: after.name.clone(),
                change: if before.is_none() { ApiSetChange::Added } else { ApiSetChange::Changed },
            })
            .collect(),
        refused: refused.clone(),
    };
    (done, changes)
}
