//! What the identifiers stand for that listed keys have.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::wire::{ApiSetDraft, KeyDraft, KeyQuery, Named, TenantNames};
use latchkey_app::{api_set, organization};

fn set(id: &str, name: &str) -> ApiSetDraft {
    ApiSetDraft { id: id.into(), name: Some(name.into()), group: None, description: String::new() }
}

fn named(id: &str, name: &str) -> Named {
    Named { id: id.into(), name: name.into() }
}

#[test]
fn one_identifier_has_the_name_that_its_own_tenant_gives_it() {
    let fixture = Fixture::new();
    let session = &fixture.session;
    let (quay, werft) = (fixture.tenant("Quay"), fixture.tenant("Werft"));
    for (tenant, name) in [(&quay, "Read"), (&werft, "Lesen")] {
        api_set::add(session, &ada(), tenant, &set("read", name)).unwrap();
        api_set::add(session, &ada(), tenant, &set("unused", "Unused")).unwrap();
        let draft = KeyDraft { api_sets: vec!["read".into()], ..draft(tenant, "scanner") };
        let key = key::new(session, &ada(), &draft, &HandOver::default()).unwrap().key;
        assert_eq!(key::show(session, &key.id).unwrap().access.api_sets, [name]);
    }

    let mut names = key::list(session, &KeyQuery::default()).unwrap().names;
    names.sort_by(|a, b| a.api_sets[0].name.cmp(&b.api_sets[0].name));
    let of = |tenant: &str, name: &str| TenantNames {
        tenant_id: tenant.into(),
        api_sets: vec![named("read", name)],
        organizations: Vec::new(),
        groups: Vec::new(),
    };
    assert_eq!(names, [of(&werft, "Lesen"), of(&quay, "Read")]);
}

#[test]
fn a_page_names_organizations_and_groups() {
    let fixture = Fixture::new();
    let session = &fixture.session;
    let tenant = fixture.tenant_from("documoto");
    let groups: Vec<_> = organization::groups(session, &tenant).unwrap();
    let (group, organizations) = (&groups[0], organization::list(session, &tenant).unwrap());
    let draft = KeyDraft {
        api_sets: Vec::new(),
        organization: Some(organizations[0].id.clone()),
        groups: vec![group.id.clone()],
        ..draft(&tenant, "spare parts")
    };
    key::new(session, &ada(), &draft, &HandOver::default()).unwrap();

    let names = key::list(session, &KeyQuery::default()).unwrap().names;
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].organizations, [named(&organizations[0].id, &organizations[0].name)]);
    assert_eq!(names[0].groups, [named(&group.id, &group.name)]);
    assert_eq!(key::list(session, &KeyQuery { search: "nothing".into(), ..KeyQuery::default() }).unwrap().names, []);
}
