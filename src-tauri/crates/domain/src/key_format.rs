//! The text of a local tenant's keys: how it is drawn and digested. Verifiers share how it is read: `latchkey_key_text`.
//!
//! Latchkey's own: `<prefix>_<handle>_<secret><checksum>`.
//! Prefix: 1 to 16 of `0-9a-z`. Handle: 8, secret: 43 characters of `0-9A-Za-z`, drawn uniformly (43 characters hold
//! 256 bits). Checksum: the CRC-32 (IEEE 802.3) of all that stands before it as 6 digits of base 62, most significant
//! first. Letters, digits and underscores only, so that a double click selects all of it.
//!
//! A tenant may choose a vendor's shape instead. Those carry no handle and no checksum: the handle is drawn apart, and a
//! key is found by its digest.

use std::fmt;

use latchkey_key_text::{ALPHABET, MAX_PREFIX_LEN, checksum};
pub use latchkey_key_text::{CHECKSUM_LEN, HANDLE_LEN, ParsedKey, SECRET_LEN, parse};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::field::Rule;
use crate::secret::Secret;

/// What a tenant's keys begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prefix(String);

impl Prefix {
    /// The most characters a prefix has.
    pub const MAX_LEN: usize = MAX_PREFIX_LEN;

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

/// How a tenant's keys are made up. None has under 128 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum KeyFormat {
    /// Prefix, handle, secret of 256 bits, checksum.
    #[default]
    Latchkey,
    /// 32 lower-case hexadecimal digits: 128 bits.
    Hex32,
    /// `sk-` and 64 lower-case hexadecimal digits: 256 bits.
    SkHex64,
}

impl KeyFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Latchkey, Self::Hex32, Self::SkHex64];

    /// As it is named on the command line and in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latchkey => "latchkey",
            Self::Hex32 => "hex32",
            Self::SkHex64 => "sk-hex64",
        }
    }

    /// The regular expression that finds keys of this format, with this prefix, in any text.
    #[must_use]
    pub fn pattern(self, prefix: &Prefix) -> String {
        match self {
            Self::Latchkey => prefix.pattern(),
            Self::Hex32 => r"\b[0-9a-f]{32}\b".to_owned(),
            Self::SkHex64 => r"\bsk-[0-9a-f]{64}\b".to_owned(),
        }
    }

    /// Whether a text has the shape of this format, the checksum included where there is one.
    #[must_use]
    pub fn has_shape(self, text: &str) -> bool {
        match self {
            Self::Latchkey => parse(text).is_some(),
            Self::Hex32 => latchkey_key_text::is_hex32(text),
            Self::SkHex64 => latchkey_key_text::is_sk_hex64(text),
        }
    }
}

/// How a digest is computed from a key's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hashing {
    /// SHA-256: for keys of at least 128 random bits.
    Sha256,
    /// Argon2id with the tenant's salt: for keys that a person chose, or that are short.
    Argon2id,
}

/// The digest of a whole key: SHA-256 where the key is random, so that a slow hash would add nothing.
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

/// The salt of the slow digests of one tenant: drawn when its first such key comes.
pub type Salt = [u8; 16];

/// A slow digest that could not be computed: the memory for it was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there was no memory for a slow digest")]
pub struct NoMemory;

/// Computes slow digests: Argon2id version 0x13 with 64 MiB, 3 passes and 4 lanes (RFC 9106, section 4, second
/// recommended option). The figures are fixed: a digest that was stored has to come out again.
///
/// Holds its memory for one digest after the other, and wipes it in the end.
pub struct SlowDigests {
    argon2: argon2::Argon2<'static>,
    memory: Vec<argon2::Block>,
}

impl SlowDigests {
    /// Memory, in KiB.
    const MEMORY: u32 = 64 * 1024;

    /// Asks for the memory.
    pub fn new() -> Result<Self, NoMemory> {
        let params = argon2::Params::new(Self::MEMORY, 3, 4, Some(32)).map_err(|_| NoMemory)?;
        let mut memory = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| NoMemory)?;
        memory.resize(params.block_count(), argon2::Block::default());
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        Ok(Self { argon2, memory })
    }

    /// Digests a key's text; takes about a tenth of a second.
    pub fn of(&mut self, key: &str, salt: &Salt) -> Result<KeyDigest, NoMemory> {
        let mut digest = [0; 32];
        self.argon2
            .hash_password_into_with_memory(key.as_bytes(), salt, &mut digest, &mut self.memory)
            .map_err(|_| NoMemory)?;
        Ok(KeyDigest(digest))
    }
}

impl Drop for SlowDigests {
    fn drop(&mut self) {
        self.memory.iter_mut().for_each(zeroize::Zeroize::zeroize);
    }
}

impl fmt::Debug for SlowDigests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlowDigests(…)")
    }
}

/// Draws a tenant's salt.
pub fn random_salt<R: CryptoRng + ?Sized>(rng: &mut R) -> Salt {
    let mut salt = Salt::default();
    rng.fill_bytes(&mut salt);
    salt
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

/// Draws a key of this format. Latchkey's own begins with the prefix.
pub fn generate<R: CryptoRng + ?Sized>(format: KeyFormat, prefix: &Prefix, rng: &mut R) -> GeneratedKey {
    match format {
        KeyFormat::Latchkey => generate_own(prefix, rng),
        KeyFormat::Hex32 => generate_hex("", 16, rng),
        KeyFormat::SkHex64 => generate_hex("sk-", 32, rng),
    }
}

/// Draws a handle for a key whose text has none.
pub fn random_handle<R: CryptoRng + ?Sized>(rng: &mut R) -> String {
    let mut digits = [0; HANDLE_LEN];
    fill_base62(&mut digits, rng);
    digits.iter().map(|&digit| char::from(digit)).collect()
}

/// What lists show of a key without a handle: what it begins with, and its last four characters.
#[must_use]
pub fn display(begins: &str, text: &str) -> String {
    let tail: Vec<char> = text.chars().rev().take(4).collect();
    format!("{begins}…{}", tail.iter().rev().collect::<String>())
}

fn generate_hex<R: CryptoRng + ?Sized>(begins: &str, bytes: usize, rng: &mut R) -> GeneratedKey {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut random = Zeroizing::new(vec![0_u8; bytes]);
    rng.fill_bytes(&mut random);
    let mut text = Zeroizing::new(String::with_capacity(begins.len() + 2 * bytes));
    text.push_str(begins);
    for byte in random.iter() {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    GeneratedKey {
        display: display(begins, &text),
        handle: random_handle(rng),
        digest: KeyDigest::of(&text),
        secret: Secret::new(std::mem::take(&mut *text)),
    }
}

fn generate_own<R: CryptoRng + ?Sized>(prefix: &Prefix, rng: &mut R) -> GeneratedKey {
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
