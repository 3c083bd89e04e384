//! Imports over a real database, with a vault that can be told to fail.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;

use common::{Fixture, ada, draft};
use latchkey_app::audit;
use latchkey_app::error::Result;
use latchkey_app::import::{self, Pending, Source};
use latchkey_app::key::{self, HandOver, Purpose};
use latchkey_app::organization;
use latchkey_app::verify::verify;
use latchkey_app::wire::{
    Decision, ErrorCode, EventKind, Expiration, Field, ImportChoice, ImportDone, ImportEntry, ImportFate, ImportReason,
    KeepPolicy, KeyQuery, KeySelection, KeyView, OrganizationDraft, Policy, Refusal, UserGroupDraft,
};
use latchkey_domain::secret::Secret;
use latchkey_vault::double::Operation;

const RANDOM: &str = "sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";
const WEAK: &str = "hunter2hunter2";

fn pending(fixture: &Fixture, name: &str, text: &str) -> Pending {
    let path = fixture.path().join(name);
    fs::write(&path, text).unwrap();
    Pending::read(&Source::file(&path).unwrap(), None).unwrap()
}

fn shown(fixture: &Fixture, tenant: &str, pending: &mut Pending) -> Vec<ImportEntry> {
    import::preview(&fixture.session, tenant, pending).unwrap().entries
}

fn choice(tenant: &str, entries: &[u32]) -> ImportChoice {
    ImportChoice {
        tenant: tenant.into(),
        entries: entries.to_vec(),
        api_sets: vec!["billing".into()],
        organization: None,
        groups: Vec::new(),
        owner: None,
        tags: Vec::new(),
        expires: Expiration::Never,
        keep: false,
    }
}

fn run(fixture: &Fixture, pending: &mut Pending, choice: &ImportChoice) -> Result<ImportDone> {
    import::run(&fixture.session, &ada(), pending, choice, &mut |_, _| {})
}

fn listed(fixture: &Fixture) -> Vec<KeyView> {
    key::list(&fixture.session, &KeyQuery::default()).unwrap().keys
}

fn decision(fixture: &Fixture, tenant: &str, text: &str) -> std::result::Result<KeyView, Refusal> {
    match verify(&fixture.session, tenant, &Secret::new(text.into())).unwrap() {
        Decision::Valid { key, .. } => Ok(*key),
        Decision::Refused { reason, .. } => Err(reason),
    }
}

#[test]
fn tags_are_those_of_all_keys_of_an_import() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let mut pending = pending(&fixture, "keys.csv", &format!("name,key\ncrane,{RANDOM}\ngate,{WEAK}\n"));
    shown(&fixture, &harbour, &mut pending);
    let tagged = |tags: &[&str]| ImportChoice {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..choice(&harbour, &[0, 1])
    };
    let refused = run(&fixture, &mut pending, &tagged(&["a,b"])).unwrap_err();
    assert_eq!(refused.body().field.as_ref().unwrap().name, Field::Tags);
    assert!(listed(&fixture).is_empty());
    run(&fixture, &mut pending, &tagged(&["partners", " old "])).unwrap();
    assert!(listed(&fixture).iter().all(|key| key.tags == ["old", "partners"]));
    let search = KeyQuery { search: "partners".into(), ..KeyQuery::default() };
    assert_eq!(key::count(&fixture.session, &search).unwrap().total, 2);
}

