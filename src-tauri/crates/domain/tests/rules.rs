//! Rules for names, ends, statuses and policies.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_domain::expiry::{DefaultExpiration, Expiration};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::{Holding, Key, KeyStatus};
use latchkey_domain::key_format::{Hashing, KeyDigest, KeyFormat};
use latchkey_domain::policy::Policy;
use latchkey_domain::text;
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn names() {
    let long = "a".repeat(101);
    let refused: [(&str, Rule); 12] = [
        ("", Rule::Required),
        ("   ", Rule::Required),
        ("ab", Rule::TooShort { min: 3 }),
        (" ab ", Rule::TooShort { min: 3 }),
        (&long, Rule::TooLong { max: 100 }),
        ("two\nlines", Rule::ControlCharacter),
        ("bell\u{7}", Rule::ControlCharacter),
        ("right\u{202E}left", Rule::InvisibleCharacter),
        ("zero\u{200B}width", Rule::InvisibleCharacter),
        ("a\u{200D}b", Rule::InvisibleCharacter),
        ("see https://example.com", Rule::Url),
        ("WWW.example.com", Rule::Url),
    ];
    for (name, rule) in refused {
        assert_eq!(text::name(name), Err(FieldProblem { name: Field::Name, rule }), "{name:?}");
    }
    let most = "ä".repeat(100);
    for name in ["abc", "  crane controller  ", "Kran-Steuerung №4", "👩‍🔧 fitter", "❤️ heart", "日本語", &most]
    {
        assert_eq!(text::name(name).as_deref(), Ok(name.trim()), "{name:?}");
    }
}

#[test]
fn descriptions_may_have_lines_but_nothing_unseen() {
    assert_eq!(text::description(" one\n\ttwo ").unwrap(), "one\n\ttwo");
    assert!(text::description("a\u{0}b").is_err());
    assert_eq!(text::description(&"x".repeat(1_001)).unwrap_err().rule, Rule::TooLong { max: 1_000 });
}

#[test]
fn an_owner_left_out_is_the_operator() {
    assert_eq!(text::owner("  ", "Ada").unwrap(), "Ada");
    assert_eq!(text::owner(" Port operations ", "Ada").unwrap(), "Port operations");
}

#[test]
fn identifiers_of_api_sets() {
    for id in ["files:read", "*", "*:write", "accounts.self:read", "Billing", "a/b-c_d"] {
        assert_eq!(text::api_set_id(id).as_deref(), Ok(id));
    }
    for id in ["two words", "näh", "a,b", "semi;"] {
        assert_eq!(text::api_set_id(id).unwrap_err().rule, Rule::Characters, "{id}");
    }
}

#[test]
fn ends_as_typed() {
    assert_eq!("never".parse(), Ok(Expiration::Never));
    assert_eq!("90d".parse(), Ok(Expiration::Days { days: 90 }));
    assert_eq!("2027-01-31".parse(), Ok(Expiration::Date { date: "2027-01-31".into() }));
    for text in ["soon", "2027-02-30", "2027-1-31", "31.01.2027", "-5d", "d", "90 d"] {
        assert_eq!(text.parse::<Expiration>().unwrap_err().rule, Rule::NotADate, "{text}");
    }
}

#[test]
fn a_date_ends_with_its_day() {
    let now = at("2026-11-21T10:00:00Z");
    let on = |date: &str| Expiration::Date { date: date.into() }.resolve(now, &Policy::default());
    assert_eq!(on("2026-11-21"), Ok(Some(at("2026-11-22T00:00:00Z"))));
    assert_eq!(on("2026-11-20").unwrap_err().rule, Rule::InThePast);
    assert_eq!(on("2127-01-01").unwrap_err().rule, Rule::OutOfRange { min: 1, max: 36_500 });
}

#[test]
fn a_ceiling_counts_whole_days_and_forbids_never() {
    let now = at("2026-11-21T10:00:00Z");
    let policy = Policy { max_lifetime_days: Some(90), ..Policy::default() };
    assert_eq!(Expiration::Days { days: 90 }.resolve(now, &policy), Ok(Some(now + TimeDelta::days(90))));
    let beyond = Rule::BeyondCeiling { days: 90 };
    assert_eq!(Expiration::Days { days: 91 }.resolve(now, &policy).unwrap_err().rule, beyond);
    assert!(Expiration::Date { date: "2027-02-19".into() }.resolve(now, &policy).is_ok());
    assert_eq!(Expiration::Date { date: "2027-02-20".into() }.resolve(now, &policy).unwrap_err().rule, beyond);
    assert_eq!(Expiration::Never.resolve(now, &policy).unwrap_err().rule, Rule::NeverForbidden);
    let ends = Policy { allow_never: false, ..Policy::default() };
    assert_eq!(Expiration::Never.resolve(now, &ends).unwrap_err().rule, Rule::NeverForbidden);
}

