//! Verifier bundles on their way over a gap that nothing but light crosses: a bundle and its signature as QR codes, and
//! back. `docs/bundle-format.md` says what a code carries.
//!
//! **Architecture invariants:** a leaf. It knows neither files nor profiles, reads no bundle and believes nothing: what comes
//! out is what went in, or an error. Whoever receives a pair checks its signature as that of any other.

mod code;
mod page;
mod pair;
mod receiver;
mod series;

pub use code::Code;
pub use page::Page;
pub use pair::{MAX_PAIR, Pair};
pub use receiver::{Progress, Receiver};
pub use series::{MAX_PARTS, Series};

/// Why something is no code, or none of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Both files together have more bytes than are shown as codes.
    #[error("it has more than {MAX_PAIR} bytes")]
    TooLarge,
    /// The text is none of a code that is meant here.
    #[error("it is no text of a bundle's code")]
    NotACode,
    /// The text was changed, or read wrongly.
    #[error("its checksum is wrong")]
    Damaged,
    /// The code is one of another series than those before.
    #[error("it is of another series")]
    OtherSeries,
    /// What the codes carry is no bundle with its signature.
    #[error("what they carry is no bundle with its signature")]
    NotAPair,
}