#[test]
fn random_and_chosen_keys_are_accepted_and_everything_else_is_refused_as_before() {
    let fixture = Fixture::new();
    let (harbour, fleet) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    let file = format!("name,key,notes,owner\ncrane,{RANDOM},the crane,Grace\ngate,{WEAK},,\n");
    let mut pending = pending(&fixture, "keys.csv", &file);
    let entries = shown(&fixture, &harbour, &mut pending);
    assert_eq!((entries[0].weak, entries[0].display.as_deref()), (false, Some("sk_live_…j0Ca")));
    assert_eq!((entries[1].weak, entries[1].display.as_deref()), (true, Some("••••••••")));
    let done = run(&fixture, &mut pending, &choice(&harbour, &[0, 1])).unwrap();
    assert_eq!(done, ImportDone { imported: 2, weak: 1, kept: 0, duplicates: 0 });

    let crane = decision(&fixture, &harbour, RANDOM).unwrap();
    assert_eq!(
        (crane.name.as_str(), crane.owner.as_str(), crane.description.as_str()),
        ("crane", "Grace", "the crane")
    );
    assert_eq!((crane.weak, crane.format, crane.handed_over), (false, None, true));
    assert_eq!(crane.api_sets, ["billing"]);
    let gate = decision(&fixture, &harbour, WEAK).unwrap();
    assert!(gate.weak);
    assert_eq!(gate.owner, "Ada");

    // What is not there is refused in the words of before, in a tenant with slow digests and in one without.
    for tenant in [&harbour, &fleet] {
        assert_eq!(decision(&fixture, tenant, "hunter2hunter3").unwrap_err(), Refusal::Malformed);
        assert_eq!(decision(&fixture, tenant, "").unwrap_err(), Refusal::Malformed);
        assert_eq!(decision(&fixture, tenant, &"a".repeat(100_000)).unwrap_err(), Refusal::Malformed);
        assert_eq!(decision(&fixture, tenant, &"0123456789abcdef".repeat(2)).unwrap_err(), Refusal::Unknown);
    }
    assert_eq!(decision(&fixture, &fleet, RANDOM).unwrap_err(), Refusal::Malformed);
    key::revoke(&fixture.session, &ada(), "gate", None).unwrap();
    assert_eq!(decision(&fixture, &harbour, WEAK).unwrap_err(), Refusal::Revoked);
}

#[test]
fn the_same_chosen_key_in_two_tenants_has_two_digests() {
    let fixture = Fixture::new();
    let mut digests = Vec::new();
    for name in ["Harbour", "Fleet"] {
        let tenant = fixture.tenant(name);
        let mut pending = pending(&fixture, "one.env", &format!("GATE_KEY={WEAK}\nCRANE_KEY={RANDOM}\n"));
        run(&fixture, &mut pending, &choice(&tenant, &[0, 1])).unwrap();
        assert!(decision(&fixture, &tenant, WEAK).is_ok());
        assert!(decision(&fixture, &tenant, RANDOM).is_ok());
        let id = tenant.parse().unwrap();
        let keys = fixture.session.store.reading(|reader| reader.keys_named(Some(id), "GATE_KEY", 2)).unwrap();
        digests.push(*keys[0].digest.as_bytes());
    }
    assert_ne!(digests[0], digests[1]);
}

#[test]
fn what_is_known_already_or_twice_in_the_file_comes_in_once() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let own = key::new(&fixture.session, &ada(), &draft(&harbour, "own key"), &HandOver::default()).unwrap();
    let file = format!("A_KEY={RANDOM}\nB_KEY={RANDOM}\nC_KEY={WEAK}\nD_KEY={}\n", own.secret.expose());
    let mut first = pending(&fixture, ".env", &file);
    let fates: Vec<_> = shown(&fixture, &harbour, &mut first).iter().map(|entry| (entry.fate, entry.reason)).collect();
    assert_eq!(
        fates,
        [
            (ImportFate::Import, None),
            (ImportFate::Duplicate, Some(ImportReason::Repeated)),
            (ImportFate::Import, None),
            (ImportFate::Duplicate, Some(ImportReason::Known)),
        ]
    );
    // Two windows with the same file: the second finds out at the import at the latest.
    let mut second = pending(&fixture, ".env", &file);
    shown(&fixture, &harbour, &mut second);
    assert_eq!(run(&fixture, &mut first, &choice(&harbour, &[0, 1, 2, 3])).unwrap().imported, 2);
    let done = run(&fixture, &mut second, &choice(&harbour, &[0, 2])).unwrap();
    assert_eq!((done.imported, done.duplicates), (0, 2));
    assert_eq!(listed(&fixture).len(), 3);
    let again = shown(&fixture, &harbour, &mut pending(&fixture, ".env", &file));
    assert!(again.iter().all(|entry| entry.fate == ImportFate::Duplicate), "{again:?}");
    assert_eq!(again[2].known_as.as_deref(), Some("C_KEY"));
}

