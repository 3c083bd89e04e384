//! The names of a batch follow the rule of its tenant, whatever that is.
#![allow(clippy::unwrap_used)]

mod common;

use std::ops::ControlFlow;
use std::path::Path;

use common::{Fixture, ada};
use latchkey_app::batch::{self, NameList};
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{BatchDelivery, BatchDraft, BatchEnd, BatchNames, BatchSummary, Expiration, Field, Rule};

fn draft(tenant: &str, names: BatchNames) -> BatchDraft {
    BatchDraft {
        tenant: tenant.into(),
        names,
        description: String::new(),
        owner: None,
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        expires: Expiration::Days { days: 30 },
        delivery: BatchDelivery::Csv,
        recipients: Vec::new(),
    }
}

fn numbers(tenant: &str, pattern: &str, count: u32) -> BatchDraft {
    draft(tenant, BatchNames::Pattern { pattern: pattern.into(), count })
}

fn run(fixture: &Fixture, draft: &BatchDraft, list: Option<&NameList>, target: &Path) -> Result<BatchSummary> {
    match batch::run(&fixture.session, &ada(), draft, list, target, &mut |_| ControlFlow::Continue(()))? {
        BatchEnd::Done { summary } => Ok(summary),
        BatchEnd::Cancelled => panic!("nobody cancelled"),
    }
}

/// Which line is at fault, and why.
fn line(error: &Error) -> (u32, Rule) {
    let problem = error.body().field.clone().unwrap();
    let Rule::Line { line, problem } = problem.rule else { panic!("{error}") };
    (line, problem.rule)
}

#[test]
fn short_labels_are_names_where_the_template_has_them_so() {
    let (fixture, place) = (Fixture::new(), tempfile::tempdir().unwrap());
    let rooms = fixture.tenant_from("docspace");
    let list = NameList::parse("name\na\nbb\n").unwrap();
    batch::check_list(&fixture.session, &rooms, &list).unwrap();
    let listed = draft(&rooms, BatchNames::List);
    assert_eq!(run(&fixture, &listed, Some(&list), &place.path().join("list.csv")).unwrap().first, "a");
    let numbered = run(&fixture, &numbers(&rooms, "{n}", 12), None, &place.path().join("numbers.csv")).unwrap();
    assert_eq!((numbered.first.as_str(), numbered.last.as_str()), ("1", "12"));

    let long = NameList::parse(&format!("name\na\n{}\n", "b".repeat(31))).unwrap();
    let target = place.path().join("long.csv");
    for refused in [
        batch::check_list(&fixture.session, &rooms, &long).unwrap_err(),
        run(&fixture, &listed, Some(&long), &target).unwrap_err(),
    ] {
        assert_eq!(line(&refused), (3, Rule::TooLong { max: 30 }));
    }
    assert!(!target.exists());
}

#[test]
fn elsewhere_they_are_refused_before_anything_is_made() {
    let (fixture, place) = (Fixture::new(), tempfile::tempdir().unwrap());
    let harbour = fixture.tenant("Harbour");
    let target = place.path().join("keys.csv");
    let list = NameList::parse("name\na\nbb\n").unwrap();
    for refused in [
        batch::check_list(&fixture.session, &harbour, &list).unwrap_err(),
        run(&fixture, &draft(&harbour, BatchNames::List), Some(&list), &target).unwrap_err(),
    ] {
        assert_eq!(line(&refused), (2, Rule::TooShort { min: 3 }));
    }
    let refused = run(&fixture, &numbers(&harbour, "{n}", 2), None, &target).unwrap_err();
    let problem = refused.body().field.clone().unwrap();
    assert_eq!((problem.name, problem.rule), (Field::Name, Rule::TooShort { min: 3 }));
    assert!(!target.exists());
}
