//! The text of a local tenant's keys: `<prefix>_<handle>_<secret><checksum>`.
//!
//! Prefix: 1 to 16 of `0-9a-z`. Handle: 8, secret: 43 characters of `0-9A-Za-z`, drawn uniformly (43 characters hold
//! 256 bits). Checksum: the CRC-32 (IEEE 802.3) of all that stands before it as 6 digits of base 62, most significant
//! first. Letters, digits and underscores only, so that a double click selects all of it.

use std::fmt;

use rand::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::field::Rule;
use crate::secret::Secret;

/// How many characters a handle has.
pub const HANDLE_LEN: usize = 8;
/// How many characters the secret part has.
pub const SECRET_LEN: usize = 43;
/// How many characters the checksum has.
pub const CHECKSUM_LEN: usize = 6;

/// Digits of base 62 in the order that the checksum uses.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a tenant's keys begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prefix(String);

impl Prefix {
    /// The most characters a prefix has.
    pub const MAX_LEN: usize = 16;

    /// Parses 1 to 16 lower-case letters and digits; blanks around them are dropped.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Rule::Required);
        }
        if text.len() > Self::MAX_LEN {
            return Err(Rule::TooLong { max: 16 });
        }
        if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(Rule::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The regular expression that finds keys with this prefix in any text.
    #[must_use]
    pub fn pattern(&self) -> String {
        format!(r"\b{}_[0-9A-Za-z]{{{HANDLE_LEN}}}_[0-9A-Za-z]{{{}}}\b", self.0, SECRET_LEN + CHECKSUM_LEN)
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("lk".to_owned())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of a whole key. The key is random, so a slow hash would add nothing.
#[derive(Clone, Copy, Eq)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// Digests a key's text.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// From the 32 bytes that the database keeps.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for KeyDigest {
    /// In constant time: how long it takes tells nothing of where two digests part.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(…)")
    }
}

/// A key that was just drawn.
#[derive(Debug)]
pub struct GeneratedKey {
    /// The whole text.
    pub secret: Secret,
    /// The public part.
    pub handle: String,
    /// What lists show.
    pub display: String,
    /// What is stored.
    pub digest: KeyDigest,
}

/// Draws a key for a tenant with this prefix.
pub fn generate<R: CryptoRng + ?Sized>(prefix: &Prefix, rng: &mut R) -> GeneratedKey {
    let mut random = Zeroizing::new([0; HANDLE_LEN + SECRET_LEN]);
    fill_base62(random.as_mut_slice(), rng);
    let mut text = Zeroizing::new(String::with_capacity(Prefix::MAX_LEN + 2 + random.len() + CHECKSUM_LEN));
    text.push_str(prefix.as_str());
    text.push('_');
    text.extend(random[..HANDLE_LEN].iter().map(|&digit| char::from(digit)));
    text.push('_');
    text.extend(random[HANDLE_LEN..].iter().map(|&digit| char::from(digit)));
    let checksum = checksum(text.as_bytes());
    text.extend(checksum.iter().map(|&digit| char::from(digit)));

    let handle: String = random[..HANDLE_LEN].iter().map(|&digit| char::from(digit)).collect();
    GeneratedKey {
        display: format!("{prefix}_{handle}…{}", &text[text.len() - 4..]),
        handle,
        digest: KeyDigest::of(&text),
        secret: Secret::new(std::mem::take(&mut *text)),
    }
}

/// What can be read off a well-formed key without knowing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedKey<'a> {
    /// What it begins with.
    pub prefix: &'a str,
    /// The public part.
    pub handle: &'a str,
}

/// Reads a key's parts, or `None` where the form or the checksum is wrong: the key was mistyped or cut.
#[must_use]
pub fn parse(text: &str) -> Option<ParsedKey<'_>> {
    let (prefix, rest) = text.split_once('_')?;
    let (handle, body) = rest.split_once('_')?;
    let shaped = (1..=Prefix::MAX_LEN).contains(&prefix.len())
        && prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && handle.len() == HANDLE_LEN
        && body.len() == SECRET_LEN + CHECKSUM_LEN
        && handle.bytes().chain(body.bytes()).all(|b| b.is_ascii_alphanumeric());
    if !shaped {
        return None;
    }
    let (covered, given) = text.as_bytes().split_at(text.len() - CHECKSUM_LEN);
    (checksum(covered) == given).then_some(ParsedKey { prefix, handle })
}

/// CRC-32 (IEEE) in base 62, padded with `0` to six digits (62⁶ is more than 2³²).
fn checksum(covered: &[u8]) -> [u8; CHECKSUM_LEN] {
    let mut rest = crc32fast::hash(covered);
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

/// Fills with digits of base 62, each as likely as the other: bytes from 248 (4 × 62) on are drawn again.
fn fill_base62<R: CryptoRng + ?Sized>(digits: &mut [u8], rng: &mut R) {
    let mut drawn = Zeroizing::new([0_u8; 64]);
    let mut filled = 0;
    while filled < digits.len() {
        rng.fill_bytes(drawn.as_mut_slice());
        for byte in drawn.iter().filter(|&&byte| byte < 248).take(digits.len() - filled) {
            digits[filled] = ALPHABET[usize::from(byte % 62)];
            filled += 1;
        }
    }
}
