//! A refresh beside a change: neither takes back what the other has done.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};

use common::portal::{Cut, Portal, add};
use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::ports::{EventFilter, JournalEntry, JournalStep, Vault as _, Watch};
use latchkey_app::remote::Refreshes;
use latchkey_app::session::Session;
use latchkey_app::wire::{
    ConnectionEdit, ErrorCode, EventKind, KeyQuery, KeyStatus, KeyView, NetworkEdit, ProxyChoice, Rule, Unanswered,
};
use latchkey_app::{remote, tenant};
use latchkey_domain::field::Field;
use latchkey_domain::id::KeyId;
use serde_json::json;

struct Office {
    fixture: &'static Fixture,
    portal: Arc<Portal>,
    tenant: String,
}

impl Office {
    /// Lives as long as the test, for what happens in the portal's threads.
    fn open() -> Self {
        let fixture: &'static Fixture = Box::leak(Box::new(Fixture::new()));
        let (portal, url) = Portal::start();
        let tenant = add(&fixture.session, "Portal", &url);
        Self { fixture, portal, tenant }
    }

    fn session(&self) -> &'static Session {
        &self.fixture.session
    }

    fn generate(&self) -> KeyView {
        let draft = latchkey_app::wire::KeyDraft { api_sets: Vec::new(), ..draft(&self.tenant, "Quay") };
        key::new(self.session(), &ada(), &draft, &HandOver { keep: true, ..HandOver::default() }).unwrap().key
    }

    fn refresh(&self) {
        remote::sync(self.session(), &ada(), &self.tenant, &Watch::default()).unwrap();
    }

    fn listed(&self) -> Vec<KeyView> {
        key::list(self.session(), &KeyQuery { limit: 10, ..KeyQuery::default() }).unwrap().keys
    }
}

#[test]
fn a_key_that_is_listed_before_its_answer_has_come_is_one_key_with_its_text() {
    let office = Office::open();
    let (session, tenant) = (office.session(), office.tenant.clone());
    office.portal.during("POST", move || {
        remote::sync(session, &ada(), &tenant, &Watch::default()).unwrap();
    });
    let made = office.generate();
    assert_eq!(office.listed().iter().map(|key| &key.id).collect::<Vec<_>>(), [&made.id]);
    office.refresh();
    let [key] = &office.listed()[..] else { panic!("one key") };
    assert!(key.kept && key.handed_over, "{key:?}");
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 50, ..EventFilter::default() })).unwrap();
    assert!(log.iter().all(|event| event.event.kind != EventKind::KeyOrphaned), "nobody has lost it");
}

#[test]
fn a_list_from_before_a_change_does_not_take_it_back() {
    let office = Office::open();
    let made = office.generate();
    let (session, id) = (office.session(), made.id.clone());
    office.portal.during("GET /api/2.0/keys ", move || drop(key::disable(session, &ada(), &id).unwrap()));
    office.refresh();
    let [key] = &office.listed()[..] else { panic!("one key") };
    assert_eq!(key.status, KeyStatus::Disabled);
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 50, ..EventFilter::default() })).unwrap();
    assert!(log.iter().all(|event| event.event.kind != EventKind::KeyDrifted), "nobody has changed it elsewhere");
}

#[test]
fn a_list_of_the_server_before_is_left_when_the_tenant_has_moved() {
    let office = Office::open();
    office.portal.state().keys.push(json!({ "id": "1", "name": "Crane", "isActive": true }));
    let (other, url) = Portal::start();
    other.state().keys.push(json!({ "id": "2", "name": "Gate", "isActive": true }));
    let edit = ConnectionEdit { url: Some(url), keep_credential: true, ..ConnectionEdit::default() };
    let (session, tenant) = (office.session(), office.tenant.clone());
    office.portal.during("GET /api/2.0/keys ", move || {
        remote::set_connection(session, &ada(), &tenant, &edit, &BTreeMap::new()).unwrap();
    });
    office.refresh();
    let names: Vec<_> = office.listed().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["Gate"]);
}

