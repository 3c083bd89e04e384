//! What a bundle says, out of one state of the list, and what verifiers knew before.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use latchkey_domain::access;
use latchkey_domain::bundle::Validity;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::tenant::Tenant;
use latchkey_verify::issue::{Draft, DraftKey};
use latchkey_verify::{Access, Handle, KeyStatus, TenantId};
use sha2::{Digest as _, Sha256};

use super::local_tenant;
use crate::error::{Error, Result};
use crate::ports::{Belonging, BundleExport, BundleKey, BundleStatus, Reader, ToldKey};
use crate::wire::{BundleDraft, ErrorCode};

/// A bundle before it is signed, and what is written down when it leaves.
pub(super) struct Prepared {
    pub(super) draft: Draft,
    pub(super) export: BundleExport,
    /// By how much the tenant's sequence is raised with it.
    pub(super) raised_by: u64,
    /// The export before.
    pub(super) newest: Option<BundleExport>,
    /// What verifiers may know otherwise from now on, until this export is written down: its state is that of no key.
    pub(super) doubts: Vec<ToldKey>,
    /// What verifiers are told that they did not know.
    pub(super) news: Vec<ToldKey>,
    /// Handles of the keys that stay here.
    pub(super) left_out: Vec<String>,
}

/// What a tenant's bundle says now, and the tenant as it is with it: its sequence may be raised.
///
/// Fails as [`check`] does, and with `not_now` where verifiers would take the bundle for an older one than they have.
pub(super) fn prepare(
    reader: &dyn Reader,
    tenant: &str,
    draft: &BundleDraft,
    now: DateTime<Utc>,
) -> Result<(Tenant, Prepared)> {
    let mut tenant = local_tenant(reader, tenant)?;
    let validity = check(reader, &tenant, draft)?;
    let raised_by = draft.above.map_or(0, |above| (above + 1).saturating_sub(tenant.sequence));
    tenant.sequence += raised_by;
    let prepared = Prepared { raised_by, ..read(reader, &tenant, draft.since, validity, now)? };
    Ok((tenant, prepared))
}

/// No tenant has so many changes. A sequence that was raised to the end could never rise again.
const HIGHEST: u64 = 4_000_000_000;

/// How long it is to be good for. Fails with `invalid_input` on `valid_for`; on `since` where no bundle of that sequence was
/// exported, or where a delta is to have its sequence raised; and on `above` where that number is none of a bundle.
pub(super) fn check(reader: &dyn Reader, tenant: &Tenant, draft: &BundleDraft) -> Result<Validity> {
    if draft.since.is_some() && draft.above.is_some() {
        // Services that have newer bundles know things of which this list knows nothing.
        let problem = FieldProblem { name: Field::Since, rule: Rule::NotExported };
        return Err(Error::at(problem, "After a backup was put back, services need a full bundle."));
    }
    if draft.above.is_some_and(|above| above > HIGHEST) {
        let max = u32::try_from(HIGHEST).unwrap_or(u32::MAX);
        return Err(FieldProblem { name: Field::Above, rule: Rule::OutOfRange { min: 0, max } }.into());
    }
    check_since(reader, tenant, draft.since)?;
    Ok(draft.valid_for.as_deref().map_or(Ok(Validity::default()), str::parse)?)
}

