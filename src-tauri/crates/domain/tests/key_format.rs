//! The format of local tenants' keys.
#![allow(clippy::unwrap_used)]

use latchkey_domain::field::Rule;
use latchkey_domain::key_format::{self, CHECKSUM_LEN, KeyDigest, KeyFormat, Prefix, SECRET_LEN};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

fn key(seed: u64, prefix: &str) -> key_format::GeneratedKey {
    key_format::generate(KeyFormat::Latchkey, &Prefix::parse(prefix).unwrap(), &mut StdRng::seed_from_u64(seed))
}

/// Worked out apart from this code, with Python's `zlib.crc32`.
#[test]
fn checksum_is_the_crc_32_in_base_62() {
    let covered = "lk_8fK2pQ7z_0000000000000000000000000000000000000000000";
    assert_eq!(covered.len(), 3 + 8 + 1 + SECRET_LEN);
    assert!(key_format::parse(&format!("{covered}000000")).is_none());
    assert!(key_format::parse(&format!("{covered}2tygEN")).is_some());
}

#[test]
fn what_is_drawn_differs_and_shows_its_ends_only() {
    let (one, other) = (key(1, "lk"), key(2, "lk"));
    assert_ne!(one.secret.expose(), other.secret.expose());
    let text = one.secret.expose();
    assert_eq!(one.display, format!("lk_{}…{}", one.handle, &text[text.len() - 4..]));
    assert_eq!(one.digest, KeyDigest::of(text));
    assert_ne!(one.digest, other.digest);
}

#[test]
fn digits_are_drawn_evenly() {
    let mut counts = std::collections::HashMap::<char, u32>::new();
    let mut rng = StdRng::seed_from_u64(7);
    let prefix = Prefix::default();
    for _ in 0..4_000 {
        let key = key_format::generate(KeyFormat::Latchkey, &prefix, &mut rng);
        let text = key.secret.expose();
        for digit in text[12..text.len() - CHECKSUM_LEN].chars() {
            *counts.entry(digit).or_default() += 1;
        }
    }
    assert_eq!(counts.len(), 62);
    // 172 000 digits in 62 boxes: 2 774 each, standard deviation 52. Six of those either way.
    let (least, most) = (counts.values().min().unwrap(), counts.values().max().unwrap());
    assert!(*least > 2_774 - 315 && *most < 2_774 + 315, "{least} to {most}");
}

#[test]
fn vendors_shapes_are_drawn_and_known_again() {
    let mut rng = StdRng::seed_from_u64(7);
    for (format, len, begins, display_len) in
        [(KeyFormat::Hex32, 32, "", 5), (KeyFormat::SkHex64, 67, "sk-", 8), (KeyFormat::Latchkey, 61, "lk_", 16)]
    {
        let (one, other) = (
            key_format::generate(format, &Prefix::default(), &mut rng),
            key_format::generate(format, &Prefix::default(), &mut rng),
        );
        let text = one.secret.expose();
        assert_ne!(text, other.secret.expose());
        assert_ne!(one.handle, other.handle);
        assert_eq!((text.len(), text.starts_with(begins), one.handle.len()), (len, true, 8));
        assert!(format.has_shape(text) && !format.has_shape(&text[1..]) && !format.has_shape(&format!("{text}0")));
        assert!(!format.has_shape(&text.to_uppercase()));
        assert_eq!(one.display.chars().count(), display_len, "no more than its ends is shown");
        assert_eq!(one.digest, KeyDigest::of(text));
    }
}

#[test]
fn the_pattern_names_the_prefix() {
    assert_eq!(Prefix::parse("acme7").unwrap().pattern(), r"\bacme7_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\b");
}

#[test]
fn prefixes_are_short_lower_case_and_plain() {
    assert_eq!(Prefix::parse(" lk "), Ok(Prefix::default()));
    assert_eq!(Prefix::parse(""), Err(Rule::Required));
    assert_eq!(Prefix::parse("LK"), Err(Rule::Characters));
    assert_eq!(Prefix::parse("l_k"), Err(Rule::Characters));
    assert_eq!(Prefix::parse("a2345678901234567"), Err(Rule::TooLong { max: 16 }));
}

proptest! {
    #[test]
    fn every_key_is_read_back(seed: u64, prefix in "[a-z0-9]{1,16}") {
        let key = key(seed, &prefix);
        let text = key.secret.expose();
        let parsed = key_format::parse(text).unwrap();
        prop_assert_eq!(parsed.prefix, prefix.as_str());
        prop_assert_eq!(parsed.handle, key.handle.as_str());
        prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        prop_assert_eq!(text.len(), prefix.len() + 2 + 8 + SECRET_LEN + CHECKSUM_LEN);
    }

    /// A CRC finds every change that is confined to 32 bits, so every single wrong character.
    #[test]
    fn one_wrong_character_is_refused(seed: u64, at in 0_usize..60, to in "[0-9A-Za-z_]") {
        let key = key(seed, "lk");
        let mut text = key.secret.expose().to_owned();
        let at = at % text.len();
        prop_assume!(text[at..=at] != to);
        text.replace_range(at..=at, &to);
        prop_assert!(key_format::parse(&text).is_none());
    }

    #[test]
    fn neighbours_swapped_are_refused(seed: u64, at in 0_usize..59) {
        let key = key(seed, "lk");
        let mut text = key.secret.expose().as_bytes().to_vec();
        let at = at % (text.len() - 1);
        prop_assume!(text[at] != text[at + 1]);
        text.swap(at, at + 1);
        prop_assert!(key_format::parse(std::str::from_utf8(&text).unwrap()).is_none());
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,90}") {
        let _ = key_format::parse(&text);
    }
}
