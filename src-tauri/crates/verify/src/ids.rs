//! Names of tenants and keys that are no texts.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A tenant's identifier: a UUID.
///
/// ```
/// let text = "6f1c2b8e-3d4a-4f5b-8c6d-7e8f90a1b2c3";
/// let tenant: latchkey_verify::TenantId = text.parse()?;
/// assert_eq!(tenant.to_string(), text);
/// # Ok::<(), latchkey_verify::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TenantId(pub [u8; 16]);

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for TenantId {
    type Err = Error;

    /// Parses what [`TenantId`] prints: lower case, with hyphens.
    fn from_str(text: &str) -> Result<Self> {
        let digits: Vec<u8> = text.bytes().filter(|&b| b != b'-').collect();
        let mut bytes = [0; 16];
        if digits.len() != 32 {
            return Err(Error::Malformed);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else { return Err(Error::Malformed) };
            *byte = high << 4 | low;
        }
        let tenant = Self(bytes);
        if tenant.to_string() == text { Ok(tenant) } else { Err(Error::Malformed) }
    }
}

/// The public part of a key: safe in logs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle([u8; latchkey_key_text::HANDLE_LEN]);

impl Handle {
    /// Eight characters of `0-9A-Za-z`; `None` for anything else.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        Self::from_bytes(text.as_bytes().try_into().ok()?)
    }

    pub(crate) fn from_bytes(bytes: [u8; latchkey_key_text::HANDLE_LEN]) -> Option<Self> {
        bytes.iter().all(u8::is_ascii_alphanumeric).then_some(Self(bytes))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Always ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its eight bytes as one number, for hash tables.
    pub(crate) fn number(self) -> u64 {
        u64::from_le_bytes(self.0)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({self})")
    }
}
