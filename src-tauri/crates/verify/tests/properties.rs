//! Random histories of a tenant: what a verifier decides is what the tenant would, whichever way the bundles came.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{
    Access, BundleFile, Decision, Error, Handle, KeyStatus, Memory, Reason, Refused, TenantId, Valid, Verifier,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const HANDLES: u8 = 12;
const LIFE: u64 = 400;

/// What happens to a tenant.
#[derive(Debug, Clone)]
enum Happens {
    Issue {
        handle: u8,
        ends_in: Option<u64>,
        begins_in: Option<u64>,
        api_sets: u8,
    },
    Revoke(u8),
    Disable(u8),
    Enable(u8),
    /// A successor takes its place; it ends after an overlap.
    Rotate {
        old: u8,
        new: u8,
        overlap: u64,
    },
    Change {
        handle: u8,
        api_sets: u8,
    },
    Delete(u8),
    Time(u64),
    Full,
    /// A delta since the export that was so many exports ago.
    Delta(usize),
    /// Somebody brings an older file.
    Older(usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    let handle = 0..HANDLES;
    prop_oneof![
        4 => (handle.clone(), proptest::option::of(1..300_u64), proptest::option::of(1..100_u64), 0..8_u8)
            .prop_map(|(handle, ends_in, begins_in, api_sets)| Happens::Issue { handle, ends_in, begins_in, api_sets }),
        1 => handle.clone().prop_map(Happens::Revoke),
        1 => handle.clone().prop_map(Happens::Disable),
        1 => handle.clone().prop_map(Happens::Enable),
        1 => (handle.clone(), handle.clone(), 0..200_u64).prop_map(|(old, new, overlap)| Happens::Rotate { old, new, overlap }),
        1 => (handle.clone(), 0..8_u8).prop_map(|(handle, api_sets)| Happens::Change { handle, api_sets }),
        1 => handle.prop_map(Happens::Delete),
        3 => (1..150_u64).prop_map(Happens::Time),
        1 => Just(Happens::Full),
        3 => (0..4_usize).prop_map(Happens::Delta),
        1 => (0..4_usize).prop_map(Happens::Older),
    ]
}

/// A tenant, as Latchkey keeps it.
struct Tenant {
    keys: BTreeMap<Handle, DraftKey>,
    /// When each handle changed last, by sequence.
    changed: BTreeMap<Handle, u64>,
    sequence: u64,
    /// Handles are issued again after a deletion; texts never are.
    issued: u64,
    texts: BTreeMap<String, Handle>,
}

impl Tenant {
    fn change(&mut self, handle: Handle, change: impl FnOnce(&mut Option<DraftKey>)) {
        let mut key = self.keys.remove(&handle);
        change(&mut key);
        self.sequence += 1;
        self.changed.insert(handle, self.sequence);
        if let Some(key) = key {
            self.keys.insert(handle, key);
        }
    }

    fn edit(&mut self, number: u8, edit: impl FnMut(&mut DraftKey)) {
        let handle = handle(number);
        if self.keys.contains_key(&handle) {
            self.change(handle, |key| key.iter_mut().for_each(edit));
        }
    }

    fn issue(&mut self, number: u8, times: (Option<u64>, Option<u64>), api_sets: u8) {
        let handle = handle(number);
        self.issued += 1;
        let text = text(handle, self.issued);
        let digest = Sha256::digest(&text).into();
        self.texts.insert(text, handle);
        let (not_before, expires) = times;
        let status = KeyStatus::Active;
        let key = DraftKey { handle, digest, access: access(api_sets), not_before, expires, status };
        self.change(handle, |old| *old = Some(key));
    }

