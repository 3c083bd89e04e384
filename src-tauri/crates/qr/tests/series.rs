//! Whatever is lost, repeated or shuffled, a pair comes back byte for byte; and what is shown is what was meant.
#![allow(clippy::unwrap_used)]

use latchkey_qr::{Code, Error, MAX_PAIR, MAX_PARTS, Pair, Progress, Receiver, Series};
use proptest::prelude::*;

fn pair(file: usize, seed: u8) -> Pair {
    let bytes = |len: usize| (0..len).map(|at| (at * 31 + usize::from(seed)).to_le_bytes()[0]).collect();
    Pair { file: bytes(file), signature: bytes(370) }
}

/// What the squares of a code say to a scanner.
fn scanned(code: &Code) -> String {
    // Four pixels a square, as a camera sees it: not aligned with anything.
    let side = code.size() * 4;
    let shade = |x: usize, y: usize| if code.is_dark(x / 4, y / 4) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
    let grids = image.detect_grids();
    let (_, text) = grids.first().unwrap().decode().unwrap();
    text
}

/// The squares that a path draws.
fn drawn(code: &Code) -> Vec<(usize, usize)> {
    let mut squares = Vec::new();
    for run in code.path().split('M').skip(1) {
        let (at, rest) = run.split_once('h').unwrap();
        let (column, row) = at.split_once(' ').unwrap();
        let width: usize = rest.split_once('v').unwrap().0.parse().unwrap();
        let (column, row): (usize, usize) = (column.parse().unwrap(), row.parse().unwrap());
        squares.extend((column..column + width).map(|column| (column, row)));
    }
    squares
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_pair_comes_back_from_parts_that_were_lost_repeated_and_shuffled(
        file in proptest::collection::vec(any::<u8>(), 0..6_000),
        signature in proptest::collection::vec(any::<u8>(), 0..400),
        // For each code: whether it is lost, and where it comes.
        fate in proptest::collection::vec((any::<bool>(), any::<u16>()), 400),
    ) {
        let sent = Pair { file, signature };
        let series = Series::new(&sent).unwrap();
        let mut numbers: Vec<usize> = (1..=series.parts() * 6).collect();
        numbers.retain(|number| !fate[number % fate.len()].0);
        numbers.sort_by_key(|number| fate[number % fate.len()].1);
        // Each comes twice, and in the end the camera sees the whole series after all.
        let numbers = numbers.iter().flat_map(|number| [*number; 2]).chain(1..=series.parts());
        let mut receiver = Receiver::default();
        let mut known_before = 0;
        let mut came = None;
        for number in numbers {
            match receiver.take(&format!(" {}\r\n", series.text(number).unwrap())).unwrap() {
                Progress::Done(pair) => { came = Some(pair); break }
                Progress::Some { known, of } => {
                    prop_assert!(known >= known_before && known < of && of == series.parts());
                    known_before = known;
                }
            }
        }
        prop_assert_eq!(came, Some(sent));
    }
}

#[test]
fn what_is_shown_is_what_is_said_and_what_the_path_draws() {
    for (file, seed) in [(20, 1), (900, 2), (9_000, 3)] {
        let series = Series::new(&pair(file, seed)).unwrap();
        for number in [1, series.parts(), series.parts() + 3] {
            let (text, code) = (series.text(number).unwrap(), series.code(number).unwrap());
            assert_eq!(scanned(&code), text, "{number} of {}", series.parts());
            let squares = drawn(&code);
            for row in 0..code.size() {
                for column in 0..code.size() {
                    assert_eq!(code.is_dark(column, row), squares.contains(&(column, row)), "{column} {row}");
                }
            }
        }
    }
}

#[test]
fn codes_fit_the_columns_of_a_terminal_and_say_the_same_there() {
    let code = Series::new(&pair(5_000, 4)).unwrap().code(1).unwrap();
    for light in [false, true] {
        let text = code.text(light);
        let rows: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        assert!(rows.iter().all(|row| row.len() == code.size() && row.len() <= 80), "{}", code.size());
        for row in 0..code.size() {
            for (column, &character) in rows[row / 2].iter().enumerate() {
                let inked = if row % 2 == 0 { "█▀" } else { "█▄" }.contains(character);
                assert_eq!(inked == light, code.is_dark(column, row), "{column} {row}");
            }
        }
    }
}

