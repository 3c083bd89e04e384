use crate::reader::{FALSE, NULL, TRUE, major};

/// Writes deterministic CBOR, as far as bundles need it.
#[derive(Debug, Default, Clone)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes as they are: items that were encoded before.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// A number.
    pub fn unsigned(&mut self, number: u64) -> &mut Self {
        self.head(major::UNSIGNED, number)
    }

    /// A number, or `null`.
    pub fn unsigned_or_null(&mut self, number: Option<u64>) -> &mut Self {
        match number {
            Some(number) => self.unsigned(number),
            None => self.raw(&[NULL]),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.raw(&[if value { TRUE } else { FALSE }])
    }

    /// A byte string.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.head(major::BYTES, bytes.len() as u64).raw(bytes)
    }

    /// A text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.head(major::TEXT, text.len() as u64).raw(text.as_bytes())
    }

    /// The head of an array of that many items.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.head(major::ARRAY, len as u64)
    }

    #[allow(clippy::cast_possible_truncation)] // Each cast is to the width that the number was found to have.
    fn head(&mut self, major: u8, argument: u64) -> &mut Self {
        let major = major << 5;
        match argument {
            0..24 => self.raw(&[major + argument as u8]),
            24..0x100 => self.raw(&[major + 24, argument as u8]),
            0x100..0x1_0000 => self.raw(&[major + 25]).raw(&(argument as u16).to_be_bytes()),
            0x1_0000..0x1_0000_0000 => self.raw(&[major + 26]).raw(&(argument as u32).to_be_bytes()),
            _ => self.raw(&[major + 27]).raw(&argument.to_be_bytes()),
        }
    }
}