#[test]
fn a_key_of_another_profile_keeps_its_handle_and_is_found_by_it() {
    let (here, there) = (Fixture::new(), Fixture::new());
    let (harbour, fleet) = (here.tenant("Harbour"), here.tenant("Fleet"));
    let elsewhere = there.tenant("Elsewhere tenant");
    // Another seed would do; other names draw other keys.
    key::new(&there.session, &ada(), &draft(&elsewhere, "first"), &HandOver::default()).unwrap();
    let issued = key::new(&there.session, &ada(), &draft(&elsewhere, "crane"), &HandOver::default()).unwrap();
    let text = issued.secret.expose();
    for tenant in [&harbour, &fleet] {
        let mut pending = pending(&here, "crane.APIKEY", &format!("{text}\n"));
        assert_eq!(run(&here, &mut pending, &choice(tenant, &[0])).unwrap().imported, 1);
        assert!(decision(&here, tenant, text).is_ok());
    }
    assert_eq!(decision(&here, &harbour, text).unwrap().handle, issued.key.handle);
}

#[test]
fn names_follow_the_rules_and_can_be_given_anew() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let file = format!("name,key\nab,{RANDOM}\nhttps://a.example,{RANDOM}x\n=cmd,{RANDOM}y\n,{RANDOM}z\n");
    let mut pending = pending(&fixture, "partners.csv", &file);
    let entries = shown(&fixture, &harbour, &mut pending);
    let problems: Vec<_> = entries.iter().map(|entry| entry.name_problem.is_some()).collect();
    assert_eq!(problems, [true, true, false, false]);
    assert_eq!(entries[3].name, "partners, line 5");
    let refused = run(&fixture, &mut pending, &choice(&harbour, &[0, 2])).unwrap_err();
    assert_eq!(refused.body().field.as_ref().unwrap().name, Field::Name);
    assert!(refused.body().message.starts_with("Line 2:"), "{refused}");
    assert!(listed(&fixture).is_empty(), "all or nothing");

    let entries = import::rename(&fixture.session, &harbour, &mut pending, 0, "=cmd").unwrap();
    assert!(entries[0].same_name && entries[2].same_name && entries[0].name_problem.is_none());
    assert_eq!(run(&fixture, &mut pending, &choice(&harbour, &[0, 2])).unwrap().imported, 2);

    fixture.policy(&harbour, Policy { unique_names: true, ..Policy::default() });
    let entries = import::rename(&fixture.session, &harbour, &mut pending, 3, "=cmd").unwrap();
    assert!(entries[3].name_problem.is_some());
    assert_eq!(run(&fixture, &mut pending, &choice(&harbour, &[3])).unwrap_err().code(), ErrorCode::InvalidInput);
}

#[test]
fn the_tenants_rules_hold_for_imports_too() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let mut pending = pending(&fixture, "a.csv", &format!("name,key,owner\ncrane,{RANDOM},Grace\n"));
    let asked = choice(&harbour, &[0]);
    for (policy, asked, code) in [
        (Policy { allow_never: false, ..Policy::default() }, asked.clone(), ErrorCode::InvalidInput),
        (
            Policy { require_api_set: true, ..Policy::default() },
            ImportChoice { api_sets: vec![], ..asked.clone() },
            ErrorCode::InvalidInput,
        ),
        (Policy::default(), ImportChoice { api_sets: vec!["none".into()], ..asked.clone() }, ErrorCode::InvalidInput),
        (
            Policy { keep: KeepPolicy::Forbid, ..Policy::default() },
            ImportChoice { keep: true, ..asked.clone() },
            ErrorCode::NotPermitted,
        ),
        (Policy { own_keys_only: true, ..Policy::default() }, asked.clone(), ErrorCode::NotPermitted),
        (Policy::default(), ImportChoice { entries: vec![], ..asked.clone() }, ErrorCode::InvalidInput),
        (Policy::default(), ImportChoice { entries: vec![9], ..asked }, ErrorCode::NotFound),
    ] {
        fixture.policy(&harbour, policy);
        assert_eq!(run(&fixture, &mut pending, &asked).unwrap_err().code(), code);
        assert!(listed(&fixture).is_empty());
    }
}

