//! Whom HTTPS trusts.

use latchkey_app::ports::{Connectors, Failure, Listing, Network, Outcome, Watch};
use latchkey_app::wire::ErrorCode::RemoteUnreachable;
use serde_json::json;

use crate::support::{
    Authority, CREDENTIAL, Reply, Server, Tenant, acme, demanding, draft, fails, presenting, self_signed, tenant,
};

const HERE: &[&str] = &["localhost", "127.0.0.1"];

fn server(config: rustls::ServerConfig) -> Server {
    Server::tls(config, |_| Reply::json(200, &json!({ "keys": [] })))
}

fn trusting(authority: &Authority) -> Network {
    Network { authorities: Some(authority.pem()), ..Network::default() }
}

fn listed(tenant: &Tenant) -> Result<Listing, Failure> {
    acme().connectors.keys(&tenant.site(), &Watch::default())
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_the_tenant_names_it() {
    let authority = Authority::new();
    let server = server(presenting(&authority.server(HERE)));
    for url in [server.url(), server.named_url()] {
        assert!(listed(&tenant(&url).network(trusting(&authority))).is_ok());
    }
    let stranger = listed(&tenant(&server.url()));
    fails(
        stranger,
        RemoteUnreachable,
        Outcome::NotDone,
        &["not trusted", "nobody whom this computer trusts", "authority"],
    );
    let other = listed(&tenant(&server.url()).network(trusting(&Authority::new())));
    fails(other, RemoteUnreachable, Outcome::NotDone, &["nobody whom this computer trusts"]);
    assert_eq!(server.seen().len(), 2, "no request to one that is not trusted");
}

#[test]
fn a_certificate_has_to_be_in_force_and_for_this_name() {
    let authority = Authority::new();
    let old = server(presenting(&authority.expired(HERE)));
    let failed = listed(&tenant(&old.url()).network(trusting(&authority)));
    fails(failed, RemoteUnreachable, Outcome::NotDone, &["The certificate of 127.0.0.1 is not trusted", "expired"]);
    let other = server(presenting(&authority.server(&["other.example.com"])));
    let failed = listed(&tenant(&other.url()).network(trusting(&authority)));
    fails(failed, RemoteUnreachable, Outcome::NotDone, &["another name"]);
    let made = acme().connectors.create(
        &tenant(&other.url()).network(trusting(&authority)).site(),
        &draft(),
        &Watch::default(),
    );
    fails(made, RemoteUnreachable, Outcome::NotDone, &["another name"]);
    assert_eq!((old.seen().len(), other.seen().len()), (0, 0));
}

#[test]
fn one_that_nobody_signed_is_refused() {
    let server = server(presenting(&self_signed(HERE)));
    let failed = listed(&tenant(&server.url()));
    fails(failed, RemoteUnreachable, Outcome::NotDone, &["not trusted", "nobody whom this computer trusts"]);
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn https_to_a_port_without_it_is_told() {
    let server = Server::new(|_| Reply::empty(200));
    let failed = listed(&tenant(&server.url().replace("http:", "https:")));
    fails(failed, RemoteUnreachable, Outcome::NotDone, &["No encrypted connection", "speak HTTPS"]);
}

#[test]
fn a_server_that_asks_for_a_certificate_gets_the_tenants() {
    let authority = Authority::new();
    let server = server(demanding(&authority.server(HERE), &authority));
    let network = Network { client_certificate: true, ..trusting(&authority) };
    let with = |pem: &str| tenant(&server.url()).network(network.clone()).with("client-certificate", pem);
    assert!(listed(&with(&authority.client().pem())).is_ok());
    assert_eq!(server.seen()[0].header("x-api-key"), Some(CREDENTIAL));

    let without = tenant(&server.url()).network(trusting(&authority));
    fails(listed(&without), RemoteUnreachable, Outcome::NotDone, &["client certificate"]);
    let made = acme().connectors.create(&without.site(), &draft(), &Watch::default());
    fails(made, RemoteUnreachable, Outcome::NotDone, &["client certificate"]);
    let stranger = listed(&with(&Authority::new().client().pem()));
    fails(stranger, RemoteUnreachable, Outcome::NotDone, &["No encrypted connection"]);
    let unreadable = fails(listed(&with("my-private-words")), RemoteUnreachable, Outcome::NotDone, &["no PEM"]);
    assert!(!format!("{unreadable:?}").contains("my-private-words"));
    assert_eq!(server.seen().len(), 1);
}