#[test]
fn a_small_pair_is_one_code_on_paper_and_a_larger_one_is_not() {
    let small = pair(1_000, 5);
    let series = Series::new(&small).unwrap();
    assert!(series.parts() > 1);
    let text = scanned(&series.printed().unwrap());
    assert_eq!(Receiver::default().take(&text), Ok(Progress::Done(small)));
    assert_eq!(Series::new(&pair(2_000, 5)).unwrap().printed(), None);
    // What is counted beforehand is what comes to be.
    for file in [0, 1, 23, 24, 255, 256, 1_200, 1_250, 1_300, 4_000] {
        let pair = pair(file, 6);
        let len = Pair::len_of(file, pair.signature.len());
        let series = Series::new(&pair).unwrap();
        assert_eq!(Series::parts_of(len), series.parts(), "{file}");
        assert_eq!(Series::fits_one(len), series.printed().is_some(), "{file}");
    }
}

#[test]
fn the_largest_pair_has_its_codes_and_one_byte_more_has_none() {
    let most = (0..MAX_PAIR).rev().find(|file| Pair::len_of(*file, 370) <= MAX_PAIR).unwrap();
    let series = Series::new(&pair(most, 7)).unwrap();
    assert!(series.parts() <= MAX_PARTS, "{}", series.parts());
    assert_eq!(Series::new(&pair(most + 1, 7)).unwrap_err(), Error::TooLarge);
}

#[test]
fn what_is_no_code_of_the_series_is_refused_and_spoils_nothing() {
    let series = Series::new(&pair(700, 8)).unwrap();
    let other = Series::new(&pair(700, 9)).unwrap();
    let longer = Series::new(&pair(3_000, 9)).unwrap();
    let mut receiver = Receiver::default();
    receiver.take(&series.text(1).unwrap()).unwrap();
    let mut damaged = series.text(2).unwrap();
    damaged.replace_range(40..42, if &damaged[40..42] == "AE" { "AD" } else { "AE" });
    for (text, error) in [
        (String::new(), Error::NotACode),
        ("https://example.com".into(), Error::NotACode),
        ("ur:crypto-psbt/1-3/abcd".into(), Error::NotACode),
        ("ur:bytes/0-3/abcd".into(), Error::NotACode),
        ("ur:bytes/1-4294967295/lpadascfadaxcywenbpljkhdca".into(), Error::NotACode),
        (format!("ur:bytes/{}", "a".repeat(5_000)), Error::NotACode),
        ("ur:bytes/hdcadv".into(), Error::Damaged),
        (damaged, Error::Damaged),
        (other.text(2).unwrap(), Error::OtherSeries),
        (longer.text(1).unwrap(), Error::OtherSeries),
    ] {
        assert_eq!(receiver.take(&text), Err(error), "{text}");
    }
    let last = (2..=series.parts()).map(|number| receiver.take(&series.text(number).unwrap()).unwrap()).last();
    assert_eq!(last, Some(Progress::Done(pair(700, 8))));
}

/// Bytes of the type that are somebody else's.
#[test]
fn other_bytes_are_no_pair() {
    for message in [&b"\x41a"[..], b"\x4f\x84\x6dlatchkey-pair", b"\x40", b"", b"\x5f\xff"] {
        if message.is_empty() {
            continue;
        }
        let text = ur::encode(message, &ur::Type::Bytes);
        assert_eq!(Receiver::default().take(&text), Err(Error::NotAPair), "{text}");
    }
    // A longer way to write a length is no second way to write a pair.
    let right = Series::new(&Pair { file: vec![1], signature: vec![2] }).unwrap().text(1).unwrap();
    let (_, bytes) = ur::decode(&right).unwrap();
    assert_eq!(bytes, b"\x54\x84\x6dlatchkey-pair\x01\x41\x01\x41\x02");
    let longer = [b"\x55", &bytes[1..bytes.len() - 2], b"\x58\x01\x02"].concat();
    let text = ur::encode(&longer, &ur::Type::Bytes);
    assert_eq!(Receiver::default().take(&text), Err(Error::NotAPair));
}