fn read(
    reader: &dyn Reader,
    tenant: &Tenant,
    since: Option<u64>,
    validity: Validity,
    now: DateTime<Utc>,
) -> Result<Prepared> {
    check_clock(reader, tenant, now)?;
    let newest = reader.bundle_exports(tenant.id, 1)?.pop();
    let contents = reader.bundle_contents(tenant.id)?;
    let belongings = Belongings::read(reader, tenant)?;
    let accesses: Vec<(Arc<Access>, Sha256)> =
        contents.belongings.iter().map(|belonging| belongings.access(belonging)).collect();
    let told = reader.told_keys(tenant.id)?;
    let before: HashMap<&str, &ToldKey> = told.iter().map(|key| (key.handle.as_str(), key)).collect();

    let (total, foreign) = (contents.keys.len(), contents.keys.iter().any(|key| key.foreign));
    let (mut keys, mut news) = (Vec::with_capacity(total), Vec::new());
    for key in &contents.keys {
        let (access, digest) = &accesses[key.belonging];
        let state = state(key, digest.clone());
        let known = before.get(key.handle.as_str()).filter(|known| known.status.is_some() && known.state == state);
        let first_said = known.map_or(tenant.sequence, |known| known.since);
        if known.is_none() {
            let status = Some(key.status);
            news.push(ToldKey { handle: key.handle.clone(), status, state, since: tenant.sequence });
        }
        if known.is_none() || since.is_none_or(|base| first_said > base) {
            keys.push(draft_key(key, Arc::clone(access))?);
        }
    }
    let doubts = news
        .iter()
        .filter_map(|key| before.get(key.handle.as_str()))
        .filter(|known| known.status.is_some())
        .map(|known| ToldKey { state: [0; 16], since: tenant.sequence, ..(*known).clone() })
        .collect();
    let is_there = |handle: &str| contents.keys.binary_search_by(|key| key.handle.as_str().cmp(handle)).is_ok();
    let mut removed = Vec::new();
    for gone in told.iter().filter(|key| !is_there(&key.handle)) {
        let first_said = if gone.status.is_some() { tenant.sequence } else { gone.since };
        if gone.status.is_some() {
            news.push(ToldKey { status: None, since: first_said, ..gone.clone() });
        }
        if since.is_some_and(|base| gone.status.is_some() || first_said > base) {
            removed.push(handle(&gone.handle)?);
        }
    }
    let expires = validity.end(now);
    Ok(Prepared {
        draft: Draft {
            tenant: TenantId(*tenant.id.as_bytes()),
            name: tenant.name.clone(),
            sequence: tenant.sequence,
            base: since,
            issued: seconds(now),
            expires: seconds(expires),
            total,
            foreign,
            keys,
            removed,
        },
        export: BundleExport {
            sequence: tenant.sequence,
            base: since,
            issued: now,
            expires,
            keys: count(total),
            left_out: count(contents.left_out.len()),
            key_change: contents.key_change,
            file: String::new(),
        },
        raised_by: 0,
        newest,
        doubts,
        news,
        left_out: contents.left_out,
    })
}

/// Fails with `not_now` where verifiers would take what is signed now for older than what they have.
pub(super) fn check_clock(reader: &dyn Reader, tenant: &Tenant, now: DateTime<Utc>) -> Result<()> {
    let exported = reader.bundle_exports(tenant.id, 1)?.pop().map(|newest| (newest.sequence, newest.issued));
    let endorsed = reader.former_signing_keys(tenant.id)?.pop().map(|former| (former.sequence, former.ended_at));
    let is_before = |(sequence, issued): (u64, DateTime<Utc>)| sequence == tenant.sequence && issued > now;
    if exported.into_iter().chain(endorsed).any(is_before) {
        let message = format!("The clock is before the last export of {}.", tenant.name);
        return Err(Error::new(ErrorCode::NotNow, message)
            .hint("Set the clock right: services would take this for something that was put back."));
    }
    Ok(())
}

