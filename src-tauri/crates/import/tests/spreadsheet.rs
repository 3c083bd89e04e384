//! Cells that a spreadsheet does not compute, and that come back as they were.

use latchkey_domain::spreadsheet::{guarded, unguarded};
use proptest::prelude::*;

/// Whether a spreadsheet that takes these for the end of a cell would find a formula.
fn computes(cell: &str) -> bool {
    let parts = cell.split([';', '\t', '\r', '\n', '|']);
    parts
        .map(|part| part.trim_start_matches([' ', '\u{a0}', '"']))
        .any(|part| part.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']))
}

#[test]
fn formulas_get_an_apostrophe_and_other_text_stays() {
    for (text, cell) in [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", " '=1"),
        ("a;=1", "a;'=1"),
        ("two\n=lines", "two\n'=lines"),
        ("'=1", "''=1"),
        ("＝1", "'＝1"),
        ("gate-3 = open", "gate-3 = open"),
        ("O'Neil", "O'Neil"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ] {
        assert_eq!(guarded(text), cell, "{text:?}");
        assert_eq!(unguarded(cell), text, "{cell:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn every_text_comes_back_and_none_computes(text in "[-=+@'\"; \t\r\n|a＝\u{a0}]{0,12}") {
        let cell = guarded(&text);
        prop_assert_eq!(unguarded(&cell), text);
        prop_assert!(!computes(&cell), "{:?}", cell);
    }

    #[test]
    fn other_peoples_cells_do_not_break_anything(cell in "\\PC{0,40}") {
        prop_assert!(unguarded(&cell).len() <= cell.len());
        prop_assert_eq!(unguarded(&guarded(&cell)), cell);
    }

    /// Through a real writer and our own reader.
    #[test]
    fn a_table_comes_back_as_it_was(names in proptest::collection::vec("[-=+@'\",; a-zä\n]{0,20}", 1..8)) {
        let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        table.write_record(["name", "key"]).unwrap();
        for name in &names {
            table.write_record([guarded(name).as_str(), "9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca"]).unwrap();
        }
        let file = [b"\xEF\xBB\xBF".as_slice(), &table.into_inner().unwrap()].concat();
        let found = latchkey_import::read("list.csv", &file, None).unwrap();
        let read: Vec<String> = found.entries.into_iter().map(|entry| entry.name).collect();
        // Blanks around a name never count.
        let kept: Vec<String> = names.iter().map(|name| unguarded(guarded(name).trim())).collect();
        prop_assert_eq!(read, kept);
    }
}
