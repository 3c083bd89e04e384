//! From bytes to text, whatever program wrote them.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use zeroize::Zeroizing;

use crate::Refused;

/// Decodes a file: by its byte order mark, else UTF-16 where every other byte is zero, else UTF-8, else Windows' Latin-1.
///
/// What a broken program left (lone surrogates, half characters) becomes U+FFFD, so that one line spoils no other.
pub(crate) fn decode(bytes: &[u8]) -> Result<Zeroizing<String>, Refused> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (unmarked(bytes), 0));
    let bytes = &bytes[mark..];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    // Large enough from the start: a buffer that grows leaves its old bytes behind unwiped.
    let capacity = decoder.max_utf8_buffer_length(bytes.len()).ok_or(Refused::TooLarge { max: crate::MAX_FILE })?;
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    let (_, read, _) = decoder.decode_to_string(bytes, &mut text, true);
    debug_assert_eq!(read, bytes.len(), "the buffer has room for the longest answer");
    if text.chars().any(is_no_text) { Err(Refused::Binary) } else { Ok(text) }
}

fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => {}
        // Text of Western languages in UTF-16 has a zero in most pairs, always on the same side.
        (0, some) if 4 * some >= bytes.len() => return UTF_16LE,
        (some, 0) if 4 * some >= bytes.len() => return UTF_16BE,
        _ => return UTF_8,
    }
    if std::str::from_utf8(bytes).is_ok() || has_surrogate(bytes) { UTF_8 } else { WINDOWS_1252 }
}

/// A surrogate that was written in the manner of UTF-8, which no Latin-1 text has by chance.
fn has_surrogate(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|part| matches!(part, [0xED, 0xA0..=0xBF, 0x80..=0xBF]))
}

/// Control characters that text files do not have. A form feed and the old end mark of DOS are as good as blanks.
fn is_no_text(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}')
}
