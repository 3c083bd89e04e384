//! Pages of vendors that are opened in a browser, over a real database.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use common::{Fixture, ada};
use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Browser;
use latchkey_app::wire::{Capability, ErrorCode, NetworkEdit, RemoteTenantDraft};
use latchkey_app::{connector, remote};

/// Notes what it is asked to open.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl Browser for Noting {
    fn open(&self, page: &str) -> Result<()> {
        self.0.lock().unwrap().push(page.to_owned());
        Ok(())
    }
}

/// There is none.
struct Missing;

impl Browser for Missing {
    fn open(&self, _page: &str) -> Result<()> {
        Err(Error::new(ErrorCode::Failed, "No browser could be opened."))
    }
}

fn documenso(fixture: &Fixture, url: &str) -> String {
    let draft = RemoteTenantDraft {
        name: "Legal".into(),
        connector: "documenso".into(),
        url: url.into(),
        options: BTreeMap::from([("team".into(), "legal".into())]),
        plain_http: true,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    remote::add(&fixture.session, &ada(), &draft, &BTreeMap::new()).unwrap().id
}

#[test]
fn the_page_of_a_guide_is_made_of_the_tenants_own_address() {
    let fixture = Fixture::new();
    let tenant = documenso(&fixture, "https://sign.example.com");
    let browser = Noting::default();
    remote::open_guide(&fixture.session, &tenant, Capability::Revoke, &browser).unwrap();
    assert_eq!(*browser.0.lock().unwrap(), ["https://sign.example.com/t/legal/settings/tokens"]);
    let refused = remote::open_guide(&fixture.session, &tenant, Capability::List, &browser).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotNow);
    assert_eq!(browser.0.lock().unwrap().len(), 1);
}

#[test]
fn no_page_is_opened_that_somebody_on_the_way_could_answer() {
    let fixture = Fixture::new();
    let tenant = documenso(&fixture, "http://sign.example.com");
    let browser = Noting::default();
    let refused = remote::open_guide(&fixture.session, &tenant, Capability::Create, &browser).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotNow);
    assert!(browser.0.lock().unwrap().is_empty());
}

#[test]
fn the_page_of_a_connector_is_the_one_that_describes_its_keys() {
    let fixture = Fixture::new();
    let browser = Noting::default();
    connector::open_page(&fixture.session, "docanalyzer", &browser).unwrap();
    assert_eq!(*browser.0.lock().unwrap(), ["https://docanalyzer.ai/docs/api-keys"]);
    let refused = connector::open_page(&fixture.session, "nobody", &browser).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound);
    let failed = connector::open_page(&fixture.session, "docanalyzer", &Missing).unwrap_err();
    assert_eq!(failed.code(), ErrorCode::Failed);
}
