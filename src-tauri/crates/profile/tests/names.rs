//! Lists of names that are hostile, or not lists at all: refused whole, with what to do.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use common::Fixture;
use common::batch::{Place, accepted, count, keys_of, listed, run};
use latchkey_app::batch::NameList;
use latchkey_app::wire::ErrorCode;

const NO_TEXT: &str = "The list of names is no text in UTF-8.";
const TOO_LARGE: &str = "The list of names is too large.";

fn read(folder: &Path, bytes: &[u8]) -> Result<NameList, String> {
    let file = folder.join("names.csv");
    fs::write(&file, bytes).unwrap();
    NameList::read(&file).map_err(|error| {
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(error.body().hint.is_some());
        error.body().message.clone()
    })
}

#[test]
fn what_is_no_text_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let utf16 = |mark: u16, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [mark].into_iter().chain("name\r\nGate\r\n".encode_utf16()).flat_map(order).collect()
    };
    for (what, bytes) in [
        ("binary", (0..=255).cycle().take(100_000).collect()),
        ("UTF-16", utf16(0xFEFF, u16::to_le_bytes)),
        ("UTF-16, the other way", utf16(0xFEFF, u16::to_be_bytes)),
        ("Latin-1", b"name\nZ\xfcrich\n".to_vec()),
        ("a lone surrogate", b"name\nGate \xed\xa0\x80\n".to_vec()),
        ("two, as CESU-8 has them", b"name\nGate \xed\xa0\xbd\xed\xb8\x80\n".to_vec()),
        ("cut in the middle of a letter", b"name\nZ\xc3".to_vec()),
    ] {
        assert_eq!(read(folder.path(), &bytes).unwrap_err(), NO_TEXT, "{what}");
    }
    let line = |problem: &str| format!("Line 3: The name {problem}");
    for (what, text, sentence) in [
        ("NUL", "name\nGate\nPi\0er\n", line("has a control character in it.")),
        ("UTF-16 without its mark", "n\0a\0m\0e\0\n\0G\0", "The list of names is not known.".into()),
        (
            "right to left",
            "name\nGate\nfdp.\u{202e}exe\n",
            line("has a character in it that cannot be seen or that turns the direction of text."),
        ),
        ("a quote that is never closed", "name\nGate\n\"Pier\nQuay\n", line("has a control character in it.")),
        ("nothing", "", "The list of names is not known.".into()),
        ("one endless line", &"n".repeat(1 << 20), "The list of names is not known.".into()),
        ("an endless name", &format!("name\nGate\n{}\n", "n".repeat(1 << 20)), line("is too long.")),
    ] {
        assert_eq!(read(folder.path(), text.as_bytes()).unwrap_err(), sentence, "{what}");
    }
}

/// Neither is read: a sparse file has its length without taking room on the disk.
#[test]
fn what_is_far_too_large_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("names.csv");
    for length in [(64 << 20) + 1, 2 << 30] {
        fs::File::create(&file).unwrap().set_len(length).unwrap();
        let error = NameList::read(&file).unwrap_err();
        assert_eq!((error.code(), error.body().message.as_str()), (ErrorCode::InvalidInput, TOO_LARGE), "{length}");
    }
    assert_eq!(NameList::read(folder.path()).unwrap_err().body().message, TOO_LARGE, "a folder");
    assert_eq!(NameList::read(&folder.path().join("nowhere")).unwrap_err().code(), ErrorCode::Failed);
}

/// A device has no length and no end.
#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_read_up_to_the_limit() {
    assert_eq!(NameList::read(Path::new("/dev/zero")).unwrap_err().body().message, TOO_LARGE);
}

/// Formulas are names as any others, and no spreadsheet computes them in the file that comes out.
#[test]
fn a_formula_is_a_name_and_stays_one() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let given = ["=cmd|' /C calc'!A0", "@SUM(1+1)*2", "+49 30 1234", "-gate-", "a \"quoted\" one", "one; two"];
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["name", "owner"]).unwrap();
    for name in given {
        table.write_record([name, "Ada"]).unwrap();
    }
    let text = String::from_utf8(table.into_inner().unwrap()).unwrap().replace('\n', "\r\n");
    let list = read(fixture.path(), text.as_bytes()).unwrap();
    run(&fixture, &listed(&tenant), Some(&list), &place.file()).unwrap();
    let written = fs::read_to_string(place.file()).unwrap();
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let cells: Vec<String> =
        reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{cells:?}");
    assert!(keys_of(&written).iter().all(|key| accepted(&fixture, &tenant, key)));
    assert_eq!(count(&fixture, &tenant), 6);
    for name in given {
        assert_eq!(latchkey_app::key::show(&fixture.session, name).unwrap().key.name, name);
    }
}
