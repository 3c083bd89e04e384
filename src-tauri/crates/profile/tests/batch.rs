//! Batches over a real database and real files: every key works, and nothing is ever half-made.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use common::batch::{KEYS, Place, accepted, count, interrupted, keys_of, listed, names_in, numbered, on, run};
use common::{Fixture, ada};
use latchkey_app::batch::{self, NameList};
use latchkey_app::wire::{
    ApiSetDraft, BatchDelivery, BatchDraft, BatchEnd, BatchNames, ErrorCode, EventKind, Field, KeyQuery,
    OrganizationDraft, Policy, Rule, UserGroupDraft,
};
use latchkey_app::{api_set, audit, key, organization, recover, tenant};

#[test]
fn every_key_of_the_file_is_accepted() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let mut seen = Vec::new();
    let end = batch::run(&fixture.session, &ada(), &numbered(&tenant, KEYS), None, &place.file(), &mut |progress| {
        seen.push(progress);
        ControlFlow::Continue(())
    });
    let BatchEnd::Done { summary } = end.unwrap() else { panic!() };
    assert_eq!((summary.keys, summary.first.as_str(), summary.last.as_str()), (KEYS, "device-00001", "device-05000"));
    assert!(seen.windows(2).all(|pair| pair[0].drawn <= pair[1].drawn && pair[0].listed <= pair[1].listed));
    assert_eq!(seen.last().unwrap().listed, KEYS);

    let keys = keys_of(&fs::read_to_string(place.file()).unwrap());
    assert_eq!(keys.len(), KEYS as usize);
    assert!(keys.iter().all(|text| accepted(&fixture, &tenant, text)));
    assert_eq!(count(&fixture, &tenant), KEYS);
    assert_eq!(place.names(), ["keys.csv"]);
    assert_eq!(fs::metadata(place.file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fixture.vault.keys().len(), 0, "secrets of a batch are never in the vault");
}

#[test]
fn the_log_has_one_line_and_every_key_has_it_in_its_history() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let before = tenant::show(&fixture.session, &tenant).unwrap().sequence;
    let summary = run(&fixture, &numbered(&tenant, 50), None, &place.file()).unwrap();
    let lines = audit::list(&fixture.session, None, None, 100).unwrap();
    assert_eq!(lines[0].kind, EventKind::BatchGenerated);
    assert!(
        lines[1..].iter().all(|line| line.kind != EventKind::BatchGenerated && line.kind != EventKind::KeyGenerated)
    );
    let details = key::show(&fixture.session, "device-00017").unwrap();
    assert_eq!(details.events.len(), 1);
    let told = details.events[0].detail.as_deref().unwrap();
    assert!(told.contains(&summary.id) && told.contains("50 keys"), "{told}");
    assert_eq!(details.key.tags, ["kiosks"]);
    assert_eq!(details.key.description, "Kiosk");
    assert!(details.key.handed_over && details.key.expires_at.is_some());
    assert_eq!(tenant::show(&fixture.session, &tenant).unwrap().sequence, before + 50);
}

