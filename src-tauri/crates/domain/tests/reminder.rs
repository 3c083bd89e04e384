//! The next turn of a key, against what its status says second by second.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::{Holding, Key, KeyStatus, Superseded};
use latchkey_domain::key_format::{Hashing, KeyDigest, KeyFormat};
use latchkey_domain::policy::Policy;
use proptest::prelude::*;

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::hours(hours)
}

fn key(created: i64, ends: Option<i64>) -> Key {
    Key {
        id: KeyId::from_bytes([1; 16]),
        tenant: TenantId::from_bytes([2; 16]),
        handle: "8fK2pQ7z".into(),
        display: "lk_8fK2…x9Qa".into(),
        format: Some(KeyFormat::Latchkey),
        digest: KeyDigest::of("a key"),
        hashing: Hashing::Sha256,
        name: "crane".into(),
        description: String::new(),
        owner: "ada".into(),
        api_sets: Vec::new(),
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        created_at: at(created),
        expires_at: ends.map(at),
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: true,
    }
}

fn policy(warning_days: u32, rotate_after_days: Option<u32>) -> Policy {
    Policy { warning_days, rotate_after_days, ..Policy::default() }
}

#[test]
fn a_key_is_due_then_expires_soon_then_is_over() {
    let key = key(0, Some(24 * 90));
    let policy = policy(14, Some(30));
    let turns: Vec<_> = std::iter::successors(Some(at(0)), |now| key.next_turn(&policy, *now)).skip(1).collect();
    assert_eq!(turns, [at(24 * 30), at(24 * 76), at(24 * 90)]);
}

#[test]
fn what_was_ended_by_hand_never_turns() {
    let (mut disabled, mut revoked) = (key(0, Some(24)), key(0, Some(24)));
    disabled.disabled_at = Some(at(0));
    revoked.revoked_at = Some(at(0));
    for key in [disabled, revoked] {
        assert_eq!(key.next_turn(&policy(0, Some(1)), at(0)), None);
    }
}

proptest! {
    #[test]
    fn nothing_is_said_anew_before_the_next_turn_and_something_is_at_it(
        created in 0_i64..200,
        ends in prop::option::of(0_i64..400),
        superseded in any::<bool>(),
        disabled in any::<bool>(),
        warning in 0_u32..5,
        rotate in prop::option::of(1_u32..5),
        now in 0_i64..400,
    ) {
        let mut key = key(created, ends);
        key.superseded = superseded.then_some(Superseded { at: at(created), ends_before: None });
        key.disabled_at = disabled.then_some(at(created));
        let policy = policy(warning, rotate);
        let said = |now| -> (KeyStatus, bool) { (key.status(now, warning), key.is_old(&policy, now)) };
        let changed = (now + 1..1_000).find(|hour| said(at(*hour)) != said(at(now))).map(at);
        prop_assert_eq!(key.next_turn(&policy, at(now)), changed);
    }
}
