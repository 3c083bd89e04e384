//! What becomes of files, friendly and hostile.
#![allow(clippy::unwrap_used)]

use latchkey_domain::secret::Secret;
use latchkey_import::{Entry, Format, MAX_ENTRIES, MAX_FILE, Refused, Unreadable, read};

const RANDOM: &str = "9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";

fn entries(name: &str, bytes: &[u8]) -> Vec<Entry> {
    read(name, bytes, None).unwrap().entries
}

/// Name and key of each entry, or why it has none.
fn told(name: &str, bytes: &[u8]) -> Vec<(String, Result<String, Unreadable>)> {
    entries(name, bytes)
        .into_iter()
        .map(|entry| (entry.name, entry.key.map(|key: Secret| key.expose().to_owned())))
        .collect()
}

fn keys(name: &str, bytes: &[u8]) -> Vec<String> {
    told(name, bytes).into_iter().filter_map(|(_, key)| key.ok()).collect()
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units = format!("{mark}{text}");
    units.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn env_files_are_read_as_dotenv_reads_them() {
    let file = b"# the crane\nexport CRANE_KEY=abcdefgh1 # remark\r\n\r\nGATE_TOKEN = 'with # in it'\nQUAY_SECRET=\"a\\\"b\\tcdefgh\"\n\
        PORT=8080\nMODE=production\nEMPTY_KEY=\nOTHER_KEY=${CRANE_KEY}\nOPEN_KEY=\"abcdefgh\nno assignment\n\
        JUNK_KEY='abcdefgh' junk\nHASH_KEY=abc#defgh\n";
    let told = told(".env", file);
    let key = |text: &str| Ok(text.to_owned());
    let expected = [
        ("CRANE_KEY", key("abcdefgh1")),
        ("GATE_TOKEN", Err(Unreadable::Blank)),
        ("QUAY_SECRET", Err(Unreadable::Blank)),
        ("PORT", Err(Unreadable::TooShort)),
        ("MODE", key("production")),
        ("EMPTY_KEY", Err(Unreadable::Empty)),
        ("OTHER_KEY", Err(Unreadable::Reference)),
        ("OPEN_KEY", Err(Unreadable::Form)),
        ("", Err(Unreadable::Form)),
        ("JUNK_KEY", Err(Unreadable::Form)),
        ("HASH_KEY", key("abc#defgh")),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(name, key)| (name.to_owned(), key)).collect();
    assert_eq!(told, expected);
    let found = entries(".env", file);
    assert_eq!((found[0].line, found[0].description.as_str()), (2, "the crane"));
    assert!(found[0].likely);
    assert!(!found[4].likely, "MODE does not say that it is a key");
}

#[test]
fn tables_are_read_by_their_headings_whatever_the_separator() {
    for (heading, separator) in
        [("Name,API key,Notes,Owner", ","), ("name;api_key;notes;owner", ";"), ("NAME\tApi-Key\tnotes\towner", "\t")]
    {
        let row = ["\"gate, \"\"north\"\"; one\"", RANDOM, "\"two\r\nlines\"", "Ada"].join(separator);
        let file = format!("{heading}\r\n\r\n{row}\r\nshort{separator}\r\n");
        let found = entries("keys.csv", file.as_bytes());
        assert_eq!(found.len(), 2, "{separator:?}");
        assert_eq!(found[0].name, "gate, \"north\"; one");
        assert_eq!(found[0].key.as_ref().unwrap().expose(), RANDOM);
        assert_eq!(found[0].description, "two\r\nlines");
        assert_eq!(found[0].owner.as_deref(), Some("Ada"));
        assert_eq!((found[0].line, found[1].line), (3, 5));
        assert_eq!(found[1].key.as_ref().unwrap_err(), &Unreadable::Empty);
    }
    let refused = read("keys.csv", b"name,colour\ncrane,red\n", None).unwrap_err();
    assert_eq!(refused, Refused::NoKeyColumn);
}

#[test]
fn a_quote_that_does_not_end_takes_no_foreign_text_for_a_key() {
    let file = format!("name,key\ncrane,\"{RANDOM}\ngate,{RANDOM}x\n");
    let found = entries("keys.csv", file.as_bytes());
    assert_eq!(found.len(), 1);
    assert!(found[0].key.is_err());
}

#[test]
fn formulas_and_guarded_cells_are_plain_text() {
    let file = format!("name,key\n\"=cmd|' /C calc'!A0\",{RANDOM}1\n'=cmd,{RANDOM}2\n@sum,'-{RANDOM}3\n");
    let expected = [("=cmd|' /C calc'!A0", "1"), ("=cmd", "2"), ("@sum", "3")];
    for ((name, key), (wanted, end)) in told("k.csv", file.as_bytes()).into_iter().zip(expected) {
        assert_eq!(name, wanted);
        assert!(key.unwrap().ends_with(end));
    }
    assert!(keys("k.csv", file.as_bytes())[2].starts_with('-'));
}

#[test]
fn an_apikey_file_is_the_key_or_the_one_word_that_can_be_it() {
    for file in [
        format!("{RANDOM}\n"),
        format!("\u{feff}  {RANDOM}\r\n\r\n"),
        format!("API key: {RANDOM}\nUser: someone.with.a.long.name\n"),
        format!("key={RANDOM}"),
        format!("Authorization: Bearer \"{RANDOM}\"\n"),
    ] {
        let found = entries("Crane controller.APIKEY", file.as_bytes());
        assert_eq!(found.len(), 1, "{file}");
        assert_eq!(found[0].key.as_ref().unwrap().expose(), RANDOM, "{file}");
        assert_eq!(found[0].name, "Crane controller");
        assert!(found[0].likely);
    }
    let two = format!("{RANDOM}\n{}\n", RANDOM.to_lowercase());
    let found = entries("two.APIKEY", two.as_bytes());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|entry| !entry.likely), "the operator has to say which");
    assert_eq!(read("x.APIKEY", &[b'a'; 4_097], None).unwrap_err(), Refused::TooLarge { max: 4_096 });
    assert_eq!(read("x.APIKEY", b" \r\n", None).unwrap_err(), Refused::Empty);
}

