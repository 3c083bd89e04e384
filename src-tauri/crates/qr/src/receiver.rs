use ur::Decoder;

use crate::{Error, MAX_PARTS, Pair};

/// A text longer than this is that of no code.
const MAX_TEXT: usize = 4_296;

/// Puts a pair together out of the texts of scanned codes, in any order and with repeats.
///
/// The first part says which series is meant. Nothing here takes more memory than a series may have.
#[derive(Default)]
pub struct Receiver {
    parts: Decoder,
    count: usize,
}

/// What has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// So many parts of so many.
    Some {
        /// Parts that are known by now.
        known: usize,
        /// How many there are.
        of: usize,
    },
    /// All of it.
    Done(Pair),
}

impl Receiver {
    /// Takes the text of one code. After an error everything that came before is still there, but where all parts together
    /// make no pair: then it begins anew.
    pub fn take(&mut self, text: &str) -> Result<Progress, Error> {
        let text = text.trim().to_ascii_lowercase();
        if text.len() > MAX_TEXT {
            return Err(Error::NotACode);
        }
        let body = text.strip_prefix("ur:bytes/").ok_or(Error::NotACode)?;
        let Some((place, _)) = body.split_once('/') else {
            let (_, message) = ur::decode(&text).map_err(|_| Error::Damaged)?;
            return Pair::decode(&message).map(Progress::Done);
        };
        let (number, count) = numbers(place).ok_or(Error::NotACode)?;
        // The library reserves what the head of a part says.
        if !(1..=MAX_PARTS).contains(&count) || number == 0 {
            return Err(Error::NotACode);
        }
        if self.count != 0 && self.count != count {
            return Err(Error::OtherSeries);
        }
        self.parts.receive(&text).map_err(|error| match error {
            ur::ur::Error::Fountain(ur::fountain::Error::InconsistentPart) => Error::OtherSeries,
            _ => Error::Damaged,
        })?;
        self.count = count;
        if !self.parts.complete() {
            let known = self.parts.resolved_fragment_count().unwrap_or_default();
            return Ok(Progress::Some { known, of: count });
        }
        let pair = match self.parts.message() {
            Ok(Some(message)) => Pair::decode(&message),
            _ => Err(Error::Damaged),
        };
        if pair.is_err() {
            *self = Self::default();
        }
        pair.map(Progress::Done)
    }
}

fn numbers(place: &str) -> Option<(u32, usize)> {
    let (number, count) = place.split_once('-')?;
    Some((number.parse().ok()?, count.parse().ok()?))
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("count", &self.count).finish_non_exhaustive()
    }
}
