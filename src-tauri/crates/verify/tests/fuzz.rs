//! A fuzz target for each thing that a verifier reads. `cargo test` runs each over its corpus and a fixed number of random
//! inputs; `cargo bolero test -p latchkey-verify --test fuzz bundle` looks for new ones, guided by coverage.
//!
//! What is behind a signature is signed first: an issuer may be wrong, too. The corpus lies in `__fuzz__/<target>/corpus`; what
//! once failed stays in `__fuzz__/<target>/crashes`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use latchkey_key_text as key_text;
use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{
    Access, BundleFile, Endorsement, Error, Handle, KeyStatus, Memory, PublicKey, TenantId, Verifier,
};
use sha2::{Digest, Sha256};

/// Random inputs of each target in one run of the tests.
const EXECUTIONS: usize = 20_000;
/// Of those that need two signatures each.
const SIGNED_EXECUTIONS: usize = 5_000;
/// What a bundle begins with, its version and the head of its body.
const BEGINS: &[u8] = b"\x83\x6flatchkey-bundle\x01\x90";

fn signer() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn key(number: u8) -> DraftKey {
    let access = Access {
        everything: number == 3,
        api_sets: vec!["Billing".into(), format!("files:{}", number % 2).into()],
        organization: (number > 1).then(|| "north".into()),
        groups: vec!["admins".into()],
        permissions: vec![],
    };
    DraftKey {
        handle: Handle::new(&format!("handle{number:02}")).unwrap(),
        digest: Sha256::digest([number]).into(),
        access: Arc::new(access),
        not_before: Some(u64::from(number)),
        expires: (number > 2).then_some(1_800_000_000),
        status: KeyStatus::Active,
    }
}

fn draft(base: Option<u64>) -> Draft {
    Draft {
        tenant: TenantId([7; 16]),
        name: "Harbour".into(),
        sequence: 42,
        base,
        issued: 1_795_000_000,
        expires: 1_797_000_000,
        total: 4,
        foreign: false,
        keys: (0..4).map(key).collect(),
        removed: Vec::new(),
    }
}

/// Opens bytes as if an issuer had signed them. The comment is right if the header is.
fn open(file: &[u8]) -> Result<BundleFile, Error> {
    let signer = signer();
    let with = |comment: &str| BundleFile::open(file, signer.sign(file, comment).as_bytes(), &signer.public_key());
    match with(&draft(None).comment()) {
        Err(Error::CommentDiffers) => with(&draft(Some(41)).comment()),
        opened => opened,
    }
}

/// What was read is written to the same bytes, but for identifiers that no access uses: there is one encoding only.
fn check(file: &[u8]) {
    let Ok(opened) = open(file) else { return };
    let header = opened.header().clone();
    let keys = opened.keys().map(|key| DraftKey {
        handle: key.handle,
        digest: *key.digest,
        access: Arc::clone(key.access),
        not_before: key.not_before,
        expires: key.expires,
        status: key.status,
    });
    let again = Draft {
        tenant: header.tenant,
        name: header.name,
        sequence: header.sequence,
        base: header.base,
        issued: header.issued,
        expires: header.expires,
        total: header.total,
        foreign: header.foreign,
        keys: keys.collect(),
        removed: opened.removed().to_vec(),
    };
    let (written, _) = again.sign(&signer()).expect("what was read can be written");
    assert!(written.len() <= file.len());
    assert!(written.len() < file.len() || written == file);
}

/// Changes bytes where the input says: place, what to do, byte.
fn spoilt(mut file: Vec<u8>, changes: &[(u16, u8, u8)]) -> Vec<u8> {
    for &(place, what, byte) in changes.iter().take(4) {
        let at = usize::from(place) % file.len().max(1);
        match what % 4 {
            _ if file.is_empty() => file.push(byte),
            0 => file[at] = byte,
            1 => file.insert(at, byte),
            2 => file[at] ^= 1 << (byte % 8),
            _ => drop(file.remove(at)),
        }
    }
    file
}

#[test]
fn bundle() {
    bolero::check!().with_iterations(SIGNED_EXECUTIONS).for_each(|bytes: &[u8]| {
        check(bytes);
        check(&[BEGINS, bytes].concat());
    });
}

#[test]
fn bundle_changed() {
    let (file, _) = draft(None).sign(&signer()).unwrap();
    bolero::check!()
        .with_iterations(SIGNED_EXECUTIONS)
        .with_type::<Vec<(u16, u8, u8)>>()
        .for_each(|changes| check(&spoilt(file.clone(), changes)));
}

