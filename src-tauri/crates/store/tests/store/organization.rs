use latchkey_app::wire::{ErrorCode, Field};
use latchkey_domain::key::Superseded;
use latchkey_domain::organization::{Organization, UserGroup};

use crate::fixture::{Fixture, days, key, now, searching, tenant};

fn organization(id: &str, permissions: Option<&[&str]>) -> Organization {
    let permissions = permissions.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
    Organization { id: id.to_owned(), name: format!("Fleet {id}"), permissions }
}

fn group(id: &str, permissions: &[&str]) -> UserGroup {
    let permissions = permissions.iter().map(|one| (*one).to_owned()).collect();
    UserGroup { id: id.to_owned(), name: format!("Group {id}"), permissions }
}

#[test]
fn organizations_and_groups_are_read_back_and_stay_while_keys_belong_to_them() {
    let fixture = Fixture::new();
    let harbour = tenant("Harbour");
    let (north, south) = (organization("north", None), organization("south", Some(&["publisher", "exporter"])));
    let (editors, media) = (group("editors", &["publisher"]), group("media", &[]));
    let mut crane = key(harbour.id, "crane");
    crane.organization = Some("south".to_owned());
    crane.groups = vec!["editors".to_owned(), "media".to_owned()];
    crane.tags = vec!["kiosk".to_owned(), "plc 4".to_owned()];
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            for organization in [&north, &south] {
                w.put_organization(harbour.id, organization)?;
            }
            for group in [&editors, &media] {
                w.put_user_group(harbour.id, group)?;
            }
            w.add_key(&crane)
        })
        .unwrap();
    let port = fixture.port();
    assert_eq!(port.reading(|r| r.key(crane.id)).unwrap(), Some(crane.clone()));
    assert_eq!(port.reading(|r| r.organizations(harbour.id)).unwrap(), [(north.clone(), 0), (south.clone(), 1)]);
    assert_eq!(port.reading(|r| r.user_groups(harbour.id)).unwrap(), [(editors, 1), (media.clone(), 1)]);
    let found = port.reading(|r| r.keys(&searching(None, "kiosk plc"), now())).unwrap();
    assert_eq!(found, [crane.clone()], "tags are searched");

    assert_eq!(fixture.write(|w| w.remove_organization(harbour.id, "south")).unwrap_err().code(), ErrorCode::NotNow);
    assert_eq!(fixture.write(|w| w.remove_user_group(harbour.id, "media")).unwrap_err().code(), ErrorCode::NotNow);
    crane.organization = Some("north".to_owned());
    crane.groups.pop();
    fixture.write(|w| w.update_key(&crane)).unwrap();
    fixture.write(|w| w.remove_organization(harbour.id, "south")).unwrap();
    fixture.write(|w| w.remove_user_group(harbour.id, "media")).unwrap();
    assert_eq!(port.reading(|r| r.key(crane.id)).unwrap(), Some(crane.clone()));
    assert_eq!(fixture.write(|w| w.remove_user_group(harbour.id, "media")).unwrap_err().code(), ErrorCode::NotFound);

    crane.groups.push("media".to_owned());
    let unknown = fixture.write(|w| w.update_key(&crane)).unwrap_err();
    assert_eq!(unknown.body().field.as_ref().map(|field| field.name), Some(Field::Groups));
    crane.groups.pop();
    crane.organization = Some("south".to_owned());
    let unknown = fixture.write(|w| w.update_key(&crane)).unwrap_err();
    assert_eq!(unknown.body().field.as_ref().map(|field| field.name), Some(Field::Organization));

    fixture.write(|w| w.remove_tenant(harbour.id)).unwrap();
    assert!(port.reading(|r| r.organizations(harbour.id)).unwrap().is_empty());
}

#[test]
fn a_key_without_a_handle_in_its_text_is_found_by_its_digest() {
    let fixture = Fixture::new();
    let harbour = tenant("Harbour");
    let own = key(harbour.id, "own");
    let mut foreign = key(harbour.id, "foreign");
    foreign.format = None;
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            w.add_key(&own)?;
            w.add_key(&foreign)
        })
        .unwrap();
    let port = fixture.port();
    assert_eq!(port.reading(|r| r.keys_with_digest(&foreign.digest)).unwrap(), [foreign]);
    assert!(port.reading(|r| r.keys_with_digest(&own.digest)).unwrap().is_empty(), "its handle finds it");
}

#[test]
fn a_successor_is_found_and_what_is_superseded_remembers_its_end() {
    let fixture = Fixture::new();
    let harbour = tenant("Harbour");
    let mut old = key(harbour.id, "crane");
    let mut new = key(harbour.id, "crane");
    new.succeeds = Some(old.id);
    old.superseded = Some(Superseded { at: now(), ends_before: None });
    old.expires_at = Some(days(1));
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            w.add_key(&old)?;
            w.add_key(&new)
        })
        .unwrap();
    let port = fixture.port();
    assert_eq!(port.reading(|r| r.successor(old.id)).unwrap(), Some(new.clone()));
    assert_eq!(port.reading(|r| r.successor(new.id)).unwrap(), None);
    assert_eq!(port.reading(|r| r.key(old.id)).unwrap(), Some(old.clone()));
    old.superseded = None;
    fixture.write(|w| w.update_key(&old)).unwrap();
    assert_eq!(port.reading(|r| r.key(old.id)).unwrap(), Some(old));
}
