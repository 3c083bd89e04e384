//! Whatever a camera sees, the receiver says what it is, and takes no more memory than a series has. `cargo test` runs the
//! target over its corpus and a fixed number of random inputs; see ARCHITECTURE.md for more.

use latchkey_qr::{MAX_PAIR, Progress, Receiver};

/// Random inputs in one run of the tests.
const EXECUTIONS: usize = 5_000;

#[test]
fn receiver() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let mut receiver = Receiver::default();
        for (at, piece) in bytes.split(|byte| *byte == b'\n').enumerate() {
            // As a camera hands it over; and behind a checksum that is right, as one part of three and as the whole.
            let words = ur::bytewords::encode(piece, ur::bytewords::Style::Minimal);
            let part = format!("ur:bytes/{}-3/{words}", at % 5);
            for text in [String::from_utf8_lossy(piece).into_owned(), part, format!("UR:BYTES/{words}")] {
                if let Ok(Progress::Done(pair)) = receiver.take(&text) {
                    assert!(pair.file.len() + pair.signature.len() < MAX_PAIR);
                }
            }
        }
    });
}
