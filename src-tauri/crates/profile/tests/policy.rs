//! What a tenant's policy refuses, and which keys it finds wanting.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::error::Error;
use latchkey_app::key::{self, HandOver, Issued};
use latchkey_app::session::{Operator, Origin};
use latchkey_app::tenant;
use latchkey_app::wire::{
    DefaultExpiration, Expiration, Field, Gap, KeepPolicy, KeyDraft, KeyEdit, KeyFormat, Policy, PolicyGaps, Rule,
    TenantEdit,
};

fn field(error: &Error) -> (Field, Rule) {
    let problem = error.body().field.clone().unwrap();
    (problem.name, problem.rule)
}

fn issue(fixture: &Fixture, draft: &KeyDraft) -> Result<Issued, Error> {
    key::new(&fixture.session, &ada(), draft, &HandOver::default())
}

fn gaps(fixture: &Fixture, tenant: &str, policy: &Policy) -> PolicyGaps {
    gaps_after(fixture, tenant, &TenantEdit { policy: Some(*policy), ..TenantEdit::default() })
}

fn gaps_after(fixture: &Fixture, tenant: &str, edit: &TenantEdit) -> PolicyGaps {
    tenant::gaps(&fixture.session, &ada(), tenant, Some(edit), None, 100).unwrap()
}

fn named(found: &PolicyGaps) -> Vec<(&str, &[Gap])> {
    found.keys.iter().map(|found| (found.key.name.as_str(), found.gaps.as_slice())).collect()
}

#[test]
fn unique_names_are_those_of_keys_in_use() {
    let fixture = Fixture::new();
    let (harbour, fleet) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    fixture.policy(&harbour, Policy { unique_names: true, ..Policy::default() });
    let days = |days| KeyDraft { expires: Expiration::Days { days }, ..draft(&harbour, "crane") };
    let first = issue(&fixture, &days(30)).unwrap().key;
    assert_eq!(field(&issue(&fixture, &days(60)).unwrap_err()), (Field::Name, Rule::Taken));
    issue(&fixture, &draft(&fleet, "crane")).unwrap();

    let other = issue(&fixture, &draft(&harbour, "gateway")).unwrap().key;
    let rename = KeyEdit { name: Some("crane".into()), ..KeyEdit::default() };
    let refused = key::edit(&fixture.session, &ada(), &other.id, &rename).unwrap_err();
    assert_eq!(field(&refused), (Field::Name, Rule::Taken));
    // A key is not in its own way.
    key::edit(&fixture.session, &ada(), &first.id, &rename).unwrap();

    key::disable(&fixture.session, &ada(), &first.id).unwrap();
    assert_eq!(field(&issue(&fixture, &days(60)).unwrap_err()), (Field::Name, Rule::Taken), "it can be switched on");
    fixture.clock.forward(31);
    let second = issue(&fixture, &days(60)).unwrap().key;
    let revive = KeyEdit { expires: Some(Expiration::Never), ..KeyEdit::default() };
    let refused = key::edit(&fixture.session, &ada(), &first.id, &revive).unwrap_err();
    assert_eq!(field(&refused), (Field::Name, Rule::Taken), "a key that comes back needs its name");
    key::revoke(&fixture.session, &ada(), &second.id, None).unwrap();
    key::edit(&fixture.session, &ada(), &first.id, &revive).unwrap();
}

#[test]
fn own_keys_only_is_asked_of_new_owners() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let before = issue(&fixture, &KeyDraft { owner: Some("Finance".into()), ..draft(&harbour, "ledger") }).unwrap().key;
    fixture.policy(&harbour, Policy { own_keys_only: true, ..Policy::default() });
    let foreign = KeyDraft { owner: Some("Finance".into()), ..draft(&harbour, "crane") };
    assert_eq!(field(&issue(&fixture, &foreign).unwrap_err()), (Field::Owner, Rule::OwnKeysOnly));
    issue(&fixture, &draft(&harbour, "crane")).unwrap();
    issue(&fixture, &KeyDraft { owner: Some(" Ada ".into()), ..draft(&harbour, "gateway") }).unwrap();

    let describe = KeyEdit { description: Some("nightly".into()), ..KeyEdit::default() };
    key::edit(&fixture.session, &ada(), &before.id, &describe).unwrap();
    let give = |owner: &str| KeyEdit { owner: Some(owner.into()), ..KeyEdit::default() };
    let refused = key::edit(&fixture.session, &ada(), &before.id, &give("Sales")).unwrap_err();
    assert_eq!(field(&refused), (Field::Owner, Rule::OwnKeysOnly));
    key::edit(&fixture.session, &ada(), &before.id, &give("")).unwrap();
}

