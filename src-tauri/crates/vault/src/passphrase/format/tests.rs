use super::{CHECK, Cost, Damage, HEADER, Header, Items, KEY, NONCE, SALT, SUM, Sealed};
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const THE_KEY: [u8; KEY] = [7; KEY];

type Plain = BTreeMap<[u8; 16], String>;

fn header() -> Header {
    Header { cost: Cost::LEAST, salt: [3; SALT], check: [4; CHECK] }
}

fn sealed(plain: &Plain) -> Vec<u8> {
    let items: Items = plain.iter().map(|(id, text)| (KeyId::from_bytes(*id), Secret::new(text.clone()))).collect();
    header().seal(&THE_KEY, &[5; NONCE], &items).unwrap()
}

fn opened(bytes: Vec<u8>) -> Result<Plain, Damage> {
    let items = Sealed::parse(bytes)?.open(&THE_KEY)?;
    Ok(items.into_iter().map(|(id, secret)| (*id.as_bytes(), secret.expose().to_owned())).collect())
}

fn with_right_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let content = bytes.len() - SUM;
    let sum = Sha256::digest(&bytes[..content]);
    bytes[content..].copy_from_slice(&sum);
    bytes
}

fn plain() -> impl Strategy<Value = Plain> {
    prop::collection::btree_map(any::<[u8; 16]>(), ".{0,80}", 0..12)
}

proptest! {
    #[test]
    fn what_was_sealed_opens_again(plain in plain()) {
        prop_assert_eq!(opened(sealed(&plain)).unwrap(), plain);
    }

    #[test]
    fn a_flipped_bit_is_refused(plain in plain(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = sealed(&plain);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Sealed::parse(bytes).is_err());
    }

    #[test]
    fn a_change_by_somebody_who_mends_the_checksum_is_refused(
        plain in plain(),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let mut bytes = sealed(&plain);
        let at = at.index(bytes.len() - SUM);
        bytes[at] ^= 1 << bit;
        prop_assert!(opened(with_right_sum(bytes)).is_err());
    }

    #[test]
    fn a_part_is_refused(plain in plain(), at in any::<prop::sample::Index>()) {
        let bytes = sealed(&plain);
        let at = at.index(bytes.len());
        prop_assert!(Sealed::parse(bytes[..at].to_vec()).is_err());
    }

    #[test]
    fn anything_else_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Sealed::parse(bytes).is_err());
    }

    #[test]
    fn any_payload_decodes_to_what_encodes_to_it_or_not_at_all(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Some(items) = super::decode(&bytes) {
            prop_assert_eq!(&*super::encode(&items).unwrap(), &bytes);
        }
    }
}

#[test]
fn the_layout_is_as_described() {
    let bytes = sealed(&Plain::from([([9; 16], "secret".into())]));
    assert_eq!(&bytes[..12], b"LKVAULT\n\x01\x00\x01\x00");
    assert_eq!(bytes[12..16], (64 * 1024_u32).to_le_bytes());
    assert_eq!(bytes[16..24], [3, 0, 0, 0, 4, 0, 0, 0]);
    assert_eq!(bytes[24..40], [3; SALT]);
    assert_eq!(bytes[40..72], [4; CHECK]);
    assert_eq!(bytes[72..96], [5; NONCE]);
    assert_eq!(bytes.len(), HEADER + 4 + (16 + 4 + 6) + 16 + 32);
}

#[test]
fn a_newer_version_is_named_as_such() {
    let mut bytes = sealed(&Plain::new());
    bytes[8] = 2;
    assert_eq!(Sealed::parse(bytes).err(), Some(Damage::Newer(2)));
}

#[test]
fn hostile_parameters_are_refused_before_any_work() {
    for (at, value) in [(12, 1_u32 << 31), (12, 1024), (16, 65), (16, 1), (20, 17), (20, 0)] {
        let mut bytes = sealed(&Plain::new());
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        assert_eq!(Sealed::parse(with_right_sum(bytes)).err(), Some(Damage::Cost), "{at} {value}");
    }
}

#[test]
fn a_payload_that_claims_more_than_there_is_is_refused() {
    assert!(super::decode(&u32::MAX.to_le_bytes()).is_none());
    let mut bytes = vec![1, 0, 0, 0];
    bytes.extend_from_slice(&[0; 16]);
    bytes.extend_from_slice(&u32::MAX.to_le_bytes());
    assert!(super::decode(&bytes).is_none());
}
