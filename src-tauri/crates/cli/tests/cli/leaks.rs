//! A secret is in the places that were asked for, and in no other.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::desk::{Desk, key_in};

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let number = three.iter().fold(0_usize, |number, &byte| number << 8 | usize::from(byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[number >> shift & 63]))
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

/// A secret as it is, reversed, in hex, in UTF-16 and in base 64 from each of the three places it can begin at.
fn disguises(secret: &str) -> Vec<Vec<u8>> {
    let secret = secret.as_bytes();
    let hex = secret.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let mut disguises = vec![secret.to_vec(), secret.iter().rev().copied().collect()];
    disguises.extend([hex.to_uppercase().into_bytes(), hex.into_bytes()]);
    disguises.push(secret.iter().flat_map(|&byte| [byte, 0]).collect());
    disguises.extend((0..3).map(|from| base64(&secret[from..]).into_bytes()));
    disguises
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What must not be found of a key: all behind its handle.
pub(crate) fn secret_of(key: &str) -> &str {
    &key[key.len() - 49..]
}

/// The files of a folder that have the secret, whatever it looks like there.
pub(crate) fn found_in(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let disguises = disguises(secret);
    let has = |bytes: &[u8]| disguises.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == secret));
    files(folder).into_iter().filter(|path| has(&fs::read(path).unwrap())).collect()
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let desk = Desk::new();
    let key = desk.key("crane", &[]);
    for (number, disguise) in disguises(secret_of(&key)).into_iter().enumerate() {
        fs::write(desk.path(&format!("home/leak {number}")), [b"before ", disguise.as_slice(), b" after"].concat())
            .unwrap();
    }
    assert_eq!(found_in(&desk.path("home"), secret_of(&key)).len(), 8);
}

#[test]
fn a_secret_is_in_the_file_that_was_asked_for_and_in_no_other() {
    let desk = Desk::new();
    let new = ["key", "new", "-t", "Harbour", "--name", "crane", "--keep", "--out", "home/crane.APIKEY"];
    let logged = [("LATCHKEY_LOG", "trace"), ("RUST_BACKTRACE", "full")];
    let passphrase = desk.arg("passphrase");
    let unlocked = ["--passphrase-file", passphrase.as_str()];
    let answer = desk.run_with(&[&unlocked, &new[..]].concat(), &logged, b"");
    let file = desk.path("home/crane.APIKEY");
    let key = key_in(&file);
    let mut said = vec![answer];
    let uses: [(&[&str], &[u8]); 8] = [
        (&["verify", "-t", "Harbour"], key.as_bytes()),
        (&["--json", "verify", "-t", "Harbour"], key.as_bytes()),
        (&["run", "--env", "S=crane", "--", "sh", "-c", "echo $S; echo $S >&2; env"], b""),
        (&["key", "show", "crane"], b""),
        (&["--json", "key", "list", "--search", &key], b""),
        (&["--json", "audit", "list"], b""),
        (&["key", "copy", "crane"], b""),
        (&["key", "revoke", "crane"], b""),
    ];
    for (args, input) in uses {
        // No display: to copy fails, and that is a path like another.
        let env = [&logged[..], &[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")]].concat();
        said.push(desk.run_with(&[&unlocked, args].concat(), &env, input));
        assert_eq!(found_in(&desk.path("home"), secret_of(&key)), std::slice::from_ref(&file), "{args:?}");
    }
    for answer in said {
        assert!(!answer.stdout.contains(secret_of(&key)) && !answer.stderr.contains(secret_of(&key)), "{answer:?}");
    }
    assert!(found_in(&desk.path("home"), crate::desk::PASSPHRASE).is_empty());
}
