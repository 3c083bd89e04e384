//! Template files: read back as written, and refused whole where something is wrong.
#![allow(clippy::unwrap_used)]

use latchkey_domain::conventions::Conventions;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::template::{MAX_LEN, Template, Unreadable};
use proptest::prelude::*;

const LEAST: &str = r#"{"version":1,"id":"own","name":"Own","prefix":"lk","key_format":"latchkey"}"#;

fn with(more: &str) -> String {
    LEAST.replacen('{', &format!("{{{more},"), 1)
}

fn wrong(text: &str) -> Rule {
    match Template::read(text.as_bytes()) {
        Err(Unreadable::Wrong(FieldProblem { name: Field::Template, rule })) => rule,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_least_template_is_that_of_a_tenant_without_one() {
    let template = Template::read(LEAST.as_bytes()).unwrap();
    assert_eq!(template.conventions, Conventions::default());
    assert_eq!(Template::read(template.write().unwrap().as_bytes()).unwrap(), template);
    assert_eq!(Template::read(format!("\u{FEFF}{LEAST}\r\n").as_bytes()).unwrap(), template, "a byte order mark");
}

#[test]
fn what_is_no_template_is_refused() {
    assert_eq!(Template::read(&vec![b' '; MAX_LEN + 1]), Err(Unreadable::TooLong));
    let newer = LEAST.replace("\"version\":1", "\"version\":2,\"unheard\":[]");
    assert_eq!(Template::read(newer.as_bytes()), Err(Unreadable::Newer));
    let deep = format!("{{\"version\":1,\"id\":{}", "[".repeat(100_000));
    let cut = &LEAST[..LEAST.len() - 1];
    let typo = with(r#""api_set":[]"#);
    let twice = with(r#""name":"Other""#);
    for text in ["", "null", "[]", "{}", "\u{0}", cut, &deep, &typo, &twice, "{\"version\":-1}", "{\"version\":\"1\"}"]
    {
        let read = Template::read(text.as_bytes());
        assert!(matches!(read, Err(Unreadable::Malformed(_))), "{} {read:?}", &text[..text.len().min(60)]);
    }
    assert!(matches!(Template::read(&[0xff, 0xfe, b'{', 0]), Err(Unreadable::Malformed(_))));
}

#[test]
fn what_a_template_gets_wrong_is_named() {
    assert_eq!(wrong(&LEAST.replace("\"lk\"", "\"LK\"")), Rule::Characters);
    assert_eq!(wrong(&LEAST.replace("\"Own\"", "\"\"")), Rule::Required);
    assert_eq!(wrong(&LEAST.replace("\"Own\"", "\"O\\u202ewn\"")), Rule::InvisibleCharacter);
    let set = r#"{"id":"billing","name":"Billing"}"#;
    assert_eq!(wrong(&with(&format!(r#""api_sets":[{set},{set}]"#))), Rule::Taken);
    assert_eq!(wrong(&with(r#""api_sets":[{"id":"two words","name":"B"}]"#)), Rule::Characters);
    assert_eq!(
        wrong(&with(r#""conventions":{"everything":"*"}"#)),
        Rule::UnknownApiSet { id: "*".to_owned() },
        "what stands for everything has to be there"
    );
    let catalogue = r#""permissions":[{"id":"publisher","name":"Publisher"}]"#;
    let group = r#""user_groups":[{"id":"a","name":"A","permissions":["exporter"]}]"#;
    assert_eq!(wrong(&with(&format!(r#""conventions":{{{catalogue}}},{group}"#))), Rule::Unknown);
    assert!(Template::read(with(group).as_bytes()).is_ok(), "any identifier will do without a catalogue");
    for (conventions, min, max) in [
        (r#"{"name_length":{"min":0,"max":30}}"#, 1, 100),
        (r#"{"name_length":{"min":31,"max":30}}"#, 1, 100),
        (r#"{"name_length":{"min":1,"max":101}}"#, 1, 100),
        (r#"{"longest_days":0}"#, 1, 36_500),
        (r#"{"expirations":[{"kind":"days","days":36501}]}"#, 1, 36_500),
    ] {
        let text = with(&format!(r#""conventions":{conventions}"#));
        assert_eq!(wrong(&text), Rule::OutOfRange { min, max }, "{conventions}");
    }
    assert_eq!(wrong(&with(r#""conventions":{"columns":["name","name"]}"#)), Rule::Taken);
    assert_eq!(wrong(&with(r#""policy":{"max_lifetime_days":0}"#)), Rule::OutOfRange { min: 1, max: 36_500 });
}

#[test]
fn conventions_are_read_back_as_written() {
    let text = r#"{"presentation":"bearer","expirations":[{"kind":"never"},{"kind":"lifetime","days":7}]}"#;
    let conventions = Conventions::read(text).unwrap();
    assert_eq!(Conventions::read(&conventions.write()), Some(conventions));
    assert_eq!(Conventions::read("{\"unheard\":1}"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Template::read(&bytes);
    }

    #[test]
    fn no_text_in_a_template_makes_the_reader_fall(name in ".*", about in ".*", id in "\\PC*") {
        let mut template = Template::read(LEAST.as_bytes()).unwrap();
        template.name = name;
        template.about = about;
        template.id = id;
        let text = template.write().unwrap();
        match Template::read(text.as_bytes()) {
            Ok(read) => prop_assert_eq!(read, template),
            Err(refused) => prop_assert!(matches!(refused, Unreadable::Wrong(_)), "{:?}", refused),
        }
    }
}