#[test]
fn kept_secrets_are_all_in_the_vault_or_none_is() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let file = format!("A_KEY={RANDOM}\nB_KEY={RANDOM}x\nC_KEY={WEAK}\n");
    let mut first = pending(&fixture, ".env", &file);
    let asked = ImportChoice { keep: true, ..choice(&harbour, &[0, 1, 2]) };
    fixture.vault.fail_next(Operation::Put, ErrorCode::KeychainFailed);
    fixture.vault.fail_each(Operation::Discard, ErrorCode::KeychainFailed);
    assert!(run(&fixture, &mut first, &asked).is_err());
    assert!(listed(&fixture).is_empty());
    fixture.vault.heal();
    // What could not be taken back while the vault failed is taken back at the next start.
    let fixture = fixture.restarted();
    latchkey_app::recover::at_start(&fixture.session).unwrap();
    assert_eq!((fixture.session.vault.items().unwrap().len(), fixture.journal_len()), (0, 0));

    assert_eq!(run(&fixture, &mut first, &asked).unwrap().kept, 3);
    assert_eq!((fixture.session.vault.items().unwrap().len(), fixture.journal_len()), (3, 0));
    let secret = key::read_secret(&fixture.session, &ada(), "C_KEY", &Purpose::Copy).unwrap();
    assert_eq!(secret.expose(), WEAK);
}

#[test]
fn the_window_holds_the_keys_and_wipes_them_when_it_is_closed() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let path = fixture.path().join(".env");
    fs::write(&path, format!("A_KEY={RANDOM}\nB_KEY={WEAK}\nMODE=production\n")).unwrap();
    let window = import::ImportWindow::default();
    let preview = window.open(&fixture.session, &harbour, &Source::file(&path).unwrap()).unwrap();
    let told = serde_json::to_string(&preview).unwrap();
    for secret in [&RANDOM[8..RANDOM.len() - 4], WEAK, "production"] {
        assert!(!told.contains(secret), "{told}");
    }
    window.close();
    assert_eq!(
        window.run(&fixture.session, &ada(), &choice(&harbour, &[0])).unwrap_err().code(),
        ErrorCode::SecretGone
    );
    window.open(&fixture.session, &harbour, &Source::file(&path).unwrap()).unwrap();
    assert_eq!(window.run(&fixture.session, &ada(), &choice(&harbour, &[0, 1])).unwrap().imported, 2);
    assert_eq!(window.rename(&fixture.session, 0, "x").unwrap_err().code(), ErrorCode::SecretGone);
}

#[test]
fn no_more_of_a_huge_file_is_read_than_the_limit() {
    let fixture = Fixture::new();
    let path = fixture.path().join("huge.csv");
    fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let refused = Source::file(&path).err().unwrap();
    assert_eq!(refused.body().field.as_ref().unwrap().name, Field::File);
    // A stream has no size to look at: exactly one byte more than the limit is taken from it.
    let mut taken = 0;
    let stream = Counting { taken: &mut taken };
    assert!(Source::stream(stream).is_err());
    assert_eq!(taken, latchkey_import::MAX_FILE + 1);
    assert!(Source::file(fixture.path()).is_err(), "a folder");
    assert!(Source::file(&fixture.path().join("none")).is_err());
}

struct Counting<'a> {
    taken: &'a mut usize,
}

impl std::io::Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b'a');
        *self.taken += buffer.len();
        Ok(buffer.len())
    }
}

