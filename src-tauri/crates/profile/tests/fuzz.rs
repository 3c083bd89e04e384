//! Fuzz targets for the files that the use cases read themselves: lists of names for a batch, and catalogues of API sets.
//! `cargo test` runs each over its corpus and a fixed number of random inputs; `cargo bolero test -p latchkey-profile --test
//! fuzz names` looks for new ones, guided by coverage. The parsers of keys have theirs in `crates/import`.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;

use common::Fixture;
use latchkey_app::api_set::{self, CatalogueFile};
use latchkey_app::batch::NameList;
use latchkey_app::error::Error;
use latchkey_app::wire::{ErrorCode, Rule};
use latchkey_domain::text;

/// Random inputs of each target in one run of the tests.
const EXECUTIONS: usize = 10_000;

/// What is refused is refused with a sentence and a way out, and on a line that the file has.
fn check_refusal(error: &Error, bytes: &[u8]) {
    let body = error.body();
    assert_eq!(body.code, ErrorCode::InvalidInput);
    assert!(body.message.ends_with('.') && body.hint.is_some(), "{body:?}");
    if let Some(Rule::Line { line, .. }) = body.field.as_ref().map(|field| &field.rule) {
        assert!((1..=lines(bytes)).contains(line), "{body:?}");
    }
}

fn lines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.split(|&byte| byte == b'\n').count()).unwrap()
}

#[test]
fn names() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        // Random bytes are seldom a heading: once as they are, and once below one.
        let given = String::from_utf8_lossy(bytes);
        for text in [given.to_string(), format!("name,description,owner\n{given}")] {
            match NameList::parse(&text) {
                Ok(list) => {
                    let shown = list.preview();
                    assert!(shown.keys > 0 && shown.same_name < shown.keys && shown.recipients <= shown.keys);
                    for name in shown.first.iter().chain(&shown.last) {
                        assert_eq!(text::any_name(name).as_ref(), Ok(name), "a name that some tenant allows, trimmed");
                    }
                }
                Err(error) => check_refusal(&error, text.as_bytes()),
            }
        }
    });
}

fn check_catalogue(fixture: &Fixture, tenant: &str, bytes: &[u8]) {
    let file = match CatalogueFile::parse("sets", bytes) {
        Ok(file) => file,
        Err(error) => return check_refusal(&error, bytes),
    };
    let shown = api_set::preview(&fixture.session, tenant, &file).unwrap();
    assert_eq!(shown.sets.len(), (shown.added + shown.changed) as usize);
    let mut seen = HashSet::new();
    for set in &shown.sets {
        assert_eq!(text::api_set_id(&set.id).as_ref(), Ok(&set.id));
        assert!(seen.insert(&set.id) && !set.name.is_empty(), "{set:?}");
    }
    assert!(shown.refused.len() <= 20);
    for refused in &shown.refused {
        assert!((1..=lines(bytes)).contains(&refused.line) && refused.message.ends_with('.'), "{refused:?}");
    }
}

fn checker() -> AssertUnwindSafe<impl Fn(&[u8])> {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    AssertUnwindSafe(move |bytes: &[u8]| check_catalogue(&fixture, &tenant, bytes))
}

#[test]
fn catalogue() {
    let check = checker();
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        check(bytes);
    });
}

#[test]
fn catalogue_json() {
    let check = checker();
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let entries = String::from_utf8_lossy(bytes);
        let text = format!("{{\"kind\":\"latchkey-api-sets\",\"version\":1,\"api_sets\":[{entries}]}}");
        check(text.as_bytes());
    });
}

#[test]
fn catalogue_csv() {
    let check = checker();
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let text = format!("id,name,group,description,retired_at\n{}", String::from_utf8_lossy(bytes));
        check(text.as_bytes());
    });
}
