//! Keys that a person makes in a vendor's own pages, over a real database.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Fixture, ada, draft};
use latchkey_app::error::Error;
use latchkey_app::key::{self, HandOver};
use latchkey_app::remote::{self, Tray};
use latchkey_app::wire::{
    Capability, Decision, ErrorCode, Expiration, KeepPolicy, KeyDraft, KeyQuery, KeyStatus, KeyView, NetworkEdit,
    Overlap, Policy, RecordDraft, RecordedKey, RemoteTenantDraft, RotationStage, Rule,
};
use latchkey_app::{reminder, rotation, tenant, verify};
use latchkey_domain::secret::Secret;
use latchkey_vault::double::Operation;

const KEY: &str = "7c1f04e9b82a4d6f93a05be1c7d2480f";
const OTHER: &str = "e3b90a57d41c4f8e86f2709bd5a1c34e";
/// Under 128 bits, as Documenso's are.
const SHORT: &str = "api_4k9x2m7q1z8w5r3t";

fn vendor(fixture: &Fixture, connector: &str) -> String {
    at(fixture, connector, "https://vendor.example.com", &[], false)
}

fn at(fixture: &Fixture, connector: &str, url: &str, options: &[(&str, &str)], plain_http: bool) -> String {
    let options = options.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    let draft = RemoteTenantDraft {
        name: format!("Desk of {connector}"),
        connector: connector.into(),
        url: url.into(),
        options,
        plain_http,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    remote::add(&fixture.session, &ada(), &draft, &BTreeMap::new()).unwrap().id
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn recording(tenant: &str, name: &str) -> RecordDraft {
    RecordDraft {
        key: KeyDraft { api_sets: Vec::new(), ..draft(tenant, name) },
        keep: true,
        succeeds: None,
        overlap: None,
    }
}

/// In the organization that Documenso's tenants begin with.
fn personal(tenant: &str, name: &str) -> RecordDraft {
    let mut draft = recording(tenant, name);
    draft.key.organization = Some("Personal".into());
    draft
}

fn billing(tenant: &str, name: &str) -> RecordDraft {
    RecordDraft { key: draft(tenant, name), ..recording(tenant, name) }
}

fn record(fixture: &Fixture, draft: &RecordDraft, text: &str) -> Result<RecordedKey, Error> {
    remote::record(&fixture.session, &ada(), draft, &secret(text))
}

fn rule(refused: &Error) -> Rule {
    refused.body().field.clone().unwrap().rule
}

#[test]
fn a_recorded_key_is_in_the_list_and_its_text_in_the_vault() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let recorded = record(&fixture, &billing(&tenant, "nightly"), &format!("\u{feff}  {KEY}\r\n")).unwrap();
    let key = recorded.key;
    assert!(recorded.usual && key.kept && key.handed_over && !key.weak, "{key:?}");
    assert_eq!((key.display.as_str(), key.api_sets.as_slice()), ("…480f", ["billing".to_owned()].as_slice()));
    let kept = fixture.session.vault.get(key.id.parse().unwrap()).unwrap().unwrap();
    assert_eq!(kept.expose(), KEY, "what was pasted around it is gone");
    let details = key::show(&fixture.session, &key.id).unwrap();
    assert_eq!(details.remote.unwrap().id, None, "its server tells nothing of it");
    let told: Vec<_> = details.events.iter().map(|event| format!("{:?}", event.kind)).collect();
    assert_eq!(told, ["SecretKept", "KeyImported"]);
    assert_eq!(details.events[1].detail.as_deref(), Some("made in the vendor's pages"));
    assert_eq!(fixture.journal_len(), 0);

    let decision = verify::verify(&fixture.session, &tenant, &secret(KEY)).unwrap();
    assert!(matches!(decision, Decision::Valid { .. }), "{decision:?}");
    let query = KeyQuery { search: format!(" {KEY} "), ..KeyQuery::default() };
    let found = key::list(&fixture.session, &query).unwrap().keys;
    assert_eq!(found.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [key.id.as_str()], "by its whole text");
}

#[test]
fn a_key_of_few_random_bits_gets_a_slow_digest_and_is_known_again() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "documenso");
    let recorded = record(&fixture, &personal(&tenant, "signing"), &format!("Bearer {SHORT}")).unwrap();
    assert!(recorded.usual && recorded.key.weak, "{recorded:?}");
    assert_eq!(recorded.key.display, "••••••••", "nothing of it is shown");
    let decision = verify::verify(&fixture.session, &tenant, &secret(SHORT)).unwrap();
    assert!(matches!(decision, Decision::Valid { .. }), "{decision:?}");
    let again = record(&fixture, &personal(&tenant, "signing too"), SHORT).unwrap_err();
    let Rule::KnownKey { key } = rule(&again) else { panic!("{again:?}") };
    assert!(key.starts_with("signing (") && again.to_string().contains(&key), "{again}");
    assert_eq!(tenant::show(&fixture.session, &tenant).unwrap().keys, 1);
}

