//! The keys of a bundle, found by their digest.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use subtle::{Choice, ConstantTimeEq};

use crate::entry::Entry;
use crate::ids::Handle;

/// Keys in the order of their digests, and where those with the same first bits begin: about one key for each of these
/// places, whatever the number of keys, since digests are as good as random. So a look-up touches two lines of memory, and a
/// key takes 64 bytes and four to eight for its place.
#[derive(Debug)]
pub(crate) struct Keys {
    entries: Vec<Entry>,
    starts: Vec<u32>,
    /// How far the first eight bytes of a digest are shifted to be a place.
    shift: u32,
}

/// Two keys have the same digest.
#[derive(Debug)]
pub(crate) struct Twins;

impl Keys {
    pub(crate) fn new(mut entries: Vec<Entry>) -> Result<Self, Twins> {
        let order = |one: &Entry, other: &Entry| {
            first(&one.digest).cmp(&first(&other.digest)).then_with(|| one.digest.cmp(&other.digest))
        };
        entries.sort_unstable_by(order);
        if entries.windows(2).any(|pair| pair[0].digest == pair[1].digest) {
            return Err(Twins);
        }
        Ok(Self::indexed(entries))
    }

    fn indexed(entries: Vec<Entry>) -> Self {
        // As many places as keys, rounded up to a power of two.
        let bits = entries.len().next_power_of_two().ilog2().max(1);
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for entry in &entries {
            starts[place(&entry.digest, shift) + 1] += 1;
        }
        let mut before = 0;
        for start in &mut starts {
            before += *start;
            *start = before;
        }
        Self { entries, starts, shift }
    }

    pub(crate) fn all(&self) -> &[Entry] {
        &self.entries
    }

    /// The key with a digest, compared in constant time.
    pub(crate) fn find(&self, digest: &[u8; 32]) -> Option<&Entry> {
        let place = place(digest, self.shift);
        let (start, end) = (self.starts[place] as usize, self.starts[place + 1] as usize);
        self.entries[start..end].iter().find(|entry| is_same(&entry.digest, digest))
    }

    /// These keys without those whose handles are `gone`, and with `more`, whose access is at `accesses`.
    pub(crate) fn merged(&self, gone: &Handles, more: &Self, accesses: &[u32]) -> Result<Self, Twins> {
        let mut entries = Vec::with_capacity(self.entries.len() + more.entries.len());
        let mut new = more.entries.iter().map(|entry| entry.with_access(accesses[entry.access as usize])).peekable();
        for entry in self.entries.iter().filter(|entry| !gone.contains(entry.handle)) {
            while let Some(new) = new.next_if(|new| new.digest < entry.digest) {
                entries.push(new);
            }
            if new.peek().is_some_and(|new| new.digest == entry.digest) {
                return Err(Twins);
            }
            entries.push(*entry);
        }
        entries.extend(new);
        Ok(Self::indexed(entries))
    }
}

/// A few handles among many: a million are asked for with each delta.
#[derive(Debug, Default)]
pub(crate) struct Handles(HashSet<u64, BuildHasherDefault<Spread>>);

impl Handles {
    pub(crate) fn contains(&self, handle: Handle) -> bool {
        self.0.contains(&handle.number())
    }
}

impl FromIterator<Handle> for Handles {
    fn from_iter<I: IntoIterator<Item = Handle>>(handles: I) -> Self {
        Self(handles.into_iter().map(Handle::number).collect())
    }
}

/// Spreads what little differs between handles over all bits. They come from an issuer that is believed.
#[derive(Debug, Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 32);
    }
}

fn first(digest: &[u8; 32]) -> u64 {
    words(digest)[0]
}

/// A digest as four numbers that are in the order of its bytes.
fn words(digest: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(digest.as_chunks().0) {
        *word = u64::from_be_bytes(*bytes);
    }
    words
}

fn place(digest: &[u8; 32], shift: u32) -> usize {
    // At most 22 bits: there are at most four million keys.
    usize::try_from(first(digest) >> shift).unwrap_or_default()
}

fn is_same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let pairs = words(one).into_iter().zip(words(other));
    pairs.fold(Choice::from(1), |same, (one, other)| same & one.ct_eq(&other)).into()
}
