use chrono::{DateTime, TimeDelta, Utc};
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;

use super::heir;
use crate::error::{Error, Result};
use crate::find;
use crate::key::{self, HandOver, Issued};
use crate::ports::Reader;
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, Expiration, KeyDraft, RotationPlan};

/// Creates the successor of a key: same name, API sets, organization, groups, owner and tags. The old key stays as it is until
/// [`super::retire`].
///
/// It lives as long as the old key was meant to, as far as the tenant allows; `expires` says otherwise. Fails with
/// `not_now` for a key that is revoked or has a successor, and as [`key::new`] does.
pub fn begin(
    session: &Session,
    operator: &Operator,
    key: &str,
    expires: Option<&Expiration>,
    hand_over: &HandOver,
) -> Result<Issued> {
    let (before, tenant) = session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        may_begin(reader, &key)?;
        let tenant = find::tenant_of(reader, &key)?;
        Ok((key, tenant))
    })?;
    let draft = KeyDraft {
        tenant: tenant.id.to_string(),
        name: before.name.clone(),
        description: before.description.clone(),
        owner: Some(before.owner.clone()),
        api_sets: before.api_sets.clone(),
        organization: before.organization.clone(),
        groups: before.groups.clone(),
        tags: before.tags.clone(),
        expires: expires.cloned().unwrap_or_else(|| same_lifetime(&before, &tenant)),
    };
    key::issue(session, operator, &draft, hand_over, Some(&before))
}

/// Fails where [`begin`] would, whatever is chosen: the key is revoked or has a successor, or a person makes it in the vendor's
/// own pages.
pub fn can_begin(session: &Session, key: &str) -> Result<()> {
    let (key, tenant, remote) = session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        may_begin(reader, &key)?;
        let tenant = find::tenant_of(reader, &key)?;
        let remote = reader.remote(tenant.id)?;
        Ok((key, tenant, remote))
    })?;
    remote.map_or(Ok(()), |remote| remote::refuse_by_hand(session, &tenant, &remote, Some(&key)))
}

/// What [`begin`] would make if nobody chose an end. Fails as it does.
pub fn plan(session: &Session, key: &str) -> Result<RotationPlan> {
    let now = session.now();
    session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        may_begin(reader, &key)?;
        let tenant = find::tenant_of(reader, &key)?;
        let expires = same_lifetime(&key, &tenant);
        Ok(RotationPlan { expires_at: tenant.conventions.resolve(&expires, now, &tenant.policy)? })
    })
}

/// Fails where a key cannot get a successor (any more). Asked again when the successor comes into the list.
pub(crate) fn may_begin(reader: &dyn Reader, key: &Key) -> Result<()> {
    if key.revoked_at.is_some() {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is revoked, which is for good.", key.name))
            .hint("Generate a new key in its place."));
    }
    if let Some(heir) = heir(reader, key)? {
        return Err(Error::new(ErrorCode::NotNow, format!("{} has a successor already: {}.", key.name, heir.handle))
            .hint("Resume that rotation or undo it."));
    }
    Ok(())
}

fn same_lifetime(key: &Key, tenant: &Tenant) -> Expiration {
    let Tenant { policy, conventions, .. } = tenant;
    let end: Option<DateTime<Utc>> = key.superseded.map_or(key.expires_at, |superseded| superseded.ends_before);
    match end {
        None if policy.must_end() => conventions.unchosen_end(policy),
        None => Expiration::Never,
        Some(end) => {
            // The last day counts as a whole one.
            let days = (end - key.created_at + TimeDelta::days(1) - TimeDelta::seconds(1)).num_days();
            let days = u32::try_from(days).unwrap_or(1).clamp(1, conventions.longest(policy).unwrap_or(36_500));
            Expiration::Days { days }
        }
    }
}