#[test]
fn what_is_no_key_is_refused_at_the_field() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "documoto");
    for (text, expected) in [
        (" \r\n ", Rule::Required),
        ("abc", Rule::TooShort { min: 8 }),
        (&"a1".repeat(2_049), Rule::TooLong { max: 4_096 }),
        ("first line\nsecond line", Rule::ControlCharacter),
        ("abcdefgh\u{7}ijkl", Rule::ControlCharacter),
        ("abcd\u{200b}efghijkl", Rule::InvisibleCharacter),
    ] {
        let refused = record(&fixture, &recording(&tenant, "parts"), text).unwrap_err();
        assert_eq!((refused.code(), rule(&refused)), (ErrorCode::InvalidInput, expected), "{text:?}");
    }
    assert_eq!((fixture.vault.keys().len(), fixture.journal_len()), (0, 0));
}

#[test]
fn only_what_a_person_makes_elsewhere_is_recorded() {
    let fixture = Fixture::new();
    let local = fixture.tenant("Harbour");
    let refused = record(&fixture, &recording(&local, "crane"), KEY).unwrap_err();
    assert_eq!((refused.code(), refused.to_string().contains("local tenant")), (ErrorCode::NotNow, true), "{refused}");
    let credentials = BTreeMap::from([("key".to_owned(), std::sync::Arc::new(secret("sk-admin")))]);
    let portal = RemoteTenantDraft {
        name: "Portal".into(),
        connector: "docspace".into(),
        url: "https://portal.example.com".into(),
        options: BTreeMap::new(),
        plain_http: false,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    let portal = remote::add(&fixture.session, &ada(), &portal, &credentials).unwrap().id;
    let refused = record(&fixture, &recording(&portal, "crane"), KEY).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotNow, "{refused}");
}

#[test]
fn what_looks_unusual_is_taken_and_said() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let recorded = record(&fixture, &billing(&tenant, "odd"), "7c1f04e9b82a4d6f93a05be1c7d2480g").unwrap();
    assert!(!recorded.usual);
    let whole = vendor(&fixture, "documoto");
    let mut parts = recording(&whole, "parts");
    (parts.key.organization, parts.key.groups) = (Some("Main organization".into()), vec!["Publishers".into()]);
    let value = "Basic cGFydHM6MDAwMS0yMjIyLTMzMzM=";
    let recorded = record(&fixture, &parts, &format!("{value}\n")).unwrap();
    assert!(recorded.usual, "nobody says what it looks like");
    let KeyView { organization, groups, .. } = &recorded.key;
    assert_eq!((organization.as_deref(), groups.join(",").as_str()), (Some("main"), "publishers"));
    let kept = fixture.session.vault.get(recorded.key.id.parse().unwrap()).unwrap().unwrap();
    assert_eq!(kept.expose(), value, "the header's value is the key");
}

