//! The passphrase vault over real files.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use latchkey_app::ports::Vault as _;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::field::Rule;
use latchkey_domain::id::KeyId;
use latchkey_domain::secret::Secret;
use latchkey_vault::{Calibration, PassphraseVault};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn key(number: u8) -> KeyId {
    KeyId::from_bytes([number; 16])
}

fn vault_in(folder: &TempDir) -> (PassphraseVault, PathBuf) {
    let path = folder.path().join("vault.lkv");
    let rng = Box::new(StdRng::seed_from_u64(1));
    (PassphraseVault::create_with(&path, &secret(PASSPHRASE), rng, Calibration::least()).unwrap(), path)
}

fn unlocked(path: &Path) -> PassphraseVault {
    let vault = PassphraseVault::open(path).unwrap();
    vault.unlock(&secret(PASSPHRASE)).unwrap();
    vault
}

fn text(vault: &PassphraseVault, key: KeyId) -> Option<String> {
    vault.get(key).unwrap().map(|secret| secret.expose().to_owned())
}

#[test]
fn secrets_are_put_read_listed_and_discarded_across_openings() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    assert!(!vault.is_locked());
    vault.probe().unwrap();
    vault.put(key(2), "ignored", &secret("two")).unwrap();
    vault.put(key(1), "ignored", &secret("one")).unwrap();
    vault.put(key(1), "ignored", &secret("one, anew")).unwrap();
    let again = unlocked(&path);
    assert_eq!(again.items().unwrap(), [key(1), key(2)]);
    assert_eq!(text(&again, key(1)).as_deref(), Some("one, anew"));
    again.discard(key(1)).unwrap();
    again.discard(key(1)).unwrap();
    assert_eq!(text(&vault, key(1)), None);
    assert_eq!(text(&vault, key(2)).as_deref(), Some("two"));
}

#[test]
fn it_is_locked_until_the_right_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let (_, path) = vault_in(&folder);
    let vault = PassphraseVault::open(&path).unwrap();
    assert!(vault.is_locked());
    assert_eq!(vault.probe().unwrap_err().code(), ErrorCode::VaultLocked);
    assert_eq!(vault.put(key(1), "", &secret("x")).unwrap_err().code(), ErrorCode::VaultLocked);
    let wrong = vault.unlock(&secret("correct horse battery stable")).unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::VaultWrongPassphrase);
    assert!(vault.is_locked() && wrong.body().hint.is_some());
    vault.unlock(&secret(PASSPHRASE)).unwrap();
    assert!(!vault.is_locked());
}

#[test]
fn a_short_passphrase_is_refused_with_the_field_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.lkv");
    // Eleven characters, but more than twelve bytes.
    let error = PassphraseVault::create(&path, &secret("ééééééééééé")).err().unwrap();
    assert_eq!(error.body().field.as_ref().unwrap().rule, Rule::TooShort { min: 12 });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_vault_that_is_there_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (_, path) = vault_in(&folder);
    let before = fs::read(&path).unwrap();
    let error = PassphraseVault::create(&path, &secret(PASSPHRASE)).err().unwrap();
    assert_eq!(error.code(), ErrorCode::FileExists);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn the_standard_cost_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.lkv");
    PassphraseVault::create(&path, &secret(PASSPHRASE)).unwrap().put(key(1), "", &secret("one")).unwrap();
    assert_eq!(text(&unlocked(&path), key(1)).as_deref(), Some("one"));
}

#[test]
fn no_byte_of_a_secret_lies_in_the_file_and_each_writing_has_its_own_nonce() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    vault.put(key(1), "label", &secret("lk_plainly_visible")).unwrap();
    let first = fs::read(&path).unwrap();
    vault.put(key(1), "label", &secret("lk_plainly_visible")).unwrap();
    let second = fs::read(&path).unwrap();
    assert!(!first.windows(10).any(|part| part == b"lk_plainly"));
    assert_eq!(first[..72], second[..72]);
    assert_ne!(first[72..96], second[72..96]);
    assert_ne!(first[96..], second[96..]);
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    vault.put(key(1), "", &secret("one")).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn damage_is_refused_in_clear_words() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    vault.put(key(1), "", &secret("one")).unwrap();
    let good = fs::read(&path).unwrap();
    let mut newer = good.clone();
    newer[8] = 9;
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    for (bytes, words) in [
        (good[..60].to_vec(), "truncated"),
        (good[..good.len() - 1].to_vec(), "checksum"),
        (Vec::new(), "not a Latchkey vault"),
        (b"SQLite format 3\0".to_vec(), "not a Latchkey vault"),
        (newer, "newer Latchkey"),
        (flipped, "checksum"),
    ] {
        fs::write(&path, bytes).unwrap();
        let error = PassphraseVault::open(&path).err().unwrap();
        assert_eq!(error.code(), ErrorCode::VaultDamaged);
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(vault.put(key(2), "", &secret("two")).unwrap_err().code(), ErrorCode::VaultDamaged);
    }
    fs::remove_file(&path).unwrap();
    let error = PassphraseVault::open(&path).err().unwrap();
    assert!(error.code() == ErrorCode::VaultDamaged && error.to_string().contains("missing"));
    fs::write(&path, good).unwrap();
    assert_eq!(text(&vault, key(1)).as_deref(), Some("one"));
}

#[test]
fn two_that_write_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, path) = vault_in(&folder);
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let vault = unlocked(path);
                for number in 0..10 {
                    vault.put(key(writer * 10 + number), "", &secret("text")).unwrap();
                    assert!(vault.get(key(writer * 10 + number)).unwrap().is_some());
                }
            });
        }
    });
    assert_eq!(unlocked(&path).items().unwrap().len(), 40);
}

#[test]
fn what_a_dead_process_left_half_written_does_no_harm_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    let part = folder.path().join(".vault-abc123.part");
    fs::write(&part, &fs::read(&path).unwrap()[..50]).unwrap();
    vault.probe().unwrap();
    vault.put(key(1), "", &secret("one")).unwrap();
    assert!(!part.exists());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the vault and its lock: {names:?}");
}

#[test]
fn another_vault_in_the_same_place_asks_for_its_own_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, path) = vault_in(&folder);
    fs::remove_file(&path).unwrap();
    PassphraseVault::create_with(
        &path,
        &secret("another passphrase"),
        Box::new(StdRng::seed_from_u64(2)),
        Calibration::least(),
    )
    .unwrap();
    assert_eq!(vault.get(key(1)).unwrap_err().code(), ErrorCode::VaultLocked);
    assert!(vault.is_locked());
}
