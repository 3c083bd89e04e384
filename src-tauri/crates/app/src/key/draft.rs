//! What a tenant allows of a key to be.

use chrono::{DateTime, Utc};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::KeyId;
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::ports::Reader;
use crate::session::Operator;

/// The API sets of a draft in the order of the tenant's catalogue, each once.
///
/// Fails on `api_sets` where one is not the tenant's (it may have been removed since the draft was begun), is retired and
/// not among those that the key has already, or where none is chosen and the tenant wants one.
pub(crate) fn api_sets(reader: &dyn Reader, tenant: &Tenant, chosen: &[String], had: &[String]) -> Result<Vec<String>> {
    let catalogue = reader.api_sets(tenant.id)?;
    if let Some(unknown) = chosen.iter().find(|id| !catalogue.iter().any(|(set, _)| set.id == **id)) {
        return Err(problem(Rule::UnknownApiSet { id: unknown.clone() }).into());
    }
    let is_retired = |id: &String| catalogue.iter().any(|(set, _)| set.id == *id && set.retired_at.is_some());
    if let Some(retired) = chosen.iter().find(|id| is_retired(id) && !had.contains(id)) {
        return Err(problem(Rule::RetiredApiSet { id: retired.clone() }).into());
    }
    if chosen.is_empty() && tenant.policy.require_api_set {
        return Err(problem(Rule::Required).into());
    }
    Ok(catalogue.into_iter().map(|(set, _)| set.id).filter(|id| chosen.contains(id)).collect())
}

/// Fails on `owner` where the tenant wants it to be the operator and it is somebody else.
pub(crate) fn own(operator: &Operator, tenant: &Tenant, owner: &str) -> Result<(), FieldProblem> {
    if tenant.policy.own_keys_only && owner != operator.name {
        return Err(FieldProblem { name: Field::Owner, rule: Rule::OwnKeysOnly });
    }
    Ok(())
}

/// Fails on `name` where the tenant wants names to be unique and another key in use than `key` has it.
pub(crate) fn name_free(
    reader: &dyn Reader,
    tenant: &Tenant,
    name: &str,
    key: Option<KeyId>,
    now: DateTime<Utc>,
) -> Result<()> {
    if tenant.policy.unique_names && reader.name_in_use(tenant.id, name, key, now)? {
        return Err(FieldProblem { name: Field::Name, rule: Rule::Taken }.into());
    }
    Ok(())
}

/// The organization of a draft, by identifier or name.
///
/// Fails on `organization` where it is not the tenant's, or none is given and the tenant has them.
pub(crate) fn organization(reader: &dyn Reader, tenant: &Tenant, chosen: Option<&str>) -> Result<Option<String>> {
    let all: Vec<_> = reader.organizations(tenant.id)?.into_iter().map(|(one, _)| (one.id, one.name)).collect();
    let at = |rule| FieldProblem { name: Field::Organization, rule };
    match chosen.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Ok(Some(named(&all, text).ok_or_else(|| at(Rule::Unknown))?)),
        None if tenant.conventions.organizations || !all.is_empty() => Err(at(Rule::Required).into()),
        None => Ok(None),
    }
}

/// The user groups of a draft, by identifier or name, in their order and each once.
///
/// Fails on `groups` where one is not the tenant's, or none is given and the tenant has them.
pub(crate) fn groups(reader: &dyn Reader, tenant: &Tenant, chosen: &[String]) -> Result<Vec<String>> {
    let all: Vec<_> = reader.user_groups(tenant.id)?.into_iter().map(|(group, _)| (group.id, group.name)).collect();
    let at = |rule| FieldProblem { name: Field::Groups, rule };
    let chosen = chosen.iter().map(|text| named(&all, text.trim()).ok_or_else(|| at(Rule::Unknown)));
    let chosen = chosen.collect::<Result<Vec<_>, _>>()?;
    if chosen.is_empty() && (tenant.conventions.user_groups || !all.is_empty()) {
        return Err(at(Rule::Required).into());
    }
    Ok(all.into_iter().map(|(id, _)| id).filter(|id| chosen.contains(id)).collect())
}

/// The identifier of what has this identifier or, upper and lower case alike, this name.
fn named(all: &[(String, String)], text: &str) -> Option<String> {
    let folded = text.to_lowercase();
    let by_id = all.iter().find(|(id, _)| id == text);
    by_id.or_else(|| all.iter().find(|(_, name)| name.to_lowercase() == folded)).map(|(id, _)| id.clone())
}

fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::ApiSets, rule }
}
