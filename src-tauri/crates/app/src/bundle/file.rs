//! Files that are read where nobody knows yet whether they can be believed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_verify::{PublicKey, limits};

use super::not_believed;
use super::pair::signature_of;
use crate::error::{Error, Result};

/// The most bytes of a file with a public key.
const MAX_KEY: usize = 4_096;

/// A bundle and what lies beside it as its signature.
pub(super) struct PairBytes {
    pub(super) file: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl PairBytes {
    pub(super) fn read(bundle: &Path) -> Result<Self> {
        // The signature first: where a new pair takes the place of an old one meanwhile, the two do not fit, and are refused.
        let signature = read_within(&signature_of(bundle), limits::MAX_SIGNATURE)?;
        Ok(Self { signature, file: bundle_bytes(bundle)? })
    }
}

pub(super) fn bundle_bytes(bundle: &Path) -> Result<Vec<u8>> {
    let bytes = read_within(bundle, limits::MAX_FILE)?;
    if bytes.len() > limits::MAX_FILE { Err(not_believed(latchkey_verify::Error::TooLarge)) } else { Ok(bytes) }
}

/// All there is, and of what is too large one byte more than `most`, so that it is seen.
pub(super) fn read_within(path: &Path, most: usize) -> Result<Vec<u8>> {
    let failed = |cause: io::Error| Error::io("read", path, &cause);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// The public key that somebody trusts: minisign's, as text or in the file of this name. Fails with `invalid_input` on
/// `public_key`.
pub fn trusted_key(text: &str) -> Result<PublicKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let problem = || Error::from(FieldProblem { name: Field::PublicKey, rule: Rule::NotAPublicKey });
    let path = Path::new(text.trim());
    if !path.is_file() {
        return Err(problem());
    }
    let bytes = read_within(path, MAX_KEY)?;
    std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).ok_or_else(problem)
}
