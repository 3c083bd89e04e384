//! A fuzz target for each parser. `cargo test` runs each over its corpus and a fixed number of random inputs;
//! `cargo bolero test -p latchkey-import --test fuzz env` looks for new ones, guided by coverage.
//!
//! The corpus lies in `__fuzz__/<target>/corpus`; what once failed stays in `__fuzz__/<target>/crashes`.

use latchkey_domain::spreadsheet;
use latchkey_import::{Format, MAX_ENTRIES, MAX_KEY, MIN_KEY, read};

/// Random inputs of each target in one run of the tests.
const EXECUTIONS: usize = 20_000;

/// What must be true of every file.
fn check(name: &str, bytes: &[u8], format: Option<Format>) {
    let Ok(found) = read(name, bytes, format) else { return };
    assert!(found.entries.len() <= MAX_ENTRIES);
    assert!(format.is_none_or(|format| format == found.format));
    let lines = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(1);
    for entry in &found.entries {
        assert!((1..=lines).contains(&entry.line), "line {}", entry.line);
        assert_eq!(entry.name.trim(), entry.name);
        if let Ok(key) = &entry.key {
            let text = key.expose();
            assert!(text.len() <= MAX_KEY && text.chars().count() >= MIN_KEY);
            assert!(!text.chars().any(|c| c.is_control() || c.is_whitespace() || c == char::REPLACEMENT_CHARACTER));
        } else {
            assert!(!entry.likely);
        }
    }
}

#[test]
fn env() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| check(".env", bytes, Some(Format::Env)));
}

#[test]
fn csv() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| check("a.csv", bytes, Some(Format::Csv)));
}

#[test]
fn apikey() {
    bolero::check!()
        .with_iterations(EXECUTIONS)
        .for_each(|bytes: &[u8]| check("a.APIKEY", bytes, Some(Format::ApiKey)));
}

#[test]
fn guessed() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| check("", bytes, None));
}

#[test]
fn cells() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(spreadsheet::unguarded(&spreadsheet::guarded(&text)), text);
    });
}
