use chrono::{DateTime, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{Hashing, KeyDigest};
use latchkey_domain::remote::RemoteKey;
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::ports::{ListedKey, NewEvent, Writer};
use crate::session::{Operator, Session};
use crate::wire::SyncDone;

/// Why a key that is not in the server's list any more is revoked.
const GONE: &str = "removed at the server";

/// The digest of keys whose text was never here.
const OF_NO_TEXT: [u8; 32] = [0; 32];

/// Whether it was asked for here and its text never arrived.
pub(super) fn is_orphan(key: &Key) -> bool {
    !key.handed_over && *key.digest.as_bytes() == OF_NO_TEXT
}

/// Brings the list in line with what a server says of all its keys, but for those whose rows could not be understood:
/// as long as there are such, no key that is missing from the list is taken for removed.
pub(super) fn merge(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    listed: &[ListedKey],
    skipped: u32,
) -> Result<SyncDone> {
    let now = session.now();
    let mut done = SyncDone { keys: u32::try_from(listed.len()).unwrap_or(u32::MAX), skipped, ..SyncDone::default() };
    let known = writer.remote_keys(tenant.id)?;
    let catalogue: Vec<String> = writer.api_sets(tenant.id)?.into_iter().map(|(set, _)| set.id).collect();
    for one in listed {
        let sets = known_sets(&catalogue, &one.api_sets);
        let remote = remote_key(one);
        let key = match known.iter().find(|(id, _)| *id == one.id) {
            Some((_, id)) => writer.key(*id)?,
            None => None,
        };
        match key {
            None => {
                let key = Key { api_sets: sets, ..found(session, writer, tenant, one, now)? };
                writer.add_key(&key)?;
                writer.put_remote_key(key.id, &remote)?;
                done.new += 1;
            }
            Some(before) => {
                let after = told(&before, one, sets, now);
                writer.put_remote_key(before.id, &remote)?;
                let changes = changes(&before, &after);
                if !changes.is_empty() {
                    writer.update_key(&after)?;
                    drifted(operator, writer, tenant, &after, changes.join("; "), now)?;
                    done.changed += 1;
                }
            }
        }
    }
    for (id, key) in known.into_iter().filter(|_| skipped == 0) {
        if listed.iter().any(|one| one.id == id) {
            continue;
        }
        let Some(mut key) = writer.key(key)?.filter(|key| key.revoked_at.is_none()) else { continue };
        crate::key::discard_soon(session, writer, &key)?;
        key.revoked_at = Some(now);
        key.revoke_reason = Some(GONE.to_owned());
        key.holding = Holding::None;
        writer.update_key(&key)?;
        drifted(operator, writer, tenant, &key, GONE.to_owned(), now)?;
        done.gone += 1;
    }
    Ok(done)
}

/// API sets that the catalogue has; what it does not have cannot be shown as one.
pub(super) fn known_sets(catalogue: &[String], sets: &[String]) -> Vec<String> {
    catalogue.iter().filter(|set| sets.contains(set)).cloned().collect()
}

/// What is noted of a key beside the row.
pub(super) fn remote_key(one: &ListedKey) -> RemoteKey {
    RemoteKey { id: Some(one.id.clone()), everything: one.everything, last_used_at: one.last_used_at }
}

/// A key that nobody here has made. Its text is with whoever has.
pub(super) fn found(
    session: &Session,
    writer: &dyn Writer,
    tenant: &Tenant,
    one: &ListedKey,
    now: DateTime<Utc>,
) -> Result<Key> {
    let handle = crate::key::free_handle(session, writer)?;
    Ok(Key {
        id: session.with_rng(|rng| KeyId::random(rng)),
        tenant: tenant.id,
        display: if one.display.is_empty() { "…".to_owned() } else { one.display.clone() },
        handle,
        format: None,
        digest: KeyDigest::from_bytes(OF_NO_TEXT),
        hashing: Hashing::Sha256,
        name: one.name.clone(),
        description: one.description.clone(),
        owner: one.owner.clone().unwrap_or_default(),
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        created_at: one.created_at.unwrap_or(now),
        expires_at: one.expires_at,
        disabled_at: (!one.active).then_some(now),
        revoked_at: None,
        revoke_reason: None,
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: true,
    })
}

/// The key as the server tells of it now. What only Latchkey knows stays.
fn told(before: &Key, one: &ListedKey, api_sets: Vec<String>, now: DateTime<Utc>) -> Key {
    let disabled_at = match (one.active, before.disabled_at) {
        (true, _) => None,
        // A server may switch a key off by itself when it ends; that is no change by anybody.
        (false, None) if one.expires_at.is_some_and(|end| end <= now) => None,
        (false, at) => at.or(Some(now)),
    };
    Key {
        name: one.name.clone(),
        api_sets,
        expires_at: one.expires_at.or(before.expires_at.filter(|_| before.superseded.is_some())),
        disabled_at,
        // It is there again.
        revoked_at: before.revoked_at.filter(|_| before.revoke_reason.as_deref() != Some(GONE)),
        revoke_reason: before.revoke_reason.clone().filter(|reason| reason != GONE),
        ..before.clone()
    }
}

fn changes(before: &Key, after: &Key) -> Vec<String> {
    let end = |key: &Key| key.expires_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d").to_string());
    [
        (before.name != after.name).then(|| format!("name: {} → {}", before.name, after.name)),
        (before.api_sets != after.api_sets)
            .then(|| format!("API sets: {} → {}", before.api_sets.join(", "), after.api_sets.join(", "))),
        (before.expires_at != after.expires_at).then(|| format!("expires: {} → {}", end(before), end(after))),
        (before.disabled_at.is_none() && after.disabled_at.is_some()).then(|| "disabled".to_owned()),
        (before.disabled_at.is_some() && after.disabled_at.is_none()).then(|| "enabled".to_owned()),
        (before.revoked_at.is_some() && after.revoked_at.is_none()).then(|| "there again".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn drifted(
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    key: &Key,
    what: String,
    now: DateTime<Utc>,
) -> Result<()> {
    writer.add_event(&NewEvent { detail: Some(what), ..operator.key_event(now, EventKind::KeyDrifted, tenant, key) })
}