    fn export(&self, base: Option<u64>, now: u64) -> Draft {
        let is_new = |handle: &Handle| base.is_none_or(|base| self.changed[handle] > base);
        let keys = self.keys.values().filter(|key| is_new(&key.handle)).cloned().collect();
        let gone = |handle: &Handle| base.is_some() && is_new(handle) && !self.keys.contains_key(handle);
        Draft {
            tenant: TenantId([7; 16]),
            name: "Harbour".into(),
            sequence: self.sequence,
            base,
            issued: now,
            expires: now + LIFE,
            total: self.keys.len(),
            foreign: false,
            keys,
            removed: self.changed.keys().filter(|handle| gone(handle)).copied().collect(),
        }
    }
}

fn handle(number: u8) -> Handle {
    Handle::new(&format!("handle{number:02}")).unwrap()
}

fn text(handle: Handle, number: u64) -> String {
    let covered = format!("lk_{handle}_{number:043}");
    let checksum = latchkey_key_text::checksum(covered.as_bytes());
    covered + std::str::from_utf8(&checksum).unwrap()
}

fn access(api_sets: u8) -> Arc<Access> {
    let chosen = (0..3).filter(|bit| api_sets & (1 << bit) != 0).map(|bit| format!("set{bit}").into());
    Arc::new(Access { api_sets: chosen.collect(), ..Access::default() })
}

/// What the tenant says about a text at the moment of its export, at a later time.
fn expected(
    keys: &BTreeMap<Handle, DraftKey>,
    text: &str,
    handle: Handle,
    (sequence, issued): (u64, u64),
    now: u64,
) -> Decision {
    let refused = |reason| Decision::Refused(Refused { reason, handle: Some(handle), sequence });
    let digest: [u8; 32] = Sha256::digest(text).into();
    let Some(key) = keys.get(&handle).filter(|key| key.digest == digest) else { return refused(Reason::Unknown) };
    match key.status {
        KeyStatus::Revoked => refused(Reason::Revoked),
        KeyStatus::Disabled => refused(Reason::Disabled),
        KeyStatus::Active if key.expires.is_some_and(|end| now >= end) => refused(Reason::Expired),
        KeyStatus::Active if key.not_before.is_some_and(|begin| now < begin) => refused(Reason::NotYetValid),
        KeyStatus::Active if now >= issued + LIFE => refused(Reason::BundleExpired),
        KeyStatus::Active => {
            Decision::Valid(Valid { handle, access: Arc::clone(&key.access), expires: key.expires, sequence })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_verifier_decides_as_the_tenant_does(history in proptest::collection::vec(happens(), 1..60)) {
        let signer = SigningKey::from_seed(&[1; 32]);
        let mut tenant = Tenant {
            keys: BTreeMap::new(), changed: BTreeMap::new(), sequence: 0, issued: 0, texts: BTreeMap::new(),
        };
        let mut now = 1_795_000_000;
        let first = tenant.export(None, now);
        let (file, signature) = first.sign(&signer).unwrap();
        let verifier = Verifier::open(Memory::new(signer.public_key()), &file, signature.as_bytes()).unwrap();
        // What the verifier knows, and every file that was ever exported.
        let mut known = (BTreeMap::new(), (0, now));
        let mut exports = vec![((0, now), file, signature)];
        for happens in history {
            match happens {
                Happens::Issue { handle, ends_in, begins_in, api_sets } => {
                    tenant.issue(handle, (begins_in.map(|after| now + after), ends_in.map(|after| now + after)), api_sets);
                }
                Happens::Revoke(number) => tenant.edit(number, |key| key.status = KeyStatus::Revoked),
                Happens::Disable(number) => tenant.edit(number, |key| if key.status == KeyStatus::Active { key.status = KeyStatus::Disabled }),
                Happens::Enable(number) => tenant.edit(number, |key| if key.status == KeyStatus::Disabled { key.status = KeyStatus::Active }),
                Happens::Rotate { old, new, overlap } => {
                    let end = now + overlap;
                    tenant.edit(old, |key| key.expires = Some(key.expires.map_or(end, |before| before.min(end))));
                    if old != new && !tenant.keys.contains_key(&handle(new)) {
                        tenant.issue(new, (None, None), 1);
                    }
                }
                Happens::Change { handle, api_sets } => tenant.edit(handle, |key| key.access = access(api_sets)),
                Happens::Delete(number) => {
                    if tenant.keys.contains_key(&handle(number)) {
                        tenant.change(handle(number), |key| *key = None);
                    }
                }
                Happens::Time(passes) => now += passes,
                Happens::Full | Happens::Delta(_) => {
                    now += 1;
                    let base = match happens {
                        Happens::Delta(ago) => Some(exports[exports.len().saturating_sub(ago + 1)].0.0),
                        _ => None,
                    };
                    let (file, signature) = tenant.export(base, now).sign(&signer).unwrap();
                    prop_assert_eq!(verifier.take(&file, signature.as_bytes()), Ok(()));
                    known = (tenant.keys.clone(), (tenant.sequence, now));
                    exports.push((known.1, file, signature));
                }
                Happens::Older(ago) => {
                    let (version, file, signature) = &exports[exports.len().saturating_sub(ago + 1)];
                    let taken = verifier.take(file, signature.as_bytes());
                    prop_assert_eq!(taken, if *version < known.1 { Err(Error::Rollback) } else { Ok(()) });
                }
            }
            for (text, handle) in &tenant.texts {
                prop_assert_eq!(verifier.decide(text, now), Ok(expected(&known.0, text, *handle, known.1, now)));
            }
            prop_assert_eq!(verifier.decide("no key", known.1.1 - 301), Err(Error::ClockSetBack));
        }
        let bundle = verifier.bundle();
        let handles: BTreeSet<Handle> = bundle.keys().map(|key| key.handle).collect();
        prop_assert!(handles.iter().eq(known.0.keys()));
    }

    /// However a draft is in order, its file is the same; and any bit of it counts.
    #[test]
    fn one_file_for_one_state(mut numbers in proptest::collection::vec(0..200_u8, 0..30), bit in any::<proptest::sample::Index>()) {
        numbers.sort_unstable();
        numbers.dedup();
        let signer = SigningKey::from_seed(&[1; 32]);
        let mut tenant = Tenant {
            keys: BTreeMap::new(), changed: BTreeMap::new(), sequence: 0, issued: 0, texts: BTreeMap::new(),
        };
        for &number in numbers.iter().filter(|number| **number < 100) {
            tenant.issue(number, (None, None), number % 8);
        }
        let mut draft = tenant.export(None, 1_795_000_000);
        let (mut file, signature) = draft.sign(&signer).unwrap();
        draft.keys.reverse();
        prop_assert_eq!(&draft.sign(&signer).unwrap().0, &file);
        let bit = bit.index(file.len() * 8);
        file[bit / 8] ^= 1 << (bit % 8);
        let opened = BundleFile::open(&file, signature.as_bytes(), &signer.public_key());
        prop_assert_eq!(opened.map(|_| ()), Err(Error::BadSignature));
    }
}
