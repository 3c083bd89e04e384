//! A key as it lies in memory.

use std::sync::Arc;

use crate::file::KeyRecord;
use crate::ids::Handle;

/// What a key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Access {
    /// Whether its API sets restrict nothing.
    pub everything: bool,
    /// Identifiers of its API sets.
    pub api_sets: Vec<Arc<str>>,
    /// Identifier of its organization.
    pub organization: Option<Arc<str>>,
    /// Identifiers of its user groups.
    pub groups: Vec<Arc<str>>,
    /// Identifiers of the permissions that count: those of its groups that its organization allows.
    pub permissions: Vec<Arc<str>>,
}

impl Access {
    /// Whether it may use an API set. Without `everything`, none is meant by an empty list.
    #[must_use]
    pub fn allows(&self, api_set: &str) -> bool {
        self.everything || self.api_sets.iter().any(|own| **own == *api_set)
    }
}

/// What a person made of a key. Time does the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyStatus {
    /// In use.
    Active = 0,
    /// Switched off.
    Disabled = 1,
    /// Ended for good.
    Revoked = 2,
}

impl KeyStatus {
    pub(crate) fn from_number(number: u64) -> Option<Self> {
        match number {
            0 => Some(Self::Active),
            1 => Some(Self::Disabled),
            2 => Some(Self::Revoked),
            _ => None,
        }
    }
}

/// Stands for `null`: no time is that late.
const NONE: u64 = u64::MAX;

/// A key. Aligned, so that looking at it touches one line of the processor's cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Entry {
    pub(crate) digest: [u8; 32],
    pub(crate) handle: Handle,
    not_before: u64,
    expires: u64,
    pub(crate) access: u32,
    pub(crate) status: KeyStatus,
}

impl Entry {
    pub(crate) fn new(
        handle: Handle,
        digest: [u8; 32],
        access: u32,
        (not_before, expires): (Option<u64>, Option<u64>),
        status: KeyStatus,
    ) -> Self {
        let (not_before, expires) = (not_before.unwrap_or(NONE), expires.unwrap_or(NONE));
        Self { digest, handle, not_before, expires, access, status }
    }

    pub(crate) fn with_access(&self, access: u32) -> Self {
        Self { access, ..*self }
    }

    pub(crate) fn is_begun(&self, now: u64) -> bool {
        self.not_before <= now || self.not_before == NONE
    }

    pub(crate) fn is_over(&self, now: u64) -> bool {
        self.expires <= now
    }

    pub(crate) fn expires(&self) -> Option<u64> {
        some(self.expires)
    }

    pub(crate) fn record<'a>(&'a self, accesses: &'a [Arc<Access>]) -> KeyRecord<'a> {
        KeyRecord {
            handle: self.handle,
            digest: &self.digest,
            access: &accesses[self.access as usize],
            not_before: some(self.not_before),
            expires: self.expires(),
            status: self.status,
        }
    }
}

fn some(time: u64) -> Option<u64> {
    (time != NONE).then_some(time)
}
