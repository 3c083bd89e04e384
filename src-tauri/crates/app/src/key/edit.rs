use latchkey_domain::event::EventKind;
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::draft;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::remote;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyEdit, KeyView};

/// Changes a key's name, description, owner, API sets, organization, user groups, tags or end; what is `None` stays.
///
/// What the server of a remote tenant keeps of it is asked of the server first. Fails with `not_now` for a revoked key and
/// with `invalid_input` as [`super::new`] does.
pub fn edit(session: &Session, operator: &Operator, key: &str, edit: &KeyEdit) -> Result<KeyView> {
    let now = session.now();
    let asked = session.store.reading(|reader| {
        let planned = plan(session, operator, reader, key, edit)?;
        Ok(if remote::has(reader, &planned.before)? { Some(planned) } else { None })
    })?;
    if let Some(Plan { before, after, .. }) = asked {
        remote::edit(session, &before, &after)?;
    }
    session.store.writing(|writer| {
        let Plan { after, tenant, changes, .. } = plan(session, operator, writer, key, edit)?;
        if !changes.is_empty() {
            writer.update_key(&after)?;
            writer.add_event(&NewEvent {
                detail: Some(changes.join("; ")),
                ..operator.key_event(now, EventKind::KeyEdited, &tenant, &after)
            })?;
        }
        Ok(view::key(after, &tenant, now))
    })
}

/// What a key was and what it is to be.
struct Plan {
    before: Key,
    after: Key,
    tenant: Tenant,
    changes: Vec<String>,
}

fn plan(session: &Session, operator: &Operator, reader: &dyn Reader, key: &str, edit: &KeyEdit) -> Result<Plan> {
    let now = session.now();
    let before = find::key(reader, key)?;
    let tenant = find::tenant_of(reader, &before)?;
    if before.revoked_at.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked and stays as it was.", before.name))
            .hint("Generate a new key in its place."));
    }
    if before.superseded.is_some() && edit.expires.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is superseded and ends with its overlap.", before.name))
            .hint("Choose another overlap, or undo the rotation."));
    }
    let mut after = before.clone();
    if let Some(name) = &edit.name {
        after.name = tenant.conventions.name(name)?;
    }
    if let Some(description) = &edit.description {
        after.description = text::description(description)?;
    }
    if let Some(owner) = &edit.owner {
        after.owner = text::owner(owner, &operator.name)?;
    }
    if let Some(chosen) = &edit.api_sets {
        after.api_sets = draft::api_sets(reader, &tenant, chosen, &before.api_sets)?;
    }
    if let Some(chosen) = &edit.organization {
        after.organization = draft::organization(reader, &tenant, Some(chosen))?;
    }
    if let Some(chosen) = &edit.groups {
        after.groups = draft::groups(reader, &tenant, chosen)?;
    }
    if let Some(tags) = &edit.tags {
        after.tags = text::tags(tags)?;
    }
    if let Some(expires) = &edit.expires {
        after.expires_at = tenant.conventions.resolve(expires, now, &tenant.policy)?;
    }
    let was_over = before.expires_at.is_some_and(|end| end <= now);
    if before.name != after.name || (was_over && before.expires_at != after.expires_at) {
        draft::name_free(reader, &tenant, &after.name, Some(after.id), now)?;
    }
    if before.owner != after.owner {
        draft::own(operator, &tenant, &after.owner)?;
    }
    let shown = |end: Option<chrono::DateTime<chrono::Utc>>| {
        end.map_or_else(|| "never".to_owned(), |end| end.format("%Y-%m-%d %H:%M UTC").to_string())
    };
    let changes = [
        (before.name != after.name).then(|| format!("name: {} → {}", before.name, after.name)),
        (before.description != after.description).then(|| "description".to_owned()),
        (before.owner != after.owner).then(|| format!("owner: {} → {}", before.owner, after.owner)),
        (before.api_sets != after.api_sets)
            .then(|| format!("API sets: {} → {}", before.api_sets.join(", "), after.api_sets.join(", "))),
        (before.organization != after.organization).then(|| {
            let [before, after] = [&before, &after].map(|key| key.organization.as_deref().unwrap_or_default());
            format!("organization: {before} → {after}")
        }),
        (before.groups != after.groups)
            .then(|| format!("user groups: {} → {}", before.groups.join(", "), after.groups.join(", "))),
        (before.tags != after.tags).then(|| format!("tags: {} → {}", before.tags.join(", "), after.tags.join(", "))),
        (before.expires_at != after.expires_at)
            .then(|| format!("expires: {} → {}", shown(before.expires_at), shown(after.expires_at))),
    ];
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    Ok(Plan { before, after, tenant, changes })
}
