//! What is taken for random, and what is not.
#![allow(clippy::unwrap_used)]

use latchkey_domain::key_format::{KeyDigest, KeyFormat, Prefix, SlowDigests, generate};
use latchkey_domain::strength::{Strength, display, of};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};

#[test]
fn what_people_choose_is_never_taken_for_random() {
    for chosen in [
        "",
        "hunter2",
        "password123",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple2024",
        "C0rr3ctH0rs3B4tt3ryS7apl3",
        "C0rr3ctH0rs3B4tt3ryS7apl3Tr0ub4dor",
        "Tr0ub4dor&3Tr0ub4dor&3Tr0ub4dor&3Tr0ub4dor&3",
        "MyCompanyProductionApiKeyForBilling2026DoNotShare",
        "myC0mpanyPr0duct10nAp1KeyF0rB1ll1ng2026",
        "DiesIstEinSehrLangesKennwort4DieKranAnlage7ImHafen",
        "d13s1st31ns3hrl4ng3sk3nnw0rtf03rd13kr4n4nl4g3",
        "0123456789abcdef0123456789abcdef",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "deadbeefcafebabefeedfacedecade00",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1A",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "12345678901234567890123456789012345678901234567890",
        "äöüäöüäöüäöüäöüäöüäöüäöüäöü",
        // Random, and under 128 bits: a UUID, 31 hexadecimal digits.
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "9f3a1c07be52d84610fa93c7e5b2d48",
    ] {
        assert_eq!(of(chosen), Strength::Chosen, "{chosen}");
        assert!(!display(chosen, &of(chosen)).chars().any(char::is_alphanumeric));
    }
}

#[test]
fn what_machines_draw_is_nearly_always_recognised() {
    let mut rng = StdRng::seed_from_u64(3);
    for (format, least) in [(KeyFormat::Latchkey, 990), (KeyFormat::Hex32, 950), (KeyFormat::SkHex64, 980)] {
        let random = (0..1_000)
            .filter(|_| {
                let key = generate(format, &Prefix::default(), &mut rng);
                of(key.secret.expose()) != Strength::Chosen
            })
            .count();
        assert!(random >= least, "{format:?}: {random} of 1000");
    }
    let mut drawn = |begins: &str, alphabet: &[u8], length: usize| {
        let letters = (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())]));
        format!("{begins}{}", letters.collect::<String>())
    };
    let base62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let base64url = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    let base32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (begins, alphabet, length, least) in [
        ("sk_live_", base62.as_slice(), 32, 950),
        ("ghp_", base62, 36, 950),
        ("", base64url, 43, 900),
        ("", base32, 52, 900),
    ] {
        let random = (0..1_000).filter(|_| of(&drawn(begins, alphabet, length)) != Strength::Chosen).count();
        assert!(random >= least, "{begins}{length}: {random} of 1000");
    }
}

#[test]
fn a_random_key_shows_its_beginning_and_its_end() {
    let text = "sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";
    assert_eq!(of(text), Strength::Random { begins: "sk_live_".into() });
    assert_eq!(display(text, &of(text)), "sk_live_…j0Ca");
    let text = "Zq9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";
    assert_eq!(display(text, &of(text)), "…j0Ca");
}

#[test]
fn a_slow_digest_comes_out_again_and_depends_on_its_salt() {
    let mut slow = SlowDigests::new().unwrap();
    let first = slow.of("hunter2", &[1; 16]).unwrap();
    assert_eq!(slow.of("hunter2", &[1; 16]).unwrap(), first);
    assert_ne!(slow.of("hunter2", &[2; 16]).unwrap(), first);
    assert_ne!(slow.of("hunter3", &[1; 16]).unwrap(), first);
    assert_ne!(KeyDigest::of("hunter2"), first);
    // Stored digests have to come out for ever.
    let stored: [u8; 32] = [
        0x0c, 0xb3, 0xff, 0x35, 0x3c, 0x6b, 0x44, 0xd4, 0xc8, 0xff, 0x04, 0x48, 0x54, 0x5d, 0x44, 0x00, 0xca, 0x38,
        0xec, 0xf5, 0xca, 0x02, 0xd1, 0x4b, 0x41, 0x6e, 0x7e, 0x6e, 0xad, 0xb5, 0x2b, 0xed,
    ];
    assert_eq!(first.as_bytes(), &stored);
}
