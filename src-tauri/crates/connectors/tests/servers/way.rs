//! What a person gives for the way to a server, looked at before it is used.

use latchkey_app::ports::{Connectors as _, Network, Outcome, Proxy, Watch};
use latchkey_app::wire::ErrorCode::RemoteUnreachable;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::secret::Secret;

use crate::support::{Authority, Reply, Server, acme, fails, self_signed, tenant};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn of_a_file_with_authorities_the_certificates_are_taken_and_nothing_else() {
    let connectors = acme().connectors;
    let (one, other) = (Authority::new(), Authority::new());
    let key = one.client().key_pem();
    let found = connectors.authorities(&format!("Subject: x\n{}{key}{}trailing", one.pem(), other.pem())).unwrap();
    assert_eq!(found.pem.matches("BEGIN CERTIFICATE").count(), 2);
    assert!(!found.pem.contains("PRIVATE") && !found.pem.contains("Subject") && !found.pem.contains("trailing"));
    let [first, second] = found.certificates.as_slice() else { panic!("{found:?}") };
    assert_eq!((first.subject.as_str(), second.subject.as_str()), ("Authority of a test", "Authority of a test"));
    assert_ne!(first.fingerprint, second.fingerprint);
    assert_eq!(connectors.authorities(&found.pem).unwrap(), found, "what is stored is read again");
    let half = one.pem().replace("-----END", "-----ENDE");
    for wrong in ["", "no certificate", &key, &half, "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"] {
        let problem = FieldProblem { name: Field::Authorities, rule: Rule::NoCertificate };
        assert_eq!(connectors.authorities(wrong), Err(problem), "{wrong}");
    }
}

#[test]
fn a_client_certificate_has_its_own_key_beside_it() {
    let connectors = acme().connectors;
    let certified = Authority::new().client();
    let found = connectors.client_certificate(&secret(&certified.pem())).unwrap();
    let turned = format!("{}{}", certified.key_pem(), certified.certificate_pem());
    assert_eq!(connectors.client_certificate(&secret(&turned)).unwrap(), found, "in either order");
    assert!(found.fingerprint.split(':').count() == 32 && found.expires_at.timestamp() > 0);
    assert!(connectors.client_certificate(&secret(&self_signed(&["desk"]).pem())).is_ok());
    let legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nbm8=\n-----END RSA PRIVATE KEY-----\n";
    for (text, rule) in [
        (format!("{}{legacy}", certified.certificate_pem()), Rule::EncryptedKey),
        (legacy.to_owned(), Rule::KeyAlone),
        (certified.certificate_pem(), Rule::NoPrivateKey),
        (format!("{}{}", certified.certificate_pem(), Authority::new().client().key_pem()), Rule::OtherKey),
        (String::new(), Rule::NoCertificate),
    ] {
        let problem = FieldProblem { name: Field::ClientCertificate, rule };
        assert_eq!(connectors.client_certificate(&secret(&text)), Err(problem));
    }
}

#[test]
fn a_proxy_is_signed_in_to_and_the_server_learns_nothing_of_it() {
    let proxy = Server::new(|seen| match seen.header("proxy-authorization") {
        Some("Basic b3BlcmF0b3I6aHVudGVyMg==") => Reply::json(200, &serde_json::json!({ "keys": [] })),
        _ => Reply::empty(407),
    });
    let network = Network { plain_http: true, proxy: Proxy::Address(proxy.url()), ..Network::default() };
    // An address for documentation: nobody has it.
    let tenant = |url: &str| tenant(url).network(network.clone());
    let plain = tenant("http://192.0.2.1");
    assert!(acme().connectors.keys(&plain.site(), &Watch::default()).is_err());
    let signed_in = plain.with("proxy", "operator:hunter2");
    assert!(acme().connectors.keys(&signed_in.site(), &Watch::default()).is_ok());
    // The key that is checked goes the same way.
    let checked = acme().connectors.check(&signed_in.site(), &secret("key"), &Watch::default());
    assert!(checked.is_ok(), "{checked:?}");

    let without = acme().connectors.keys(&tenant("https://192.0.2.1").site(), &Watch::default());
    let failure = fails(without, RemoteUnreachable, Outcome::NotDone, &["192.0.2.1 cannot be reached", "proxy"]);
    assert!(!format!("{failure:?}").contains("hunter2"));
    assert!(proxy.asked().contains(&"CONNECT 192.0.2.1:443".to_owned()));
}
