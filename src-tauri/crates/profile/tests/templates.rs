//! Tenants from templates, and what their keys may do.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::error::Error;
use latchkey_app::key::{self, HandOver};
use latchkey_app::wire::{
    AccessQuery, Decision, ErrorCode, Expiration, Field, KeyDraft, KeyEdit, KeyFormat, KeyView, OrganizationDraft,
    Rule, TenantDraft, TenantView, UserGroupDraft,
};
use latchkey_app::{access, api_set, audit, organization, template, tenant, verify};

fn tenant_from(fixture: &Fixture, id: &str) -> TenantView {
    let draft = TenantDraft { name: format!("From {id}"), prefix: None, template: Some(id.into()), own_template: None };
    tenant::add(&fixture.session, &ada(), &draft).unwrap()
}

fn at(error: &Error) -> (Field, Rule) {
    let field = error.body().field.clone().unwrap();
    (field.name, field.rule)
}

fn documoto_key(tenant: &TenantView, name: &str, groups: &[&str]) -> KeyDraft {
    KeyDraft {
        api_sets: Vec::new(),
        organization: Some("main".into()),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..draft(&tenant.id, name)
    }
}

#[test]
fn each_template_makes_a_tenant_that_is_a_template_again() {
    let fixture = Fixture::new();
    let ids: Vec<_> = template::all().into_iter().map(|template| template.id).collect();
    assert_eq!(ids, ["blank", "docanalyzer", "documenso", "documoto", "gotransverse", "docspace"]);
    for brought in template::all() {
        let made = tenant_from(&fixture, &brought.id);
        assert_eq!(usize::try_from(made.api_sets).unwrap(), brought.api_sets.len(), "{}", brought.id);
        let file = fixture.path().join(format!("{}.json", brought.id));
        let saved = template::save(&fixture.session, &made.id, &file, false).unwrap();
        assert_eq!(template::read(&file).unwrap(), saved);
        assert_eq!(
            (saved.policy, saved.key_format, &saved.prefix),
            (brought.policy, brought.key_format, &brought.prefix)
        );
        assert_eq!(saved.conventions.words, brought.conventions.words);
        assert_eq!(saved.organizations, brought.organizations);
        let mut groups = brought.user_groups.clone();
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(saved.user_groups, groups);

        let draft = TenantDraft {
            name: format!("Again {}", brought.id),
            prefix: Some("ag".into()),
            template: None,
            own_template: Some(Box::new(saved.clone())),
        };
        let again = tenant::add(&fixture.session, &ada(), &draft).unwrap();
        assert_eq!((again.policy, again.format, again.prefix.as_str()), (made.policy, made.format, "ag"));
        assert_eq!(again.conventions, saved.conventions);
        let names = |id: &str| api_set::list(&fixture.session, id).unwrap();
        assert_eq!(names(&again.id), names(&made.id));
        let taken = template::save(&fixture.session, &made.id, &file, false).unwrap_err();
        assert_eq!(taken.code(), ErrorCode::FileExists);
        template::save(&fixture.session, &made.id, &file, true).unwrap();
    }
}

#[test]
fn what_is_no_template_makes_no_tenant() {
    let fixture = Fixture::new();
    let mut own = template::named("documoto").unwrap();
    own.user_groups[0].permissions.push("unheard".into());
    let draft = TenantDraft { name: "Harbour".into(), prefix: None, template: None, own_template: Some(Box::new(own)) };
    assert_eq!(tenant::add(&fixture.session, &ada(), &draft).unwrap_err().code(), ErrorCode::Failed);
    let draft = TenantDraft { template: Some("unheard".into()), own_template: None, ..draft };
    let refused = tenant::add(&fixture.session, &ada(), &draft).unwrap_err();
    assert_eq!(at(&refused), (Field::Template, Rule::Unknown));
    assert!(tenant::list(&fixture.session).unwrap().is_empty());

    let file = fixture.path().join("no.json");
    std::fs::write(&file, "{\"version\":7}").unwrap();
    let newer = template::read(&file).unwrap_err();
    assert!(newer.body().message.contains("newer"), "{newer}");
    assert_eq!(template::read(fixture.path()).unwrap_err().code(), ErrorCode::Failed, "a folder");
}

