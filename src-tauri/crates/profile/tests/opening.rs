//! What a window shows first.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver};
use latchkey_app::wire::KeyQuery;
use latchkey_app::{connector, opening, tenant};
use serde_json::json;

#[test]
fn a_window_shows_first_what_it_would_be_told_piece_by_piece() {
    let fixture = Fixture::new();
    let session = &fixture.session;
    let quay = fixture.tenant("Quay");
    fixture.tenant("Annex");
    for number in 0..120 {
        key::new(session, &ada(), &draft(&quay, &format!("Scanner {number:03}")), &HandOver::default()).unwrap();
        fixture.clock.forward(1);
    }

    let profile = latchkey_profile::view(fixture.path(), &ada(), Some(session), None);
    let shown = opening::look(session, profile, None).unwrap();

    assert_eq!(json!(shown.tenants), json!(tenant::list(session).unwrap()));
    assert_eq!(json!(shown.connectors), json!(connector::list(session)));
    let newest = KeyQuery { descending: true, limit: shown.limit, ..KeyQuery::default() };
    assert_eq!(json!(shown.keys), json!(key::list(session, &newest).unwrap()));
    let names: Vec<_> = shown.keys.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[99]), (100, "Scanner 119", "Scanner 020"));
    assert_eq!(shown.tenant, None);
}

#[test]
fn a_window_shows_the_tenant_first_that_was_open_last() {
    let fixture = Fixture::new();
    let session = &fixture.session;
    let (quay, annex) = (fixture.tenant("Quay"), fixture.tenant("Annex"));
    for (tenant, name) in [(&quay, "Scanner"), (&annex, "Printer")] {
        key::new(session, &ada(), &draft(tenant, name), &HandOver::default()).unwrap();
    }
    let gone = fixture.tenant("Gone");
    tenant::remove(session, &ada(), &gone).unwrap();
    let look = |last: &str| {
        let profile = latchkey_profile::view(fixture.path(), &ada(), Some(session), None);
        let shown = opening::look(session, profile, Some(last)).unwrap();
        (shown.tenant, shown.keys.keys.into_iter().map(|key| key.name).collect::<Vec<_>>())
    };

    assert_eq!(look(&quay), (Some(quay.clone()), vec!["Scanner".to_owned()]));
    for gone in ["no tenant", "", &gone] {
        let (shown, keys) = look(gone);
        assert_eq!((shown, keys.len()), (None, 2), "{gone}");
    }
}
