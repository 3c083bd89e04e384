use ur::{Encoder, Type};

use crate::{Code, Error, Pair};

/// The most bytes of the contents in one part: its code then has 69 modules a side, with the quiet zone no more columns than a
/// terminal has.
const PART: usize = 280;
/// More parts than these no series has.
pub const MAX_PARTS: usize = 64;

/// A pair as codes that follow one another, without an end: any of them that are enough bring it back.
#[derive(Debug, Clone)]
pub struct Series {
    message: Vec<u8>,
    parts: usize,
}

impl Series {
    /// Fails with [`Error::TooLarge`] for a pair that nobody would want to scan.
    pub fn new(pair: &Pair) -> Result<Self, Error> {
        let message = pair.encode()?;
        let parts = Self::parts_of(message.len());
        Ok(Self { message, parts })
    }

    /// Into how many parts so many bytes are cut, as [`Pair::len_of`] counts them.
    #[must_use]
    pub fn parts_of(len: usize) -> usize {
        len.div_ceil(PART)
    }

    /// Whether so many bytes fit into one code that is printed.
    #[must_use]
    pub fn fits_one(len: usize) -> bool {
        // Two characters a byte, four bytes of checksum, and what stands before them.
        Code::holds("UR:BYTES/".len() + 2 * (len + 4))
    }

    /// Into how many parts it is cut. So many codes are enough if they are the first; of others a few more may be needed.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// The text of a code, counted from 1. Those after [`Self::parts`] each mix several parts, so that whoever missed one
    /// need not wait for it. In capitals, which take less room in a code.
    pub fn text(&self, number: usize) -> Result<String, Error> {
        if self.parts == 1 {
            return self.whole();
        }
        let mut encoder = Encoder::bytes(&self.message, PART).map_err(|_| Error::TooLarge)?;
        let mut text = String::new();
        for _ in 0..number.clamp(1, MAX_PARTS * 8) {
            text = encoder.next_part().map_err(|_| Error::TooLarge)?;
        }
        Ok(text.to_ascii_uppercase())
    }

    /// The code of that number.
    pub fn code(&self, number: usize) -> Result<Code, Error> {
        Code::shown(&self.text(number)?)
    }

    /// All of it in one code, to be printed; `None` where it does not fit.
    #[must_use]
    pub fn printed(&self) -> Option<Code> {
        Code::printed(&self.whole().ok()?).ok()
    }

    fn whole(&self) -> Result<String, Error> {
        let text = ur::try_encode(&self.message, &Type::Bytes).map_err(|_| Error::TooLarge)?;
        Ok(text.to_ascii_uppercase())
    }
}
