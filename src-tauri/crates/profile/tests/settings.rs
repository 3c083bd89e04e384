//! The settings hold for a profile, whoever opens it.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;

use latchkey_app::ports::Watch;
use latchkey_app::session::Session;
use latchkey_app::wire::{Appearance, ConnectorTrial, ErrorCode, NetworkEdit, Settings, VaultKind};
use latchkey_app::{audit, connector, settings};
use latchkey_domain::event::EventKind;
use latchkey_domain::secret::Secret;

use common::ada;

#[test]
fn to_be_offline_is_kept_and_stands_in_the_log_once() {
    let home = tempfile::tempdir().unwrap();
    let passphrase = Secret::new("correct horse battery".to_owned());
    let offline = Settings { appearance: Appearance::Dark, offline: true };
    {
        let session = latchkey_profile::create(home.path(), VaultKind::Passphrase, Some(&passphrase)).unwrap();
        assert_eq!(settings::save(&session, &ada(), offline).unwrap(), offline);
        settings::save(&session, &ada(), Settings { appearance: Appearance::Light, ..offline }).unwrap();
    }
    let session = latchkey_profile::open(home.path(), Some(&passphrase)).unwrap();
    let kept = session.store.reading(|reader| reader.profile()).unwrap().settings;
    assert_eq!(kept, Settings { appearance: Appearance::Light, offline: true });
    settings::save(&session, &ada(), Settings::default()).unwrap();
    let kinds: Vec<EventKind> =
        audit::list(&session, None, None, 10).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds[..2], [EventKind::NetworkOn, EventKind::NetworkOff]);
}

#[test]
fn a_profile_that_is_offline_opens_no_connection_from_its_start() {
    let home = tempfile::tempdir().unwrap();
    let passphrase = Secret::new("correct horse battery".to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    {
        let session = latchkey_profile::create(home.path(), VaultKind::Passphrase, Some(&passphrase)).unwrap();
        settings::save(&session, &ada(), Settings { offline: true, ..Settings::default() }).unwrap();
        assert_eq!(refusal(&session, &url), ErrorCode::Offline, "at once");
    }
    let session = latchkey_profile::open(home.path(), Some(&passphrase)).unwrap();
    assert_eq!(refusal(&session, &url), ErrorCode::Offline, "after a start");
    assert!(listener.accept().is_err(), "nobody has come");
    settings::save(&session, &ada(), Settings::default()).unwrap();
    drop(listener);
    assert_eq!(refusal(&session, &url), ErrorCode::RemoteUnreachable, "and then the network is asked");
}

fn refusal(session: &Session, url: &str) -> ErrorCode {
    let trial = ConnectorTrial {
        connector: "gotransverse".to_owned(),
        url: url.to_owned(),
        options: BTreeMap::new(),
        plain_http: false,
        accept_caution: false,
        network: NetworkEdit::default(),
    };
    let key = Arc::new(Secret::new("0123456789abcdef0123456789abcdef".to_owned()));
    let credentials = BTreeMap::from([(connector::KEY.to_owned(), key)]);
    connector::try_out(session, &trial, &credentials, &BTreeMap::new(), &Watch::default()).unwrap_err().code()
}
