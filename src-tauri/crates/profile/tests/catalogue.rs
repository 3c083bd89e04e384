//! API sets retired, restored, imported and exported.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{Fixture, ada, draft};
use latchkey_app::api_set::{self, CatalogueFile};
use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, HandOver};
use latchkey_app::wire::{
    ApiSetChange, ApiSetDraft, CatalogueFormat, CatalogueImport, ErrorCode, EventKind, Field, KeyEdit, Rule,
};

fn file(fixture: &Fixture, name: &str, text: impl AsRef<[u8]>) -> Result<CatalogueFile> {
    let path = fixture.path().join(name);
    fs::write(&path, text).unwrap();
    CatalogueFile::read(&path)
}

fn import(fixture: &Fixture, tenant: &str, text: impl AsRef<[u8]>) -> Result<CatalogueImport> {
    api_set::import(&fixture.session, &ada(), tenant, &file(fixture, "sets", text)?)
}

fn counts(done: &CatalogueImport) -> (u32, u32, u32, u32) {
    (done.added, done.changed, done.unchanged, done.untouched)
}

fn events(fixture: &Fixture) -> usize {
    latchkey_app::audit::list(&fixture.session, None, None, 1_000).unwrap().len()
}

#[test]
fn keys_keep_a_retired_set_and_new_keys_cannot_choose_it() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let session = &fixture.session;
    let old = key::new(session, &ada(), &draft(&tenant, "crane"), &HandOver::default()).unwrap().key;
    assert!(api_set::retire(session, &ada(), &tenant, "billing").unwrap().retired_at.is_some());
    let told = events(&fixture);
    api_set::retire(session, &ada(), &tenant, "billing").unwrap();
    assert_eq!(events(&fixture), told, "what is so already is no event");

    let refused = |error: Error| error.body().field.as_ref().map(|field| (field.name, field.rule.clone()));
    let retired = Some((Field::ApiSets, Rule::RetiredApiSet { id: "billing".into() }));
    let new = key::new(session, &ada(), &draft(&tenant, "gateway"), &HandOver::default()).unwrap_err();
    assert_eq!(refused(new), retired);
    let sets = |ids: &[&str]| KeyEdit {
        api_sets: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..KeyEdit::default()
    };
    let kept = key::edit(session, &ada(), &old.id, &sets(&["billing", "dunning"])).unwrap();
    assert_eq!(kept.api_sets, ["billing", "dunning"]);
    key::edit(session, &ada(), &old.id, &sets(&["dunning"])).unwrap();
    assert_eq!(refused(key::edit(session, &ada(), &old.id, &sets(&["billing"])).unwrap_err()), retired);

    api_set::restore(session, &ada(), &tenant, "billing").unwrap();
    key::new(session, &ada(), &draft(&tenant, "gateway"), &HandOver::default()).unwrap();
    let log = latchkey_app::audit::list(session, None, None, 100).unwrap();
    for kind in [EventKind::ApiSetRetired, EventKind::ApiSetRestored] {
        assert_eq!(log.iter().filter(|event| event.kind == kind).count(), 1, "{kind:?}");
    }
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let fixture = Fixture::new();
    let (from, to) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    let odd = ["=cmd|' /C calc'!A0", "'=1", "+49 30", "-2", "@here", "a \"quoted\", word", "zwei\nZeilen"];
    for (at, text) in odd.into_iter().enumerate() {
        let name = text.replace('\n', " ");
        let draft = ApiSetDraft {
            id: format!("set{at}"),
            name: Some(name.clone()),
            group: Some(name),
            description: text.into(),
        };
        api_set::add(&fixture.session, &ada(), &from, &draft).unwrap();
    }
    api_set::retire(&fixture.session, &ada(), &from, "set0").unwrap();
    let sets = |tenant: &str| api_set::list(&fixture.session, tenant).unwrap();
    for (name, format) in [("sets.csv", CatalogueFormat::Csv), ("sets.json", CatalogueFormat::Json)] {
        let path = fixture.path().join(name);
        assert_eq!(api_set::export(&fixture.session, &from, &path, format, false).unwrap(), 9);
        let again = api_set::export(&fixture.session, &from, &path, format, false).unwrap_err();
        assert_eq!(again.code(), ErrorCode::FileExists);
        api_set::export(&fixture.session, &from, &path, format, true).unwrap();
        let done = api_set::import(&fixture.session, &ada(), &to, &CatalogueFile::read(&path).unwrap()).unwrap();
        assert_eq!(counts(&done).0 + done.unchanged, 9, "{done:?}");
        assert_eq!(sets(&to), sets(&from));
    }
    let mut cells = csv::Reader::from_path(fixture.path().join("sets.csv")).unwrap();
    for record in cells.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?} would be run");
        }
    }
}

