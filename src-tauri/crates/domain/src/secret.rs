//! The secret: text that must not leave by accident.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// A key's text or a passphrase.
///
/// It cannot be serialised, printed or cloned, and is wiped when dropped. [`Secret::expose`] is the only way in:
/// search for it to review every place that reads a secret.
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        // `into_boxed_str` may move the bytes to a smaller allocation and leave the old one unwiped, so copy by hand
        // out of a buffer that is wiped.
        let text = Zeroizing::new(text);
        Self(SecretString::from(text.as_str()))
    }

    /// Takes UTF-8 bytes over; `None`, and the bytes wiped, when they are not UTF-8.
    #[must_use]
    pub fn from_utf8(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Zeroizing::new(bytes);
        std::str::from_utf8(&bytes).ok().map(|text| Self(SecretString::from(text)))
    }

    /// The text. Keep the borrow short.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A second holder of the same secret, where one must outlive the other (the clipboard's).
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(SecretString::from(self.expose()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_hides_the_text() {
        assert_eq!(format!("{:?}", Secret::new("lk_abc".into())), "Secret(…)");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_no_secret() {
        assert!(Secret::from_utf8(vec![0xff, 0xfe]).is_none());
        assert_eq!(Secret::from_utf8(b"abc".to_vec()).unwrap().expose(), "abc");
    }
}
