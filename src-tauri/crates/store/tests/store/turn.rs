//! The keys that turn next are found among many, as the rule of the domain has it.

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_domain::key::{Key, Superseded};
use latchkey_domain::tenant::Tenant;

use crate::fixture::{Fixture, days, key, now, tenant};

/// The next turn by way of the store.
fn next(fixture: &Fixture, tenant: &Tenant, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let keys = fixture.port().reading(|r| r.turning(tenant, now)).unwrap();
    keys.iter().filter_map(|key| key.next_turn(&tenant.policy, now)).min()
}

/// Keys of all kinds, drawn from a row of numbers that looks like chance and is always the same.
fn keys(tenant: &Tenant) -> Vec<Key> {
    let mut state = 42_u64;
    let mut draw = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % below
    };
    (0..60)
        .map(|number| {
            let mut key = key(tenant.id, &format!("crane {number}"));
            key.created_at = now() + TimeDelta::hours(draw(24 * 60) - 24 * 60);
            key.expires_at = (draw(5) > 0).then(|| now() + TimeDelta::hours(draw(24 * 120) - 24 * 20));
            key.disabled_at = (draw(6) == 0).then(now);
            key.revoked_at = (draw(6) == 0).then(now);
            key.superseded = (draw(6) == 0).then(|| Superseded { at: now(), ends_before: None });
            key
        })
        .collect()
}

#[test]
fn the_next_turn_of_a_tenant_is_that_of_its_next_key() {
    let fixture = Fixture::new();
    let (mut harbour, other) = (tenant("Harbour"), tenant("Other"));
    harbour.policy.rotate_after_days = Some(45);
    let keys = keys(&harbour);
    let mut elsewhere = key(other.id, "elsewhere");
    elsewhere.expires_at = Some(now() + TimeDelta::seconds(1));
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            w.add_tenant(&other)?;
            w.add_key(&elsewhere)?;
            keys.iter().try_for_each(|key| w.add_key(key))
        })
        .unwrap();
    let mut turns = 0;
    let mut at = days(-60);
    while let Some(turn) = keys.iter().filter_map(|key| key.next_turn(&harbour.policy, at)).min() {
        assert_eq!(next(&fixture, &harbour, at), Some(turn), "after {at}");
        at = turn;
        turns += 1;
    }
    assert!(turns > 40, "{turns} turns are too few to show anything");
    assert_eq!(next(&fixture, &harbour, at), None);
}

#[test]
fn a_key_with_a_successor_does_not_grow_due() {
    let fixture = Fixture::new();
    let mut harbour = tenant("Harbour");
    harbour.policy.rotate_after_days = Some(30);
    let before = key(harbour.id, "before");
    let mut heir = key(harbour.id, "heir");
    heir.succeeds = Some(before.id);
    heir.created_at = days(1);
    fixture
        .write(|w| {
            w.add_tenant(&harbour)?;
            w.add_key(&before)?;
            w.add_key(&heir)
        })
        .unwrap();
    assert_eq!(next(&fixture, &harbour, days(2)), Some(days(31)));
    heir.revoked_at = Some(days(2));
    fixture.write(|w| w.update_key(&heir)).unwrap();
    assert_eq!(next(&fixture, &harbour, days(2)), Some(days(30)));
}
