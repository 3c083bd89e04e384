//! The forms that the texts of keys have. `docs/bundle-format.md` describes them for others.
//!
//! Latchkey's own: `<prefix>_<handle>_<secret><checksum>`. Prefix: 1 to 16 of `0-9a-z`. Handle: 8, secret: 43 characters
//! of `0-9A-Za-z`. Checksum: the CRC-32 (IEEE 802.3) of all that stands before it as 6 digits of base 62, most significant
//! first. Two other forms have neither handle nor checksum.
//!
//! ```
//! let text = "lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN";
//! let parsed = latchkey_key_text::parse(text).unwrap();
//! assert_eq!((parsed.prefix, parsed.handle), ("lk", "8fK2pQ7z"));
//! // A character too few.
//! assert!(latchkey_key_text::parse(&text[..text.len() - 1]).is_none());
//! ```

/// The most characters that a prefix has.
pub const MAX_PREFIX_LEN: usize = 16;
/// How many characters a handle has.
pub const HANDLE_LEN: usize = 8;
/// How many characters the secret part has.
pub const SECRET_LEN: usize = 43;
/// How many characters the checksum has.
pub const CHECKSUM_LEN: usize = 6;

/// Digits of base 62 in the order that the checksum uses.
pub const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What follows the prefix: two underscores, handle, secret and checksum.
const AFTER_PREFIX: usize = 1 + HANDLE_LEN + 1 + SECRET_LEN + CHECKSUM_LEN;

/// What can be read off a well-formed key without knowing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedKey<'a> {
    /// What it begins with.
    pub prefix: &'a str,
    /// The public part.
    pub handle: &'a str,
}

/// Reads the parts of a key of Latchkey's form, or `None` where the form or the checksum is wrong: the key was mistyped or
/// cut. What is cheap to see is looked at first.
#[must_use]
pub fn parse(text: &str) -> Option<ParsedKey<'_>> {
    let bytes = text.as_bytes();
    let prefix_len = bytes.len().checked_sub(AFTER_PREFIX)?;
    if !(1..=MAX_PREFIX_LEN).contains(&prefix_len) {
        return None;
    }
    let (prefix, rest) = bytes.split_at(prefix_len);
    let (handle, body) = (&rest[1..=HANDLE_LEN], &rest[HANDLE_LEN + 2..]);
    let shaped = rest[0] == b'_'
        && rest[HANDLE_LEN + 1] == b'_'
        && prefix.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && is_alphanumeric(handle)
        && is_alphanumeric(body);
    if !shaped {
        return None;
    }
    let (covered, given) = bytes.split_at(bytes.len() - CHECKSUM_LEN);
    let handle = &text[prefix_len + 1..=prefix_len + HANDLE_LEN];
    (checksum(covered) == given).then_some(ParsedKey { prefix: &text[..prefix_len], handle })
}

/// Looks at all bytes, wherever one is wrong: that is many at once, and faster than one after the other.
fn is_alphanumeric(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |so_far, byte| so_far & byte.is_ascii_alphanumeric())
}

/// Whether a text is 32 lower-case hexadecimal digits.
#[must_use]
pub fn is_hex32(text: &str) -> bool {
    is_hex(text, 32)
}

/// Whether a text is `sk-` and 64 lower-case hexadecimal digits.
#[must_use]
pub fn is_sk_hex64(text: &str) -> bool {
    text.strip_prefix("sk-").is_some_and(|digits| is_hex(digits, 64))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// CRC-32 (IEEE) in base 62, padded with `0` to six digits (62⁶ is more than 2³²).
#[must_use]
pub fn checksum(covered: &[u8]) -> [u8; CHECKSUM_LEN] {
    let mut rest = crc32fast::hash(covered);
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}
