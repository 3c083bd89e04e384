//! A verifier at work: many threads ask while bundles come, and a restart remembers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{
    Access, BundleFile, Decision, Endorsement, Error, Handle, KeyStatus, Memory, PublicKey, TenantId, Verifier,
    unix_seconds,
};
use sha2::{Digest, Sha256};

const NOW: u64 = 1_796_000_000;
const TEXT: &str = "lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN";

fn signer(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// A bundle with one key, which is revoked in those with an odd sequence.
fn draft(sequence: u64) -> Draft {
    let key = DraftKey {
        handle: Handle::new("8fK2pQ7z").unwrap(),
        digest: Sha256::digest(TEXT).into(),
        access: Arc::new(Access { api_sets: vec![sequence.to_string().into()], ..Access::default() }),
        not_before: None,
        expires: None,
        status: if sequence.is_multiple_of(2) { KeyStatus::Active } else { KeyStatus::Revoked },
    };
    Draft {
        tenant: TenantId([7; 16]),
        name: "Harbour".into(),
        sequence,
        base: None,
        issued: NOW - 9,
        expires: NOW + 9,
        total: 1,
        foreign: false,
        keys: vec![key],
        removed: Vec::new(),
    }
}

fn open(memory: &Memory, draft: &Draft) -> Result<Verifier, Error> {
    let (file, signature) = draft.sign(&signer(1)).unwrap();
    Verifier::open(memory.clone(), &file, signature.as_bytes())
}

fn take(verifier: &Verifier, draft: &Draft) -> Result<(), Error> {
    let (file, signature) = draft.sign(&signer(1)).unwrap();
    verifier.take(&file, signature.as_bytes())
}

/// No decision fails or waits for a file, none is made of two bundles, and none goes back.
#[test]
fn decisions_go_on_while_bundles_come() {
    let verifier = open(&Memory::new(signer(1).public_key()), &draft(0)).unwrap();
    let (done, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut newest = 0;
                while !done.load(Ordering::Relaxed) {
                    let sequence = match verifier.decide(TEXT, NOW).unwrap() {
                        Decision::Valid(valid) => {
                            assert_eq!(
                                (valid.sequence % 2, valid.access.allows(&valid.sequence.to_string())),
                                (0, true)
                            );
                            valid.sequence
                        }
                        Decision::Refused(refused) => {
                            assert_eq!(refused.sequence % 2, 1);
                            refused.sequence
                        }
                    };
                    assert!(sequence >= newest);
                    newest = sequence;
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for sequence in 1..=200 {
            take(&verifier, &draft(sequence)).unwrap();
            assert_eq!(take(&verifier, &draft(sequence - 1)), Err(Error::Rollback));
            // Each bundle is asked something.
            let before = asked.load(Ordering::Relaxed);
            while asked.load(Ordering::Relaxed) == before {
                std::thread::yield_now();
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(verifier.memory().sequence(), 200);
}

#[test]
fn what_is_remembered_outlives_a_restart() {
    let verifier = open(&Memory::new(signer(1).public_key()), &draft(5)).unwrap();
    let kept = verifier.memory().to_string();
    let memory: Memory = kept.parse().unwrap();
    assert_eq!((memory.sequence(), memory.issued()), (5, NOW - 9));
    assert_eq!((memory.tenant(), memory.key()), (Some(TenantId([7; 16])), &signer(1).public_key()));
    assert_eq!(open(&memory, &draft(4)).unwrap_err(), Error::Rollback);
    assert!(open(&memory, &draft(5)).is_ok());

    // The new key is remembered too.
    let next = Endorsement { tenant: TenantId([7; 16]), sequence: 5, issued: NOW, key: signer(2).public_key() };
    let (file, signature) = signer(1).endorse(&next).unwrap();
    verifier.endorse(&file, signature.as_bytes()).unwrap();
    assert_eq!(verifier.memory().to_string().parse::<Memory>().unwrap().key(), &signer(2).public_key());
    assert_eq!(take(&verifier, &draft(6)), Err(Error::WrongKey));
    assert!(matches!(verifier.decide(TEXT, NOW), Ok(Decision::Refused(_))), "the bundle stays in use");
    for text in ["", "x", "RWQ 1 2", &kept.replace(' ', "  "), &format!("{kept} more"), &kept.replace(" 5 ", " -5 ")] {
        assert!(text.parse::<Memory>().is_err(), "{text}");
    }
}

/// Worked out apart from this code, with Python's `hashlib` and minisign.
#[test]
fn a_public_key_has_a_number_and_a_fingerprint() {
    let key: PublicKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse().unwrap();
    assert_eq!(key.number(), "E7620F1842B4E81F");
    let fingerprint = key.fingerprint();
    let groups: Vec<&str> = fingerprint.split(' ').collect();
    assert!(groups.len() == 16 && groups.iter().all(|group| group.len() == 4), "{groups:?}");
    assert_eq!(groups.concat(), "8b9c38506fa59539ef0d1d25889cc19d2ea67c36ad402067c0d5bcc866c727cd");
    for text in [
        "",
        "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO",
        "secret: x\nRWQf",
        "RUQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
    ] {
        assert_eq!(text.parse::<PublicKey>(), Err(Error::BadPublicKey), "{text}");
    }
}

#[test]
fn a_draft_that_nobody_would_believe_is_not_signed() {
    let sign = |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft(2);
        change(&mut draft);
        draft.sign(&signer(1)).map(|_| ())
    };
    assert_eq!(sign(&|_| ()), Ok(()));
    assert_eq!(sign(&|draft| draft.expires = draft.issued), Err(Error::OutOfRange));
    assert_eq!(sign(&|draft| draft.name = String::new()), Err(Error::OutOfRange));
    assert_eq!(sign(&|draft| draft.name = "a\nb".into()), Err(Error::Malformed));
    assert_eq!(sign(&|draft| draft.total = 2), Err(Error::CountDiffers));
    assert_eq!(sign(&|draft| draft.keys.push(draft.keys[0].clone())), Err(Error::CountDiffers));
    let twice = |draft: &mut Draft| (draft.total, draft.keys) = (2, vec![draft.keys[0].clone(), draft.keys[0].clone()]);
    assert_eq!(sign(&twice), Err(Error::Duplicate));
    assert_eq!(sign(&|draft| draft.base = Some(3)), Err(Error::OutOfRange));
    assert_eq!(sign(&|draft| draft.removed = vec![Handle::new("aaaaaaaa").unwrap()]), Err(Error::Malformed));
}

#[test]
fn a_signing_key_comes_back_from_its_seed() {
    let key = signer(3);
    let again = SigningKey::from_seed(&key.seed());
    assert_eq!(again.public_key(), key.public_key());
    assert_eq!(again.sign(b"file", "comment"), key.sign(b"file", "comment"));
    assert!(!format!("{key:?}").contains("3, 3"), "the seed is not printed");
}

#[test]
fn a_file_over_the_limit_is_not_even_hashed() {
    let large = vec![0; latchkey_verify::limits::MAX_FILE + 1];
    let (_, signature) = draft(0).sign(&signer(1)).unwrap();
    let opened = BundleFile::open(&large, signature.as_bytes(), &signer(1).public_key());
    assert_eq!(opened.unwrap_err(), Error::TooLarge);
    assert_eq!(BundleFile::peek(&large).unwrap_err(), Error::TooLarge);
}

#[test]
fn a_file_can_be_looked_into_without_its_signature() {
    let draft = Draft { base: Some(1), removed: vec![Handle::new("aaaaaaaa").unwrap()], ..draft(3) };
    let (file, signature) = draft.sign(&signer(1)).unwrap();
    let peeked = BundleFile::peek(&file).unwrap();
    assert_eq!(
        (peeked.header().sequence, peeked.header().base, peeked.header().name.as_str()),
        (3, Some(1), "Harbour")
    );
    assert_eq!(peeked.removed(), draft.removed);
    let key = peeked.keys().next().unwrap();
    assert_eq!((key.handle, key.status, key.digest), (draft.keys[0].handle, KeyStatus::Revoked, &draft.keys[0].digest));
    assert_eq!(key.access, &draft.keys[0].access);
    let opened = BundleFile::open(&file, signature.as_bytes(), &signer(1).public_key()).unwrap();
    assert_eq!(opened.header(), peeked.header());
    assert_eq!(BundleFile::peek(&file[1..]).unwrap_err(), Error::WrongKind);
}

#[test]
fn seconds_are_rounded_down() {
    assert_eq!(unix_seconds(UNIX_EPOCH + Duration::from_millis(1_999)), 1);
    assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_millis(1)), 0);
}
