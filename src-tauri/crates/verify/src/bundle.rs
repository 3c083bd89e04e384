use std::sync::Arc;

use hashbrown::HashTable;
use latchkey_key_text as key_text;
use sha2::{Digest, Sha256};

use crate::decision::{Decision, Reason, Refused, Valid};
use crate::entry::{Access, Entry, Index, KeyStatus};
use crate::error::{Error, Result};
use crate::file::{BundleFile, Header, KeyRecord, merged};
use crate::ids::Handle;
use crate::limits::FOREIGN_LEN;

/// The keys of a tenant, as a full bundle and the deltas after it say.
#[derive(Debug)]
pub struct Bundle {
    header: Header,
    accesses: Vec<Arc<Access>>,
    /// In no order, once a delta was applied.
    entries: Vec<Entry>,
    index: Index,
}

impl Bundle {
    /// From a full bundle; a delta has nothing to be applied to.
    pub(crate) fn new(file: BundleFile) -> Result<Self> {
        let BundleFile { header, accesses, entries, index, .. } = file;
        if header.base.is_some() { Err(Error::Misfit) } else { Ok(Self { header, accesses, entries, index }) }
    }

    /// What the newest file says of itself. `base` is `None` if no delta was applied.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The keys, in no order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyRecord<'_>> {
        self.entries.iter().map(|entry| entry.record(&self.accesses))
    }

    /// This bundle with a delta applied.
    pub(crate) fn with(&self, delta: &BundleFile) -> Result<Self> {
        let here = self.header.sequence;
        if delta.header.base.is_none_or(|base| base > here) || here > delta.header.sequence {
            return Err(Error::Misfit);
        }
        let mut entries = Vec::with_capacity(self.entries.len() + delta.entries.len());
        entries.extend_from_slice(&self.entries);
        let header = delta.header.clone();
        let mut next = Self { header, accesses: self.accesses.clone(), entries, index: self.index.clone() };
        next.take_out(delta)?;
        let places = merged(&mut next.accesses, &delta.accesses)?;
        for entry in &delta.entries {
            let place = u32::try_from(next.entries.len()).map_err(|_| Error::Misfit)?;
            next.entries.push(entry.with_access(places[entry.access as usize]));
            next.index.insert(&next.entries, place).map_err(|_| Error::Misfit)?;
        }
        if next.entries.len() == delta.header.total { Ok(next) } else { Err(Error::Misfit) }
    }

    /// Takes out what a delta has anew, and what it removes.
    fn take_out(&mut self, delta: &BundleFile) -> Result<()> {
        let handles = delta.entries.iter().map(|entry| entry.handle).chain(delta.removed.iter().copied());
        let mut concerned = HashTable::<Handle>::with_capacity(delta.entries.len() + delta.removed.len());
        for handle in handles {
            concerned.insert_unique(hash(handle), handle, |handle| hash(*handle));
        }
        let is_concerned = |entry: &Entry| concerned.find(hash(entry.handle), |other| *other == entry.handle).is_some();
        let places: Vec<usize> =
            self.entries.iter().enumerate().filter_map(|(place, entry)| is_concerned(entry).then_some(place)).collect();
        // From the end, so that what takes a free place is never one that goes too.
        for &place in places.iter().rev() {
            let last = narrow(self.entries.len() - 1)?;
            let place = narrow(place)?;
            self.index.remove(&self.entries, place);
            if place != last {
                self.index.relocate(&self.entries, last, place);
            }
            self.entries.swap_remove(place as usize);
        }
        Ok(())
    }

    /// Decides about a key's text at `now`, a time that is believed.
    pub(crate) fn decide(&self, text: &str, now: u64) -> Decision {
        let parsed = key_text::parse(text);
        let is_known_form = parsed.is_some() || key_text::is_hex32(text) || key_text::is_sk_hex64(text);
        let may_be_foreign = self.header.foreign && FOREIGN_LEN.contains(&text.len());
        if !is_known_form && !may_be_foreign {
            return self.refused(Reason::Malformed, None);
        }
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let Some(entry) = self.index.find(&self.entries, &digest) else {
            let reason = if is_known_form { Reason::Unknown } else { Reason::Malformed };
            return self.refused(reason, parsed.and_then(|parsed| Handle::new(parsed.handle)));
        };
        let reason = match entry.status {
            KeyStatus::Revoked => Reason::Revoked,
            KeyStatus::Disabled => Reason::Disabled,
            KeyStatus::Active if entry.is_over(now) => Reason::Expired,
            KeyStatus::Active if !entry.is_begun(now) => Reason::NotYetValid,
            KeyStatus::Active if self.header.expires <= now => Reason::BundleExpired,
            KeyStatus::Active => {
                return Decision::Valid(Valid {
                    handle: entry.handle,
                    access: Arc::clone(&self.accesses[entry.access as usize]),
                    expires: entry.expires(),
                    sequence: self.header.sequence,
                });
            }
        };
        self.refused(reason, Some(entry.handle))
    }

    fn refused(&self, reason: Reason, handle: Option<Handle>) -> Decision {
        Decision::Refused(Refused { reason, handle, sequence: self.header.sequence })
    }
}

/// Spreads what little differs between handles over all bits.
fn hash(handle: Handle) -> u64 {
    let product = handle.number().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

fn narrow(place: usize) -> Result<u32> {
    u32::try_from(place).map_err(|_| Error::Misfit)
}
