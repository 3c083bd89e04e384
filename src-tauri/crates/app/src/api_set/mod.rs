//! The API sets of a tenant.

mod catalogue;
mod retire;
mod transfer;

pub use retire::{restore, retire};
pub use transfer::{CatalogueFile, export, import, preview};

use latchkey_domain::api_set::ApiSet;
use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use crate::batch;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::session::{Operator, Session};
use crate::wire::{ApiSetDraft, ApiSetView, ErrorCode};

/// The API sets of a tenant by group, then name.
pub fn list(session: &Session, tenant: &str) -> Result<Vec<ApiSetView>> {
    let sets = session.store.reading(|reader| reader.api_sets(find::tenant(reader, tenant)?.id))?;
    Ok(sets.into_iter().map(|(set, keys)| view(set, keys)).collect())
}

/// Adds an API set. Fails with `invalid_input` on `id` (rules of [`text::api_set_id`], or taken), `name` or `group`.
pub fn add(session: &Session, operator: &Operator, tenant: &str, draft: &ApiSetDraft) -> Result<ApiSetView> {
    let set = parse(draft)?;
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        if existing(writer, &tenant, &set.id)?.is_some() {
            return Err(FieldProblem { name: Field::Id, rule: Rule::Taken }.into());
        }
        writer.add_api_set(tenant.id, &set)?;
        writer.add_event(&NewEvent {
            subject: Some(set.id.clone()),
            ..operator.tenant_event(now, EventKind::ApiSetAdded, &tenant)
        })
    })?;
    Ok(view(set, 0))
}

/// Changes the name, the group and the description of an API set; what the draft leaves out falls back as in [`add`].
pub fn edit(session: &Session, operator: &Operator, tenant: &str, draft: &ApiSetDraft) -> Result<ApiSetView> {
    let set = parse(draft)?;
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (before, keys) = existing(writer, &tenant, &set.id)?.ok_or_else(|| missing(&tenant, &set.id))?;
        let set = ApiSet { retired_at: before.retired_at, ..set.clone() };
        if before != set {
            writer.update_api_set(tenant.id, &set)?;
            writer.add_event(&NewEvent {
                subject: Some(set.id.clone()),
                detail: Some(format!("{} → {}", described(&before), described(&set))),
                ..operator.tenant_event(now, EventKind::ApiSetEdited, &tenant)
            })?;
        }
        Ok(view(set, keys))
    })
}

/// Removes an API set. Fails with `not_now` while a key, whatever its status, has it.
pub fn remove(session: &Session, operator: &Operator, tenant: &str, id: &str) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (set, keys) = existing(writer, &tenant, id)?.ok_or_else(|| missing(&tenant, id))?;
        if keys > 0 {
            let keys = if keys == 1 { "1 key uses".to_owned() } else { format!("{keys} keys use") };
            return Err(Error::new(ErrorCode::NotNow, format!("{keys} the API set {}.", set.name))
                .hint("Take it from those keys or delete them first."));
        }
        if batch::with_api_set(writer, tenant.id, &set.id)? {
            return Err(Error::new(ErrorCode::NotNow, format!("An unfinished batch uses the API set {}.", set.name))
                .hint("Resume or undo it first."));
        }
        writer.remove_api_set(tenant.id, &set.id)?;
        writer.add_event(&NewEvent {
            subject: Some(set.id),
            ..operator.tenant_event(now, EventKind::ApiSetRemoved, &tenant)
        })
    })
}

fn parse(draft: &ApiSetDraft) -> Result<ApiSet, FieldProblem> {
    let id = text::api_set_id(&draft.id)?;
    Ok(ApiSet {
        name: text::api_set_name(draft.name.as_deref(), &id)?,
        group: text::group(draft.group.as_deref())?,
        description: text::description(&draft.description)?,
        retired_at: None,
        id,
    })
}

fn existing(reader: &dyn Reader, tenant: &Tenant, id: &str) -> Result<Option<(ApiSet, u32)>> {
    Ok(reader.api_sets(tenant.id)?.into_iter().find(|(set, _)| set.id == id))
}

fn missing(tenant: &Tenant, id: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("{} has no API set `{id}`.", tenant.name))
        .hint("`latchkey api-set list` shows the ones it has.")
}

fn described(set: &ApiSet) -> String {
    let group = set.group.as_ref().map(|group| format!(" ({group})")).unwrap_or_default();
    let retired = if set.retired_at.is_some() { ", retired" } else { "" };
    let about = if set.description.is_empty() { String::new() } else { format!(", “{}”", set.description) };
    format!("{}{group}{about}{retired}", set.name)
}

fn view(set: ApiSet, keys: u32) -> ApiSetView {
    ApiSetView {
        id: set.id,
        name: set.name,
        group: set.group,
        description: set.description,
        retired_at: set.retired_at,
        keys,
    }
}
