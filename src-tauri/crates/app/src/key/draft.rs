//! What a tenant allows of a key to be.

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::ports::Reader;

/// The API sets of a draft in the order of the tenant's catalogue, each once.
///
/// Fails on `api_sets` where one is not the tenant's (it may have been removed since the draft was begun) or none is
/// chosen and the tenant wants one.
pub(crate) fn api_sets(reader: &dyn Reader, tenant: &Tenant, chosen: &[String]) -> Result<Vec<String>> {
    let catalogue = reader.api_sets(tenant.id)?;
    if let Some(unknown) = chosen.iter().find(|id| !catalogue.iter().any(|(set, _)| set.id == **id)) {
        return Err(problem(Rule::UnknownApiSet { id: unknown.clone() }).into());
    }
    if chosen.is_empty() && tenant.policy.require_api_set {
        return Err(problem(Rule::Required).into());
    }
    Ok(catalogue.into_iter().map(|(set, _)| set.id).filter(|id| chosen.contains(id)).collect())
}

fn problem(rule: Rule) -> FieldProblem {
    FieldProblem { name: Field::ApiSets, rule }
}