#[test]
fn a_tenant_does_not_move_away_from_an_unanswered_question_unless_somebody_leaves_it_there() {
    let office = Office::open();
    let session = office.session();
    office.portal.cut("POST", Cut::Silent);
    // Neither the creation nor the list that would tell of it is answered.
    office.portal.during("POST", {
        let portal = Arc::clone(&office.portal);
        move || portal.state().trouble = true
    });
    let draft = latchkey_app::wire::KeyDraft { api_sets: Vec::new(), ..draft(&office.tenant, "Quay") };
    key::new(session, &ada(), &draft, &HandOver { keep: true, ..HandOver::default() }).unwrap_err();
    let unanswered = || tenant::show(session, &office.tenant).unwrap().remote.unwrap().unanswered;
    assert_eq!(unanswered(), 1);

    // Another key of this name, at another server: it is not the one that was asked for.
    let (other, url) = Portal::start();
    other.state().make("Quay");
    let mut edit = ConnectionEdit { url: Some(url), keep_credential: true, ..ConnectionEdit::default() };
    let move_away =
        |edit: &ConnectionEdit| remote::set_connection(session, &ada(), &office.tenant, edit, &BTreeMap::new());
    let refused = move_away(&edit).unwrap_err();
    let problem = refused.body().field.as_ref().unwrap();
    assert_eq!((problem.name, &problem.rule), (Field::Address, &Rule::Unanswered), "{refused:?}");
    assert_eq!(unanswered(), 1, "it is looked for where it was asked for");
    // What does not lead elsewhere may change.
    let proxy = NetworkEdit { proxy: Some(ProxyChoice::None), ..NetworkEdit::default() };
    move_away(&ConnectionEdit { network: proxy, ..ConnectionEdit::default() }).unwrap();

    edit.leave_unanswered = true;
    move_away(&edit).unwrap();
    assert_eq!((unanswered(), office.fixture.journal_len()), (0, 0));
    let log =
        session.store.reading(|reader| reader.events(&EventFilter { limit: 50, ..EventFilter::default() })).unwrap();
    let told = |kind| log.iter().find(|event| event.event.kind == kind).and_then(|event| event.event.detail.clone());
    assert!(told(EventKind::TenantEdited).is_some_and(|told| told.contains("the key Quay")), "{log:?}");
    office.refresh();
    let [found] = &office.listed()[..] else { panic!("one key") };
    assert!(found.name == "Quay" && told(EventKind::KeyOrphaned).is_none(), "it is a key like any other there");
}

#[test]
fn a_key_that_somebody_knows_not_to_be_made_is_given_up_and_can_be_asked_for_again() {
    let office = Office::open();
    let session = office.session();
    // A row that nobody understands may be the key: it would be looked for without end.
    office.portal.state().keys.push(json!("nobody knows what this is"));
    office.portal.cut("POST", Cut::Undone);
    let ask = |name: &str| {
        let draft = latchkey_app::wire::KeyDraft { api_sets: Vec::new(), ..draft(&office.tenant, name) };
        key::new(session, &ada(), &draft, &HandOver { keep: true, ..HandOver::default() })
    };
    ask("Quay").unwrap_err();
    let asked_at = session.now();
    office.refresh();
    let refused = ask("Quay").unwrap_err();
    assert_eq!(refused.body().field.as_ref().map(|field| field.rule.clone()), Some(Rule::Asked), "{refused:?}");

    let lost = remote::unanswered(session, &office.tenant).unwrap();
    let quay = Unanswered { name: "Quay".to_owned(), asked_at, awaited: false };
    assert_eq!(lost, [quay]);
    let other = remote::give_up(session, &ada(), &office.tenant, "Pier").unwrap_err();
    assert_eq!(other.code(), ErrorCode::NotFound, "no answer is missing for it");
    remote::give_up(session, &ada(), &office.tenant, "Quay").unwrap();
    assert!(remote::unanswered(session, &office.tenant).unwrap().is_empty());
    let again = remote::give_up(session, &ada(), &office.tenant, "Quay").unwrap_err();
    assert_eq!(again.code(), ErrorCode::NotFound, "it is given up");

    // An answer that may still come is waited for.
    let (told, heard) = mpsc::channel();
    office.portal.during("POST", {
        let tenant = office.tenant.clone();
        move || {
            let refused = remote::give_up(session, &ada(), &tenant, "Quay").unwrap_err().code();
            told.send((remote::unanswered(session, &tenant).unwrap().remove(0).awaited, refused)).unwrap();
        }
    });
    assert_eq!(ask("Quay").unwrap().key.name, "Quay");
    assert_eq!(heard.recv().unwrap(), (true, ErrorCode::NotNow));
    assert_eq!(office.portal.state().named("Quay"), 1, "it was made once");
}