#[test]
fn every_reason_is_found_and_nothing_else() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let days = |name: &str, days| KeyDraft { expires: Expiration::Days { days }, ..draft(&harbour, name) };
    issue(&fixture, &days("in order", 30)).unwrap();
    issue(&fixture, &days("long", 200)).unwrap();
    issue(&fixture, &KeyDraft { api_sets: Vec::new(), ..draft(&harbour, "endless") }).unwrap();
    let keep = HandOver { keep: true, ..HandOver::default() };
    key::new(&fixture.session, &ada(), &days("kept", 30), &keep).unwrap();
    issue(&fixture, &days("twice", 20)).unwrap();
    issue(&fixture, &KeyDraft { owner: Some("Finance".into()), ..days("twice", 10) }).unwrap();
    let gone = issue(&fixture, &draft(&harbour, "twice")).unwrap().key;
    key::revoke(&fixture.session, &ada(), &gone.id, None).unwrap();

    assert_eq!(gaps(&fixture, &harbour, &Policy::default()).total, 0);
    let strict = Policy {
        max_lifetime_days: Some(90),
        require_api_set: true,
        keep: KeepPolicy::Forbid,
        unique_names: true,
        own_keys_only: true,
        ..Policy::default()
    };
    let found = gaps(&fixture, &harbour, &strict);
    assert_eq!((found.usable, found.total), (6, 5));
    assert_eq!(
        named(&found),
        [
            ("long", &[Gap::BeyondCeiling][..]),
            ("endless", &[Gap::NoEnd, Gap::NoApiSet]),
            ("kept", &[Gap::Kept]),
            ("twice", &[Gap::SameName]),
            ("twice", &[Gap::SameName, Gap::OtherOwner]),
        ]
    );
    let counts: Vec<_> = found.reasons.iter().map(|reason| (reason.gap, reason.keys)).collect();
    assert_eq!(
        counts,
        [
            (Gap::BeyondCeiling, 1),
            (Gap::NoEnd, 1),
            (Gap::NoApiSet, 1),
            (Gap::Kept, 1),
            (Gap::SameName, 2),
            (Gap::OtherOwner, 1)
        ]
    );
    let finance = Operator { name: "Finance".into(), origin: Origin::CommandLine };
    let others = Policy { own_keys_only: true, ..Policy::default() };
    let others = TenantEdit { policy: Some(others), ..TenantEdit::default() };
    assert_eq!(tenant::gaps(&fixture.session, &finance, &harbour, Some(&others), None, 0).unwrap().total, 5);

    // Page by page, and of the tenant's own policy.
    fixture.policy(&harbour, strict);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = tenant::gaps(&fixture.session, &ada(), &harbour, None, after.as_deref(), 2).unwrap().keys;
        let Some(last) = page.last() else { break };
        after = Some(last.key.id.clone());
        seen.extend(page.into_iter().map(|found| found.key.name));
    }
    assert_eq!(seen, ["long", "endless", "kept", "twice", "twice"]);
}

#[test]
fn a_key_that_could_be_given_its_end_today_meets_the_ceiling() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let ceiling = Policy { max_lifetime_days: Some(90), ..Policy::default() };
    let ends = [("on the day", "2027-02-19"), ("a day later", "2027-02-20")];
    for (name, date) in ends {
        issue(&fixture, &KeyDraft { expires: Expiration::Date { date: date.into() }, ..draft(&harbour, name) })
            .unwrap();
    }
    assert_eq!(named(&gaps(&fixture, &harbour, &ceiling)), [("a day later", &[Gap::BeyondCeiling][..])]);
    fixture.clock.forward(1);
    assert_eq!(gaps(&fixture, &harbour, &ceiling).total, 0);
}