#[test]
fn the_tenants_rules_hold() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let refused = record(&fixture, &recording(&tenant, "nightly"), KEY).unwrap_err();
    assert_eq!(rule(&refused), Rule::Required, "an API set: {refused}");
    fixture.policy(&tenant, Policy { keep: KeepPolicy::Forbid, unique_names: true, ..Policy::default() });
    let refused = record(&fixture, &billing(&tenant, "nightly"), KEY).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotPermitted, "{refused}");
    let unkept = RecordDraft { keep: false, ..billing(&tenant, "nightly") };
    let key = record(&fixture, &unkept, KEY).unwrap().key;
    assert!(!key.kept && key.handed_over);
    let taken = record(&fixture, &unkept, OTHER).unwrap_err();
    assert_eq!(rule(&taken), Rule::Taken);
    let successor = RecordDraft { succeeds: Some(key.id), ..unkept };
    record(&fixture, &successor, OTHER).unwrap();
}

#[test]
fn a_recorded_successor_takes_the_place_of_the_old_key() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let old = record(&fixture, &billing(&tenant, "nightly"), KEY).unwrap().key;
    let begun = rotation::begin(&fixture.session, &ada(), &old.id, None, &HandOver::default()).unwrap_err();
    let body = begun.body();
    assert_eq!(body.code, ErrorCode::NotNow);
    assert!(body.message.contains("vendor's own pages"), "{body:?}");
    let hint = body.hint.as_deref().unwrap();
    assert!(hint.contains(&format!("key record --succeeds {}", old.handle)), "{hint}");

    let overlap = Some(Overlap::Hours { hours: 24 });
    let draft = RecordDraft { succeeds: Some(old.handle.clone()), overlap, ..billing(&tenant, "nightly") };
    let new = record(&fixture, &draft, OTHER).unwrap().key;
    assert_eq!(new.succeeds.as_deref(), Some(old.id.as_str()));
    let details = key::show(&fixture.session, &old.id).unwrap();
    assert_eq!((details.key.status, details.lineage.stage), (KeyStatus::Superseded, Some(RotationStage::Overlap)));
    assert_eq!(details.key.expires_at, Some("2026-11-22T10:00:00Z".parse().unwrap()));
    let twice = record(&fixture, &draft, "a9d80c3172fb4e659d1480b7c6e2f53a").unwrap_err();
    assert_eq!(twice.code(), ErrorCode::NotNow, "it has a successor: {twice}");

    rotation::retire(&fixture.session, &ada(), &old.id, &Overlap::None).unwrap();
    let details = key::show(&fixture.session, &old.id).unwrap();
    assert_eq!((details.key.status, details.lineage.stage), (KeyStatus::Revoked, Some(RotationStage::Done)));
    assert_eq!(fixture.vault.keys().len(), 1, "the old text has left the vault");
}

#[test]
fn a_successor_without_an_overlap_leaves_the_old_key_or_ends_it() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    for (name, overlap, status) in
        [("waits", None, KeyStatus::Active), ("ends", Some(Overlap::None), KeyStatus::Revoked)]
    {
        let [first, second] = [KEY, OTHER].map(|text| format!("{}{}", &text[..24], of(name)));
        let old = record(&fixture, &billing(&tenant, name), &first).unwrap().key;
        let draft = RecordDraft { succeeds: Some(old.id.clone()), overlap, ..billing(&tenant, name) };
        record(&fixture, &draft, &second).unwrap();
        assert_eq!(key::show(&fixture.session, &old.id).unwrap().key.status, status, "{name}");
    }
    assert_eq!(fixture.journal_len(), 0);
}

/// Eight digits that differ by the name.
fn of(name: &str) -> String {
    let sum = name.bytes().fold(0x2f6b_91d4_u32, |sum, byte| sum.rotate_left(5) ^ u32::from(byte));
    format!("{sum:08x}")
}

