use latchkey_app::wire::{ErrorCode, Field, Rule};

use crate::fixture::{Fixture, api_set, key, searching, tenant};

#[test]
fn api_sets_come_by_group_and_name_with_the_keys_that_use_them() {
    let (fixture, id) = Fixture::with_tenant();
    fixture.write(|w| w.add_api_set(id, &api_set("audit", "audit", Some("money")))).unwrap();
    let mut used = key(id, "till");
    used.api_sets = vec!["billing".to_owned()];
    fixture.add(&used);
    let sets = fixture.port().reading(|r| r.api_sets(id)).unwrap();
    let sets: Vec<_> = sets.iter().map(|(set, keys)| (set.id.as_str(), *keys)).collect();
    assert_eq!(sets, [("files:read", 0), ("audit", 0), ("billing", 1)]);
}

#[test]
fn identifiers_are_unique_in_a_tenant_only() {
    let (fixture, id) = Fixture::with_tenant();
    let taken = fixture.write(|w| w.add_api_set(id, &api_set("billing", "Again", None))).unwrap_err();
    assert_eq!(taken.body().field.as_ref().map(|f| (f.name, f.rule.clone())), Some((Field::Id, Rule::Taken)));
    let other = tenant("Other");
    fixture.write(|w| w.add_tenant(&other)).unwrap();
    fixture.write(|w| w.add_api_set(other.id, &api_set("billing", "Billing", None))).unwrap();
}

#[test]
fn a_new_name_is_found_at_once_and_the_old_one_is_not() {
    let (fixture, id) = Fixture::with_tenant();
    let mut used = key(id, "till");
    used.api_sets = vec!["billing".to_owned()];
    fixture.add(&used);
    assert_eq!(fixture.names(&searching(Some(id), "mon")), ["till"], "by its heading");
    fixture.write(|w| w.update_api_set(id, &api_set("billing", "Dunning", None))).unwrap();
    assert_eq!(fixture.names(&searching(Some(id), "dunn")), ["till"]);
    assert_eq!(fixture.names(&searching(Some(id), "bill")), ["till"], "by its identifier");
    assert!(fixture.names(&searching(Some(id), "mon")).is_empty());
}

#[test]
fn a_set_in_use_stays() {
    let (fixture, id) = Fixture::with_tenant();
    let mut used = key(id, "till");
    used.api_sets = vec!["billing".to_owned()];
    fixture.add(&used);
    assert_eq!(fixture.write(|w| w.remove_api_set(id, "billing")).unwrap_err().code(), ErrorCode::NotNow);
    fixture.write(|w| w.remove_api_set(id, "files:read")).unwrap();
    assert_eq!(fixture.write(|w| w.remove_api_set(id, "files:read")).unwrap_err().code(), ErrorCode::NotFound);
    fixture.write(|w| w.remove_key(used.id)).unwrap();
    fixture.write(|w| w.remove_api_set(id, "billing")).unwrap();
    let gone = fixture.write(|w| w.update_api_set(id, &api_set("billing", "Billing", None))).unwrap_err();
    assert_eq!(gone.code(), ErrorCode::NotFound);
}