#[test]
fn names_and_ends_follow_the_template() {
    let fixture = Fixture::new();
    let space = tenant_from(&fixture, "docspace");
    let plain = |name: &str, expires| KeyDraft { api_sets: Vec::new(), expires, ..draft(&space.id, name) };
    let new = |draft: &KeyDraft| key::new(&fixture.session, &ada(), draft, &HandOver::default());
    new(&plain("a", Expiration::Never)).unwrap();
    let long = new(&plain(&"a".repeat(31), Expiration::Never)).unwrap_err();
    assert_eq!(at(&long), (Field::Name, Rule::TooLong { max: 30 }));
    new(&plain("year", Expiration::Days { days: 365 })).unwrap();
    let beyond = new(&plain("more", Expiration::Days { days: 366 })).unwrap_err();
    assert_eq!(at(&beyond), (Field::Expires, Rule::BeyondCeiling { days: 365 }));
    let edit = KeyEdit { name: Some("b".repeat(31)), ..KeyEdit::default() };
    assert_eq!(at(&key::edit(&fixture.session, &ada(), "year", &edit).unwrap_err()).0, Field::Name);
    let edit = KeyEdit { expires: Some(Expiration::Date { date: "2030-01-01".into() }), ..KeyEdit::default() };
    assert_eq!(at(&key::edit(&fixture.session, &ada(), "year", &edit).unwrap_err()).0, Field::Expires);

    let documenso = tenant_from(&fixture, "documenso");
    let token = |name: &str| KeyDraft {
        api_sets: Vec::new(),
        organization: Some("Personal".into()),
        ..draft(&documenso.id, name)
    };
    assert_eq!(at(&new(&token("ab")).unwrap_err()), (Field::Name, Rule::TooShort { min: 3 }));
    let issued = new(&token("abc")).unwrap();
    assert!(issued.secret.expose().starts_with("api_"));
    assert_eq!(issued.key.organization.as_deref(), Some("personal"));
}

/// Organization, groups, permissions that count, permissions held back.
type Row<'a> = (String, Vec<&'a str>, Vec<&'a str>, Vec<&'a str>);

/// Documoto's five permissions, each alone and held back, and what `verify` says of them.
#[test]
fn documoto_permissions_follow_from_organization_and_groups() {
    let fixture = Fixture::new();
    let tenant = tenant_from(&fixture, "documoto");
    let session = &fixture.session;
    let catalogue: Vec<_> = tenant.conventions.permissions.iter().map(|one| one.id.clone()).collect();
    assert_eq!(catalogue, ["tenant-admin", "organization-admin", "api-key-admin", "publisher", "exporter"]);
    for id in &catalogue {
        let draft = UserGroupDraft { id: Some(id.clone()), name: format!("Only {id}"), permissions: vec![id.clone()] };
        organization::add_group(session, &ada(), &tenant.id, &draft).unwrap();
        let others = catalogue.iter().filter(|other| *other != id).cloned().collect();
        let draft =
            OrganizationDraft { id: Some(format!("no-{id}")), name: format!("No {id}"), permissions: Some(others) };
        organization::add(session, &ada(), &tenant.id, &draft).unwrap();
    }
    let all: Vec<&str> = catalogue.iter().map(String::as_str).collect();
    let mut table: Vec<Row<'_>> = vec![
        ("main".into(), vec!["publishers"], vec!["publisher"], vec![]),
        ("main".into(), vec!["exporters", "publishers"], vec!["publisher", "exporter"], vec![]),
        ("main".into(), vec!["administrators"], all[..3].to_vec(), vec![]),
        ("main".into(), all.clone(), all.clone(), vec![]),
    ];
    for (place, id) in all.iter().enumerate() {
        table.push(("main".into(), vec![id], vec![id], vec![]));
        table.push((format!("no-{id}"), vec![id], vec![], vec![id]));
        let others = [&all[..place], &all[place + 1..]].concat();
        table.push((format!("no-{id}"), all.clone(), others, vec![id]));
    }
    for (number, (organization, groups, permissions, withheld)) in table.into_iter().enumerate() {
        let name = format!("key {number}");
        let draft = KeyDraft { organization: Some(organization.clone()), ..documoto_key(&tenant, &name, &groups) };
        let query = AccessQuery {
            tenant: tenant.id.clone(),
            organization: Some(organization.clone()),
            groups: draft.groups.clone(),
            api_sets: Vec::new(),
        };
        let before = access::of(session, &query).unwrap();
        let ids = |all: &[latchkey_app::wire::Permission]| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&before.permissions), permissions, "{organization} {groups:?}");
        assert_eq!(ids(&before.withheld), withheld, "{organization} {groups:?}");
        let issued = key::new(session, &ada(), &draft, &HandOver::default()).unwrap();
        assert_eq!(key::show(session, &issued.key.id).unwrap().access, before, "as said before Finish");
        match verify::verify(session, &tenant.id, &issued.secret).unwrap() {
            Decision::Valid { organization: of, groups: belongs, permissions: has, everything, .. } => {
                assert_eq!((of, has, everything), (Some(organization), ids(&before.permissions), false));
                let wanted: std::collections::BTreeSet<_> = groups.iter().map(|id| (*id).to_owned()).collect();
                assert_eq!(belongs.into_iter().collect::<std::collections::BTreeSet<_>>(), wanted);
            }
            Decision::Refused { reason, .. } => panic!("{reason:?}"),
        }
    }
}

