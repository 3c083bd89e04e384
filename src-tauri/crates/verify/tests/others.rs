//! Other programs agree: the verifiers for Python and Node on every vector, and Debian's minisign on signatures.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output};

use base64ct::{Base64, Encoding};
use latchkey_verify::issue::{Draft, SigningKey};
use latchkey_verify::{BundleFile, Endorsement, Error, Header, Memory, PublicKey, TenantId, Verifier};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tempfile::TempDir;

#[path = "../examples/vectors/cases/mod.rs"]
mod cases;

use cases::set::{self, Expected, Set};

const VERIFIERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/verifiers");
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/bundle-vectors/vectors.json");

/// How many files are spoilt.
const SPOILT: u32 = 2_000;

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Runs a verifier over a file of vectors; none of its answers differs, and it left none out.
fn agrees(program: &str, script: &str, path: &str) {
    let script = format!("{}/tests/others/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = run(program, &[&script, VERIFIERS, path]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let vectors = read(path);
    let cases = ["valid", "malicious"].map(|kind| vectors[kind].as_array().unwrap());
    let steps: usize = cases.into_iter().flatten().map(|case| case["steps"].as_array().unwrap().len()).sum();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), steps.to_string());
}

fn read(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn python_agrees_on_every_vector() {
    agrees("python3", "vectors.py", VECTORS);
}

#[test]
fn node_agrees_on_every_vector() {
    agrees("node", "vectors.mjs", VECTORS);
}

/// Changes a few bytes of a file, as the generator says.
fn spoil(file: &mut Vec<u8>, rng: &mut StdRng) {
    // Heads that CBOR cares for, besides any byte.
    const HEADS: [u8; 16] =
        [0x00, 0x17, 0x18, 0x19, 0x1b, 0x1f, 0x20, 0x40, 0x58, 0x60, 0x80, 0x81, 0x9f, 0xf4, 0xf6, 0xff];
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(17..file.len());
        match rng.random_range(0..7) {
            0 => file[at] ^= 1 << rng.random_range(0..8),
            1 => file[at] = HEADS[rng.random_range(0..HEADS.len())],
            2 => file.insert(at, HEADS[rng.random_range(0..HEADS.len())]),
            3 => file[at] = file[at].wrapping_add(1),
            4 => file[at] = file[at].wrapping_sub(1),
            5 => drop(file.remove(at)),
            _ => {
                let piece = file[at..(at + 20).min(file.len())].to_vec();
                let to = rng.random_range(17..=file.len());
                file.splice(to..to, piece);
            }
        }
        if file.len() < 18 {
            return;
        }
    }
}

/// The comment that a file should have, where it can be read; otherwise the one that it had.
fn comment_of(file: &[u8], before: &str) -> String {
    let Ok(peeked) = BundleFile::peek(file) else { return before.to_owned() };
    let Header { tenant, sequence, base, expires, .. } = *peeked.header();
    Draft { tenant, sequence, expires, ..draft(base) }.comment()
}

/// Signed files with changes that nobody thought of: all three verifiers say the same of each, and decide the same after it.
#[test]
fn all_agree_on_spoilt_files() {
    let vectors = cases::all();
    let key = SigningKey::from_seed(&[1; 32]);
    let sound: Vec<(Vec<u8>, &str)> = vectors
        .valid
        .iter()
        .filter_map(|case| vectors.files.get(&case.name))
        .map(|signed| {
            let comment = signed.signature.lines().nth(2).unwrap().strip_prefix("trusted comment: ").unwrap();
            (Base64::decode_vec(&signed.file).unwrap(), comment)
        })
        .filter(|(file, _)| file.len() < 1_000)
        .collect();
    let base = &vectors.files["abc"];
    let base_file = Base64::decode_vec(&base.file).unwrap();
    let text = set::text("aaaaaaaa");
    let mut rng = StdRng::seed_from_u64(7);
    let (mut spoilt, mut codes) = (Set::new(), HashSet::new());
    spoilt.files.insert("abc".to_owned(), base.clone());
    for number in 0..SPOILT {
        let (mut file, comment) = sound[rng.random_range(0..sound.len())].clone();
        spoil(&mut file, &mut rng);
        let signature = key.sign(&file, &comment_of(&file, comment));
        let verifier = Verifier::open(Memory::new(key.public_key()), &base_file, base.signature.as_bytes()).unwrap();
        let taken = verifier.take(&file, signature.as_bytes());
        codes.insert(taken.map_or_else(Error::code, |()| "ok"));
        let name = spoilt.file(&number.to_string(), (file.clone(), signature));
        let steps = vec![
            set::take("abc", Ok(())),
            set::take(&name, taken),
            set::decide(&text, set::NOW, Expected::of(verifier.decide(&text, set::NOW))),
        ];
        spoilt.malicious(&name, &Base64::encode_string(&file), steps);
    }
    // Otherwise these are not the files that are meant.
    assert!(codes.len() >= 14 && codes.contains("ok"), "{codes:?}");
    let folder = tempfile::tempdir().unwrap();
    let at = path(&folder, "spoilt.json");
    std::fs::write(&at, spoilt.to_json()).unwrap();
    agrees("python3", "vectors.py", &at);
    agrees("node", "vectors.mjs", &at);
}

