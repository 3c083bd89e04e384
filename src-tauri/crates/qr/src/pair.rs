use minicbor::{Decoder, Encoder};

use crate::Error;

/// The most bytes that a pair has, as codes carry it: some 300 keys, or half a minute before a camera.
pub const MAX_PAIR: usize = 16 * 1_024;

/// What the contents begin with, so that nobody takes other bytes for them.
const NAME: &str = "latchkey-pair";
/// The version of the contents that is described.
const VERSION: u8 = 1;

/// A bundle and its signature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The bundle, whatever is in it.
    pub file: Vec<u8>,
    /// Its signature file.
    pub signature: Vec<u8>,
}

impl Pair {
    /// How many bytes a pair takes in codes whose files have so many.
    #[must_use]
    pub fn len_of(file: usize, signature: usize) -> usize {
        let head = |len: usize| match len {
            0..24 => 1,
            24..0x100 => 2,
            0x100..0x1_0000 => 3,
            _ => 5,
        };
        // The array, its name and its version, then both files.
        let inside = 1 + 1 + NAME.len() + 1 + head(file) + file + head(signature) + signature;
        head(inside) + inside
    }

    /// What codes carry: a byte string in CBOR, for that is what the type `bytes` is, and in it the two.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut inside = Encoder::new(Vec::new());
        let written = inside
            .array(4)
            .and_then(|to| to.str(NAME))
            .and_then(|to| to.u8(VERSION))
            .and_then(|to| to.bytes(&self.file))
            .and_then(|to| to.bytes(&self.signature))
            .map(drop);
        written.map_err(|_| Error::NotAPair)?;
        let mut outside = Encoder::new(Vec::new());
        outside.bytes(inside.writer()).map_err(|_| Error::NotAPair)?;
        let bytes = outside.into_writer();
        if bytes.len() > MAX_PAIR { Err(Error::TooLarge) } else { Ok(bytes) }
    }

    /// Reads that. There is one encoding only: what deviates from it is no pair.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let pair = Self::read(bytes).map_err(|_| Error::NotAPair)?;
        if pair.encode().is_ok_and(|encoded| encoded == bytes) { Ok(pair) } else { Err(Error::NotAPair) }
    }

    fn read(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        let mut inside = Decoder::new(Decoder::new(bytes).bytes()?);
        // What the head says is compared with what this would write, so it need not be looked at here.
        inside.array()?;
        inside.str()?;
        inside.u8()?;
        Ok(Self { file: inside.bytes()?.to_vec(), signature: inside.bytes()?.to_vec() })
    }
}
