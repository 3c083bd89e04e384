//! The profile from outside: all that it holds, and a log that takes no more lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use latchkey_app::ports::Vault as _;
use rusqlite::types::Value;
use rusqlite::{Connection, Row};

use crate::common::Fixture;

fn open(fixture: &Fixture) -> Connection {
    Connection::open(fixture.path().join("latchkey.db")).unwrap()
}

/// Makes the log refuse every line after so many.
pub(crate) fn refuse_lines_after(fixture: &Fixture, lines: usize) {
    let trigger = format!(
        "CREATE TRIGGER full BEFORE INSERT ON event WHEN (SELECT count(*) FROM event) >= {lines}
         BEGIN SELECT raise(ABORT, 'the log is full'); END"
    );
    open(fixture).execute_batch(&trigger).unwrap();
}

pub(crate) fn take_lines_again(fixture: &Fixture) {
    open(fixture).execute_batch("DROP TRIGGER full").unwrap();
}

/// All rows but those of the log, all secrets in the vault, and all files, in words.
pub(crate) fn state(fixture: &Fixture) -> BTreeMap<String, Vec<String>> {
    let database = open(fixture);
    let mut names = database
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name <> 'event'
             AND name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let tables: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut state: BTreeMap<_, _> = tables.into_iter().map(|name| (name.clone(), rows(&database, &name))).collect();
    let secrets = fixture.vault.items().unwrap();
    state.insert("vault".into(), secrets.iter().map(|&key| format!("{key} {:?}", fixture.vault.text(key))).collect());
    state.insert("files".into(), files(fixture.path()));
    state
}

fn rows(database: &Connection, table: &str) -> Vec<String> {
    let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
    // A tenant gets the salt of its slow digests before the first of them is computed. It tells nobody anything.
    let columns = statement.column_names().map(str::to_owned);
    let told: Vec<usize> = columns.zip(0..).filter(|(name, _)| name != "salt").map(|(_, number)| number).collect();
    let row = |row: &Row<'_>| told.iter().map(|&number| row.get::<_, Value>(number)).collect::<Result<Vec<_>, _>>();
    statement.query_map([], |found| row(found).map(|row| format!("{row:?}"))).unwrap().map(Result::unwrap).collect()
}

fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(self::files(&entry));
        }
        files.push(entry.display().to_string());
    }
    // What SQLite keeps beside its file comes and goes with its connections.
    files.retain(|name| !name.contains("latchkey.db"));
    files.sort();
    files
}