#[test]
fn a_group_that_changes_changes_its_keys_at_once_and_the_log_tells() {
    let fixture = Fixture::new();
    let tenant = tenant_from(&fixture, "documoto");
    let session = &fixture.session;
    let issued =
        key::new(session, &ada(), &documoto_key(&tenant, "crane", &["publishers"]), &HandOver::default()).unwrap();
    let sequence = tenant::show(session, &tenant.id).unwrap().sequence;
    let draft = UserGroupDraft {
        id: Some("publishers".into()),
        name: "Editors".into(),
        permissions: vec!["exporter".into(), "publisher".into(), "exporter".into()],
    };
    organization::edit_group(session, &ada(), &tenant.id, &draft).unwrap();
    assert!(tenant::show(session, &tenant.id).unwrap().sequence > sequence);
    let has: Vec<_> =
        key::show(session, &issued.key.id).unwrap().access.permissions.into_iter().map(|one| one.name).collect();
    assert_eq!(has, ["Publisher", "Exporter"]);
    let told = &audit::list(session, None, None, 1).unwrap()[0];
    assert_eq!(told.subject.as_deref(), Some("Editors"));
    assert_eq!(
        told.detail.as_deref(),
        Some("name: Publishers → Editors; permissions: publisher → publisher, exporter")
    );
    let unchanged = audit::list(session, None, None, 1).unwrap()[0].sequence;
    organization::edit_group(session, &ada(), &tenant.id, &draft).unwrap();
    assert_eq!(audit::list(session, None, None, 1).unwrap()[0].sequence, unchanged, "nothing new, nothing told");

    let in_use = organization::remove_group(session, &ada(), &tenant.id, "publishers").unwrap_err();
    assert_eq!(in_use.code(), ErrorCode::NotNow);
    let in_use = organization::remove(session, &ada(), &tenant.id, "main").unwrap_err();
    assert!(in_use.body().message.contains("1 key belongs to Main organization"), "{in_use}");
    let unknown = UserGroupDraft { permissions: vec!["unheard".into()], ..draft.clone() };
    let refused = organization::edit_group(session, &ada(), &tenant.id, &unknown).unwrap_err();
    assert_eq!(at(&refused), (Field::Permissions, Rule::Unknown));
    let taken = UserGroupDraft { name: "EXPORTERS".into(), ..draft };
    let refused = organization::edit_group(session, &ada(), &tenant.id, &taken).unwrap_err();
    assert_eq!(at(&refused), (Field::Name, Rule::Taken));
}

