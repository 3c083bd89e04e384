use latchkey_domain::key::KeyStatus;

use super::{Mark, mark};
use crate::error::Result;
use crate::find;
use crate::ports::KeyFilter;
use crate::session::Session;
use crate::view;
use crate::wire::{KeySort, KeyView};

/// Keys that are read at once.
const PAGE: u32 = 500;

/// The keys that their tenants want to be rotated by now, the oldest first: in use, older than the tenant's policy wants,
/// and without a successor. Of one tenant, or of all.
pub fn due(session: &Session, tenant: Option<&str>) -> Result<Vec<KeyView>> {
    let now = session.now();
    session.store.reading(|reader| {
        let tenants = match tenant {
            Some(tenant) => vec![find::tenant(reader, tenant)?],
            None => reader.tenants()?,
        };
        let mut due = Vec::new();
        for tenant in tenants.iter().filter(|tenant| tenant.policy.rotate_after_days.is_some()) {
            let mut filter = KeyFilter {
                tenant: Some(tenant.id),
                statuses: vec![KeyStatus::Active, KeyStatus::Expiring],
                sort: KeySort::Created,
                limit: PAGE,
                ..KeyFilter::default()
            };
            loop {
                let keys = reader.keys(&filter, now)?;
                let last = keys.last().is_none_or(|key| !key.is_old(&tenant.policy, now));
                for key in keys {
                    if mark(reader, &key, tenant, now)? == Some(Mark::Due) {
                        due.push(view::key(key, tenant, now));
                    }
                }
                // They come in the order of generation: after the first young one there is no old one.
                if last {
                    break;
                }
                filter.offset += PAGE;
            }
        }
        due.sort_by_key(|key| key.created_at);
        Ok(due)
    })
}
