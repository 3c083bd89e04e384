use std::collections::HashMap;

use chrono::{DateTime, Utc};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{self, KeyDigest, NoMemory, Salt, SlowDigests};
use latchkey_domain::policy::KeepPolicy;
use latchkey_domain::strength;
use latchkey_domain::tenant::Tenant;
use latchkey_import::Unreadable;

use super::pending::{Found, Item};
use super::{MAX_CHOSEN, Pending};
use crate::error::{Error, Result};
use crate::find;
use crate::ports::Reader;
use crate::session::Session;
use crate::wire::{ErrorCode, ImportEntry, ImportFate, ImportPreview, ImportReason};

/// So many slow digests are computed for a preview; what is not compared here is compared by the import.
const MAX_COMPARED: usize = 32;

/// What an import into the tenant would do with each entry.
pub fn preview(session: &Session, tenant: &str, pending: &mut Pending) -> Result<ImportPreview> {
    let (tenant, salt) = session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let salt = reader.tenant_salt(tenant.id)?;
        Ok((tenant, salt))
    })?;
    if let Some(salt) = salt {
        let weak = pending.items.iter_mut().filter_map(|item| item.key.as_mut().ok()).filter(|found| found.is_weak());
        digest_slowly(weak.take(MAX_COMPARED), &salt, |_| {})?;
    }
    let now = session.now();
    let entries = session.store.reading(|reader| entries(reader, &tenant, pending, now))?;
    Ok(ImportPreview {
        file: pending.file.clone(),
        format: pending.format,
        entries,
        cut: pending.cut,
        may_keep: tenant.policy.keep != KeepPolicy::Forbid,
    })
}

/// Gives an entry another name; answers with the preview after that.
///
/// Fails with `not_found` where there is no such entry.
pub fn rename(
    session: &Session,
    tenant: &str,
    pending: &mut Pending,
    number: u32,
    name: &str,
) -> Result<Vec<ImportEntry>> {
    name.clone_into(&mut item_mut(pending, number)?.name);
    let now = session.now();
    session.store.reading(|reader| entries(reader, &find::tenant(reader, tenant)?, pending, now))
}

pub(super) fn item_mut(pending: &mut Pending, number: u32) -> Result<&mut Item> {
    let missing = || Error::new(ErrorCode::NotFound, "There is no such entry in the file.");
    pending.items.get_mut(number as usize).ok_or_else(missing)
}

/// Computes the slow digests that are not there yet for this salt, and tells how many are done.
pub(crate) fn digest_slowly<'a>(
    found: impl Iterator<Item = &'a mut Found>,
    salt: &Salt,
    mut done: impl FnMut(usize),
) -> Result<()> {
    let mut slow = None;
    for (at, found) in found.filter(|found| found.slow.is_none_or(|(with, _)| with != *salt)).enumerate() {
        let slow = match &mut slow {
            Some(slow) => slow,
            none => none.insert(SlowDigests::new().map_err(no_memory)?),
        };
        found.slow = Some((*salt, slow.of(found.secret.expose(), salt).map_err(no_memory)?));
        done(at + 1);
    }
    Ok(())
}

pub(crate) fn no_memory(_: NoMemory) -> Error {
    Error::new(ErrorCode::Failed, "A key that a person may have chosen needs 64 MiB of memory to be checked.")
        .hint("Close other programs and try again.")
}