#[test]
fn a_folder_has_a_file_for_each_key_even_where_names_collide() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let list = NameList::parse("name,owner\nGate/1,Grace\nGate-1,\nGate/1,\nPier,\n").unwrap();
    assert_eq!(list.preview().same_name, 1);
    let target = place.0.path().join("kiosks");
    let draft = BatchDraft { delivery: BatchDelivery::Folder, ..listed(&tenant) };
    run(&fixture, &draft, Some(&list), &target).unwrap();
    let names = names_in(&target);
    assert_eq!(names.len(), 4);
    assert!(names.contains(&"Gate-1.APIKEY".to_owned()) && names.contains(&"Pier.APIKEY".to_owned()));
    for name in names {
        let text = fs::read_to_string(target.join(&name)).unwrap();
        assert!(text.ends_with('\n') && accepted(&fixture, &tenant, &text), "{name}");
        assert_eq!(fs::metadata(target.join(&name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(place.names(), ["kiosks"]);
    assert_eq!(key::show(&fixture.session, "Pier").unwrap().key.owner, "Ada");
}

#[test]
fn a_name_is_no_formula_in_a_spreadsheet() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let list = NameList::parse("name,description,owner\n=cmd|' /C calc'!A0,\"+1\n\"\"x\"\"\",@Ada\n-2+3,,\n").unwrap();
    run(&fixture, &listed(&tenant), Some(&list), &place.file()).unwrap();
    let text = fs::read_to_string(place.file()).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    assert!(keys_of(&text).iter().all(|text| accepted(&fixture, &tenant, text)));
}

fn opened(identity: &age::x25519::Identity, path: &Path) -> Option<String> {
    let decryptor = age::Decryptor::new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}

#[test]
fn a_sealed_file_opens_for_its_recipients_only() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let [one, two, other] = [(); 3].map(|()| age::x25519::Identity::generate());
    let recipients = vec![one.to_public().to_string(), format!(" {} ", two.to_public())];
    run(&fixture, &BatchDraft { recipients, ..numbered(&tenant, 300) }, None, &place.file()).unwrap();
    assert!(fs::read(place.file()).unwrap().starts_with(b"age-encryption.org/v1\n"));
    for identity in [&one, &two] {
        let keys = keys_of(&opened(identity, &place.file()).unwrap());
        assert!(keys.len() == 300 && keys.iter().all(|text| accepted(&fixture, &tenant, text)));
    }
    assert_eq!(opened(&other, &place.file()), None);
}

/// Opened by Debian's `age` as well: our own code could be wrong both ways.
#[test]
fn each_row_gets_a_file_that_its_recipient_alone_opens_with_debians_age() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let folder = place.0.path();
    let mut recipients = Vec::new();
    for who in ["ada", "grace"] {
        let made = std::process::Command::new("age-keygen").arg("-o").arg(folder.join(who)).output().unwrap();
        assert!(made.status.success());
        let identity = fs::read_to_string(folder.join(who)).unwrap();
        let identity = identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY")).unwrap();
        recipients.push(age::x25519::Identity::from_str(identity).unwrap().to_public().to_string());
    }
    let table = format!("name,recipient\nfor ada,{}\nfor grace,{}\n", recipients[0], recipients[1]);
    let list = NameList::parse(&table).unwrap();
    let draft = BatchDraft { delivery: BatchDelivery::Folder, ..listed(&tenant) };
    assert!(run(&fixture, &draft, Some(&list), &folder.join("keys")).unwrap().sealed);
    let open = |who: &str, file: &str| {
        let mut age = std::process::Command::new("age");
        age.arg("-d").arg("-i").arg(folder.join(who)).arg(folder.join("keys").join(file)).output().unwrap()
    };
    for (who, other) in [("ada", "grace"), ("grace", "ada")] {
        let mine = open(who, &format!("for {who}.APIKEY.age"));
        assert!(mine.status.success(), "{mine:?}");
        assert!(accepted(&fixture, &tenant, &String::from_utf8(mine.stdout).unwrap()));
        assert!(!open(other, &format!("for {who}.APIKEY.age")).status.success());
    }
}

#[test]
fn a_cancelled_batch_leaves_nothing_at_any_step() {
    for (delivery, sealed) in [(BatchDelivery::Csv, false), (BatchDelivery::Csv, true), (BatchDelivery::Folder, false)]
    {
        for stop in [0, 1, 3, 4] {
            let (fixture, place) = (Fixture::new(), Place::new());
            let tenant = fixture.tenant("Harbour");
            let recipient = age::x25519::Identity::generate().to_public().to_string();
            let recipients = if sealed { vec![recipient] } else { Vec::new() };
            let draft = BatchDraft { delivery, recipients, ..numbered(&tenant, KEYS) };
            let mut told = 0;
            let end = batch::run(&fixture.session, &ada(), &draft, None, &place.file(), &mut |_| {
                told += 1;
                if told > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!(end.unwrap(), BatchEnd::Cancelled);
            assert_eq!(place.names(), [""; 0], "{delivery:?}, sealed {sealed}, {stop}");
            assert_eq!(count(&fixture, &tenant), 0);
            assert!(batch::unfinished(&fixture.session).unwrap().is_empty());
            assert_eq!(audit::list(&fixture.session, None, None, 1).unwrap()[0].kind, EventKind::BatchUndone);
            assert_eq!(fixture.session.store.reading(|reader| reader.batches()).unwrap(), []);
        }
    }
}

#[test]
fn a_batch_that_fails_leaves_nothing_and_never_replaces_a_file() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let refused = run(&fixture, &numbered(&tenant, 10), None, &place.0.path().join("no/keys.csv")).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Failed);
    fs::write(place.file(), "mine").unwrap();
    assert_eq!(run(&fixture, &numbered(&tenant, 10), None, &place.file()).unwrap_err().code(), ErrorCode::FileExists);
    // Taken while the keys were drawn.
    let late = place.0.path().join("late.csv");
    let end = batch::run(&fixture.session, &ada(), &numbered(&tenant, 10), None, &late, &mut |_| {
        fs::write(&late, "mine").unwrap();
        ControlFlow::Continue(())
    });
    assert_eq!(end.unwrap_err().code(), ErrorCode::FileExists);
    assert_eq!(fs::read_to_string(&late).unwrap(), "mine");
    assert_eq!(place.names(), ["keys.csv", "late.csv"]);
    assert_eq!(count(&fixture, &tenant), 0);
    assert!(batch::unfinished(&fixture.session).unwrap().is_empty());
}

