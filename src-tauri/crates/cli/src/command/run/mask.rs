//! Masking secrets in a stream, wherever the stream is cut.

use std::io::{self, Write};
use std::ops::Range;

use latchkey_domain::key_format;
use latchkey_domain::secret::Secret;
use memchr::memmem;
use zeroize::Zeroizing;

/// The secrets to be masked, each with what stands in its place.
pub(super) struct Mask(Vec<(Secret, String)>);

/// A stretch of text that is masked.
struct Hit<'a> {
    at: Range<usize>,
    shown: &'a str,
}

impl Mask {
    pub(super) fn new(secrets: Vec<Secret>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| !secret.expose().is_empty());
        Self(secrets.map(|secret| (shown(&secret), secret)).map(|(shown, secret)| (secret, shown)).collect())
    }

    /// Every place of a secret in `text`, in order. Places that overlap are one.
    fn hits(&self, text: &[u8]) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        for (secret, shown) in &self.0 {
            let secret = secret.expose().as_bytes();
            let finder = memmem::Finder::new(secret);
            let mut from = 0;
            while let Some(at) = finder.find(&text[from..]) {
                hits.push(Hit { at: from + at..from + at + secret.len(), shown });
                from += at + 1;
            }
        }
        hits.sort_by_key(|hit| hit.at.start);
        let mut apart: Vec<Hit<'_>> = Vec::new();
        for hit in hits {
            match apart.last_mut() {
                Some(last) if hit.at.start < last.at.end => last.at.end = last.at.end.max(hit.at.end),
                _ => apart.push(hit),
            }
        }
        apart
    }

    /// How many bytes at the end of `text` may be the beginning of a secret.
    fn unfinished(&self, text: &[u8]) -> usize {
        let longest = |secret: &[u8]| {
            (1..secret.len().min(text.len() + 1)).rev().find(|&length| text.ends_with(&secret[..length])).unwrap_or(0)
        };
        self.0.iter().map(|(secret, _)| longest(secret.expose().as_bytes())).max().unwrap_or(0)
    }

    fn longest(&self) -> usize {
        self.0.iter().map(|(secret, _)| secret.expose().len()).max().unwrap_or(0)
    }
}

/// What stands in place of a secret: the part of it that is no secret, and stars.
fn shown(secret: &Secret) -> String {
    key_format::parse(secret.expose())
        .map_or_else(|| "***".to_owned(), |key| format!("{}_{}_***", key.prefix, key.handle))
}

/// Masks one stream. It holds back only what may be the beginning of a secret, so that prompts appear at once.
pub(super) struct Masking<'a> {
    mask: &'a Mask,
    held: Zeroizing<Vec<u8>>,
}

impl<'a> Masking<'a> {
    /// For a stream that comes in pieces of at most `chunk` bytes.
    pub(super) fn new(mask: &'a Mask, chunk: usize) -> Self {
        // Large enough from the start: a buffer that grows leaves its old bytes behind unwiped.
        Self { mask, held: Zeroizing::new(Vec::with_capacity(chunk + 2 * mask.longest())) }
    }

    /// Takes the next bytes of the stream and writes what can be written.
    pub(super) fn write(&mut self, bytes: &[u8], to: &mut impl Write) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        let decided = self.held.len() - self.mask.unfinished(&self.held);
        self.write_until(decided, to)
    }

    /// The stream has ended: what was held back is no beginning any more.
    pub(super) fn finish(&mut self, to: &mut impl Write) -> io::Result<()> {
        self.write_until(self.held.len(), to)
    }

    fn write_until(&mut self, decided: usize, to: &mut impl Write) -> io::Result<()> {
        let hits = self.mask.hits(&self.held);
        // A secret whose end may be the beginning of another one waits for what follows.
        let cut = hits.iter().find(|hit| hit.at.contains(&decided)).map_or(decided, |hit| hit.at.start);
        let mut written = 0;
        for hit in hits.iter().take_while(|hit| hit.at.start < cut) {
            to.write_all(&self.held[written..hit.at.start])?;
            to.write_all(hit.shown.as_bytes())?;
            written = hit.at.end;
        }
        to.write_all(&self.held[written..cut])?;
        self.held.drain(..cut);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use latchkey_domain::secret::Secret;
    use proptest::prelude::*;

    use super::{Mask, Masking};

    fn masked(secrets: &[&str], pieces: &[&[u8]]) -> Vec<u8> {
        let mask = Mask::new(secrets.iter().map(|text| Secret::new((*text).to_owned())).collect());
        let mut masking = Masking::new(&mask, 8);
        let mut out = Vec::new();
        for piece in pieces {
            masking.write(piece, &mut out).unwrap();
        }
        masking.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_secret_is_masked_wherever_it_is_cut() {
        for at in 0..=6 {
            let (start, end) = "secret".split_at(at);
            let pieces = [b"a " as &[u8], start.as_bytes(), end.as_bytes(), b" b"];
            assert_eq!(masked(&["secret"], &pieces), b"a *** b", "{at}");
        }
    }

    #[test]
    fn nothing_but_a_possible_beginning_is_held_back() {
        let mask = Mask::new(vec![Secret::new("secret".into())]);
        let mut masking = Masking::new(&mask, 8);
        let mut out = Vec::new();
        masking.write(b"password? ", &mut out).unwrap();
        assert_eq!(out, b"password? ");
        masking.write(b"yes", &mut out).unwrap();
        assert_eq!(out, b"password? ye");
        masking.write(b"!", &mut out).unwrap();
        assert_eq!(out, b"password? yes!");
    }

    #[test]
    fn of_two_secrets_that_begin_alike_both_are_masked() {
        assert_eq!(masked(&["abc", "abcdef"], &[b"x abcdef abc y"]), b"x *** *** y");
    }

    #[test]
    fn secrets_that_overlap_are_masked_together() {
        assert_eq!(masked(&["abc", "cde"], &[b"x abcde y"]), b"x *** y");
        assert_eq!(masked(&["aa"], &[b"x aaa y"]), b"x *** y");
        assert_eq!(masked(&["abc", "abcdef"], &[b"x abc", b"def y"]), b"x *** y");
        assert_eq!(masked(&["abc", "cde"], &[b"x ab", b"c", b"d", b"x"]), b"x ***dx");
    }

    #[test]
    fn what_is_no_text_comes_through_as_it_is() {
        let bytes: Vec<u8> = (0..=255).chain([0xff, b's', b'e', b'c', 0, 0xc3]).collect();
        assert_eq!(masked(&["secret"], &[&bytes]), bytes);
    }

    #[test]
    fn a_key_is_shown_by_its_handle() {
        let key = "lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN";
        assert_eq!(masked(&[key], &[format!("<{key}>").as_bytes()]), b"<lk_8fK2pQ7z_***>");
        let mistyped = key.replace('8', "9");
        assert_eq!(masked(&[&mistyped], &[mistyped.as_bytes()]), b"***", "whatever it is, it has no handle");
    }

    proptest! {
        /// Cutting makes no difference, and nothing else changes.
        #[test]
        fn cutting_makes_no_difference(text in "[abs]{0,40}", cuts in proptest::collection::vec(0_usize..40, 0..6)) {
            let whole = text.replace("sab", "***");
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([text.len()]) {
                pieces.push(&text.as_bytes()[from..cut]);
                from = cut;
            }
            prop_assert_eq!(masked(&["sab"], &pieces), whole.as_bytes());
        }
    }
}