#[test]
fn a_tenant_that_has_them_wants_an_organization_and_a_group() {
    let fixture = Fixture::new();
    let tenant = tenant_from(&fixture, "documoto");
    let session = &fixture.session;
    let new = |draft: &KeyDraft| key::new(session, &ada(), draft, &HandOver::default());
    let whole = documoto_key(&tenant, "crane", &["Publishers"]);
    let without = KeyDraft { organization: None, ..whole.clone() };
    assert_eq!(at(&new(&without).unwrap_err()), (Field::Organization, Rule::Required));
    let without = KeyDraft { groups: Vec::new(), ..whole.clone() };
    assert_eq!(at(&new(&without).unwrap_err()), (Field::Groups, Rule::Required));
    let unknown = KeyDraft { organization: Some("south".into()), ..whole.clone() };
    assert_eq!(at(&new(&unknown).unwrap_err()), (Field::Organization, Rule::Unknown));
    let unknown = KeyDraft { groups: vec!["exporters".into(), "south".into()], ..whole.clone() };
    assert_eq!(at(&new(&unknown).unwrap_err()), (Field::Groups, Rule::Unknown));
    let KeyView { id, groups, .. } = new(&whole).unwrap().key;
    assert_eq!(groups, ["publishers"], "by name");
    let edit = KeyEdit { groups: Some(Vec::new()), ..KeyEdit::default() };
    assert_eq!(at(&key::edit(session, &ada(), &id, &edit).unwrap_err()), (Field::Groups, Rule::Required));
    let edit = KeyEdit { groups: Some(vec!["exporters".into()]), ..KeyEdit::default() };
    assert_eq!(key::edit(session, &ada(), &id, &edit).unwrap().groups, ["exporters"]);

    // A tenant without them takes none, until it has the first one.
    let blank = fixture.tenant("Harbour");
    let misplaced = KeyDraft { organization: Some("main".into()), ..draft(&blank, "crane two") };
    assert_eq!(at(&new(&misplaced).unwrap_err()), (Field::Organization, Rule::Unknown));
    new(&draft(&blank, "crane two")).unwrap();
    let first = OrganizationDraft { id: None, name: "Nord Süd!".into(), permissions: None };
    assert_eq!(organization::add(session, &ada(), &blank, &first).unwrap().id, "nord-s-d");
    assert_eq!(at(&new(&draft(&blank, "crane three")).unwrap_err()), (Field::Organization, Rule::Required));
}

#[test]
fn no_api_sets_mean_everything_where_the_template_says_so() {
    let fixture = Fixture::new();
    let space = tenant_from(&fixture, "docspace");
    let everything = |sets: &[&str]| {
        let query = AccessQuery {
            tenant: space.id.clone(),
            organization: None,
            groups: Vec::new(),
            api_sets: sets.iter().map(|set| (*set).to_owned()).collect(),
        };
        access::of(&fixture.session, &query).unwrap().everything
    };
    assert!(everything(&[]) && everything(&["*"]) && everything(&["files:read", "*"]));
    assert!(!everything(&["*:read"]) && !everything(&["files:read"]));
}

#[test]
fn keys_of_a_vendors_shape_show_what_they_begin_with() {
    use latchkey_app::save_window::SaveWindow;

    let fixture = Fixture::new();
    for (id, format, visible, length, header) in [
        ("gotransverse", KeyFormat::Hex32, "", 32, Some("X-API-Key:")),
        ("docspace", KeyFormat::SkHex64, "sk-", 67, Some("Authorization: Bearer")),
        ("docanalyzer", KeyFormat::Latchkey, "lk_", 61, Some("Authorization: Bearer")),
        ("blank", KeyFormat::Latchkey, "lk_", 61, None),
    ] {
        let tenant = tenant_from(&fixture, id);
        assert_eq!(tenant.format, format);
        let api_sets = if id == "gotransverse" { vec!["billing".into()] } else { Vec::new() };
        let window = SaveWindow::default();
        let shown = window.generate(&fixture.session, &ada(), &KeyDraft { api_sets, ..draft(&tenant.id, "crane") });
        let shown = shown.unwrap();
        let secret = window.reveal(&fixture.session, &ada(), &shown.key.id).unwrap();
        assert!(shown.visible.starts_with(visible) && secret.expose().starts_with(&shown.visible), "{id}");
        assert_eq!(shown.visible.len() + shown.masked as usize, length, "{id}");
        assert_eq!(secret.expose().len(), length, "{id}");
        assert_eq!(shown.header.as_deref(), header, "{id}");
    }
}