fn field(error: &latchkey_app::error::Error) -> (Field, Rule) {
    let problem = error.body().field.clone().unwrap();
    (problem.name, problem.rule)
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_made() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let refused = |draft: &BatchDraft, list: Option<&str>| {
        let list = list.map(|text| NameList::parse(text).unwrap());
        let refused = run(&fixture, draft, list.as_ref(), &place.file()).unwrap_err();
        assert_eq!(place.names(), [""; 0]);
        refused
    };
    let names = |pattern: &str, count| BatchNames::Pattern { pattern: pattern.into(), count };
    let draft = numbered(&tenant, 1);
    let odd = BatchDraft { names: names("device", 2), ..draft.clone() };
    assert_eq!(field(&refused(&odd, None)), (Field::Name, Rule::Pattern));
    let odd = BatchDraft { names: names("device-{n}", 0), ..draft.clone() };
    assert_eq!(field(&refused(&odd, None)).0, Field::Count);
    let odd = BatchDraft { recipients: vec!["age1x".into()], ..draft.clone() };
    assert_eq!(field(&refused(&odd, None)), (Field::Recipients, Rule::Unknown));
    assert_eq!(field(&refused(&listed(&tenant), None)), (Field::Names, Rule::Required));
    let odd = BatchDraft { api_sets: vec!["tax".into()], ..draft };
    assert_eq!(field(&refused(&odd, None)).0, Field::ApiSets);

    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let rows = format!("name,recipient\nGate,{recipient}\nPier,\n");
    assert_eq!(refused(&listed(&tenant), Some(&rows)).code(), ErrorCode::InvalidInput);
    let folder = BatchDraft { delivery: BatchDelivery::Folder, ..listed(&tenant) };
    let (name, Rule::Line { line, problem }) = field(&refused(&folder, Some(&rows))) else { panic!() };
    assert_eq!((name, line, problem.name), (Field::Names, 3, Field::Recipients));
}

#[test]
fn the_policy_holds_for_every_key_of_a_batch() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    fixture.policy(&tenant, Policy { unique_names: true, own_keys_only: true, ..Policy::default() });
    let run = |text: &str| run(&fixture, &listed(&tenant), Some(&NameList::parse(text).unwrap()), &place.file());
    assert_eq!(field(&run("name\nGate\nPier\nGate\n").unwrap_err()), (Field::Name, Rule::Taken));
    assert_eq!(field(&run("name,owner\nGate,Grace\n").unwrap_err()), (Field::Owner, Rule::OwnKeysOnly));
    run("name\nGate\nPier\n").unwrap();
    fs::remove_file(place.file()).unwrap();
    assert_eq!(field(&run("name\nQuay\nPier\n").unwrap_err()), (Field::Name, Rule::Taken));
    key::revoke(&fixture.session, &ada(), "Pier", None).unwrap();
    run("name\nQuay\nPier\n").unwrap();
}

/// A process that dies while it draws; the database and the files stay as they were at that moment.
fn part(place: &Place) -> PathBuf {
    place.0.path().join(place.names().into_iter().find(|name| name.starts_with(".latchkey-")).unwrap())
}

fn resumed(fixture: &Fixture, place: &Place, tenant: &str, read: impl Fn(&Path) -> Vec<String>) {
    let view = batch::find(&fixture.session, None).unwrap();
    assert_eq!((view.total, view.first.as_str(), view.operator.as_str()), (KEYS, "device-00001", "Ada"));
    assert_eq!(count(fixture, tenant), 0, "keys of an unfinished batch are in no list");
    let end = batch::resume(&fixture.session, &ada(), &view.id, &mut on).unwrap();
    assert!(matches!(end, BatchEnd::Done { summary } if summary.keys == KEYS && summary.last == "device-05000"));
    let keys = read(&place.file());
    assert_eq!(keys.len(), KEYS as usize);
    assert!(keys.iter().all(|text| accepted(fixture, tenant, text)));
    assert_eq!(count(fixture, tenant), KEYS);
    assert_eq!(place.names(), ["keys.csv"]);
}

fn table(path: &Path) -> Vec<String> {
    keys_of(&fs::read_to_string(path).unwrap())
}

#[test]
fn a_table_goes_on_where_it_was_torn() {
    let (fixture, place, tenant) = interrupted(BatchDelivery::Csv, Vec::new());
    assert_eq!(recover::at_start(&fixture.session).unwrap(), 0);
    let text = fs::read_to_string(part(&place)).unwrap();
    let first = text.lines().nth(1).unwrap().split(',').nth(2).unwrap().to_owned();
    assert!(!accepted(&fixture, &tenant, &first), "a drawn key is accepted by nobody");
    fs::write(part(&place), format!("{text}device-04001,torn")).unwrap();
    resumed(&fixture, &place, &tenant, table);
    assert!(accepted(&fixture, &tenant, &first), "what was written stays");
}

