use std::fmt;

use base64ct::{Base64, Encoding};
use blake2::{Blake2b512, Digest as _};
use ed25519_dalek::Signer;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Writer;
use crate::endorsement::Endorsement;
use crate::error::Result;
use crate::limits::{ENDORSEMENT_BEGINS, VERSION};
use crate::signature::{
    ALGORITHM, PREHASHED, PUBLIC_LEN, PublicKey, SIGNATURE_LEN, TRUSTED, UNTRUSTED, endorsement_comment,
};

/// What stands before the number of the key in the untrusted comment.
const BY: &str = "signed by Latchkey with ";

/// A tenant's signing key. Wiped when dropped.
///
/// The key number is the first eight bytes of the SHA-256 of the public key: the seed alone brings all of it back.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    number: [u8; 8],
}

impl SigningKey {
    /// How many bytes a seed has.
    pub const SEED_LEN: usize = 32;

    /// From 32 random bytes, which the caller keeps where secrets are kept.
    #[must_use]
    pub fn from_seed(seed: &[u8; Self::SEED_LEN]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let digest: [u8; 32] = Sha256::digest(key.verifying_key().as_bytes()).into();
        let mut number = [0; 8];
        number.copy_from_slice(&digest[..8]);
        Self { key, number }
    }

    /// What verifiers are told.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; PUBLIC_LEN];
        bytes[..2].copy_from_slice(ALGORITHM);
        bytes[2..10].copy_from_slice(&self.number);
        bytes[10..].copy_from_slice(self.key.verifying_key().as_bytes());
        // It begins with the algorithm.
        PublicKey::of(bytes)
    }

    /// The contents of the signature file: minisign's format, hashed first.
    #[must_use]
    pub fn sign(&self, file: &[u8], comment: &str) -> String {
        let signature = self.key.sign(&Blake2b512::digest(file)).to_bytes();
        let mut second = [0; SIGNATURE_LEN];
        second[..2].copy_from_slice(PREHASHED);
        second[2..10].copy_from_slice(&self.number);
        second[10..].copy_from_slice(&signature);
        let global = self.key.sign(&[signature.as_slice(), comment.as_bytes()].concat()).to_bytes();
        let (second, fourth) = (Base64::encode_string(&second), Base64::encode_string(&global));
        let by = self.public_key().number();
        format!("{UNTRUSTED}{BY}{by}\n{second}\n{TRUSTED}{comment}\n{fourth}\n")
    }

    /// Signs that another key takes this one's place: the file and its signature. `endorsement.key` is the new key.
    pub fn endorse(&self, endorsement: &Endorsement) -> Result<(Vec<u8>, String)> {
        let Endorsement { tenant, sequence, issued, key } = endorsement;
        let mut writer = Writer::default();
        writer.raw(ENDORSEMENT_BEGINS).unsigned(VERSION).array(4);
        writer.bytes(&tenant.0).unsigned(*sequence).unsigned(*issued).bytes(key.as_bytes());
        let file = writer.into_bytes();
        let signature = self.sign(&file, &endorsement_comment(*tenant, *sequence, key));
        // What no verifier takes is not handed out.
        Endorsement::open(&file, signature.as_bytes(), &self.public_key())?;
        Ok((file, signature))
    }

    /// The seed, to be kept where secrets are kept.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; Self::SEED_LEN]> {
        Zeroizing::new(self.key.to_bytes())
    }
}

/// How many bytes [`SigningKey::sign`] answers with, whatever is signed.
pub(super) fn signature_len(comment: &str) -> usize {
    // The number of the key has 16 digits, the two signatures in base64 100 and 88; each of the four lines ends.
    UNTRUSTED.len() + BY.len() + 16 + 100 + TRUSTED.len() + comment.len() + 88 + 4
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public_key().number())
    }
}
