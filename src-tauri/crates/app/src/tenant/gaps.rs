use latchkey_domain::gap::Demands;
use latchkey_domain::id::KeyId;
use latchkey_domain::tenant::Tenant;

use super::add::prefix;
use crate::error::{Error, Result};
use crate::find;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, GapCount, GapKey, PolicyGaps, TenantEdit};

/// The most keys of one answer.
const MAX_KEYS: u32 = 500;

/// Which usable keys of a tenant do not meet its policy and its key format, those it has or those it would have after a
/// change, and why.
///
/// Nothing is changed. The keys come oldest first, at most `limit` of them, those after the key `after`; the totals are
/// those of all. Fails with `invalid_input` where [`super::edit`] does for rules and prefix.
pub fn gaps(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    proposed: Option<&TenantEdit>,
    after: Option<&str>,
    limit: u32,
) -> Result<PolicyGaps> {
    let prefix = prefix(proposed.and_then(|edit| edit.prefix.as_deref()))?;
    let (format, policy) = proposed.map_or((None, None), |edit| (edit.format, edit.policy));
    if let Some(policy) = &policy {
        policy.check()?;
    }
    let after = after.map(key_id).transpose()?;
    let now = session.now();
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let judged = Tenant {
            prefix: prefix.as_ref().unwrap_or(&tenant.prefix).clone(),
            format: format.unwrap_or(tenant.format),
            policy: policy.unwrap_or(tenant.policy),
            ..tenant.clone()
        };
        let demands = Demands::of(&judged, now, &operator.name);
        let totals = reader.count_gaps(tenant.id, &demands, now)?;
        let found = if totals.keys == 0 || limit == 0 {
            Vec::new()
        } else {
            reader.gaps(tenant.id, &demands, now, after, limit.min(MAX_KEYS))?
        };
        let keys = found.into_iter().map(|(key, gaps)| GapKey { key: view::key(key, &tenant, now), gaps });
        Ok(PolicyGaps {
            usable: totals.usable,
            total: totals.keys,
            reasons: totals.reasons.into_iter().map(|(gap, keys)| GapCount { gap, keys }).collect(),
            keys: keys.collect(),
        })
    })
}

fn key_id(text: &str) -> Result<KeyId> {
    text.parse().map_err(|_| Error::new(ErrorCode::NotFound, "There is no such key."))
}