#[test]
fn what_cannot_be_kept_is_not_recorded() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    fixture.vault.fail_next(Operation::Put, ErrorCode::KeychainDismissed);
    record(&fixture, &billing(&tenant, "nightly"), KEY).unwrap_err();
    assert_eq!((fixture.vault.keys().len(), fixture.journal_len()), (0, 0));
    assert_eq!(tenant::show(&fixture.session, &tenant).unwrap().keys, 0);
    record(&fixture, &billing(&tenant, "nightly"), KEY).unwrap();
}

#[test]
fn revoking_says_that_a_person_ends_it_at_the_vendor() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let key = record(&fixture, &billing(&tenant, "nightly"), KEY).unwrap().key;
    key::revoke(&fixture.session, &ada(), &key.id, Some("left the harbour")).unwrap();
    let events = key::show(&fixture.session, &key.id).unwrap().events;
    let revoked = events.iter().find(|event| format!("{:?}", event.kind) == "KeyRevoked").unwrap();
    assert_eq!(revoked.detail.as_deref(), Some("here; at its vendor a person ends it"));
    assert!(fixture.vault.keys().is_empty());
}

#[test]
fn recorded_keys_are_reminded_of() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    fixture.policy(&tenant, Policy { rotate_after_days: Some(30), warning_days: 14, ..Policy::default() });
    let mut ending = billing(&tenant, "ending");
    ending.key.expires = Expiration::Days { days: 90 };
    let key = record(&fixture, &ending, KEY).unwrap().key;
    let next = || reminder::next(&fixture.session).unwrap().map(|at| at.format("%Y-%m-%d").to_string());
    assert_eq!(next().as_deref(), Some("2026-12-21"), "due for rotation");
    fixture.clock.forward(30);
    let due = rotation::due(&fixture.session, Some(&tenant)).unwrap();
    assert_eq!(due.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [key.id.as_str()]);
    assert_eq!(next().as_deref(), Some("2027-02-05"), "its end comes near");
    fixture.clock.forward(46);
    assert_eq!(key::show(&fixture.session, &key.id).unwrap().key.status, KeyStatus::Expiring);
    assert_eq!(next().as_deref(), Some("2027-02-19"), "its end");
}

#[test]
fn a_downloaded_file_gives_its_key() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let file = fixture.path().join("nightly.APIKEY");
    let read = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        remote::read_key_file(&fixture.session, &tenant, &file)
    };
    for text in [
        KEY.to_owned(),
        format!("\u{feff}{KEY}\r\n\r\n"),
        format!("Name: nightly export\nAPI key: {KEY}\n"),
        format!("x-api-key={KEY}"),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().expose(), KEY, "{text:?}");
    }
    assert_eq!(read(b"short-token-7").unwrap().expose(), "short-token-7", "the only word");
    assert_eq!(read(b"  Basic cGFydHM6MDAwMQ== \n").unwrap().expose(), "Basic cGFydHM6MDAwMQ==");
    for (bytes, expected) in [
        (format!("{KEY}\n{OTHER}\n").into_bytes(), "several words that could be the key"),
        (b" \n".to_vec(), "has no key in it"),
        (vec![0, 1, 2, 3, 0xff, 0xfe], "not text"),
        (vec![b'a'; 4_097], "larger than 4 KiB"),
    ] {
        let refused = read(&bytes).unwrap_err();
        assert_eq!(
            (refused.code(), refused.to_string().contains(expected)),
            (ErrorCode::InvalidInput, true),
            "{refused}"
        );
    }
}

