//! Reads deterministic CBOR, strictly: what has two encodings is refused. Only what the format has is known.

use crate::error::{Error, Result};

/// Major types of CBOR.
pub(crate) mod major {
    pub(crate) const UNSIGNED: u8 = 0;
    pub(crate) const BYTES: u8 = 2;
    pub(crate) const TEXT: u8 = 3;
    pub(crate) const ARRAY: u8 = 4;
    const SIMPLE: u8 = 7;

    pub(crate) const fn is_simple(major: u8) -> bool {
        major == SIMPLE
    }
}

/// The initial bytes of the three simple values.
pub(crate) const FALSE: u8 = 0xf4;
pub(crate) const TRUE: u8 = 0xf5;
pub(crate) const NULL: u8 = 0xf6;

/// A place in a file.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// An initial byte with its argument.
#[derive(Clone, Copy)]
struct Head {
    initial: u8,
    argument: u64,
}

impl Head {
    fn expect(self, major: u8) -> Result<u64> {
        if self.initial >> 5 == major { Ok(self.argument) } else { Err(Error::Malformed) }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// What is left: to see later which bytes were read meanwhile.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Skips what a file of this kind begins with.
    pub(crate) fn begins(&mut self, with: &[u8]) -> Result<()> {
        self.rest = self.rest.strip_prefix(with).ok_or(Error::WrongKind)?;
        Ok(())
    }

    pub(crate) fn end(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(Error::Trailing) }
    }

    /// A number up to `max`.
    pub(crate) fn unsigned(&mut self, max: u64) -> Result<u64> {
        in_range(self.head()?.expect(major::UNSIGNED)?, max)
    }

    /// `null`, or a number up to `max`.
    pub(crate) fn unsigned_or_null(&mut self, max: u64) -> Result<Option<u64>> {
        match self.head()? {
            Head { initial: NULL, .. } => Ok(None),
            head => in_range(head.expect(major::UNSIGNED)?, max).map(Some),
        }
    }

    pub(crate) fn boolean(&mut self) -> Result<bool> {
        match self.head()?.initial {
            FALSE => Ok(false),
            TRUE => Ok(true),
            _ => Err(Error::Malformed),
        }
    }

    /// A byte string of exactly that length.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.exactly(major::BYTES)
    }

    /// A text of exactly that length, whose characters the caller looks at.
    pub(crate) fn fixed_text<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.exactly(major::TEXT)
    }

    fn exactly<const N: usize>(&mut self, major: u8) -> Result<[u8; N]> {
        if self.head()?.expect(major)? != N as u64 {
            return Err(Error::Malformed);
        }
        let (first, rest) = self.rest.split_first_chunk().ok_or(Error::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A text of 1 to `max` bytes without control characters.
    pub(crate) fn text(&mut self, max: usize) -> Result<&'a str> {
        let len = self.head()?.expect(major::TEXT)?;
        if len == 0 {
            return Err(Error::OutOfRange);
        }
        let len = self.backed(in_range(len, max as u64)?)?;
        let (text, rest) = self.rest.split_at(len);
        self.rest = rest;
        let text = std::str::from_utf8(text).map_err(|_| Error::Malformed)?;
        if text.chars().any(char::is_control) { Err(Error::Malformed) } else { Ok(text) }
    }

    /// The head of an array of exactly that many items.
    pub(crate) fn fixed_array(&mut self, len: u64) -> Result<()> {
        if self.head()?.expect(major::ARRAY)? != len {
            return Err(Error::Malformed);
        }
        self.backed(len).map(|_| ())
    }

    /// The head of an array of at most that many items: how many it has. The file has at least as many bytes.
    pub(crate) fn array(&mut self, max: usize) -> Result<usize> {
        let len = self.head()?.expect(major::ARRAY)?;
        self.backed(in_range(len, max as u64)?)
    }

    /// A length or a count that the file backs with bytes.
    fn backed(&self, len: u64) -> Result<usize> {
        usize::try_from(len).ok().filter(|&len| len <= self.rest.len()).ok_or(Error::Truncated)
    }

    fn head(&mut self) -> Result<Head> {
        let (&initial, rest) = self.rest.split_first().ok_or(Error::Truncated)?;
        self.rest = rest;
        if major::is_simple(initial >> 5) {
            let known = matches!(initial, FALSE | TRUE | NULL);
            return if known { Ok(Head { initial, argument: 0 }) } else { Err(Error::Malformed) };
        }
        let (argument, least) = match initial & 31 {
            short @ 0..=23 => (u64::from(short), 0),
            24 => (u64::from(self.take::<1>()?[0]), 24),
            25 => (u16::from_be_bytes(self.take()?).into(), 1 << 8),
            26 => (u32::from_be_bytes(self.take()?).into(), 1 << 16),
            27 => (u64::from_be_bytes(self.take()?), 1 << 32),
            _ => return Err(Error::NotCanonical),
        };
        if argument < least { Err(Error::NotCanonical) } else { Ok(Head { initial, argument }) }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Error::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }
}

fn in_range(number: u64, max: u64) -> Result<u64> {
    if number <= max { Ok(number) } else { Err(Error::OutOfRange) }
}
