//! The bytes of `vault.lkv`. The description is at [`super::PassphraseVault`].

use std::collections::BTreeMap;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::kdf::{CHECK, Cost, KEY, SALT};

/// The version that is written, and the newest that is read.
pub const FORMAT_VERSION: u16 = 1;

/// Bytes of a nonce of XChaCha20-Poly1305.
pub(super) const NONCE: usize = 24;

/// More than a million keys' secrets; a larger file is none of ours.
pub(super) const LARGEST: u64 = 256 * 1024 * 1024;

const MAGIC: &[u8; 8] = b"LKVAULT\n";
const ARGON2ID: u16 = 1;
const HEADER: usize = 96;
const TAG: usize = 16;
const SUM: usize = 32;
const ID: usize = 16;

/// Secrets by key, in the order of the keys' bytes.
pub(super) type Items = BTreeMap<KeyId, Secret>;

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    /// It does not begin as a vault does.
    NotAVault,
    /// Its version is newer than this program's.
    Newer(u16),
    /// It is shorter than the shortest vault or longer than the longest.
    Length,
    /// Its checksum is not that of its bytes.
    Checksum,
    /// It asks for too little or too much work, or for an unknown function.
    Cost,
    /// Its payload was changed by somebody who does not know the passphrase.
    Seal,
    /// Its payload is not a list of secrets.
    Payload,
}

/// What of a vault is public and stays when its secrets change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) cost: Cost,
    pub(super) salt: [u8; SALT],
    pub(super) check: [u8; CHECK],
}

/// A whole file with a right checksum.
pub(super) struct Sealed {
    pub(super) header: Header,
    bytes: Vec<u8>,
}

impl Sealed {
    /// Checks everything that can be checked without the passphrase.
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Self, Damage> {
        let mut rest = bytes.as_slice();
        if take(&mut rest) != Some(*MAGIC) {
            return Err(Damage::NotAVault);
        }
        // The version comes before the length and the checksum: in a newer file they may lie elsewhere.
        let version = take(&mut rest).map(u16::from_le_bytes).ok_or(Damage::Length)?;
        if version > FORMAT_VERSION {
            return Err(Damage::Newer(version));
        }
        if bytes.len() < HEADER + TAG + SUM {
            return Err(Damage::Length);
        }
        let (content, sum) = bytes.split_at(bytes.len() - SUM);
        if version != FORMAT_VERSION || Sha256::digest(content).as_slice() != sum {
            return Err(Damage::Checksum);
        }
        let header = Header::parse(rest).ok_or(Damage::Cost)?;
        Ok(Self { header, bytes })
    }

    /// The secrets, with the key of the right passphrase.
    pub(super) fn open(&self, key: &[u8; KEY]) -> Result<Items, Damage> {
        let (head, rest) = self.bytes.split_at(HEADER);
        let (body, tag) = rest[..rest.len() - SUM].split_at(rest.len() - SUM - TAG);
        let nonce = head.last_chunk::<NONCE>().ok_or(Damage::Length)?;
        let tag = <[u8; TAG]>::try_from(tag).map_err(|_| Damage::Length)?;
        let mut text = Zeroizing::new(body.to_vec());
        XChaCha20Poly1305::new(&(*key).into())
            .decrypt_inout_detached(&XNonce::from(*nonce), head, text.as_mut_slice().into(), &tag.into())
            .map_err(|_| Damage::Seal)?;
        decode(&text).ok_or(Damage::Payload)
    }
}

impl Header {
    /// What follows magic and version; `None` for a cost or a function that is not taken.
    fn parse(mut rest: &[u8]) -> Option<Self> {
        let function = u16::from_le_bytes(take(&mut rest)?);
        let [memory, passes, lanes] = [take(&mut rest)?, take(&mut rest)?, take(&mut rest)?].map(u32::from_le_bytes);
        let cost = Cost { memory, passes, lanes };
        let header = Self { cost, salt: take(&mut rest)?, check: take(&mut rest)? };
        (function == ARGON2ID && cost.is_acceptable()).then_some(header)
    }

    /// A whole file with these secrets. The nonce must be fresh; `None` where there is more than a file may hold.
    pub(super) fn seal(&self, key: &[u8; KEY], nonce: &[u8; NONCE], items: &Items) -> Option<Vec<u8>> {
        let mut text = encode(items)?;
        let mut file = Vec::with_capacity(HEADER + text.len() + TAG + SUM);
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        file.extend_from_slice(&ARGON2ID.to_le_bytes());
        for number in [self.cost.memory, self.cost.passes, self.cost.lanes] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        file.extend_from_slice(&self.salt);
        file.extend_from_slice(&self.check);
        file.extend_from_slice(nonce);
        let tag = XChaCha20Poly1305::new(&(*key).into())
            .encrypt_inout_detached(&XNonce::from(*nonce), &file, text.as_mut_slice().into())
            .ok()?;
        file.extend_from_slice(&text);
        file.extend_from_slice(&tag);
        let sum = Sha256::digest(&file);
        file.extend_from_slice(&sum);
        (file.len() as u64 <= LARGEST).then_some(file)
    }
}

fn encode(items: &Items) -> Option<Zeroizing<Vec<u8>>> {
    // The right size at once: a buffer that grows leaves its old bytes behind, unwiped.
    let size = 4 + items.values().map(|secret| ID + 4 + secret.expose().len()).sum::<usize>();
    let mut text = Zeroizing::new(Vec::with_capacity(size));
    text.extend_from_slice(&u32::try_from(items.len()).ok()?.to_le_bytes());
    for (key, secret) in items {
        text.extend_from_slice(key.as_bytes());
        text.extend_from_slice(&u32::try_from(secret.expose().len()).ok()?.to_le_bytes());
        text.extend_from_slice(secret.expose().as_bytes());
    }
    Some(text)
}

fn decode(mut rest: &[u8]) -> Option<Items> {
    let count = u32::from_le_bytes(take(&mut rest)?);
    let mut items = Items::new();
    for _ in 0..count {
        let key = KeyId::from_bytes(take(&mut rest)?);
        let length = usize::try_from(u32::from_le_bytes(take(&mut rest)?)).ok()?;
        let (text, after) = rest.split_at_checked(length)?;
        rest = after;
        // Strictly rising, so that one set of secrets has one encoding.
        if items.last_key_value().is_some_and(|(last, _)| *last >= key) {
            return None;
        }
        items.insert(key, Secret::from_utf8(text.to_vec())?);
    }
    rest.is_empty().then_some(items)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
mod tests;