#[test]
fn a_pasted_key_waits_in_the_tray_until_it_is_recorded_or_forgotten() {
    let fixture = Fixture::new();
    let tenant = vendor(&fixture, "gotransverse");
    let tray = Tray::default();
    let session = &fixture.session;
    let empty = tray.paste(session, &tenant, None).unwrap_err();
    assert_eq!((rule(&empty), empty.to_string().contains("clipboard")), (Rule::Required, true));
    let pasted = tray.paste(session, &tenant, Some(secret(&format!(" {KEY}\n")))).unwrap();
    assert_eq!((pasted.display.as_str(), pasted.length, pasted.usual, pasted.already), ("…480f", 32, true, None));

    let wrong = tray.record(session, &ada(), &recording(&tenant, "nightly"), &pasted.id).unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::InvalidInput, "it waits on for a better draft");
    let recorded = tray.record(session, &ada(), &billing(&tenant, "nightly"), &pasted.id).unwrap();
    assert!(recorded.key.kept);
    let gone = tray.record(session, &ada(), &billing(&tenant, "nightly"), &pasted.id).unwrap_err();
    assert_eq!(gone.code(), ErrorCode::SecretGone);

    let again = tray.paste(session, &tenant, Some(secret(KEY))).unwrap();
    assert_eq!(again.already.as_deref(), Some("nightly"));
    let other = vendor(&fixture, "docanalyzer");
    let elsewhere = tray.record(session, &ada(), &recording(&other, "nightly"), &again.id).unwrap_err();
    assert_eq!(elsewhere.code(), ErrorCode::SecretGone, "it was pasted for another tenant");
    tray.forget(&again.id);
    let many: Vec<_> = (0..5).map(|_| tray.paste(session, &tenant, Some(secret(OTHER))).unwrap().id).collect();
    let first = tray.record(session, &ada(), &billing(&tenant, "weekly"), &many[0]).unwrap_err();
    assert_eq!(first.code(), ErrorCode::SecretGone, "only a few wait at once");
    tray.clear();
    let last = tray.record(session, &ada(), &billing(&tenant, "weekly"), &many[4]).unwrap_err();
    assert_eq!(last.code(), ErrorCode::SecretGone);
}

#[test]
fn the_guide_leads_to_the_vendors_page() {
    let fixture = Fixture::new();
    let guide = |tenant: &str, capability| remote::guide(&fixture.session, tenant, capability).unwrap();
    let signing = at(&fixture, "documenso", "https://sign.example.com/base", &[("team", "port authority")], false);
    let create = guide(&signing, Capability::Create);
    assert_eq!(create.page.as_deref(), Some("https://sign.example.com/base/t/port%20authority/settings/tokens"));
    assert!(create.steps.len() > 2);
    let rotate = guide(&signing, Capability::Rotate);
    assert_eq!(rotate.steps.len(), create.steps.len() + guide(&signing, Capability::Revoke).steps.len());
    let none = remote::guide(&fixture.session, &signing, Capability::Check).unwrap_err();
    assert_eq!(none.code(), ErrorCode::NotNow);
    let local = fixture.tenant("Harbour");
    assert_eq!(remote::guide(&fixture.session, &local, Capability::Create).unwrap_err().code(), ErrorCode::NotNow);

    let parts = vendor(&fixture, "documoto");
    let described = "https://support.documoto.com/knowledge-base/how-to-create-api-keys";
    assert_eq!(guide(&parts, Capability::Create).page.as_deref(), Some(described), "no page of its own is known");
}

#[test]
fn no_page_is_opened_that_somebody_on_the_way_could_answer() {
    let fixture = Fixture::new();
    let here = at(&fixture, "documenso", "http://127.0.0.1:8080", &[], false);
    let page = remote::guide(&fixture.session, &here, Capability::Create).unwrap().page;
    assert_eq!(page.as_deref(), Some("http://127.0.0.1:8080/t/personal/settings/tokens"));
    let draft = RemoteTenantDraft {
        name: "Office".into(),
        connector: "documenso".into(),
        url: "http://10.0.0.7".into(),
        options: BTreeMap::new(),
        plain_http: true,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    let plain = remote::add(&fixture.session, &ada(), &draft, &BTreeMap::new()).unwrap().id;
    assert_eq!(remote::guide(&fixture.session, &plain, Capability::Create).unwrap().page, None);
}