#[test]
fn a_table_whose_part_is_gone_begins_anew() {
    let (fixture, place, tenant) = interrupted(BatchDelivery::Csv, Vec::new());
    fs::remove_file(part(&place)).unwrap();
    resumed(&fixture, &place, &tenant, table);
}

#[test]
fn a_sealed_table_begins_anew() {
    let identity = age::x25519::Identity::generate();
    let (fixture, place, tenant) = interrupted(BatchDelivery::Csv, vec![identity.to_public().to_string()]);
    resumed(&fixture, &place, &tenant, |path| keys_of(&opened(&identity, path).unwrap()));
}

#[test]
fn a_folder_goes_on_without_the_files_that_nobody_noted() {
    let (fixture, place, tenant) = interrupted(BatchDelivery::Folder, Vec::new());
    fs::write(part(&place).join("device-04001.APIKEY"), "torn").unwrap();
    resumed(&fixture, &place, &tenant, |path| {
        names_in(path).iter().map(|name| fs::read_to_string(path.join(name)).unwrap()).collect()
    });
}

#[test]
fn an_interrupted_batch_is_undone_whole_and_holds_its_tenant_and_its_api_sets() {
    let (fixture, place, tenant) = interrupted(BatchDelivery::Folder, Vec::new());
    assert_eq!(tenant::remove(&fixture.session, &ada(), &tenant).unwrap_err().code(), ErrorCode::NotNow);
    let removed = api_set::remove(&fixture.session, &ada(), &tenant, "billing");
    assert_eq!(removed.unwrap_err().code(), ErrorCode::NotNow);
    let view = batch::find(&fixture.session, None).unwrap();
    batch::undo(&fixture.session, &ada(), &view.id).unwrap();
    assert_eq!(place.names(), [""; 0]);
    assert_eq!(batch::undo(&fixture.session, &ada(), &view.id).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(audit::list(&fixture.session, None, None, 1).unwrap()[0].kind, EventKind::BatchUndone);
    api_set::add(
        &fixture.session,
        &ada(),
        &tenant,
        &ApiSetDraft { id: "tax".into(), name: None, group: None, description: String::new() },
    )
    .unwrap();
    tenant::remove(&fixture.session, &ada(), &tenant).unwrap();
}

#[test]
fn a_batch_that_another_process_is_at_is_left_alone() {
    let (fixture, place, _) = interrupted(BatchDelivery::Csv, Vec::new());
    let view = batch::find(&fixture.session, None).unwrap();
    fixture.gone.revive();
    assert!(batch::unfinished(&fixture.session).unwrap().is_empty());
    let refused = batch::undo(&fixture.session, &ada(), &view.id).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotNow);
    assert_eq!(place.names().len(), 1);
}

#[test]
fn keys_of_a_batch_belong_where_the_tenants_keys_have_to() {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let draft = OrganizationDraft { id: None, name: "Dealers".into(), permissions: None };
    let dealers = organization::add(&fixture.session, &ada(), &tenant, &draft).unwrap().id;
    let draft = UserGroupDraft { id: None, name: "Media".into(), permissions: vec![] };
    let media = organization::add_group(&fixture.session, &ada(), &tenant, &draft).unwrap().id;
    let refused = run(&fixture, &numbered(&tenant, 3), None, &place.file()).unwrap_err();
    assert_eq!(refused.body().field.as_ref().map(|field| field.name), Some(Field::Organization));

    let draft =
        BatchDraft { organization: Some("Dealers".into()), groups: vec!["Media".into()], ..numbered(&tenant, 3) };
    // While it is under way, what its keys are to belong to cannot go.
    let end = batch::run(&fixture.session, &ada(), &draft, None, &place.file(), &mut |progress| {
        if progress.listed == 0 {
            for removed in [
                organization::remove(&fixture.session, &ada(), &tenant, &dealers),
                organization::remove_group(&fixture.session, &ada(), &tenant, &media),
            ] {
                assert_eq!(removed.unwrap_err().code(), ErrorCode::NotNow);
            }
        }
        ControlFlow::Continue(())
    });
    assert!(matches!(end.unwrap(), BatchEnd::Done { .. }));
    for key in key::list(&fixture.session, &KeyQuery::default()).unwrap().keys {
        assert_eq!(
            (key.organization.as_deref(), key.groups.as_slice()),
            (Some("dealers"), ["media".to_owned()].as_slice())
        );
    }
}
