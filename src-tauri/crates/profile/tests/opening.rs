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
    let shown = opening::look(session, profile).unwrap();

    assert_eq!(json!(shown.tenants), json!(tenant::list(session).unwrap()));
    assert_eq!(json!(shown.connectors), json!(connector::list(session)));
    let newest = KeyQuery { descending: true, limit: shown.limit, ..KeyQuery::default() };
    assert_eq!(json!(shown.keys), json!(key::list(session, &newest).unwrap()));
    let names: Vec<_> = shown.keys.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[99]), (100, "Scanner 119", "Scanner 020"));
}
