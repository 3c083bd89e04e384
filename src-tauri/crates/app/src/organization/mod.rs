//! The organizations and the user groups of a tenant.

mod group;

pub use group::{add as add_group, edit as edit_group, list as groups, remove as remove_group};

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::organization::Organization;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use crate::batch;
use crate::error::{Error, Result};
use crate::find;
use crate::ports::{NewEvent, Reader};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, OrganizationDraft, OrganizationView};

/// The organizations of a tenant by name.
pub fn list(session: &Session, tenant: &str) -> Result<Vec<OrganizationView>> {
    let all = session.store.reading(|reader| reader.organizations(find::tenant(reader, tenant)?.id))?;
    Ok(all.into_iter().map(|(organization, keys)| view(organization, keys)).collect())
}

/// Adds an organization. From the first one on, every new key of the tenant belongs to one.
///
/// Fails with `invalid_input` on `id` (rules of [`text::api_set_id`], or taken), `name` (missing or taken) or
/// `permissions` (not one of the tenant's).
pub fn add(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    draft: &OrganizationDraft,
) -> Result<OrganizationView> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let others: Vec<_> = writer.organizations(tenant.id)?.into_iter().map(|(one, _)| (one.id, one.name)).collect();
        let (id, name) = named(draft.id.as_deref(), &draft.name, "organization", &others)?;
        let permissions = draft.permissions.as_deref().map(|all| permissions(&tenant, all)).transpose()?;
        let organization = Organization { id, name, permissions };
        writer.put_organization(tenant.id, &organization)?;
        writer.add_event(&NewEvent {
            subject: Some(organization.name.clone()),
            detail: Some(ceiling(&organization)),
            ..operator.tenant_event(now, EventKind::OrganizationAdded, &tenant)
        })?;
        Ok(view(organization, 0))
    })
}

/// Changes an organization's name and ceiling, at once for all its keys.
pub fn edit(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    draft: &OrganizationDraft,
) -> Result<OrganizationView> {
    let now = session.now();
    let id = draft.id.as_deref().unwrap_or_default();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (before, keys) = existing(writer, &tenant, id)?;
        let others: Vec<_> = writer.organizations(tenant.id)?.into_iter().map(|(one, _)| (one.id, one.name)).collect();
        let after = Organization {
            id: before.id.clone(),
            name: renamed(&before.id, &draft.name, &others)?,
            permissions: draft.permissions.as_deref().map(|all| permissions(&tenant, all)).transpose()?,
        };
        if before != after {
            writer.put_organization(tenant.id, &after)?;
            writer.add_event(&NewEvent {
                subject: Some(after.name.clone()),
                detail: Some(changed(&before.name, &after.name, &ceiling(&before), &ceiling(&after))),
                ..operator.tenant_event(now, EventKind::OrganizationEdited, &tenant)
            })?;
        }
        Ok(view(after, keys))
    })
}

/// Removes an organization. Fails with `not_now` while a key, whatever its status, belongs to it.
pub fn remove(session: &Session, operator: &Operator, tenant: &str, id: &str) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, tenant)?;
        let (organization, keys) = existing(writer, &tenant, id)?;
        refuse_in_use(&organization.name, keys)?;
        batch::refuse_member(writer, tenant.id, &organization.id, &organization.name)?;
        writer.remove_organization(tenant.id, &organization.id)?;
        writer.add_event(&NewEvent {
            subject: Some(organization.name),
            ..operator.tenant_event(now, EventKind::OrganizationRemoved, &tenant)
        })
    })
}

fn existing(reader: &dyn Reader, tenant: &Tenant, id: &str) -> Result<(Organization, u32)> {
    let found = reader.organizations(tenant.id)?.into_iter().find(|(one, _)| one.id == id.trim());
    found.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("{} has no organization `{id}`.", tenant.name))
            .hint("`latchkey organization list` shows the ones it has.")
    })
}

fn view(organization: Organization, keys: u32) -> OrganizationView {
    let Organization { id, name, permissions } = organization;
    OrganizationView { id, name, permissions, keys }
}

fn ceiling(organization: &Organization) -> String {
    organization.permissions.as_deref().map_or_else(|| "all permissions".to_owned(), said)
}

fn said(permissions: &[String]) -> String {
    if permissions.is_empty() { "no permissions".to_owned() } else { permissions.join(", ") }
}

fn changed(name_before: &str, name_after: &str, before: &str, after: &str) -> String {
    let name = (name_before != name_after).then(|| format!("name: {name_before} → {name_after}"));
    let permissions = (before != after).then(|| format!("permissions: {before} → {after}"));
    [name, permissions].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The permissions of a draft, each once, in the order of the tenant's catalogue where it has one.
fn permissions(tenant: &Tenant, chosen: &[String]) -> Result<Vec<String>, FieldProblem> {
    let catalogue = &tenant.conventions.permissions;
    let mut permissions: Vec<String> = Vec::new();
    for id in chosen {
        let at_permissions = |problem: FieldProblem| FieldProblem { name: Field::Permissions, ..problem };
        let id = text::api_set_id(id).map_err(at_permissions)?;
        if !catalogue.is_empty() && !catalogue.iter().any(|known| known.id == id) {
            return Err(FieldProblem { name: Field::Permissions, rule: Rule::Unknown });
        }
        if !permissions.contains(&id) {
            permissions.push(id);
        }
    }
    permissions.sort_by_key(|id| catalogue.iter().position(|known| known.id == *id));
    Ok(permissions)
}

/// Identifier and name of something new, neither of which another one has.
fn named(
    id: Option<&str>,
    name: &str,
    kind: &str,
    others: &[(String, String)],
) -> Result<(String, String), FieldProblem> {
    let name = renamed("", name, others)?;
    let is_taken = |id: &str| others.iter().any(|(other, _)| other == id);
    if let Some(id) = id.filter(|id| !id.trim().is_empty()) {
        let id = text::api_set_id(id)?;
        return if is_taken(&id) { Err(FieldProblem { name: Field::Id, rule: Rule::Taken }) } else { Ok((id, name)) };
    }
    let words = name.to_lowercase();
    let words: Vec<_> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut base = if words.is_empty() { kind.to_owned() } else { words.join("-") };
    base.truncate(56);
    let numbered = (2_u32..).map(|n| format!("{base}-{n}"));
    let id = std::iter::once(base.clone()).chain(numbered).find(|id| !is_taken(id)).unwrap_or(base);
    Ok((id, name))
}

/// A name that no other than `id` has, upper and lower case alike.
fn renamed(id: &str, name: &str, others: &[(String, String)]) -> Result<String, FieldProblem> {
    let name = text::api_set_name(Some(name), "")?;
    if name.is_empty() {
        return Err(FieldProblem { name: Field::Name, rule: Rule::Required });
    }
    let folded = name.to_lowercase();
    if others.iter().any(|(other, taken)| other != id && taken.to_lowercase() == folded) {
        return Err(FieldProblem { name: Field::Name, rule: Rule::Taken });
    }
    Ok(name)
}

fn refuse_in_use(name: &str, keys: u32) -> Result<()> {
    if keys == 0 {
        return Ok(());
    }
    let keys = if keys == 1 { "1 key belongs".to_owned() } else { format!("{keys} keys belong") };
    Err(Error::new(ErrorCode::NotNow, format!("{keys} to {name}."))
        .hint("Move those keys elsewhere or delete them first."))
}
