use latchkey_app::wire::{DefaultExpiration, ErrorCode, Field, KeepPolicy, KeyFormat, Policy, Rule};

use crate::fixture::{Fixture, all, api_set, days, key, now, tenant};

#[test]
fn a_tenant_is_read_back_as_written() {
    let fixture = Fixture::new();
    let mut harbour = tenant("Hafen Zürich");
    harbour.policy = Policy {
        max_lifetime_days: Some(90),
        allow_never: false,
        require_api_set: true,
        keep: KeepPolicy::Forbid,
        warning_days: 7,
        default_expiration: Some(DefaultExpiration::Days { days: 30 }),
        unique_names: true,
        own_keys_only: true,
        rotate_after_days: Some(60),
    };
    harbour.conventions.longest_days = Some(365);
    harbour.conventions.words.name = Some("Label".to_owned());
    fixture.write(|w| w.add_tenant(&harbour)).unwrap();
    assert_eq!(fixture.port().reading(|r| r.tenant(harbour.id)).unwrap(), Some(harbour.clone()));
    assert_eq!(fixture.port().reading(|r| r.tenant_named("HAFEN ZÜRICH")).unwrap(), Some(harbour.clone()));
    assert_eq!(fixture.port().reading(|r| r.tenant_named("Hafen")).unwrap(), None);

    harbour.name = "Quay".to_owned();
    harbour.format = KeyFormat::SkHex64;
    harbour.policy.default_expiration = Some(DefaultExpiration::Never);
    harbour.policy.keep = KeepPolicy::Default;
    harbour.conventions = latchkey_domain::conventions::Conventions::default();
    let edited = latchkey_domain::tenant::Tenant { sequence: 99, ..harbour.clone() };
    fixture.write(|w| w.update_tenant(&edited)).unwrap();
    assert_eq!(fixture.port().reading(|r| r.tenants()).unwrap(), [harbour], "the sequence is not the editor's");
}

#[test]
fn names_are_unique_without_regard_to_case_and_tenants_come_by_name() {
    let fixture = Fixture::new();
    fixture.write(|w| w.add_tenant(&tenant("Zoo"))).unwrap();
    let other = tenant("arsenal");
    fixture.write(|w| w.add_tenant(&other)).unwrap();
    let taken = fixture.write(|w| w.add_tenant(&tenant("ZOO"))).unwrap_err();
    assert_eq!(taken.body().field.as_ref().map(|f| (f.name, f.rule.clone())), Some((Field::Name, Rule::Taken)));
    let renamed = latchkey_domain::tenant::Tenant { name: "zoo".to_owned(), ..other };
    assert_eq!(fixture.write(|w| w.update_tenant(&renamed)).unwrap_err().code(), ErrorCode::InvalidInput);
    let tenants = fixture.port().reading(|r| r.tenants()).unwrap();
    assert_eq!(tenants.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["arsenal", "Zoo"]);
}

#[test]
fn removing_a_tenant_takes_its_keys_and_api_sets_and_leaves_the_others() {
    let (fixture, id) = Fixture::with_tenant();
    let other = tenant("Other");
    fixture.write(|w| w.add_tenant(&other)).unwrap();
    let mut used = key(id, "gate one");
    used.api_sets = vec!["billing".to_owned()];
    fixture.add(&used);
    fixture.add(&key(other.id, "gate two"));
    fixture.write(|w| w.remove_tenant(id)).unwrap();

    assert_eq!(fixture.port().reading(|r| r.tenant(id)).unwrap(), None);
    assert_eq!(fixture.port().reading(|r| r.key(used.id)).unwrap(), None);
    assert!(fixture.port().reading(|r| r.api_sets(id)).unwrap().is_empty());
    assert!(fixture.names(&all(id)).is_empty());
    assert_eq!(fixture.names(&crate::fixture::searching(None, "gate")), ["gate two"]);
    fixture.store.check().unwrap();
    assert_eq!(fixture.write(|w| w.remove_tenant(id)).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(fixture.write(|w| w.update_tenant(&tenant("Gone"))).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn a_large_tenant_goes_by_building_the_index_anew() {
    let (fixture, id) = Fixture::with_tenant();
    let other = tenant("Other");
    fixture
        .write(|w| {
            w.add_tenant(&other)?;
            w.add_key(&key(other.id, "quay left"))?;
            (0..2_100).try_for_each(|n| w.add_key(&key(id, &format!("quay {n}"))))
        })
        .unwrap();
    fixture.write(|w| w.remove_tenant(id)).unwrap();
    fixture.store.check().unwrap();
    assert_eq!(fixture.names(&crate::fixture::searching(None, "quay")), ["quay left"]);
}

#[test]
fn counts_are_those_of_the_moment() {
    let (fixture, id) = Fixture::with_tenant();
    let mut expiring = key(id, "expiring");
    expiring.expires_at = Some(days(3));
    let mut expired = key(id, "expired");
    expired.expires_at = Some(days(-3));
    let mut revoked = key(id, "revoked");
    revoked.revoked_at = Some(now());
    for key in [&expiring, &expired, &revoked, &key(id, "active")] {
        fixture.add(key);
    }
    fixture.write(|w| w.add_api_set(id, &api_set("third", "Third", None))).unwrap();
    let counts = fixture.port().reading(|r| r.tenant_counts(id, now())).unwrap();
    assert_eq!((counts.keys, counts.usable, counts.expiring, counts.api_sets), (4, 2, 1, 3));
    let later = fixture.port().reading(|r| r.tenant_counts(id, days(4))).unwrap();
    assert_eq!((later.usable, later.expiring), (1, 0));
}

#[test]
fn a_salt_is_written_once_and_read_back() {
    let (fixture, id) = Fixture::with_tenant();
    let salt = || fixture.port().reading(|r| r.tenant_salt(id)).unwrap();
    assert_eq!(salt(), None);
    fixture.write(|w| w.put_tenant_salt(id, &[7; 16])).unwrap();
    fixture.write(|w| w.put_tenant_salt(id, &[8; 16])).unwrap();
    assert_eq!(salt(), Some([7; 16]), "every slow digest of the tenant depends on it");
}
