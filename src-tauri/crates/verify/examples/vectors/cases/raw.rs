//! Bundles that no issuer writes: each item is bytes that can be replaced.

use latchkey_verify::issue::{SigningKey, Writer};
use sha2::{Digest, Sha256};

use super::set::{EXPIRES, ISSUED, TENANT, signer, text};

/// Places of the items of a body.
pub(crate) mod at {
    pub(crate) const KIND: usize = 0;
    pub(crate) const TENANT: usize = 1;
    pub(crate) const NAME: usize = 2;
    pub(crate) const SEQUENCE: usize = 3;
    pub(crate) const BASE: usize = 4;
    pub(crate) const ISSUED: usize = 5;
    pub(crate) const EXPIRES: usize = 6;
    pub(crate) const TOTAL: usize = 7;
    pub(crate) const FOREIGN: usize = 8;
    pub(crate) const API_SETS: usize = 9;
    pub(crate) const ORGANIZATIONS: usize = 10;
    pub(crate) const ACCESSES: usize = 13;
    pub(crate) const KEYS: usize = 14;
    pub(crate) const REMOVED: usize = 15;
}

/// Handles of the two keys, in order.
pub(crate) const HANDLES: [&str; 2] = ["aaaaaaaa", "bbbbbbbb"];

/// A bundle in pieces: two keys, two API sets, an organization and two accesses. Untouched, it is valid.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) begins: Vec<u8>,
    pub(crate) version: Vec<u8>,
    /// The head of the body.
    pub(crate) head: Vec<u8>,
    pub(crate) items: Vec<Vec<u8>>,
    pub(crate) after: Vec<u8>,
    pub(crate) comment: String,
}

pub(crate) fn write(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::default();
    write(&mut writer);
    writer.into_bytes()
}

pub(crate) fn number(number: u64) -> Vec<u8> {
    write(|writer| {
        writer.unsigned(number);
    })
}

pub(crate) fn texts(texts: &[&str]) -> Vec<u8> {
    write(|writer| {
        writer.array(texts.len());
        for text in texts {
            writer.text(text);
        }
    })
}

/// An array of items that are encoded already.
pub(crate) fn array(items: &[Vec<u8>]) -> Vec<u8> {
    write(|writer| {
        writer.array(items.len()).raw(&items.concat());
    })
}

/// The items of a key.
pub(crate) fn key(handle: &str, access: u64) -> Vec<Vec<u8>> {
    let digest = Sha256::digest(text(handle));
    vec![
        texts(&[handle])[1..].to_vec(),
        write(|writer| {
            writer.bytes(&digest);
        }),
        number(access),
        vec![0xf6],
        vec![0xf6],
        number(0),
    ]
}

/// The items of an access to API sets and an organization.
pub(crate) fn access(api_sets: &[u64], organization: Option<u64>) -> Vec<Vec<u8>> {
    let list = |places: &[u64]| array(&places.iter().map(|&place| number(place)).collect::<Vec<_>>());
    vec![vec![0xf4], list(api_sets), organization.map_or(vec![0xf6], number), list(&[]), list(&[])]
}

impl Raw {
    pub(crate) fn new() -> Self {
        let keys = [array(&key(HANDLES[0], 0)), array(&key(HANDLES[1], 1))];
        let items = vec![
            number(0),
            write(|writer| {
                writer.bytes(&TENANT.0);
            }),
            texts(&["Harbour"])[1..].to_vec(),
            number(42),
            vec![0xf6],
            number(ISSUED),
            number(EXPIRES),
            number(2),
            vec![0xf4],
            texts(&["billing", "files"]),
            texts(&["north"]),
            texts(&[]),
            texts(&[]),
            array(&[array(&access(&[0], None)), array(&access(&[0, 1], Some(0)))]),
            array(&keys),
            texts(&[]),
        ];
        let begins = b"\x83\x6flatchkey-bundle".to_vec();
        let comment = format!("latchkey-bundle tenant={TENANT} kind=full sequence=42 expires=2026-12-21T00:00:00Z");
        Self { begins, version: number(1), head: vec![0x90], items, after: Vec::new(), comment }
    }

    /// The same as a delta since 41, with nothing in it but a key that changed.
    pub(crate) fn delta() -> Self {
        let mut raw = Self::new().with(at::KIND, number(1)).with(at::BASE, number(41));
        raw.comment = raw.comment.replace("kind=full", "kind=delta");
        raw
    }

    pub(crate) fn with(mut self, place: usize, item: Vec<u8>) -> Self {
        self.items[place] = item;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [&self.begins, &self.version, &self.head, &self.items.concat(), &self.after]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    pub(crate) fn signed(&self) -> (Vec<u8>, String) {
        self.signed_by(&signer(1))
    }

    pub(crate) fn signed_by(&self, key: &SigningKey) -> (Vec<u8>, String) {
        let bytes = self.bytes();
        let signature = key.sign(&bytes, &self.comment);
        (bytes, signature)
    }
}