#[test]
fn every_encoding_comes_out_the_same() {
    let text = format!("name,key\r\nKran Zürich,{RANDOM}\r\n");
    let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [
        text.clone().into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        utf16(&text, false, true),
        utf16(&text, true, true),
        utf16(&text, false, false),
        utf16(&text, true, false),
        latin1,
    ] {
        assert_eq!(told("k.csv", &bytes), [("Kran Zürich".to_owned(), Ok(RANDOM.to_owned()))]);
    }
}

#[test]
fn lone_surrogates_spoil_only_their_own_entry() {
    let mut wide = utf16(&format!("A_KEY={RANDOM}\nB_KEY=abc"), false, true);
    wide.extend(0xD800_u16.to_le_bytes());
    wide.extend(utf16(&format!("defgh\nC_KEY={RANDOM}x\n"), false, false));
    let mut narrow = format!("A_KEY={RANDOM}\nB_KEY=abc").into_bytes();
    narrow.extend([0xED, 0xA0, 0x80]);
    narrow.extend(format!("defgh\nC_KEY={RANDOM}x\n").into_bytes());
    for bytes in [wide, narrow] {
        let found = told(".env", &bytes);
        assert_eq!(found.len(), 3);
        assert!(found[0].1.is_ok() && found[2].1.is_ok());
        assert_eq!(found[1].1, Err(Unreadable::Damaged));
    }
}

#[test]
fn what_is_no_text_or_too_much_is_refused_whole() {
    for binary in [
        b"\x7fELF\x02\x01\x01\0".as_slice(),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"key\0value",
    ] {
        for name in ["a.env", "a.csv", "a.APIKEY", ""] {
            assert_eq!(read(name, binary, None).unwrap_err(), Refused::Binary);
        }
    }
    assert_eq!(read("a.env", &vec![b'a'; MAX_FILE + 1], None).unwrap_err(), Refused::TooLarge { max: MAX_FILE });
    assert_eq!(read("a.env", b"", None).unwrap_err(), Refused::Empty);
}

#[test]
fn a_file_with_more_entries_than_the_limit_is_cut_and_says_so() {
    let lines = |count: usize| {
        let numbered = (0..count).map(|at| format!("K{at}_KEY=abcdefgh{at}\n"));
        numbered.collect::<Vec<_>>().concat()
    };
    let whole = read(".env", lines(MAX_ENTRIES).as_bytes(), None).unwrap();
    assert!(!whole.cut);
    let cut = read(".env", lines(MAX_ENTRIES + 1).as_bytes(), None).unwrap();
    assert!(cut.cut);
    assert_eq!(cut.entries.len(), MAX_ENTRIES);
    let table = format!("name,key\n{}", "a,abcdefgh\n".repeat(MAX_ENTRIES + 5));
    let cut = read("a.csv", table.as_bytes(), None).unwrap();
    assert!(cut.cut);
}

#[test]
fn long_keys_and_wide_tables_are_no_trouble() {
    let long = format!("A_KEY={}\nB_KEY={}\n", "a".repeat(4_096), "a".repeat(4_097));
    let found = told(".env", long.as_bytes());
    assert!(found[0].1.is_ok());
    assert_eq!(found[1].1, Err(Unreadable::TooLong));
    let wide = format!("name,key{}\ngate,abcdefgh{}\n", ",x".repeat(100_000), ",y".repeat(100_000));
    assert_eq!(keys("a.csv", wide.as_bytes()), ["abcdefgh"]);
}

#[test]
fn the_format_is_guessed_from_the_name_and_else_from_the_text() {
    let guessed = |name: &str, text: &str| read(name, text.as_bytes(), None).unwrap().format;
    for name in [".env", ".env.local", "prod.env", "PROD.ENV"] {
        assert_eq!(guessed(name, "abcdefgh"), Format::Env, "{name}");
    }
    assert_eq!(guessed("a.ApiKey", "A_KEY=abcdefgh"), Format::ApiKey);
    assert_eq!(guessed("a.CSV", "name,key\n"), Format::Csv);
    assert_eq!(guessed("a.txt", "name,key\na,abcdefgh\n"), Format::Csv);
    assert_eq!(guessed("a.txt", "# keys\nA_KEY=abcdefgh\nB_KEY=abcdefgh\n"), Format::Env);
    assert_eq!(guessed("", RANDOM), Format::ApiKey);
}
