use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::KeySort;
use latchkey_domain::key::Key;
use proptest::prelude::*;

use crate::fixture::{Fixture, api_set, key, now, searching, tenant};

#[test]
fn a_key_is_found_by_the_beginning_of_any_word_of_it() {
    let (fixture, id) = Fixture::with_tenant();
    let mut quay = key(id, "Quay-3 Zürich");
    quay.display = "lk_8fK2pQ7z…x9Qa".to_owned();
    quay.description = "Opens the west gate\nat night".to_owned();
    quay.owner = "Ada Lovelace".to_owned();
    quay.api_sets = vec!["files:read".to_owned()];
    fixture.add(&quay);
    // Its own display is random and could begin with a searched letter.
    fixture.add(&Key { display: String::new(), ..key(id, "decoy") });
    for found in [
        "q",
        "QUAY",
        "quay-3",
        "3 quay",
        "zurich",
        "Zür",
        "gate we",
        "night",
        "love ada",
        "lk_8fK2pQ7z",
        "8fK2",
        "x9Qa",
        "lk_8fK2pQ7z…x9Qa",
        "files:r",
        "read files quay",
    ] {
        assert_eq!(fixture.names(&searching(Some(id), found)), ["Quay-3 Zürich"], "{found}");
        let by_name = KeyFilter { sort: KeySort::Name, ..searching(None, found) };
        assert_eq!(fixture.names(&by_name), ["Quay-3 Zürich"], "{found}, by name, in all tenants");
    }
    for missed in ["uay", "quay-4", "billing", "8fK3", "gate east", "\u{E000}2"] {
        assert_eq!(fixture.names(&searching(Some(id), missed)), [""; 0], "{missed}");
    }
    assert_eq!(fixture.names(&searching(Some(id), "… -")).len(), 2, "nothing to search for finds all");
}

#[test]
fn a_handle_that_a_key_does_not_show_is_found() {
    let (fixture, id) = Fixture::with_tenant();
    let elsewhere = Key { display: "••••••••".to_owned(), format: None, ..key(id, "quay") };
    fixture.add(&elsewhere);
    fixture.add(&key(id, "crane"));
    assert_eq!(fixture.names(&searching(Some(id), &elsewhere.handle)), ["quay"]);
}

#[test]
fn a_tenant_is_searched_alone() {
    let (fixture, id) = Fixture::with_tenant();
    let other = tenant("Other");
    fixture
        .write(|w| {
            w.add_tenant(&other)?;
            w.add_api_set(other.id, &api_set("x", "Billing", None))
        })
        .unwrap();
    let mut theirs = key(other.id, "quay theirs");
    theirs.api_sets = vec!["x".to_owned()];
    fixture.add(&theirs);
    fixture.add(&key(id, "quay ours"));
    assert_eq!(fixture.names(&searching(Some(id), "quay")), ["quay ours"]);
    assert_eq!(fixture.names(&searching(Some(other.id), "bill")), ["quay theirs"]);
    assert!(fixture.names(&searching(Some(id), "bill")).is_empty());
    assert_eq!(fixture.names(&searching(None, "quay")), ["quay theirs", "quay ours"]);
}

#[test]
fn very_many_words_are_a_search_too() {
    let (fixture, id) = Fixture::with_tenant();
    let text: Vec<String> = (0..3_000).map(|n| format!("word{n}")).collect();
    assert!(fixture.names(&searching(Some(id), &text.join(" "))).is_empty());
}

#[test]
fn any_text_is_a_legal_search() {
    let (fixture, id) = Fixture::with_tenant();
    let mut quay = key(id, "Quay AND NEAR(3) \"quoted\" OR col:x* ^start -minus");
    quay.api_sets = vec!["billing".to_owned()];
    fixture.add(&quay);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1_000));
    let syntax = prop_oneof![
        any::<String>(),
        "[\"*()^:+{}' -]{0,12}",
        "(AND|OR|NOT|NEAR|text|search|rank|[a-z]|[\"*(){}:^ ]){0,8}",
        "[\u{0}-\u{1f}\u{E000}-\u{E002}0-9]{0,6}",
    ];
    runner
        .run(&(syntax, any::<bool>()), |(text, in_tenant)| {
            for sort in [KeySort::Created, KeySort::Name] {
                let filter = KeyFilter {
                    words: vec![text.clone()],
                    tenant: in_tenant.then_some(id),
                    sort,
                    limit: 10,
                    ..KeyFilter::default()
                };
                let found = fixture.port().reading(|r| Ok((r.keys(&filter, now())?, r.count_keys(&filter, now())?)));
                prop_assert!(found.is_ok(), "{:?}", found);
                let (keys, count) = found.unwrap();
                prop_assert_eq!(keys.len(), count as usize);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_name_is_found_by_itself_and_forgotten() {
    let (fixture, id) = Fixture::with_tenant();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(100));
    runner
        .run(&any::<String>(), |name| {
            let mut named = key(id, &name);
            fixture.add(&named);
            prop_assert_eq!(fixture.names(&searching(Some(id), &name)), [name.clone()]);
            named.name = "other".to_owned();
            fixture.write(|w| w.update_key(&named)).unwrap();
            fixture.write(|w| w.remove_key(named.id)).unwrap();
            Ok(())
        })
        .unwrap();
    fixture.store.check().unwrap();
}
