//! A tenant with many keys, the same each time.

use std::path::Path;
use std::sync::Arc;

use latchkey_key_text::{ALPHABET, checksum};
use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{Access, Handle, KeyStatus, Memory, TenantId};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};

pub(crate) const NOW: u64 = 1_796_000_000;

pub(crate) struct Sample {
    signer: SigningKey,
    pub(crate) texts: Vec<String>,
    keys: Vec<DraftKey>,
    pub(crate) file: Vec<u8>,
    pub(crate) signature: String,
}

impl Sample {
    pub(crate) fn new(count: u32) -> Self {
        let mut rng = StdRng::seed_from_u64(7);
        let signer = SigningKey::from_seed(&[1; 32]);
        // A hundred ways of what keys may do.
        let accesses: Vec<Arc<Access>> = (0..100).map(|number| Arc::new(access(number))).collect();
        let texts: Vec<String> = (0..count).map(|_| text(&mut rng)).collect();
        let keys: Vec<DraftKey> = texts.iter().map(|text| key(text, &accesses[rng.random_range(0..100)])).collect();
        let (file, signature) = draft(keys.clone(), None, keys.len()).sign(&signer).unwrap();
        Self { signer, texts, keys, file, signature }
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory::new(self.signer.public_key())
    }

    /// For other processes.
    pub(crate) fn write(&self, folder: &Path) {
        std::fs::write(folder.join("bundle"), &self.file).unwrap();
        std::fs::write(folder.join("bundle.minisig"), &self.signature).unwrap();
        std::fs::write(folder.join("key"), self.signer.public_key().to_string()).unwrap();
        std::fs::write(folder.join("texts"), self.shuffled(100_000).join("\n")).unwrap();
    }

    /// So many changes: half of them keys that were revoked, a quarter new ones, a quarter gone.
    pub(crate) fn delta(&self, changes: usize) -> (Vec<u8>, String) {
        let mut rng = StdRng::seed_from_u64(8);
        let (half, quarter) = (changes / 2, changes / 4);
        let step = self.keys.len() / changes;
        let revoked =
            self.keys.iter().step_by(step).take(half).map(|key| DraftKey { status: KeyStatus::Revoked, ..key.clone() });
        let new = (0..quarter).map(|_| key(&text(&mut rng), &self.keys[0].access));
        let gone = self.keys.iter().skip(1).step_by(step).take(quarter).map(|key| key.handle).collect();
        let draft =
            Draft { removed: gone, sequence: 43, ..draft(revoked.chain(new).collect(), Some(42), self.keys.len()) };
        draft.sign(&self.signer).unwrap()
    }

    /// Texts of valid keys in no order.
    pub(crate) fn shuffled(&self, count: usize) -> Vec<String> {
        let mut texts: Vec<&String> = self.texts.iter().collect();
        texts.shuffle(&mut StdRng::seed_from_u64(9));
        // One behind the other in memory, as a text that just came is near, too.
        texts.into_iter().take(count).cloned().collect()
    }

    /// Ways in which a text is no key.
    pub(crate) fn malformed(&self) -> [(&'static str, Vec<String>); 4] {
        let texts = &self.texts[..100_000];
        let changed = |change: &dyn Fn(&str) -> String| texts.iter().map(|text| change(text)).collect();
        [
            ("another length", changed(&|text| text[..text.len() - 1].to_owned())),
            ("another character", changed(&|text| text.replacen('_', "-", 1))),
            ("a blank near the end", changed(&|text| format!("{} {}", &text[..50], &text[51..]))),
            (
                "a wrong checksum",
                changed(&|text| format!("{}{}", &text[..text.len() - 1], if text.ends_with('0') { '1' } else { '0' })),
            ),
        ]
    }

    /// Well-formed keys of somebody else.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let mut rng = StdRng::seed_from_u64(10);
        (0..self.texts.len() / 10).map(|_| text(&mut rng)).collect()
    }
}

/// What [`Sample::write`] wrote.
pub(crate) fn read(folder: &Path) -> (Memory, Vec<u8>, Vec<u8>) {
    let file = std::fs::read(folder.join("bundle")).unwrap();
    let signature = std::fs::read(folder.join("bundle.minisig")).unwrap();
    let key = std::fs::read_to_string(folder.join("key")).unwrap();
    (Memory::new(key.parse().unwrap()), file, signature)
}

fn draft(keys: Vec<DraftKey>, base: Option<u64>, total: usize) -> Draft {
    Draft {
        tenant: TenantId([7; 16]),
        name: "Harbour".into(),
        sequence: 42,
        base,
        issued: NOW - 60,
        expires: NOW + 60,
        total,
        foreign: false,
        keys,
        removed: Vec::new(),
    }
}

fn access(number: usize) -> Access {
    let chosen =
        |of: &str, count: usize| (0..count).map(|place| format!("{of}:{}", (number + place) % 20).into()).collect();
    Access {
        everything: false,
        api_sets: chosen("files", 1 + number % 5),
        organization: Some(format!("organization-{}", number % 10).into()),
        groups: chosen("group", number % 3),
        permissions: chosen("permission", number % 4),
    }
}

fn key(text: &str, access: &Arc<Access>) -> DraftKey {
    DraftKey {
        handle: Handle::new(&text[3..11]).unwrap(),
        digest: Sha256::digest(text).into(),
        access: Arc::clone(access),
        not_before: None,
        expires: Some(NOW + 86_400),
        status: KeyStatus::Active,
    }
}

fn text(rng: &mut StdRng) -> String {
    let mut digits = |count| (0..count).map(|_| char::from(ALPHABET[rng.random_range(0..62)])).collect::<String>();
    let covered = format!("lk_{}_{}", digits(8), digits(43));
    let checksum = checksum(covered.as_bytes());
    covered + std::str::from_utf8(&checksum).unwrap()
}
