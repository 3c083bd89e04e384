//! The old key signs the new one.

use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::limits::{ENDORSEMENT_BEGINS, MAX_ENDORSEMENT, MAX_NUMBER, MAX_TIME, VERSION};
use crate::reader::Reader;
use crate::signature::{PublicKey, endorsement_comment};

/// A statement that another key takes a key's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Whose key this is.
    pub tenant: TenantId,
    /// The tenant's sequence at that moment.
    pub sequence: u64,
    /// When it was issued, in seconds since 1970.
    pub issued: u64,
    /// The new key.
    pub key: PublicKey,
}

impl Endorsement {
    /// Checks the signature with the old key and reads the file, strictly.
    pub fn open(file: &[u8], signature: &[u8], old: &PublicKey) -> Result<Self> {
        if file.len() > MAX_ENDORSEMENT {
            return Err(Error::TooLarge);
        }
        let comment = old.check(file, signature)?;
        let read = Self::read(file)?;
        let expected = endorsement_comment(read.tenant, read.sequence, &read.key);
        if comment == expected { Ok(read) } else { Err(Error::CommentDiffers) }
    }

    /// Reads the file without a look at its signature: nothing of it is to be believed.
    pub fn peek(file: &[u8]) -> Result<Self> {
        if file.len() > MAX_ENDORSEMENT { Err(Error::TooLarge) } else { Self::read(file) }
    }

    fn read(file: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(file);
        reader.begins(ENDORSEMENT_BEGINS)?;
        if reader.unsigned(u64::MAX)? != VERSION {
            return Err(Error::UnknownVersion);
        }
        reader.fixed_array(4)?;
        let tenant = TenantId(reader.bytes()?);
        let sequence = reader.unsigned(MAX_NUMBER)?;
        let issued = reader.unsigned(MAX_TIME)?;
        let key = PublicKey::from_bytes(reader.bytes()?).map_err(|_| Error::Malformed)?;
        reader.end()?;
        Ok(Self { tenant, sequence, issued, key })
    }
}
