use crate::access;
use crate::bundle;
use crate::error::Result;
use crate::find;
use crate::ports::EventFilter;
use crate::rotation;
use crate::session::Session;
use crate::view;
use crate::wire::{KeyDetails, RemoteKeyView};

/// The most events that a key's details show.
const MAX_EVENTS: u32 = 200;

/// Everything known of one key.
pub fn show(session: &Session, key: &str) -> Result<KeyDetails> {
    let now = session.now();
    session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        let tenant = find::tenant_of(reader, &key)?;
        let filter = EventFilter { key: Some(key.id), limit: MAX_EVENTS, ..EventFilter::default() };
        Ok(KeyDetails {
            lineage: rotation::lineage(reader, &key, &tenant, now)?,
            revoke_reason: key.revoke_reason.clone(),
            disabled_at: key.disabled_at,
            remote: reader.remote_key(key.id)?.map(|known| RemoteKeyView {
                id: known.id,
                everything: known.everything,
                last_used_at: known.last_used_at,
            }),
            bundle: bundle::told_of(reader, &key)?,
            access: access::of_key(reader, &tenant, &key)?,
            events: reader.events(&filter)?.into_iter().map(view::event).collect(),
            key: view::key(key, &tenant, now),
        })
    })
}

/// How many keys of the tenant have this name: worth pointing out, not forbidden.
pub fn name_uses(session: &Session, tenant: &str, name: &str) -> Result<u32> {
    session.store.reading(|reader| reader.count_named(find::tenant(reader, tenant)?.id, name.trim()))
}