/// The key of the tenant that this one is, if it has it.
pub(crate) fn known(reader: &dyn Reader, tenant: &Tenant, found: &Found) -> Result<Option<Key>> {
    let is_here = |key: &Key, digest: &KeyDigest| key.tenant == tenant.id && key.digest == *digest;
    if let Some(parsed) = key_format::parse(found.secret.expose())
        && let Some(key) = reader.key_with_handle(parsed.handle)?
        && is_here(&key, &found.digest)
    {
        return Ok(Some(key));
    }
    for digest in [Some(found.digest), found.slow.map(|(_, digest)| digest)].into_iter().flatten() {
        if let Some(key) = reader.keys_with_digest(&digest)?.into_iter().find(|key| is_here(key, &digest)) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn entries(reader: &dyn Reader, tenant: &Tenant, pending: &Pending, now: DateTime<Utc>) -> Result<Vec<ImportEntry>> {
    let mut names: HashMap<&str, u32> = HashMap::new();
    for item in pending.items.iter().filter(|item| item.key.is_ok() && item.likely && !item.repeated) {
        *names.entry(item.name.trim()).or_default() += 1;
    }
    let mut chosen = 0;
    let mut entries = Vec::with_capacity(pending.items.len());
    for (item, number) in pending.items.iter().zip(0..) {
        let mut entry = entry(reader, tenant, pending, item, number)?;
        if entry.fate == ImportFate::Import && entry.weak {
            chosen += 1;
            if chosen > MAX_CHOSEN {
                (entry.fate, entry.reason) = (ImportFate::Skip, Some(ImportReason::TooManyChosen));
            }
        }
        if matches!(entry.fate, ImportFate::Import | ImportFate::Optional) {
            let taken = is_taken(reader, tenant, item.name.trim(), now)?;
            let twice = names.get(item.name.trim()).is_some_and(|count| *count > 1);
            entry.same_name = twice || reader.count_named(tenant.id, item.name.trim())? > 0;
            entry.name_problem = tenant.conventions.name(&item.name).err();
            if entry.name_problem.is_none() && tenant.policy.unique_names && (taken || twice) {
                entry.name_problem = Some(FieldProblem { name: Field::Name, rule: Rule::Taken });
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Whether a usable key has the name, where the tenant wants names to be unique.
pub(super) fn is_taken(reader: &dyn Reader, tenant: &Tenant, name: &str, now: DateTime<Utc>) -> Result<bool> {
    if !tenant.policy.unique_names {
        return Ok(false);
    }
    let named = reader.keys_named(Some(tenant.id), name, u32::MAX)?;
    Ok(named.iter().any(|key| key.status(now, tenant.policy.warning_days).is_usable()))
}

fn entry(reader: &dyn Reader, tenant: &Tenant, pending: &Pending, item: &Item, number: u32) -> Result<ImportEntry> {
    let mut known_as = None;
    let (fate, reason) = match &item.key {
        Err(unreadable) => (ImportFate::Skip, Some(why(*unreadable))),
        Ok(_) if item.repeated => (ImportFate::Duplicate, Some(ImportReason::Repeated)),
        Ok(found) => match known(reader, tenant, found)? {
            Some(key) => {
                known_as = Some(key.name);
                (ImportFate::Duplicate, Some(ImportReason::Known))
            }
            None if item.likely => (ImportFate::Import, None),
            None if pending.format == crate::wire::ImportFormat::Apikey => {
                (ImportFate::Optional, Some(ImportReason::Ambiguous))
            }
            None => (ImportFate::Optional, Some(ImportReason::NoKeyName)),
        },
    };
    Ok(ImportEntry {
        number,
        line: item.line,
        name: item.name.clone(),
        description: item.description.clone(),
        owner: item.owner.clone(),
        display: item.key.as_ref().ok().map(|found| strength::display(found.secret.expose(), &found.strength)),
        weak: item.key.as_ref().is_ok_and(Found::is_weak),
        fate,
        reason,
        known_as,
        name_problem: None,
        same_name: false,
    })
}

fn why(unreadable: Unreadable) -> ImportReason {
    match unreadable {
        Unreadable::Empty => ImportReason::Empty,
        Unreadable::TooShort => ImportReason::TooShort,
        Unreadable::TooLong => ImportReason::TooLong,
        Unreadable::Blank => ImportReason::Blank,
        Unreadable::Damaged => ImportReason::Damaged,
        Unreadable::Reference => ImportReason::Reference,
        Unreadable::Form => ImportReason::Form,
    }
}