#[test]
fn policies_have_figures_in_range() {
    assert!(Policy::default().check().is_ok());
    assert!(Policy { max_lifetime_days: Some(0), ..Policy::default() }.check().is_err());
    assert!(Policy { warning_days: 366, ..Policy::default() }.check().is_err());
    assert!(Policy { rotate_after_days: Some(0), ..Policy::default() }.check().is_err());
}

#[test]
fn a_default_end_is_one_that_the_policy_allows() {
    let check = |end, policy: Policy| {
        let policy = Policy { default_expiration: Some(end), ..policy };
        policy.check().map_err(|problem| {
            assert_eq!(problem.name, Field::DefaultExpiration);
            problem.rule
        })
    };
    let (never, days) = (DefaultExpiration::Never, |days| DefaultExpiration::Days { days });
    let ceiling = Policy { max_lifetime_days: Some(90), ..Policy::default() };
    assert_eq!(check(never, Policy::default()), Ok(()));
    assert_eq!(check(never, Policy { allow_never: false, ..Policy::default() }), Err(Rule::NeverForbidden));
    assert_eq!(check(never, ceiling), Err(Rule::NeverForbidden));
    assert_eq!(check(days(90), ceiling), Ok(()));
    assert_eq!(check(days(91), ceiling), Err(Rule::BeyondCeiling { days: 90 }));
    assert_eq!(check(days(0), Policy::default()), Err(Rule::OutOfRange { min: 1, max: 36_500 }));
}

#[test]
fn tags_are_few_short_lines_without_commas_each_once_in_order() {
    let parse = |tags: &[&str]| {
        text::tags(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>()).map_err(|problem| problem.rule)
    };
    assert_eq!(parse(&[" plc 4", "kiosk", "", "kiosk"]), Ok(vec!["kiosk".to_owned(), "plc 4".to_owned()]));
    assert_eq!(parse(&["a,b"]), Err(Rule::Characters));
    assert_eq!(parse(&["a\nb"]), Err(Rule::ControlCharacter));
    assert_eq!(parse(&[&"x".repeat(41)]), Err(Rule::TooLong { max: 40 }));
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    assert_eq!(text::tags(&many).unwrap_err().rule, Rule::OutOfRange { min: 0, max: 20 });
}

fn key() -> Key {
    Key {
        id: KeyId::from_bytes([1; 16]),
        tenant: TenantId::from_bytes([2; 16]),
        handle: "8fK2pQ7z".into(),
        display: "lk_8fK2pQ7z…x9Qa".into(),
        format: Some(KeyFormat::Latchkey),
        hashing: Hashing::Sha256,
        digest: KeyDigest::of("lk"),
        name: "crane".into(),
        description: String::new(),
        owner: "Ada".into(),
        api_sets: Vec::new(),
        created_at: at("2026-01-01T00:00:00Z"),
        expires_at: None,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        organization: None,
        groups: Vec::new(),
        tags: Vec::new(),
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: false,
    }
}

#[test]
fn a_key_is_over_at_the_very_moment_of_its_end() {
    let end = at("2026-06-01T00:00:00Z");
    let key = Key { expires_at: Some(end), ..key() };
    let second = TimeDelta::seconds(1);
    assert_eq!(key.status(end - TimeDelta::days(14) - second, 14), KeyStatus::Active);
    assert_eq!(key.status(end - TimeDelta::days(14), 14), KeyStatus::Expiring);
    assert_eq!(key.status(end - second, 14), KeyStatus::Expiring);
    assert_eq!(key.status(end, 14), KeyStatus::Expired);
}

proptest! {
    /// What was done by hand outweighs what time does, and revoked outweighs disabled.
    #[test]
    fn statuses_outweigh_each_other(
        disabled: bool, revoked: bool, end in proptest::option::of(-50_i64..50), warning in 0_u32..30,
    ) {
        let now = at("2026-06-01T00:00:00Z");
        let key = Key {
            disabled_at: disabled.then_some(now),
            revoked_at: revoked.then_some(now),
            expires_at: end.map(|days| now + TimeDelta::days(days)),
            ..key()
        };
        let status = key.status(now, warning);
        prop_assert_eq!(status == KeyStatus::Revoked, revoked);
        prop_assert_eq!(status == KeyStatus::Disabled, disabled && !revoked);
        let by_time = !disabled && !revoked;
        prop_assert_eq!(status == KeyStatus::Expired, by_time && end.is_some_and(|end| end <= 0));
        prop_assert_eq!(status.is_usable(), by_time && end.is_none_or(|end| end > 0));
    }
}
