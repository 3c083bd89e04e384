//! From records to what the window and `--json` get.

use chrono::{DateTime, Utc};
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::Hashing;
use latchkey_domain::tenant::Tenant;

use crate::error::Result;
use crate::ports::{Event, Reader, SESSION};
use crate::wire::{EventView, KeyView, RemoteView, TenantView};

pub(crate) fn key(key: Key, tenant: &Tenant, now: DateTime<Utc>) -> KeyView {
    KeyView {
        status: key.status(now, tenant.policy.warning_days),
        id: key.id.to_string(),
        handle: key.handle,
        tenant: tenant.name.clone(),
        tenant_id: tenant.id.to_string(),
        name: key.name,
        description: key.description,
        display: key.display,
        api_sets: key.api_sets,
        organization: key.organization,
        groups: key.groups,
        tags: key.tags,
        owner: key.owner,
        format: key.format,
        weak: key.hashing == Hashing::Argon2id,
        succeeds: key.succeeds.map(|id| id.to_string()),
        superseded_at: key.superseded.map(|superseded| superseded.at),
        created_at: key.created_at,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
        kept: key.holding == Holding::Held,
        holding: key.holding,
        handed_over: key.handed_over,
    }
}

pub(crate) fn tenant(reader: &dyn Reader, tenant: &Tenant, now: DateTime<Utc>) -> Result<TenantView> {
    let counts = reader.tenant_counts(tenant.id, now)?;
    let remote = remote(reader, tenant)?;
    Ok(TenantView {
        id: tenant.id.to_string(),
        name: tenant.name.clone(),
        kind: if remote.is_some() { "remote" } else { "local" }.to_owned(),
        remote,
        prefix: tenant.prefix.to_string(),
        format: tenant.format,
        key_pattern: tenant.format.pattern(&tenant.prefix),
        policy: tenant.policy,
        keys: counts.keys,
        expiring: counts.expiring,
        api_sets: counts.api_sets,
        organizations: counts.organizations,
        user_groups: counts.user_groups,
        conventions: tenant.conventions.clone(),
        sequence: tenant.sequence,
        created_at: tenant.created_at,
    })
}

fn remote(reader: &dyn Reader, tenant: &Tenant) -> Result<Option<RemoteView>> {
    let Some(remote) = reader.remote(tenant.id)? else { return Ok(None) };
    let fresh = reader.freshness(tenant.id)?;
    let unanswered = reader.journal()?.iter().filter(|entry| entry.asked_of(tenant.id).is_some()).count();
    Ok(Some(RemoteView {
        connector: remote.connector,
        url: remote.url,
        plain_http: remote.network.plain_http,
        synced_at: fresh.synced_at,
        problem: fresh.problem,
        skipped: fresh.skipped,
        unanswered: u32::try_from(unanswered).unwrap_or(u32::MAX),
        signed_in: reader.remote_credentials(tenant.id)?.iter().any(|credential| credential.id == SESSION),
    }))
}

pub(crate) fn event(Event { sequence, event }: Event) -> EventView {
    EventView {
        sequence,
        at: event.at,
        actor: event.actor,
        kind: event.kind,
        tenant: event.tenant.map(|(_, name)| name),
        handle: event.key.map(|(_, handle)| handle),
        subject: event.subject,
        detail: event.detail,
        reason: event.reason,
    }
}