#[test]
fn an_import_is_shown_first_and_says_what_stays() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let table = "\u{FEFF}id;Name;description\r\nbilling;Billing;Invoices; \r\n";
    let torn = file(&fixture, "torn", table).unwrap_err();
    assert_eq!(torn.body().message, "Line 2 has 4 cells where the first line has 3.");
    let table = "\u{FEFF}id;Name;description\r\nbilling;Billing;Invoices\r\nfiles:read;;\r\n";
    let read = file(&fixture, "sets.csv", table).unwrap();
    let before = events(&fixture);
    let planned = api_set::preview(&fixture.session, &tenant, &read).unwrap();
    assert_eq!(counts(&planned), (1, 1, 0, 1));
    let changes: Vec<_> = planned.sets.iter().map(|set| (set.id.as_str(), set.change)).collect();
    assert_eq!(changes, [("billing", ApiSetChange::Changed), ("files:read", ApiSetChange::Added)]);
    assert_eq!(events(&fixture), before);
    assert_eq!(api_set::import(&fixture.session, &ada(), &tenant, &read).unwrap(), planned);
    assert_eq!(events(&fixture), before + 2);
    // What the file does not say stays: here the groups.
    let json = r#"{"kind":"latchkey-api-sets","version":1,"api_sets":[{"id":"billing","group":"Money"}]}"#;
    assert_eq!(counts(&import(&fixture, &tenant, json).unwrap()), (0, 1, 0, 2));
    let billing = api_set::list(&fixture.session, &tenant).unwrap().into_iter().find(|set| set.id == "billing");
    let billing = billing.unwrap();
    assert_eq!((billing.name.as_str(), billing.group.as_deref()), ("Billing", Some("Money")));
    assert_eq!(billing.description, "Invoices");
    let json = r#"{"kind":"latchkey-api-sets","version":1,"api_sets":[{"id":"billing","group":null}]}"#;
    assert_eq!(counts(&import(&fixture, &tenant, json).unwrap()), (0, 1, 0, 2));
    assert_eq!(counts(&import(&fixture, &tenant, json).unwrap()), (0, 0, 1, 2));
}

#[test]
fn one_bad_line_refuses_the_whole_file_and_is_named() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let before = events(&fixture);
    let long = "x".repeat(1_001);
    let json =
        |entries: &str| format!("{{\n\"kind\":\"latchkey-api-sets\",\"version\":1,\n\"api_sets\":[\n{entries}\n]}}");
    let cases = [
        ("id,name\nfine,Fine\nno spaces,Wrong\n".to_owned(), 3),
        ("id\nfine\nfine\n".to_owned(), 3),
        ("id,name\n\"a\",\"two\nlines\"\n".to_owned(), 2),
        (format!("id,description\nfine,\nlong,{long}\n"), 3),
        ("id,retired_at\nfine,\nb,tomorrow\n".to_owned(), 3),
        ("id,name\nfine,\u{202E}eniF\n".to_owned(), 2),
        (json("{\"id\":\"fine\"},\n{\"id\":\"a b\"}"), 5),
        (json("{\"id\":\"fine\"},\n{\"id\":\"b\",\n\"naem\":\"B\"}"), 6),
        (json("{\"id\":\"fine\"},\n7"), 5),
    ];
    for (text, line) in cases {
        let read = file(&fixture, "sets", &text).unwrap();
        let planned = api_set::preview(&fixture.session, &tenant, &read).unwrap();
        assert_eq!(planned.refused.iter().map(|refused| refused.line).collect::<Vec<_>>(), [line], "{text}");
        let refused = api_set::import(&fixture.session, &ada(), &tenant, &read).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput);
        assert!(refused.body().message.contains(&format!("Line {line} ")), "{}", refused.body().message);
    }
    assert_eq!(events(&fixture), before);
    assert_eq!(api_set::list(&fixture.session, &tenant).unwrap().len(), 2);
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let fixture = Fixture::new();
    let many = (0..=10_000).fold("id\n".to_owned(), |text, n| text + &format!("s{n}\n"));
    let cases: [(&str, Vec<u8>); 12] = [
        ("empty", Vec::new()),
        ("binary", vec![0, 159, 146, 150]),
        ("UTF-16", b"\xFF\xFEi\0d\0".to_vec()),
        ("Latin-1", b"id,name\nfine,K\xE4se\n".to_vec()),
        ("no id", b"name\nBilling\n".to_vec()),
        ("another column", b"id,colour\na,red\n".to_vec()),
        ("torn JSON", b"{\"kind\":\"latchkey-api-sets\",\"version\":1,\"api_sets\":[{\"id\":".to_vec()),
        ("another kind", b"{\"kind\":\"recipes\",\"version\":1,\"api_sets\":[]}".to_vec()),
        ("newer", b"{\"kind\":\"latchkey-api-sets\",\"version\":2,\"api_sets\":[]}".to_vec()),
        ("deep", b"{\"a\":".repeat(100_000)),
        ("too many", many.into_bytes()),
        ("too large", vec![b'x'; (4 << 20) + 1]),
    ];
    for (what, bytes) in cases {
        let refused = file(&fixture, "sets", bytes).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput, "{what}");
        assert!(refused.body().message.ends_with('.') && refused.body().message.len() < 300, "{what}");
    }
    for path in [PathBuf::from("/dev/zero"), fixture.path().to_owned()] {
        assert_eq!(CatalogueFile::read(&path).unwrap_err().code(), ErrorCode::InvalidInput);
    }
}
