//! A tenant's public key as an argument.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use latchkey_verify::PublicKey;

/// The most bytes of minisign's file.
const MOST: u64 = 4_096;

/// Minisign's public key, as text or in a file.
pub(crate) fn parse(argument: &str) -> Result<PublicKey> {
    if let Ok(key) = argument.trim().parse() {
        return Ok(key);
    }
    let path = Path::new(argument);
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(wrong(format!("`{argument}` is neither a public key nor a file.")));
        }
        Err(cause) => return Err(Error::io("read the public key from", path, &cause)),
    };
    let key = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
    key.ok_or_else(|| wrong(format!("{} has no public key of minisign.", path.display())))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wrong(message: String) -> Error {
    Error::new(ErrorCode::InvalidInput, message).hint(
        "Give the 56 characters that begin with RW, or the file that minisign and `latchkey bundle public-key` write.",
    )
}
