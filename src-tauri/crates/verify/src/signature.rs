//! Signatures in minisign's format, and the comments that bundles have in them.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::limits::MAX_SIGNATURE;

/// What stands before the comments of a signature file.
pub(crate) const UNTRUSTED: &str = "untrusted comment: ";
pub(crate) const TRUSTED: &str = "trusted comment: ";

/// How many bytes minisign's public key has: algorithm, key number, key.
pub(crate) const PUBLIC_LEN: usize = 2 + 8 + 32;
/// The algorithm in public keys.
pub(crate) const ALGORITHM: &[u8; 2] = b"Ed";
/// The algorithm in signatures: Ed25519 of a BLAKE2b-512.
pub(crate) const PREHASHED: &[u8; 2] = b"ED";
/// How many bytes the second line of a signature file has: algorithm, key number, signature.
pub(crate) const SIGNATURE_LEN: usize = 2 + 8 + 64;

/// A tenant's public key, as minisign writes it.
///
/// ```
/// let text = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
/// let key: latchkey_verify::PublicKey = text.parse()?;
/// assert_eq!(key.to_string(), text);
/// assert_eq!(key.number(), "E7620F1842B4E81F");
/// // The contents of minisign's file do as well.
/// let file = format!("untrusted comment: minisign public key E7620F1842B4E81F\n{text}\n");
/// assert_eq!(file.parse::<latchkey_verify::PublicKey>()?, key);
/// # Ok::<(), latchkey_verify::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    bytes: [u8; PUBLIC_LEN],
}

impl PublicKey {
    /// From algorithm, key number and key.
    pub fn from_bytes(bytes: [u8; PUBLIC_LEN]) -> Result<Self> {
        if bytes.starts_with(ALGORITHM) { Ok(Self::of(bytes)) } else { Err(Error::BadPublicKey) }
    }

    /// From bytes that are known to be right.
    pub(crate) fn of(bytes: [u8; PUBLIC_LEN]) -> Self {
        Self { bytes }
    }

    /// Algorithm, key number and key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PUBLIC_LEN] {
        &self.bytes
    }

    /// The key number: what minisign prints, but with leading zeros. It says which key is meant and proves nothing.
    #[must_use]
    pub fn number(&self) -> String {
        let mut number = [0; 8];
        number.copy_from_slice(&self.bytes[2..10]);
        format!("{:016X}", u64::from_le_bytes(number))
    }

    /// What people compare: the SHA-256 of all of it, in groups of four digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest: [u8; 32] = Sha256::digest(self.bytes).into();
        let groups: Vec<String> = digest.chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
        groups.join(" ")
    }

    /// Checks both signatures; the comment that was signed.
    pub(crate) fn check<'s>(&self, file: &[u8], signature: &'s [u8]) -> Result<&'s str> {
        let (text, comment) = strict(signature)?;
        let signature = minisign_verify::Signature::decode(text).map_err(|_| Error::BadSignatureFile)?;
        let key = minisign_verify::PublicKey::from_base64(&self.to_string()).map_err(|_| Error::BadPublicKey)?;
        key.verify(file, &signature, false).map_err(|error| match error {
            minisign_verify::Error::UnexpectedKeyId => Error::WrongKey,
            _ => Error::BadSignature,
        })?;
        Ok(comment)
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut lines = text.trim().lines();
        let (first, second) = (lines.next(), lines.next());
        let line = match (first, second) {
            (Some(line), None) => line,
            (Some(first), Some(line)) if first.starts_with(UNTRUSTED) => line,
            _ => return Err(Error::BadPublicKey),
        };
        if lines.next().is_some() || line.len() != PUBLIC_LEN / 3 * 4 {
            return Err(Error::BadPublicKey);
        }
        let bytes = Base64::decode_vec(line).map_err(|_| Error::BadPublicKey)?;
        Self::from_bytes(bytes.try_into().map_err(|_| Error::BadPublicKey)?)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64::encode_string(&self.bytes))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// The signature file as text, and its trusted comment, where its form is right.
fn strict(signature: &[u8]) -> Result<(&str, &str)> {
    let allowed = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~');
    if signature.len() > MAX_SIGNATURE || !signature.iter().all(allowed) {
        return Err(Error::BadSignatureFile);
    }
    let text = std::str::from_utf8(signature).map_err(|_| Error::BadSignatureFile)?;
    let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
    let (Some(first), Some(second), Some(third), Some(fourth), None) =
        (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(Error::BadSignatureFile);
    };
    let comment = third.strip_prefix(TRUSTED).ok_or(Error::BadSignatureFile)?;
    let mut bytes = [0; SIGNATURE_LEN];
    let prehashed = decoded(second, &mut bytes) && bytes.starts_with(PREHASHED);
    if !first.starts_with(UNTRUSTED) || !prehashed || !decoded(fourth, &mut bytes[..64]) {
        return Err(Error::BadSignatureFile);
    }
    Ok((text, comment))
}

/// Whether a text is the base64 of exactly as many bytes.
fn decoded(text: &str, bytes: &mut [u8]) -> bool {
    let len = bytes.len();
    text.len() == len.div_ceil(3) * 4 && Base64::decode(text, bytes).is_ok_and(|bytes| bytes.len() == len)
}

/// The comment of a bundle.
pub(crate) fn bundle_comment(tenant: TenantId, is_delta: bool, sequence: u64, expires: u64) -> String {
    let kind = if is_delta { "delta" } else { "full" };
    let expires = humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(expires));
    format!("latchkey-bundle tenant={tenant} kind={kind} sequence={sequence} expires={expires}")
}

/// The comment of an endorsement.
pub(crate) fn endorsement_comment(tenant: TenantId, sequence: u64, key: &PublicKey) -> String {
    format!("latchkey-endorsement tenant={tenant} sequence={sequence} key={}", key.number())
}
