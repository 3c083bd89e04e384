//! What a key may do, all told.

use latchkey_domain::access;
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::find;
use crate::ports::{NamedKind, Reader};
use crate::session::Session;
use crate::wire::{AccessQuery, AccessView};

/// What a key would be able to do that belonged there and used that. What does not exist counts for nothing.
pub fn of(session: &Session, query: &AccessQuery) -> Result<AccessView> {
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, &query.tenant)?;
        computed(reader, &tenant, query.organization.as_deref(), &query.groups, &query.api_sets)
    })
}

/// What a key may do.
pub(crate) fn of_key(reader: &dyn Reader, tenant: &Tenant, key: &Key) -> Result<AccessView> {
    computed(reader, tenant, key.organization.as_deref(), &key.groups, &key.api_sets)
}

fn computed(
    reader: &dyn Reader,
    tenant: &Tenant,
    organization: Option<&str>,
    groups: &[String],
    api_sets: &[String],
) -> Result<AccessView> {
    let all = reader.user_groups(tenant.id)?;
    let by_groups = tenant.conventions.user_groups || !all.is_empty();
    let own: Vec<_> = all.into_iter().map(|(group, _)| group).filter(|group| groups.contains(&group.id)).collect();
    let organizations = match organization {
        Some(_) => reader.organizations(tenant.id)?,
        None => Vec::new(),
    };
    let organization = organizations.iter().map(|(one, _)| one).find(|one| Some(one.id.as_str()) == organization);
    let access = access::effective(&tenant.conventions, organization, &own, api_sets);
    let named = |ids: Vec<String>| ids.iter().map(|id| tenant.conventions.permission(id)).collect();
    let mut sets = Vec::with_capacity(api_sets.len());
    for id in api_sets {
        sets.extend(reader.name_of(tenant.id, NamedKind::ApiSet, id)?);
    }
    Ok(AccessView {
        api_sets: sets,
        organization: organization.map(|one| one.name.clone()),
        groups: own.into_iter().map(|group| group.name).collect(),
        everything: access.everything,
        by_groups,
        permissions: named(access.permissions),
        withheld: named(access.withheld),
    })
}
