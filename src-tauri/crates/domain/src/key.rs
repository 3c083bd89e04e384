//! A key's record and where it stands.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{KeyId, TenantId};
use crate::key_format::{Hashing, KeyDigest, KeyFormat};
use crate::policy::Policy;

/// A key's record. Never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Identifier.
    pub id: KeyId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The public part of the key.
    pub handle: String,
    /// The key as lists show it.
    pub display: String,
    /// How its text is made up; `None` for a key that came from elsewhere.
    pub format: Option<KeyFormat>,
    /// What a key is checked against.
    pub digest: KeyDigest,
    /// How the digest was computed.
    pub hashing: Hashing,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who it belongs to.
    pub owner: String,
    /// Identifiers of its API sets, in the order of the catalogue.
    pub api_sets: Vec<String>,
    /// Identifier of its organization, where the tenant has them.
    pub organization: Option<String>,
    /// Identifiers of its user groups, in order.
    pub groups: Vec<String>,
    /// What it is filed under, in order.
    pub tags: Vec<String>,
    /// When it was generated.
    pub created_at: DateTime<Utc>,
    /// The first moment at which it is over; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was switched off, if it is.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why it was revoked.
    pub revoke_reason: Option<String>,
    /// The key that it was made to succeed.
    pub succeeds: Option<KeyId>,
    /// Since when a successor takes its place, if one does.
    pub superseded: Option<Superseded>,
    /// Whether the vault has its secret.
    pub holding: Holding,
    /// Whether the secret was ever copied, downloaded, printed or kept.
    pub handed_over: bool,
}

/// That a successor takes a key's place. Until the overlap is over both may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    /// Since when.
    pub at: DateTime<Utc>,
    /// When the key would have ended without a successor: undoing the rotation gives it back.
    pub ends_before: Option<DateTime<Utc>>,
}

impl Key {
    /// Where the key stands at `now`, expiring within `warning_days`.
    ///
    /// What was done by hand outweighs what time does: revoked, then disabled, then expired. A key in its overlap is
    /// superseded, however near its end is.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>, warning_days: u32) -> KeyStatus {
        if self.revoked_at.is_some() {
            return KeyStatus::Revoked;
        }
        if self.disabled_at.is_some() {
            return KeyStatus::Disabled;
        }
        match self.expires_at {
            Some(end) if end <= now => KeyStatus::Expired,
            _ if self.superseded.is_some() => KeyStatus::Superseded,
            Some(end) if end <= now + TimeDelta::days(warning_days.into()) => KeyStatus::Expiring,
            _ => KeyStatus::Active,
        }
    }
}

impl Key {
    /// Whether the key is in use and older than `policy` wants keys to be. Who has a successor is not due: ask for that
    /// too.
    #[must_use]
    pub fn is_old(&self, policy: &Policy, now: DateTime<Utc>) -> bool {
        let usable = self.superseded.is_none() && self.status(now, policy.warning_days).is_usable();
        usable && policy.rotate_after_days.is_some_and(|days| self.created_at + TimeDelta::days(days.into()) <= now)
    }

    /// Puts a successor in this key's place at `now`; the key ends at `end` unless it ends sooner.
    ///
    /// A key that is superseded already keeps the end that it had before.
    pub fn supersede(&mut self, now: DateTime<Utc>, end: DateTime<Utc>) {
        let Superseded { ends_before, .. } =
            *self.superseded.get_or_insert(Superseded { at: now, ends_before: self.expires_at });
        self.expires_at = Some(ends_before.map_or(end, |before| before.min(end)));
    }

    /// Takes [`Key::supersede`] back.
    pub fn reinstate(&mut self) {
        if let Some(superseded) = self.superseded.take() {
            self.expires_at = superseded.ends_before;
        }
    }
}

/// Where a key stands, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// May be used.
    Active,
    /// May be used, and ends within the tenant's warning window.
    Expiring,
    /// Over.
    Expired,
    /// Switched off, can be switched on again.
    Disabled,
    /// Ended for good.
    Revoked,
    /// May be used until its overlap is over: a successor takes its place.
    Superseded,
}

/// Whether the vault has the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// It was not kept.
    None,
    /// It is in the vault.
    Held,
    /// It was kept, and somebody took it out of the vault behind Latchkey's back.
    Missing,
}

impl KeyStatus {
    /// Every status, in the order of lists.
    pub const ALL: [Self; 6] =
        [Self::Active, Self::Expiring, Self::Expired, Self::Disabled, Self::Revoked, Self::Superseded];

    /// Whether a service accepts the key.
    #[must_use]
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Expiring | Self::Superseded)
    }
}
