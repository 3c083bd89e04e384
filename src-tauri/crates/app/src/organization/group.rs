use latchkey_domain::event::EventKind;
use latchkey_domain::organization::UserGroup;
use latchkey_domain::tenant::Tenant;

use super::{changed, named, permissions, refuse_in_use, renamed, said};
use crate::batch;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, UserGroupDraft, UserGroupView};

/// The user groups of a tenant by name.
pub fn list(session: &Session, tenant: &str) -> Result<Vec<UserGroupView>> {
    let all = session.store.reading(|reader| reader.user_groups(find::tenant(reader, tenant)?.id))?;
    Ok(all.into_iter().map(|(group, keys)| view(group, keys)).collect())
}

/// Adds a user group. From the first one on, every new key of the tenant belongs to at least one.
///
/// Fails as [`super::add`] does.
pub fn add(session: &Session, operator: &Operator, tenant: &str, draft: &UserGroupDraft) -> Result<UserGroupView> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let others: Vec<_> = writer.user_groups(tenant.id)?.into_iter().map(|(one, _)| (one.id, one.name)).collect();
        let (id, name) = named(draft.id.as_deref(), &draft.name, "group", &others)?;
        let group = UserGroup { id, name, permissions: permissions(&tenant, &draft.permissions)? };
        writer.put_user_group(tenant.id, &group)?;
        writer.add_event(&NewEvent {
            subject: Some(group.name.clone()),
            detail: Some(said(&group.permissions)),
            ..operator.tenant_event(now, EventKind::UserGroupAdded, &tenant)
        })?;
        Ok(view(group, 0))
    })
}

/// Changes a user group's name and permissions, at once for all its keys.
pub fn edit(session: &Session, operator: &Operator, tenant: &str, draft: &UserGroupDraft) -> Result<UserGroupView> {
    let now = session.now();
    let id = draft.id.as_deref().unwrap_or_default();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (before, keys) = existing(writer, &tenant, id)?;
        let others: Vec<_> = writer.user_groups(tenant.id)?.into_iter().map(|(one, _)| (one.id, one.name)).collect();
        let after = UserGroup {
            id: before.id.clone(),
            name: renamed(&before.id, &draft.name, &others)?,
            permissions: permissions(&tenant, &draft.permissions)?,
        };
        if before != after {
            writer.put_user_group(tenant.id, &after)?;
            let (had, has) = (said(&before.permissions), said(&after.permissions));
            writer.add_event(&NewEvent {
                subject: Some(after.name.clone()),
                detail: Some(changed(&before.name, &after.name, &had, &has)),
                ..operator.tenant_event(now, EventKind::UserGroupEdited, &tenant)
            })?;
        }
        Ok(view(after, keys))
    })
}

/// Removes a user group. Fails with `not_now` while a key, whatever its status, belongs to it.
pub fn remove(session: &Session, operator: &Operator, tenant: &str, id: &str) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (group, keys) = existing(writer, &tenant, id)?;
        refuse_in_use(&group.name, keys)?;
        batch::refuse_member(writer, tenant.id, &group.id, &group.name)?;
        writer.remove_user_group(tenant.id, &group.id)?;
        writer.add_event(&NewEvent {
            subject: Some(group.name),
            ..operator.tenant_event(now, EventKind::UserGroupRemoved, &tenant)
        })
    })
}

fn existing(reader: &dyn Reader, tenant: &Tenant, id: &str) -> Result<(UserGroup, u32)> {
    let found = reader.user_groups(tenant.id)?.into_iter().find(|(one, _)| one.id == id.trim());
    found.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("{} has no user group `{id}`.", tenant.name))
            .hint("`latchkey group list` shows the ones it has.")
    })
}

fn view(group: UserGroup, keys: u32) -> UserGroupView {
    let UserGroup { id, name, permissions } = group;
    UserGroupView { id, name, permissions, keys }
}
