use std::path::PathBuf;

use latchkey_app::ports::{FileDelivery, JournalEntry, JournalStep};
use latchkey_app::wire::Overlap;
use latchkey_domain::id::KeyId;

use crate::fixture::{Fixture, days, with_rng};

fn entry(step: JournalStep, day: i64) -> JournalEntry {
    JournalEntry { key: with_rng(KeyId::random), step, instance: "one".to_owned(), at: days(day) }
}

#[test]
fn every_step_is_read_back_oldest_first() {
    let fixture = Fixture::new();
    #[cfg(unix)]
    let odd = PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"/tmp/\xff.APIKEY"));
    #[cfg(not(unix))]
    let odd = PathBuf::from("C:/ÿ.APIKEY");
    let file = FileDelivery { part: "/tmp/a.part".into(), target: odd };
    let entries = [
        entry(JournalStep::Generating { file: None }, 0),
        entry(JournalStep::Generating { file: Some(file.clone()) }, 1),
        entry(JournalStep::Delivering { file }, 2),
        entry(JournalStep::Keeping, 3),
        entry(JournalStep::Discarding, 4),
        entry(JournalStep::Rotating { overlap: Overlap::None }, 5),
        entry(JournalStep::Rotating { overlap: Overlap::Hours { hours: 168 } }, 6),
        entry(JournalStep::Rotating { overlap: Overlap::Date { date: "2027-01-31".into() } }, 7),
    ];
    for entry in entries.iter().rev() {
        fixture.write(|w| w.put_journal(entry)).unwrap();
    }
    assert_eq!(fixture.port().reading(|r| r.journal()).unwrap(), entries);
}

#[test]
fn there_is_one_entry_for_a_key_until_it_is_struck_out() {
    let fixture = Fixture::new();
    let first = entry(JournalStep::Generating { file: None }, 0);
    let second = JournalEntry { step: JournalStep::Keeping, instance: "two".to_owned(), ..first.clone() };
    fixture.write(|w| w.put_journal(&first)).unwrap();
    fixture.write(|w| w.put_journal(&second)).unwrap();
    assert_eq!(fixture.port().reading(|r| r.journal()).unwrap(), [second]);
    fixture.write(|w| w.remove_journal(first.key)).unwrap();
    fixture.write(|w| w.remove_journal(first.key)).unwrap();
    assert!(fixture.port().reading(|r| r.journal()).unwrap().is_empty());
}
