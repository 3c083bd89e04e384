//! Certificates that a person gives, looked at before they are used.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use latchkey_app::ports::{Authorities, CertificateFacts};
use latchkey_domain::field::Rule;
use latchkey_domain::secret::Secret;
use reqwest::{Certificate, Client, Identity};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::X509Name;

use crate::answer::line;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// The most characters of a name that are shown.
const MAX_SUBJECT: usize = 200;

/// The certificates of a text, and nothing else of it: whatever else somebody has put into the file may be a secret.
pub(crate) fn authorities(text: &str) -> Result<Authorities, Rule> {
    let blocks = blocks(text);
    let certificates = facts(&blocks)?;
    let pem = blocks.into_iter().fold(String::new(), |pem, block| pem + block + "\n");
    // The client has to be able to trust them, too.
    let trusted = Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| Rule::NoCertificate)?;
    Client::builder().tls_certs_merge(trusted).build().map_err(|_| Rule::NoCertificate)?;
    Ok(Authorities { pem, certificates })
}

/// What the first certificate of a text says of itself, which is the one that is shown to servers.
pub(crate) fn client(text: &Secret) -> Result<CertificateFacts, Rule> {
    let text = text.expose();
    let blocks = blocks(text);
    let has_key = text.contains(" PRIVATE KEY-----") || text.contains("-----BEGIN PRIVATE KEY-----");
    if blocks.is_empty() {
        return Err(if has_key { Rule::KeyAlone } else { Rule::NoCertificate });
    }
    let facts = facts(&blocks)?.into_iter().next().ok_or(Rule::NoCertificate)?;
    if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(Rule::EncryptedKey);
    }
    if !has_key {
        return Err(Rule::NoPrivateKey);
    }
    // That they belong together is found out by the client that has to use them.
    let identity = Identity::from_pem(text.as_bytes()).map_err(|_| Rule::OtherKey)?;
    Client::builder().identity(identity).build().map_err(|_| Rule::OtherKey)?;
    Ok(facts)
}

/// The parts of a text that are certificates.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find(BEGIN) {
        rest = &rest[begin..];
        let Some(end) = rest.find(END) else { break };
        let (block, after) = rest.split_at(end + END.len());
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// What each certificate says of itself. Fails where there is none, or one that cannot be read.
fn facts(blocks: &[&str]) -> Result<Vec<CertificateFacts>, Rule> {
    if blocks.is_empty() {
        return Err(Rule::NoCertificate);
    }
    let facts = |block: &&str| {
        let der = CertificateDer::from_pem_slice(block.as_bytes()).ok()?;
        let (_, certificate) = X509Certificate::from_der(&der).ok()?;
        Some(CertificateFacts {
            subject: subject(certificate.subject()),
            expires_at: DateTime::<Utc>::from_timestamp(certificate.validity().not_after.timestamp(), 0)?,
            fingerprint: fingerprint(&der),
        })
    };
    blocks.iter().map(|block| facts(block).ok_or(Rule::NoCertificate)).collect()
}

/// What people call it: its common name, its organization, or all of it.
fn subject(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().chain(name.iter_organization()).find_map(|part| part.as_str().ok());
    let text = common.map_or_else(|| name.to_string(), str::to_owned);
    line(&text, MAX_SUBJECT)
}

fn fingerprint(der: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in Sha256::digest(der).iter().enumerate() {
        // Writing to a text does not fail.
        let _ = write!(text, "{}{byte:02X}", if at == 0 { "" } else { ":" });
    }
    text
}