/// A delta is taken over whole or not at all.
#[test]
fn delta() {
    let signer = signer();
    let (full, signature) = Draft { sequence: 41, ..draft(None) }.sign(&signer).unwrap();
    let changes = Draft {
        issued: 1_795_000_001,
        keys: vec![key(1), key(5)],
        removed: vec![Handle::new("handle02").unwrap(), Handle::new("handle99").unwrap()],
        ..draft(Some(41))
    };
    let (file, _) = changes.sign(&signer).unwrap();
    let open = || Verifier::open(Memory::new(signer.public_key()), &full, signature.as_bytes()).unwrap();
    assert_eq!(open().take(&file, signer.sign(&file, &changes.comment()).as_bytes()), Ok(()));
    bolero::check!().with_iterations(SIGNED_EXECUTIONS).with_type::<Vec<(u16, u8, u8)>>().for_each(|spoils| {
        let verifier = open();
        let file = spoilt(file.clone(), spoils);
        let signature = signer.sign(&file, &changes.comment());
        let taken = verifier.take(&file, signature.as_bytes());
        let bundle = verifier.bundle();
        assert_eq!(bundle.header().sequence, if taken.is_ok() { 42 } else { 41 });
        assert_eq!(bundle.keys().len(), bundle.header().total);
        let handles: std::collections::HashSet<Handle> = bundle.keys().map(|key| key.handle).collect();
        assert_eq!(handles.len(), bundle.keys().len());
    });
}

#[test]
fn endorsement() {
    let signer = signer();
    let sound = Endorsement { tenant: TenantId([7; 16]), sequence: 42, issued: 1, key: signer.public_key() };
    let (file, signature) = signer.endorse(&sound).unwrap();
    let comment = signature.lines().nth(2).unwrap().strip_prefix("trusted comment: ").unwrap();
    bolero::check!().with_iterations(SIGNED_EXECUTIONS).with_type::<Vec<(u16, u8, u8)>>().for_each(|changes| {
        let file = spoilt(file.clone(), changes);
        let signature = signer.sign(&file, comment);
        if let Ok(read) = Endorsement::open(&file, signature.as_bytes(), &signer.public_key()) {
            assert_eq!(signer.endorse(&read).unwrap().0, file, "there is one encoding only");
        }
    });
}

/// A signature file is believed as it was made, but for its untrusted comment and its last line feed.
#[test]
fn signature() {
    let signer = signer();
    let (file, signature) = draft(None).sign(&signer).unwrap();
    let believed = |text: &str| text.trim_end().split('\n').skip(1).map(str::to_owned).collect::<Vec<_>>();
    bolero::check!().with_iterations(SIGNED_EXECUTIONS).with_type::<Vec<(u16, u8, u8)>>().for_each(|changes| {
        let spoilt = spoilt(signature.clone().into_bytes(), changes);
        if BundleFile::open(&file, &spoilt, &signer.public_key()).is_ok() {
            assert_eq!(believed(std::str::from_utf8(&spoilt).unwrap()), believed(&signature));
        }
        let _ =
            BundleFile::open(&file, &changes.iter().map(|change| change.2).collect::<Vec<_>>(), &signer.public_key());
    });
}

/// What is read of the small texts that people type and files keep is what is printed.
#[test]
fn texts() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(tenant) = text.parse::<TenantId>() {
            assert_eq!(tenant.to_string(), text);
        }
        if let Ok(key) = text.parse::<PublicKey>() {
            assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
        }
        if let Ok(memory) = text.parse::<Memory>() {
            assert_eq!(memory.to_string().parse::<Memory>().unwrap(), memory);
        }
        if let Some(handle) = Handle::new(&text) {
            assert_eq!(handle.as_str(), text);
        }
    });
}

/// The parser agrees with a slow one that reads as the description says.
#[test]
fn key_parser() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for text in [text.to_string(), checked(&text)] {
            let parsed = key_text::parse(&text);
            assert_eq!(parsed.is_some(), is_key(&text), "{text}");
            if let Some(parsed) = parsed {
                assert_eq!(text.split('_').take(2).collect::<Vec<_>>(), [parsed.prefix, parsed.handle]);
                // A character that is mistyped is seen.
                for place in 0..text.len() {
                    let other = if text.as_bytes()[place] == b'0' { "1" } else { "0" };
                    assert!(key_text::parse(&[&text[..place], other, &text[place + 1..]].concat()).is_none());
                }
            }
        }
    });
}

/// A text with the checksum that it should have.
fn checked(text: &str) -> String {
    format!("{text}{}", std::str::from_utf8(&key_text::checksum(text.as_bytes())).unwrap())
}

fn is_key(text: &str) -> bool {
    let parts: Vec<&str> = text.split('_').collect();
    let [prefix, handle, body] = parts[..] else { return false };
    let alphanumeric = |text: &str, len| text.chars().count() == len && text.chars().all(|c| c.is_ascii_alphanumeric());
    let small = prefix.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase());
    small
        && (1..=16).contains(&prefix.len())
        && alphanumeric(handle, 8)
        && alphanumeric(body, 49)
        && checked(&text[..text.len() - 6]) == text
}