/// A delta is since a bundle that some verifier may have.
fn check_since(reader: &dyn Reader, tenant: &Tenant, since: Option<u64>) -> Result<()> {
    let Some(since) = since else { return Ok(()) };
    if reader.was_exported(tenant.id, since)? {
        return Ok(());
    }
    let problem = Error::from(FieldProblem { name: Field::Since, rule: Rule::NotExported });
    let mut known: Vec<u64> = reader.bundle_exports(tenant.id, 20)?.iter().map(|export| export.sequence).collect();
    known.dedup();
    let mut possible = Vec::new();
    for sequence in known {
        if reader.was_exported(tenant.id, sequence)? {
            possible.push(sequence);
        }
    }
    possible.truncate(5);
    Err(match &possible[..] {
        [] => problem.hint(
            "No bundle was exported yet, or none since the signing key or the sequence was changed: leave it out, and \
             export a full one.",
        ),
        known => {
            let known: Vec<String> = known.iter().map(u64::to_string).collect();
            problem
                .hint(format!("The newest that were exported: {}. Or leave it out, for a full one.", known.join(", ")))
        }
    })
}

/// What a tenant's keys can belong to.
struct Belongings<'t> {
    tenant: &'t Tenant,
    organizations: Vec<Organization>,
    groups: Vec<UserGroup>,
}

impl<'t> Belongings<'t> {
    fn read(reader: &dyn Reader, tenant: &'t Tenant) -> Result<Self> {
        Ok(Self {
            tenant,
            organizations: reader.organizations(tenant.id)?.into_iter().map(|(one, _)| one).collect(),
            groups: reader.user_groups(tenant.id)?.into_iter().map(|(group, _)| group).collect(),
        })
    }

    /// What a key may do that has this, and the beginning of the digest of all that is said of it.
    fn access(&self, belonging: &Belonging) -> (Arc<Access>, Sha256) {
        let organization = self.organizations.iter().find(|one| belonging.organization.as_ref() == Some(&one.id));
        let groups: Vec<UserGroup> =
            self.groups.iter().filter(|group| belonging.groups.contains(&group.id)).cloned().collect();
        let mut found = access::effective(&self.tenant.conventions, organization, &groups, &belonging.api_sets);
        found.permissions.sort_unstable();
        let mut digest = Sha256::new();
        digest.update([u8::from(found.everything)]);
        let organization = belonging.organization.as_slice();
        for ids in [&belonging.api_sets[..], organization, &belonging.groups, &found.permissions] {
            // Each with its length, so that no two lists look alike.
            digest.update(ids.len().to_be_bytes());
            for id in ids {
                digest.update(id.len().to_be_bytes());
                digest.update(id);
            }
        }
        let shared = |ids: &[String]| ids.iter().map(|id| Arc::from(id.as_str())).collect();
        let access = Access {
            everything: found.everything,
            api_sets: shared(&belonging.api_sets),
            organization: belonging.organization.as_deref().map(Arc::from),
            groups: shared(&belonging.groups),
            permissions: shared(&found.permissions),
        };
        (Arc::new(access), digest)
    }
}

/// Stands for all that a bundle says of a key.
fn state(key: &BundleKey, mut digest: Sha256) -> [u8; 16] {
    digest.update(key.digest);
    digest.update(key.ends.unwrap_or(i64::MAX).to_be_bytes());
    digest.update([status(key.status) as u8]);
    let whole: [u8; 32] = digest.finalize().into();
    let mut state = [0; 16];
    state.copy_from_slice(&whole[..16]);
    state
}

fn draft_key(key: &BundleKey, access: Arc<Access>) -> Result<DraftKey> {
    Ok(DraftKey {
        handle: handle(&key.handle)?,
        digest: key.digest,
        access,
        // A key of this list may be used from the moment on at which it is there.
        not_before: None,
        expires: key.ends.map(|end| u64::try_from(end).unwrap_or_default()),
        status: status(key.status),
    })
}

fn handle(text: &str) -> Result<Handle> {
    Handle::new(text)
        .ok_or_else(|| Error::new(ErrorCode::Failed, format!("The handle {text} cannot go into a bundle.")))
}

fn status(status: BundleStatus) -> KeyStatus {
    match status {
        BundleStatus::Active => KeyStatus::Active,
        BundleStatus::Disabled => KeyStatus::Disabled,
        BundleStatus::Revoked => KeyStatus::Revoked,
    }
}

pub(super) fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
