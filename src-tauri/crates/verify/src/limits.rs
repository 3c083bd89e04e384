//! Figures of the format: see `docs/bundle-format.md`.

/// The most bytes that a bundle has.
pub const MAX_FILE: usize = 256 * 1024 * 1024;
/// The most bytes that an endorsement has.
pub const MAX_ENDORSEMENT: usize = 1_024;
/// The most bytes that a signature file has.
pub const MAX_SIGNATURE: usize = 2_048;
/// The most keys, and the most removed handles.
pub const MAX_KEYS: usize = 4_000_000;
/// The most accesses.
pub const MAX_ACCESSES: usize = 1_000_000;
/// The most entries of a table of identifiers.
pub const MAX_TABLE: usize = 65_535;
/// The most bytes of an identifier.
pub const MAX_ID: usize = 255;
/// The most bytes of a tenant's name.
pub const MAX_NAME: usize = 800;
/// The greatest sequence: what a double-precision number counts to.
pub const MAX_NUMBER: u64 = (1 << 53) - 1;
/// The last second of the year 9999.
pub const MAX_TIME: u64 = 253_402_300_799;
/// How many seconds a clock may be before the newest bundle was issued.
pub const CLOCK_TOLERANCE: u64 = 300;
/// The fewest and the most bytes of a foreign key's text.
pub const FOREIGN_LEN: std::ops::RangeInclusive<usize> = 8..=4_096;

/// What a bundle begins with: an array of three, and the text that says what it is.
pub(crate) const BUNDLE_BEGINS: &[u8] = b"\x83\x6flatchkey-bundle";
/// What an endorsement begins with.
pub(crate) const ENDORSEMENT_BEGINS: &[u8] = b"\x83\x74latchkey-endorsement";
/// The version of both that is described.
pub(crate) const VERSION: u64 = 1;
