//! What a tenant accepts, and what it says otherwise.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::verify::{verify, verify_copied, verify_file};
use latchkey_app::wire::{Decision, Expiration, KeyDraft, KeyEdit, KeyQuery, Refusal};
use latchkey_domain::secret::Secret;

fn refusal(fixture: &Fixture, tenant: &str, text: &str) -> Option<Refusal> {
    match verify(&fixture.session, tenant, &Secret::new(text.into())).unwrap() {
        Decision::Valid { .. } => None,
        Decision::Refused { reason, .. } => Some(reason),
    }
}

#[test]
fn a_key_through_its_life() {
    let fixture = Fixture::new();
    let (harbour, fleet) = (fixture.tenant("Harbour"), fixture.tenant("Fleet"));
    let draft = KeyDraft { expires: Expiration::Days { days: 30 }, ..draft(&harbour, "crane") };
    let issued = key::new(&fixture.session, &ada(), &draft, &HandOver::default()).unwrap();
    let text = issued.secret.expose();
    assert_eq!(refusal(&fixture, "Harbour", text), None);
    assert_eq!(refusal(&fixture, "harbour", &format!("  {text}\r\n")), None);
    assert_eq!(refusal(&fixture, &fleet, text), Some(Refusal::Unknown));
    assert_eq!(refusal(&fixture, &harbour, &text[1..]), Some(Refusal::Malformed));
    assert_eq!(refusal(&fixture, &harbour, ""), Some(Refusal::Malformed));

    key::disable(&fixture.session, &ada(), "crane").unwrap();
    assert_eq!(refusal(&fixture, &harbour, text), Some(Refusal::Disabled));
    key::enable(&fixture.session, &ada(), "crane").unwrap();
    assert_eq!(refusal(&fixture, &harbour, text), None);
    fixture.clock.forward(30);
    assert_eq!(refusal(&fixture, &harbour, text), Some(Refusal::Expired));
    let edit = KeyEdit { expires: Some(Expiration::Never), ..KeyEdit::default() };
    key::edit(&fixture.session, &ada(), "crane", &edit).unwrap();
    assert_eq!(refusal(&fixture, &harbour, text), None);
    key::revoke(&fixture.session, &ada(), "crane", None).unwrap();
    assert_eq!(refusal(&fixture, &harbour, text), Some(Refusal::Revoked));
    key::delete(&fixture.session, &ada(), "crane", None).unwrap();
    assert_eq!(refusal(&fixture, &harbour, text), Some(Refusal::Unknown));
}

/// Same handle, right checksum, other secret: only the digest tells.
#[test]
fn a_forged_secret_is_unknown() {
    use latchkey_domain::key_format::{KeyFormat, Prefix, generate, parse};
    use rand::SeedableRng;

    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &HandOver::default()).unwrap();
    let mut rng = rand::rngs::StdRng::seed_from_u64(99);
    let foreign = generate(KeyFormat::Latchkey, &Prefix::default(), &mut rng);
    assert!(parse(foreign.secret.expose()).is_some());
    assert_eq!(refusal(&fixture, &tenant, foreign.secret.expose()), Some(Refusal::Unknown));
}

#[test]
fn a_whole_key_in_the_search_finds_its_row() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &HandOver::default()).unwrap();
    key::new(&fixture.session, &ada(), &draft(&tenant, "other"), &HandOver::default()).unwrap();
    for search in [issued.secret.expose(), &issued.key.handle, "cra", "BILL", "ada"] {
        let query = KeyQuery { search: search.into(), ..KeyQuery::default() };
        let found = key::list(&fixture.session, &query).unwrap().keys;
        assert!(found.iter().any(|key| key.name == "crane"), "{search}");
    }
}

#[test]
fn a_key_that_was_copied_or_lies_in_a_file() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &HandOver::default()).unwrap();
    let text = issued.secret.expose();
    let copied = |text: &str| verify_copied(&fixture.session, &tenant, Some(Secret::new(text.into()))).unwrap();
    assert!(matches!(copied(&format!("{text}\n")), Decision::Valid { key, .. } if key.name == "crane"));
    assert!(matches!(copied("hello"), Decision::Refused { reason: Refusal::Malformed, handle: None, .. }));

    let empty = verify_copied(&fixture.session, &tenant, None).unwrap_err();
    assert_eq!(empty.body().message, "There is no text on the clipboard.");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("crane.APIKEY");
    std::fs::write(&file, format!("{text}\n")).unwrap();
    assert!(matches!(verify_file(&fixture.session, &tenant, &file).unwrap(), Decision::Valid { .. }));
    std::fs::write(&file, "\n").unwrap();
    assert!(verify_file(&fixture.session, &tenant, &file).is_err());
}
