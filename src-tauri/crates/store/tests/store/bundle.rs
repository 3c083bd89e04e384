//! Which keys bundles have told services of: found by SQL before there are columns, and by the columns however they came to be.

use latchkey_app::ports::{BundleExport, BundleStatus, KeyFilter, Store, ToldKey};
use latchkey_app::wire::BundleNeed;
use latchkey_domain::id::TenantId;
use latchkey_domain::key::Key;
use latchkey_domain::key_format::Hashing;
use latchkey_store::SqliteStore;

use crate::fixture::{Fixture, all, days, key, now, tenant};

fn told(key: &Key, status: BundleStatus) -> ToldKey {
    ToldKey { handle: key.handle.clone(), status: Some(status), state: [1; 16], since: 1 }
}

fn export(fixture: &Fixture, tenant: TenantId, sequence: u64, keys: &[ToldKey]) {
    let export = BundleExport {
        sequence,
        base: None,
        issued: now(),
        expires: days(35),
        keys: 0,
        left_out: 0,
        key_change: 0,
        file: "harbour.bundle".into(),
    };
    fixture
        .write(|w| {
            w.put_told_keys(tenant, keys)?;
            w.add_bundle_export(tenant, &export)
        })
        .unwrap();
}

/// The names of the keys that are in no bundle, and of those whose end services were not told.
fn marked(fixture: &Fixture, tenant: TenantId) -> [Vec<String>; 2] {
    let fresh = SqliteStore::open(&fixture.path()).unwrap();
    [BundleNeed::InNone, BundleNeed::EndUntold].map(|need| {
        let filter = KeyFilter { bundle: Some(need), ..all(tenant) };
        let store: &dyn Store = &fresh;
        // A store that knows nothing yet answers its first page by SQL, then by columns that it read; the fixture's has
        // columns that it brings up to date.
        let names = |store: &dyn Store| -> Vec<String> {
            store.reading(|r| r.keys(&filter, now())).unwrap().into_iter().map(|key| key.name).collect()
        };
        let by_sql = names(store);
        let count = store.reading(|r| r.count_keys(&filter, now())).unwrap();
        assert_eq!((count as usize, names(store)), (by_sql.len(), by_sql.clone()), "columns that were read, {need:?}");
        assert_eq!(fixture.names(&filter), by_sql, "columns that were brought up to date, {need:?}");
        by_sql
    })
}

#[test]
fn keys_are_marked_from_the_first_export_on_until_services_were_told() {
    let (fixture, harbour) = Fixture::with_tenant();
    let depot = tenant("Depot");
    fixture.write(|w| w.add_tenant(&depot)).unwrap();
    let [crane, mut gate, winch] = ["crane", "gate", "winch"].map(|name| key(harbour, name));
    let mut chosen = key(harbour, "chosen");
    chosen.hashing = Hashing::Argon2id;
    let elsewhere = key(depot.id, "elsewhere");
    for key in [&crane, &gate, &chosen, &elsewhere] {
        fixture.add(key);
    }
    let none = || -> [Vec<String>; 2] { [vec![], vec![]] };
    assert_eq!(marked(&fixture, harbour), none(), "nothing was exported");
    // A key that only some process knows of is none that services were told of.
    fixture.write(|w| w.put_told_keys(harbour, &[told(&crane, BundleStatus::Active)])).unwrap();
    assert_eq!(marked(&fixture, harbour), none());

    export(&fixture, harbour, 2, &[told(&crane, BundleStatus::Active)]);
    assert_eq!(marked(&fixture, harbour), [vec!["gate".to_owned()], vec![]]);
    assert_eq!(marked(&fixture, depot.id), none(), "another tenant that exported nothing");

    fixture.add(&winch);
    gate.revoked_at = Some(now());
    let mut ended = crane.clone();
    ended.disabled_at = Some(now());
    fixture.write(|w| w.update_key(&gate).and_then(|()| w.update_key(&ended))).unwrap();
    // Services do not know the gate: that it ended need not be told.
    assert_eq!(marked(&fixture, harbour), [vec!["winch".to_owned()], vec!["crane".to_owned()]]);

    export(&fixture, harbour, 5, &[told(&crane, BundleStatus::Disabled), told(&winch, BundleStatus::Active)]);
    assert_eq!(marked(&fixture, harbour), none());
    // On again: services refuse it until they are told, which does no harm.
    fixture.write(|w| w.update_key(&crane)).unwrap();
    assert_eq!(marked(&fixture, harbour), none());
    let untold = fixture.port().reading(|r| r.untold(harbour)).unwrap();
    assert_eq!((untold.keys, untold.ended, untold.left_out), (0, 0, 1));
    let exporting = fixture.port().reading(|r| r.exporting_tenants()).unwrap();
    assert_eq!(exporting, [harbour]);
}

#[test]
fn many_exported_keys_are_found_too() {
    let (fixture, harbour) = Fixture::with_tenant();
    let keys: Vec<Key> = (0..5_000).map(|n| key(harbour, &format!("key {n}"))).collect();
    fixture.write(|w| keys.iter().try_for_each(|key| w.add_key(key))).unwrap();
    let count = |need| {
        let filter = KeyFilter { bundle: Some(need), ..all(harbour) };
        fixture.port().reading(|r| r.count_keys(&filter, now())).unwrap()
    };
    assert_eq!(count(BundleNeed::InNone), 0);
    let told: Vec<ToldKey> = keys[..4_000].iter().map(|key| told(key, BundleStatus::Active)).collect();
    export(&fixture, harbour, 2, &told);
    assert_eq!(count(BundleNeed::InNone), 1_000);
    fixture
        .write(|w| keys[..10].iter().try_for_each(|key| w.update_key(&Key { revoked_at: Some(now()), ..key.clone() })))
        .unwrap();
    assert_eq!((count(BundleNeed::InNone), count(BundleNeed::EndUntold)), (1_000, 10));
}