fn draft(base: Option<u64>) -> Draft {
    Draft {
        tenant: TenantId([7; 16]),
        name: "Harbour".into(),
        sequence: 42,
        base,
        issued: 1_795_219_200,
        expires: 1_797_811_200,
        total: 0,
        foreign: false,
        keys: Vec::new(),
        removed: Vec::new(),
    }
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// `minisign -Vm FILE -P KEY`, with the signature beside the file.
fn minisign(file: &[u8], signature: &str, key: &PublicKey) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let (at, beside) = (path(&folder, "harbour.bundle"), path(&folder, "harbour.bundle.minisig"));
    std::fs::write(&at, file).unwrap();
    std::fs::write(beside, signature).unwrap();
    run("minisign", &["-Vm", &at, "-P", &key.to_string()])
}

#[test]
fn minisign_accepts_what_is_signed_and_shows_the_comment() {
    let key = SigningKey::from_seed(&[1; 32]);
    let endorsement = Endorsement {
        tenant: TenantId([7; 16]),
        sequence: 42,
        issued: 1,
        key: SigningKey::from_seed(&[2; 32]).public_key(),
    };
    let (full, delta) = (draft(None), draft(Some(41)));
    for ((file, signature), says) in [
        (full.sign(&key).unwrap(), full.comment()),
        (delta.sign(&key).unwrap(), delta.comment()),
        (key.endorse(&endorsement).unwrap(), "latchkey-endorsement tenant=".to_owned()),
    ] {
        let output = minisign(&file, &signature, &key.public_key());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(&format!("Trusted comment: {says}")), "{shown}");
    }
}

#[test]
fn minisign_refuses_what_was_changed() {
    let key = SigningKey::from_seed(&[1; 32]);
    let (file, signature) = draft(None).sign(&key).unwrap();
    let mut changed = file.clone();
    *changed.last_mut().unwrap() ^= 1;
    let other = SigningKey::from_seed(&[2; 32]).public_key();
    for (what, file, signature, key) in [
        ("the file", &changed, signature.clone(), &key.public_key()),
        ("the comment", &file, signature.replace("sequence=42", "sequence=43"), &key.public_key()),
        ("the key", &file, signature.clone(), &other),
    ] {
        assert!(!minisign(file, &signature, key).status.success(), "{what}");
    }
}

/// The other way round: what Debian's minisign signs is believed here.
#[test]
fn what_minisign_signs_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| path(&folder, name);
    let (public, secret, file) = (at("key.pub"), at("key.sec"), at("harbour.bundle"));
    let made = run("minisign", &["-G", "-W", "-p", &public, "-s", &secret]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let draft = draft(None);
    let (contents, _) = draft.sign(&SigningKey::from_seed(&[1; 32])).unwrap();
    std::fs::write(&file, &contents).unwrap();
    let signed = run("minisign", &["-S", "-s", &secret, "-m", &file, "-t", &draft.comment()]);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));

    let key: PublicKey = std::fs::read_to_string(Path::new(&public)).unwrap().parse().unwrap();
    let signature = std::fs::read(at("harbour.bundle.minisig")).unwrap();
    let verifier = Verifier::open(Memory::new(key.clone()), &contents, &signature).unwrap();
    assert_eq!(verifier.bundle().header().sequence, 42);
    // The second line of minisign's file is the key that is printed.
    assert!(std::fs::read_to_string(&public).unwrap().contains(&key.to_string()));
    // minisign leaves leading zeros out.
    let number = key.number();
    assert!(std::fs::read_to_string(&public).unwrap().contains(number.trim_start_matches('0')));
    assert_eq!(Base64::encode_string(key.as_bytes()), key.to_string());
}
