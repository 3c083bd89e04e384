use latchkey_domain::event::EventKind;
use latchkey_domain::text;

use super::draft;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyEdit, KeyView};

/// Changes a key's name, description, owner, API sets, tags or end; what is `None` stays.
///
/// Fails with `not_now` for a revoked key and with `invalid_input` as [`super::new`] does.
pub fn edit(session: &Session, operator: &Operator, key: &str, edit: &KeyEdit) -> Result<KeyView> {
    let now = session.now();
    session.store.writing(|writer| {
        let before = find::key(writer, key)?;
        let tenant = find::tenant_of(writer, &before)?;
        if before.revoked_at.is_some() {
            return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked and stays as it was.", before.name))
                .hint("Generate a new key in its place."));
        }
        let mut after = before.clone();
        if let Some(name) = &edit.name {
            after.name = text::name(name)?;
        }
        if let Some(description) = &edit.description {
            after.description = text::description(description)?;
        }
        if let Some(owner) = &edit.owner {
            after.owner = text::owner(owner, &operator.name)?;
        }
        if let Some(chosen) = &edit.api_sets {
            after.api_sets = draft::api_sets(writer, &tenant, chosen, &before.api_sets)?;
        }
        if let Some(tags) = &edit.tags {
            after.tags = text::tags(tags)?;
        }
        if let Some(expires) = &edit.expires {
            after.expires_at = expires.resolve(now, &tenant.policy)?;
        }
        let was_over = before.expires_at.is_some_and(|end| end <= now);
        if before.name != after.name || (was_over && before.expires_at != after.expires_at) {
            draft::name_free(writer, &tenant, &after.name, Some(after.id), now)?;
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
            (before.tags != after.tags)
                .then(|| format!("tags: {} → {}", before.tags.join(", "), after.tags.join(", "))),
            (before.expires_at != after.expires_at)
                .then(|| format!("expires: {} → {}", shown(before.expires_at), shown(after.expires_at))),
        ];
        let changes: Vec<_> = changes.into_iter().flatten().collect();
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
