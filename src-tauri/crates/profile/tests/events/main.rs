//! Every change writes who, when, what and why, in its own transaction: each use case that takes an operator, once as it
//! should be, and once with a log that takes no more lines.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cases;
#[path = "../common/mod.rs"]
mod common;
mod database;
#[path = "../../../connectors/tests/servers/support/documenso.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod documenso;
#[path = "../../../cli/tests/cli/http.rs"]
mod http;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cases::{Refused, Stage, all};
use common::Fixture;
use database::{refuse_lines_after, state, take_lines_again};
use latchkey_app::ports::{JournalEntry, Vault as _};
use latchkey_app::session::Session;
use latchkey_app::wire::{EventView, Holding, KeyQuery};
use latchkey_app::{audit, key, recover};

/// The whole log, oldest first.
fn log(session: &Session) -> Vec<EventView> {
    let mut log = audit::list(session, None, None, audit::MAX_LINES).unwrap();
    log.reverse();
    log
}

#[test]
fn each_change_is_told_with_who_when_what_and_why() {
    for case in all() {
        let stage = Stage::new();
        let act = (case.prepare)(&stage);
        let before = log(stage.session()).len();
        stage.fixture.clock.forward(1);
        act(&stage).unwrap();
        let mut told = log(stage.session()).split_off(before);
        // What leaves the vault in consequence is told by the program itself.
        told.retain(|event| event.actor.origin != "start");
        assert_eq!(told.iter().map(|event| event.kind).collect::<Vec<_>>(), case.events, "{}", case.call);
        for event in &told {
            let who = (event.actor.operator.as_str(), event.actor.origin.as_str());
            assert_eq!((who, event.at), (("Grace", "command line"), stage.session().now()), "{}", case.call);
        }
        if case.reason.is_some() {
            assert!(told.iter().all(|event| event.reason.as_deref() == case.reason), "{}", case.call);
        }
    }
}

/// The log refuses the first line of a change, and in another profile the last.
#[test]
fn what_the_log_does_not_take_does_not_happen() {
    for case in all() {
        for refused in BTreeSet::from([0, case.events.len() - 1]) {
            let what = format!("{}, line {refused} of {:?}", case.call, case.events);
            let stage = Stage::new();
            let act = (case.prepare)(&stage);
            let before = state(&stage.fixture);
            refuse_lines_after(&stage.fixture, log(stage.session()).len() + refused);
            assert!(act(&stage).is_err(), "{what}");
            if case.refused == Refused::Nothing {
                check_same(&state(&stage.fixture), &before, &what);
            }
            take_lines_again(&stage.fixture);

            let next = stage.fixture.restarted();
            let lines = log(&next.session).len();
            assert_eq!(recover::at_start(&next.session).unwrap(), 0, "{what}");
            check_consistent(&next, &what);
            match case.refused {
                Refused::Nothing => {}
                Refused::Undone => check_same(&state(&next), &before, &what),
                Refused::Finished => assert!(log(&next.session).len() > lines, "{what}: the start tells what it did"),
            }
        }
    }
}

fn check_same(now: &BTreeMap<String, Vec<String>>, before: &BTreeMap<String, Vec<String>>, what: &str) {
    for (part, rows) in before {
        assert_eq!(now.get(part), Some(rows), "{what}: {part}");
    }
}

/// Nothing waits for a start, and the vault has the secrets of the list and no others.
fn check_consistent(fixture: &Fixture, what: &str) {
    let keys = key::list(&fixture.session, &KeyQuery::default()).unwrap().keys;
    assert!(keys.iter().all(|key| key.holding != Holding::Missing), "{what}");
    let credentials = fixture.session.store.reading(|reader| reader.all_remote_credentials()).unwrap();
    let held = keys.iter().filter(|key| key.holding == Holding::Held).map(|key| key.id.parse().unwrap());
    let held = held.chain(credentials.iter().map(|credential| credential.item));
    let held = held.chain(fixture.session.store.reading(|reader| reader.signing_key_items()).unwrap());
    assert_eq!(held.collect::<BTreeSet<_>>(), fixture.vault.items().unwrap().into_iter().collect(), "{what}");
    // What a server was asked waits for a refresh.
    let journal = fixture.session.store.reading(|reader| reader.journal()).unwrap();
    assert!(journal.iter().all(JournalEntry::is_asking), "{what}: {journal:?}");
}

/// The use cases in the sources that take an operator, as `key::revoke`.
fn in_the_sources(folder: &Path, module: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let stem = entry.file_stem().unwrap().to_string_lossy().into_owned();
        if entry.is_dir() {
            in_the_sources(&entry, &format!("{module}{stem}::"), found);
            continue;
        }
        let text = fs::read_to_string(&entry).unwrap();
        for function in text.split("pub fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            let parameters = rest.split_once(") ").map_or(rest, |(parameters, _)| parameters);
            if parameters.contains("operator: &Operator") {
                // Most files have one use case; these are private to the module whose use cases they have.
                let private = [name, "mod", "switch", "retire", "transfer"].contains(&stem.as_str());
                let own = private || module == "batch::";
                found.insert(if own { format!("{module}{name}") } else { format!("{module}{stem}::{name}") });
            }
        }
    }
}

#[test]
fn no_use_case_that_takes_an_operator_is_forgotten() {
    let mut found = BTreeSet::new();
    in_the_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src"), "", &mut found);
    let tested: BTreeSet<String> = all().iter().map(|case| case.call.to_owned()).collect();
    // They look who asks, and change nothing; the last one is `close` for all windows.
    let others = ["tenant::gaps", "batch::check", "save_window::leave"].map(str::to_owned);
    let forgotten: Vec<_> = found.iter().filter(|call| !tested.contains(*call) && !others.contains(call)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    assert!(found.len() > 40 && tested.iter().all(|call| found.contains(call)), "{found:?}");
}
