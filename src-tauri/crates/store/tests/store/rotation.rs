//! The filters by what the rotation of a key needs.

use chrono::TimeDelta;
use latchkey_app::ports::KeyFilter;
use latchkey_app::wire::RotationNeed;
use latchkey_domain::key::Superseded;

use crate::fixture::{Fixture, days, key, now, tenant};

#[test]
fn keys_are_found_by_what_their_rotation_needs() {
    let fixture = Fixture::new();
    let (mut harbour, depot) = (tenant("Harbour"), tenant("Depot"));
    harbour.policy.rotate_after_days = Some(30);
    let aged = |tenant, name: &str, age: i64| {
        let mut key = key(tenant, name);
        key.created_at = days(-age);
        key.expires_at = None;
        key
    };
    let old = |name: &str| aged(harbour.id, name, 31);
    let succeeding = |before: &latchkey_domain::key::Key| {
        let mut heir = aged(harbour.id, &format!("{} heir", before.name), 1);
        heir.succeeds = Some(before.id);
        heir
    };
    let (mut rotating, mut retired, mut given_up) = (old("rotating"), old("retired"), old("given up"));
    retired.superseded = Some(Superseded { at: now(), ends_before: None });
    retired.expires_at = Some(days(7));
    let mut revoked_heir = succeeding(&given_up);
    revoked_heir.revoked_at = Some(now());
    let (mut over, mut disabled, mut revoked) = (old("over"), old("disabled"), old("revoked"));
    over.expires_at = Some(now());
    disabled.disabled_at = Some(now());
    revoked.revoked_at = Some(now());
    let mut today = old("today");
    today.created_at = now() - TimeDelta::days(30);
    for key in [&mut rotating, &mut given_up] {
        key.owner = "quay".to_owned();
    }
    let keys = [
        succeeding(&rotating),
        succeeding(&retired),
        revoked_heir,
        rotating,
        retired,
        given_up,
        over,
        disabled,
        revoked,
        today,
        aged(harbour.id, "young", 29),
        aged(depot.id, "elsewhere", 900),
    ];
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            w.add_tenant(&depot)?;
            keys.iter().try_for_each(|key| w.add_key(key))
        })
        .unwrap();
    let names = |filter: KeyFilter| {
        let mut names = fixture.names(&KeyFilter { limit: 50, ..filter });
        names.sort_unstable();
        names
    };
    // First as SQLite finds it, then from the columns, which the count has brought.
    for _ in 0..2 {
        let need = |need| KeyFilter { rotation: Some(need), ..KeyFilter::default() };
        assert_eq!(names(need(RotationNeed::Due)), ["given up", "today"]);
        assert_eq!(names(need(RotationNeed::UnderWay)), ["rotating"]);
        let of_quay = KeyFilter { owner: Some("quay".into()), ..need(RotationNeed::Due) };
        assert_eq!(names(of_quay), ["given up"]);
        let elsewhere = KeyFilter { tenant: Some(depot.id), ..need(RotationNeed::Due) };
        assert!(names(elsewhere).is_empty());
    }
}
