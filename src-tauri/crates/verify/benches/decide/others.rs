//! What the verifier is compared with.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::process::Command;

use prefixed_api_key::{PrefixedApiKey, PrefixedApiKeyController};
use sha2::{Digest, Sha256};

use crate::sample::Sample;

/// A digest is hash enough.
#[derive(Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}

/// The limit: SHA-256 and a look-up, and nothing is known of the key but that it is there.
pub(crate) struct Bare(HashMap<[u8; 32], u32, BuildHasherDefault<FirstBytes>>);

pub(crate) fn bare(sample: &Sample) -> Bare {
    Bare((0..).zip(&sample.texts).map(|(number, text)| (Sha256::digest(text).into(), number)).collect())
}

impl Bare {
    pub(crate) fn has(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text).into();
        self.0.contains_key(&digest)
    }
}

/// The crate `prefixed-api-key` as its documentation uses it: parse, look the short token up, check the long one's digest.
pub(crate) struct Prefixed<C> {
    check: C,
    digests: HashMap<String, String>,
}

/// So many keys, and the texts of some of them.
pub(crate) fn prefixed(keys: u32, asked: usize) -> (Vec<String>, Prefixed<impl Fn(&PrefixedApiKey, &str) -> bool>) {
    let controller = PrefixedApiKeyController::configure().prefix("lk".to_owned()).seam_defaults().finalize().unwrap();
    let (mut texts, mut digests) = (Vec::new(), HashMap::new());
    for number in 0..keys {
        let (key, digest) = controller.generate_key_and_hash();
        if (number as usize) < asked {
            texts.push(key.to_string());
        }
        digests.insert(key.short_token().to_owned(), digest);
    }
    (texts, Prefixed { check: move |key: &PrefixedApiKey, digest: &str| controller.check_hash(key, digest), digests })
}

impl<C: Fn(&PrefixedApiKey, &str) -> bool> Prefixed<C> {
    pub(crate) fn has(&self, text: &str) -> bool {
        let Ok(key) = PrefixedApiKey::from_string(text) else { return false };
        self.digests.get(key.short_token()).is_some_and(|digest| (self.check)(&key, digest))
    }
}

/// The Python verifier over the same bundle.
pub(crate) fn python(folder: &Path) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/decide/python.py");
    let verifiers = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/verifiers");
    let output = Command::new("python3").arg(script).arg(verifiers).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{}", String::from_utf8_lossy(&output.stdout));
}
