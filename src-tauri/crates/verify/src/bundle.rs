use std::sync::Arc;

use latchkey_key_text as key_text;
use sha2::{Digest, Sha256};

use crate::decision::{Decision, Reason, Refused, Valid};
use crate::entry::{Access, KeyStatus};
use crate::error::{Error, Result};
use crate::file::{BundleFile, Header, KeyRecord, merged};
use crate::ids::Handle;
use crate::keys::{Handles, Keys};
use crate::limits::FOREIGN_LEN;

/// The keys of a tenant, as a full bundle and the deltas after it say.
#[derive(Debug)]
pub struct Bundle {
    header: Header,
    accesses: Vec<Arc<Access>>,
    keys: Keys,
}

impl Bundle {
    /// From a full bundle; a delta has nothing to be applied to.
    pub(crate) fn new(file: BundleFile) -> Result<Self> {
        let BundleFile { header, accesses, keys, .. } = file;
        if header.base.is_some() { Err(Error::Misfit) } else { Ok(Self { header, accesses, keys }) }
    }

    /// What the newest file says of itself. `base` is `None` if no delta was applied.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The keys, in no order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = KeyRecord<'_>> {
        self.keys.all().iter().map(|entry| entry.record(&self.accesses))
    }

    /// This bundle with a delta applied.
    pub(crate) fn with(&self, delta: &BundleFile) -> Result<Self> {
        let here = self.header.sequence;
        if delta.header.base.is_none_or(|base| base > here) || here > delta.header.sequence {
            return Err(Error::Misfit);
        }
        let changed = delta.keys.all().iter().map(|entry| entry.handle);
        let gone: Handles = changed.chain(delta.removed.iter().copied()).collect();
        let mut accesses = self.accesses.clone();
        let places = merged(&mut accesses, &delta.accesses)?;
        let keys = self.keys.merged(&gone, &delta.keys, &places).map_err(|_| Error::Misfit)?;
        if keys.all().len() != delta.header.total {
            return Err(Error::Misfit);
        }
        Ok(Self { header: delta.header.clone(), accesses, keys })
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
        let Some(entry) = self.keys.find(&digest) else {
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
