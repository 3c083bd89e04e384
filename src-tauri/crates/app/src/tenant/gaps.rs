use latchkey_domain::gap::Demands;
use latchkey_domain::id::KeyId;
use latchkey_domain::policy::Policy;

use crate::error::{Error, Result};
use crate::find;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, GapCount, GapKey, PolicyGaps};

/// The most keys of one answer.
const MAX_KEYS: u32 = 500;

/// Which usable keys of a tenant do not meet a policy, its own or a proposed one, and why.
///
/// Nothing is changed. The keys come oldest first, at most `limit` of them, those after the key `after`; the totals are
/// those of all. Fails with `invalid_input` where the policy is none, as [`super::edit`] does.
pub fn gaps(
    session: &Session,
    operator: &Operator,
    tenant: &str,
    proposed: Option<&Policy>,
    after: Option<&str>,
    limit: u32,
) -> Result<PolicyGaps> {
    if let Some(policy) = proposed {
        policy.check()?;
    }
    let after = after.map(key_id).transpose()?;
    let now = session.now();
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let demands = Demands::of(proposed.unwrap_or(&tenant.policy), now, &operator.name);
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