#[test]
fn a_list_is_exported_without_secrets_and_comes_back_as_it_was() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let names = ["=cmd|' /C calc'!A0", "+plus", "-minus", "@sum", "'=quoted", "a;=b", "Zürich \"quay\", one", "O'Neil"];
    for name in names {
        key::new(&fixture.session, &ada(), &draft(&harbour, name), &HandOver::default()).unwrap();
    }
    let target = fixture.path().join("list.csv");
    let query = KeyQuery { tenant: Some(harbour.clone()), ..KeyQuery::default() };
    let list = KeySelection::Found { query, except: Vec::new() };
    let done = key::export(&fixture.session, &ada(), &list, &target, false).unwrap();
    assert_eq!(done.keys, 8);
    let bytes = fs::read(&target).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBFname,"), "a spreadsheet knows UTF-8 by its mark");
    let mut table = csv::Reader::from_reader(&bytes[3..]);
    for row in table.records() {
        for cell in &row.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    // With a column of keys it is a file to import, and its names are what they were.
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.lines();
    let mut file = format!("{},key\n", lines.next().unwrap());
    for (number, line) in lines.enumerate() {
        writeln!(file, "{line},{RANDOM}{number}").unwrap();
    }
    let fleet = fixture.tenant("Fleet");
    let mut pending = pending(&fixture, "back.csv", &file);
    let mut back: Vec<_> = shown(&fixture, &fleet, &mut pending).into_iter().map(|entry| entry.name).collect();
    back.sort_unstable();
    let mut wanted = names.to_vec();
    wanted.sort_unstable();
    assert_eq!(back, wanted);

    let taken = key::export(&fixture.session, &ada(), &list, &target, false).unwrap_err();
    assert_eq!(taken.code(), ErrorCode::FileExists);
    assert!(key::export(&fixture.session, &ada(), &list, &target, true).is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_chosen_keys_are_exported_and_the_log_says_whose() {
    let fixture = Fixture::new();
    let (harbour, fleet) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    let issue = |tenant: &str, name: &str| {
        key::new(&fixture.session, &ada(), &draft(tenant, name), &HandOver::default()).unwrap().key.id
    };
    let (crane, gate, tug) = (issue(&harbour, "crane"), issue(&harbour, "gate"), issue(&fleet, "tug"));
    let exported = |selection: KeySelection, file: &str| -> (Vec<String>, Option<String>) {
        let target = fixture.path().join(file);
        let done = key::export(&fixture.session, &ada(), &selection, &target, false).unwrap();
        let bytes = fs::read(&target).unwrap();
        let names: Vec<String> =
            csv::Reader::from_reader(&bytes[3..]).records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(done.keys as usize, names.len());
        let newest = audit::list(&fixture.session, None, None, 1).unwrap().remove(0);
        assert_eq!((newest.kind, newest.subject.as_deref()), (EventKind::ListExported, Some(file)));
        (names, newest.tenant)
    };
    let these = |keys: &[&String]| KeySelection::Keys { keys: keys.iter().copied().cloned().collect() };
    let own = |names: &[&str]| names.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(exported(these(&[&gate, &crane, &gate]), "two.csv"), (own(&["gate", "crane"]), Some("Harbour".into())));
    assert_eq!(exported(these(&[&tug, &crane]), "mixed.csv"), (own(&["tug", "crane"]), None));
    let query = KeyQuery { tenant: Some(harbour.clone()), ..KeyQuery::default() };
    let rest = KeySelection::Found { query, except: vec![crane.clone()] };
    assert_eq!(exported(rest, "rest.csv"), (own(&["gate"]), Some("Harbour".into())));
}

#[test]
fn imported_keys_belong_where_the_tenants_keys_have_to() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let draft = OrganizationDraft { id: None, name: "Dealers".into(), permissions: None };
    organization::add(&fixture.session, &ada(), &harbour, &draft).unwrap();
    let draft = UserGroupDraft { id: None, name: "Media".into(), permissions: vec![] };
    organization::add_group(&fixture.session, &ada(), &harbour, &draft).unwrap();
    let mut pending = pending(&fixture, "crane.APIKEY", RANDOM);
    let asked = choice(&harbour, &[0]);
    let field = |asked: &ImportChoice, pending: &mut Pending| {
        run(&fixture, pending, asked).unwrap_err().body().field.as_ref().map(|field| field.name)
    };
    assert_eq!(field(&asked, &mut pending), Some(Field::Organization));
    let asked = ImportChoice { organization: Some("Dealers".into()), ..asked };
    assert_eq!(field(&asked, &mut pending), Some(Field::Groups));
    assert!(listed(&fixture).is_empty());

    let asked = ImportChoice { groups: vec!["media".into()], ..asked };
    run(&fixture, &mut pending, &asked).unwrap();
    let key = decision(&fixture, &harbour, RANDOM).unwrap();
    assert_eq!(
        (key.organization.as_deref(), key.groups.as_slice()),
        (Some("dealers"), ["media".to_owned()].as_slice())
    );
}