#[test]
fn a_policy_that_is_none_is_refused_before_anything_is_counted() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    let policy = Policy {
        max_lifetime_days: Some(30),
        default_expiration: Some(DefaultExpiration::Days { days: 90 }),
        ..Policy::default()
    };
    let refused = |edit| tenant::gaps(&fixture.session, &ada(), &harbour, Some(&edit), None, 0).unwrap_err();
    let wrong = refused(TenantEdit { policy: Some(policy), ..TenantEdit::default() });
    assert_eq!(field(&wrong), (Field::DefaultExpiration, Rule::BeyondCeiling { days: 30 }));
    let wrong = refused(TenantEdit { prefix: Some("No".into()), ..TenantEdit::default() });
    assert_eq!(field(&wrong), (Field::Prefix, Rule::Characters));
}

#[test]
fn keys_of_another_format_or_prefix_are_found_before_and_after_the_change() {
    let fixture = Fixture::new();
    let harbour = fixture.tenant("Harbour");
    issue(&fixture, &draft(&harbour, "first")).unwrap();
    assert_eq!(gaps_after(&fixture, &harbour, &TenantEdit::default()).total, 0);
    let change = |edit: &TenantEdit| {
        let before = gaps_after(&fixture, &harbour, edit);
        tenant::edit(&fixture.session, &ada(), &harbour, edit).unwrap();
        let after = tenant::gaps(&fixture.session, &ada(), &harbour, None, None, 100).unwrap();
        assert_eq!(named(&before), named(&after), "what was shown is what came");
        after
    };
    // A prefix that begins like the one before is another one.
    let renamed = change(&TenantEdit { prefix: Some("l".into()), ..TenantEdit::default() });
    assert_eq!(named(&renamed), [("first", &[Gap::OtherPrefix][..])]);
    issue(&fixture, &draft(&harbour, "second")).unwrap();
    let hex = change(&TenantEdit { format: Some(KeyFormat::Hex32), ..TenantEdit::default() });
    assert_eq!(named(&hex), [("first", &[Gap::OtherFormat][..]), ("second", &[Gap::OtherFormat])]);
    issue(&fixture, &draft(&harbour, "third")).unwrap();
    let back = change(&TenantEdit { format: Some(KeyFormat::Latchkey), ..TenantEdit::default() });
    assert_eq!(named(&back), [("first", &[Gap::OtherPrefix][..]), ("third", &[Gap::OtherFormat])]);
    let counts: Vec<_> = back.reasons.iter().map(|reason| (reason.gap, reason.keys)).collect();
    assert_eq!(counts, [(Gap::OtherFormat, 1), (Gap::OtherPrefix, 1)]);
}

#[test]
fn the_templates_longest_life_counts_with_the_ceiling() {
    let fixture = Fixture::new();
    let rooms = fixture.tenant_from("docspace");
    let label =
        |name: &str, days| KeyDraft { api_sets: Vec::new(), expires: Expiration::Days { days }, ..draft(&rooms, name) };
    issue(&fixture, &label("year", 365)).unwrap();
    issue(&fixture, &label("half", 180)).unwrap();
    fixture.clock.forward(-2);
    let longest = gaps(&fixture, &rooms, &Policy::default());
    assert_eq!(named(&longest), [("year", &[Gap::BeyondCeiling][..])]);
    let lower = gaps(&fixture, &rooms, &Policy { max_lifetime_days: Some(90), ..Policy::default() });
    assert_eq!(lower.total, 2);
    let higher = gaps(&fixture, &rooms, &Policy { max_lifetime_days: Some(900), ..Policy::default() });
    assert_eq!(named(&higher), [("year", &[Gap::BeyondCeiling][..])]);
}
