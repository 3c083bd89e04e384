//! A tenant that issues bundles, in a folder.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use latchkey_key_text::checksum;
use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{Access, Endorsement, Handle, KeyStatus, PublicKey, TenantId};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

pub(crate) const NOW: u64 = 1_796_000_000;
pub(crate) const TENANT: &str = "07070707-0707-0707-0707-070707070707";

/// Keys of which tests speak.
pub(crate) const CRANE: &str = "crane001";
pub(crate) const QUAY: &str = "quay0001";
pub(crate) const GATE: &str = "gate0001";
pub(crate) const OVER: &str = "over0001";
pub(crate) const GONE: &str = "gone0001";
pub(crate) const LATER: &str = "later001";
pub(crate) const OFF: &str = "off00001";

pub(crate) struct Harbour {
    pub(crate) folder: TempDir,
    pub(crate) signer: SigningKey,
}

/// A key's text.
pub(crate) fn text(handle: &str) -> String {
    let body = format!("lk_{handle}_{}", handle.chars().cycle().take(43).collect::<String>());
    let checksum = checksum(body.as_bytes());
    format!("{body}{}", std::str::from_utf8(&checksum).unwrap())
}

pub(crate) fn key(handle: &str, api_sets: &[&str]) -> DraftKey {
    let access = Access { api_sets: ids(api_sets), ..Access::default() };
    DraftKey {
        handle: Handle::new(handle).unwrap(),
        digest: Sha256::digest(text(handle)).into(),
        access: Arc::new(access),
        not_before: None,
        expires: None,
        status: KeyStatus::Active,
    }
}

pub(crate) fn ids(ids: &[&str]) -> Vec<Arc<str>> {
    ids.iter().map(|&id| id.into()).collect()
}

pub(crate) fn revoked(handle: &str) -> DraftKey {
    DraftKey { status: KeyStatus::Revoked, ..key(handle, &["Billing"]) }
}

/// All keys of which tests speak.
pub(crate) fn keys() -> Vec<DraftKey> {
    let everything = Access {
        everything: true,
        organization: Some("Häfen, Süd".into()),
        groups: ids(&["100%", "Ärzte"]),
        permissions: ids(&["publisher"]),
        ..Access::default()
    };
    vec![
        key(CRANE, &["Billing", "files:read"]),
        key(QUAY, &["Dunning"]),
        DraftKey { access: Arc::new(everything), expires: Some(NOW + 1_000), ..key(GATE, &[]) },
        DraftKey { expires: Some(NOW - 1), ..key(OVER, &["Billing"]) },
        revoked(GONE),
        DraftKey { not_before: Some(NOW + 10), ..key(LATER, &["Billing"]) },
        DraftKey { status: KeyStatus::Disabled, ..key(OFF, &["Billing"]) },
    ]
}

pub(crate) fn draft(sequence: u64, keys: Vec<DraftKey>) -> Draft {
    Draft {
        tenant: TenantId([7; 16]),
        name: "Hafen".into(),
        sequence,
        base: None,
        issued: NOW - 100,
        expires: NOW + 100_000,
        total: keys.len(),
        foreign: false,
        keys,
        removed: vec![],
    }
}

/// So that keys are revoked.
pub(crate) fn delta(base: u64, sequence: u64, revoke: &[&str]) -> Draft {
    let keys = revoke.iter().map(|handle| revoked(handle)).collect();
    Draft { base: Some(base), total: self::keys().len(), ..draft(sequence, keys) }
}

impl Harbour {
    /// With a bundle of sequence 10.
    pub(crate) fn new() -> Self {
        let harbour = Self { folder: tempfile::tempdir().unwrap(), signer: SigningKey::from_seed(&[1; 32]) };
        harbour.put("bundle", &draft(10, keys()));
        harbour
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn signed(&self, draft: &Draft) -> (Vec<u8>, String) {
        draft.sign(&self.signer).unwrap()
    }

    /// As people do it: first the file, then its signature, each in one step.
    pub(crate) fn put(&self, name: &str, draft: &Draft) {
        let (file, signature) = self.signed(draft);
        self.replace(name, &file);
        self.replace(&format!("{name}.minisig"), signature.as_bytes());
    }

    /// From now on another key signs, which the one before endorses in the file of this name.
    pub(crate) fn rotate(&mut self, name: &str, sequence: u64, seed: u8) {
        let next = SigningKey::from_seed(&[seed; 32]);
        let key = next.public_key();
        let endorsement = Endorsement { tenant: TenantId([7; 16]), sequence, issued: NOW - 100, key };
        let (file, signature) = self.signer.endorse(&endorsement).unwrap();
        self.replace(name, &file);
        self.replace(&format!("{name}.minisig"), signature.as_bytes());
        self.signer = next;
    }

    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("new"), bytes).unwrap();
        fs::rename(self.path("new"), self.path(name)).unwrap();
    }
}