#[test]
fn all_remote_tenants_are_refreshed_and_one_that_fails_hides_none() {
    let office = Office::open();
    office.portal.state().make("Crane");
    let silent = add(office.session(), "Nobody", "http://127.0.0.1:9");
    office.fixture.tenant("Harbour");
    remote::refresh(office.session(), &ada(), &Refreshes::new(|_| ())).unwrap();
    assert_eq!(office.listed().len(), 1);
    let problem = |id: &str| {
        let tenant = tenant::show(office.session(), id).unwrap();
        tenant.remote.unwrap().problem
    };
    assert_eq!(problem(&office.tenant), None);
    assert!(problem(&silent).unwrap().message.contains("127.0.0.1"));
}

#[test]
fn a_removed_tenant_leaves_no_question_behind() {
    let fixture = Fixture::new();
    let tenant = add(&fixture.session, "Portal", "http://127.0.0.1:9");
    let asked = JournalEntry {
        key: KeyId::from_bytes([7; 16]),
        step: JournalStep::Asking { tenant: tenant.parse().unwrap(), name: "Quay".into() },
        instance: fixture.session.instance.id().into(),
        at: fixture.session.now(),
    };
    fixture.session.store.writing(|writer| writer.put_journal(&asked)).unwrap();
    tenant::remove(&fixture.session, &ada(), &tenant).unwrap();
    assert_eq!(fixture.journal_len(), 0);
    assert!(fixture.vault.items().unwrap().is_empty(), "its credential has left the vault, too");
}

#[test]
fn a_tenant_stays_while_its_server_is_asked_for_a_key() {
    let office = Office::open();
    let (session, tenant) = (office.session(), office.tenant.clone());
    let (tell, told) = mpsc::channel();
    office.portal.during("POST", move || tell.send(tenant::remove(session, &ada(), &tenant)).unwrap());
    let made = office.generate();
    let refused = told.recv().unwrap().unwrap_err();
    assert_eq!((refused.code(), refused.to_string().contains("Quay")), (ErrorCode::NotNow, true), "{refused:?}");
    assert_eq!(office.listed()[0].id, made.id);
}

#[test]
fn a_key_is_not_asked_for_while_its_server_is_being_asked_for_it() {
    let office = Office::open();
    let (session, tenant) = (office.session(), office.tenant.clone());
    let (tell, told) = mpsc::channel();
    office.portal.during("POST", move || {
        let draft = latchkey_app::wire::KeyDraft { api_sets: Vec::new(), ..draft(&tenant, "Quay") };
        tell.send(key::new(session, &ada(), &draft, &HandOver::default())).unwrap();
    });
    let lists = office.portal.asked("GET");
    office.generate();
    let refused = told.recv().unwrap().unwrap_err();
    assert_eq!(refused.body().field.as_ref().map(|problem| &problem.rule), Some(&Rule::Asked), "{refused}");
    assert_eq!((office.portal.asked("POST"), office.portal.asked("GET")), (1, lists), "a list would not tell yet");
    office.generate();
    assert_eq!(office.listed().len(), 2, "a name stands for several keys where the tenant allows it");
}

#[test]
fn a_row_that_nobody_understands_hides_no_other_and_ends_no_key() {
    let office = Office::open();
    for name in ["Crane", "Gate"] {
        office.portal.state().make(name);
    }
    office.refresh();
    office.portal.state().keys[0] = json!("nobody knows what this is");
    office.portal.state().keys[1]["name"] = json!("Pier");
    office.refresh();
    let named = |status: KeyStatus| {
        let all = office.listed();
        let mut names: Vec<String> = all.into_iter().filter(|key| key.status == status).map(|key| key.name).collect();
        names.sort();
        names
    };
    assert_eq!(named(KeyStatus::Active), ["Crane", "Pier"], "it may be the row of Crane");
    assert_eq!(tenant::show(office.session(), &office.tenant).unwrap().remote.unwrap().skipped, 1);
    office.portal.state().keys.remove(0);
    office.refresh();
    assert_eq!((named(KeyStatus::Active), named(KeyStatus::Revoked)), (vec!["Pier".into()], vec!["Crane".into()]));
    assert_eq!(tenant::show(office.session(), &office.tenant).unwrap().remote.unwrap().skipped, 0);
}
