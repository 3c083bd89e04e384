use std::path::Path;
use std::sync::Arc;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::secret::Secret;

use super::connection::certificate;
use crate::error::Result;
use crate::import::Source;
use crate::session::Session;
use crate::wire::CertificateView;

/// What a file of certificates may have at most, in bytes.
const MAX_FILE: usize = 256 << 10;

/// A file with authorities, read.
pub struct ChosenAuthorities {
    /// Its certificates as PEM, and nothing else that is in it.
    pub pem: String,
    /// What they say of themselves.
    pub certificates: Vec<CertificateView>,
}

/// A file with a client certificate and its key, read.
pub struct ChosenCertificate {
    /// All of it, for the vault.
    pub secret: Arc<Secret>,
    /// What the certificate says of itself.
    pub certificate: CertificateView,
}

/// Reads a file with the certificates of authorities. Fails with `invalid_input` on `authorities`, or as reading fails.
pub fn read_authorities(session: &Session, file: &Path) -> Result<ChosenAuthorities> {
    // Somebody may have put the authority's key into it.
    let text = read(file, Field::Authorities)?;
    let found = session.connectors.authorities(text.expose())?;
    let now = session.now();
    let certificates = found.certificates.into_iter().map(|facts| certificate(facts, now)).collect();
    Ok(ChosenAuthorities { pem: found.pem, certificates })
}

/// Reads a file with a client certificate and its key. Fails with `invalid_input` on `client_certificate`, or as reading
/// fails.
pub fn read_client_certificate(session: &Session, file: &Path) -> Result<ChosenCertificate> {
    let text = read(file, Field::ClientCertificate)?;
    let facts = session.connectors.client_certificate(&text)?;
    Ok(ChosenCertificate { secret: Arc::new(text), certificate: certificate(facts, session.now()) })
}

fn read(file: &Path, field: Field) -> Result<Secret> {
    let mut read = Source::within(file, field, MAX_FILE)?;
    let bytes = std::mem::take(&mut *read.bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => {
            // Wiped like what can be read.
            *read.bytes = error.into_bytes();
            Err(FieldProblem { name: field, rule: Rule::NotText }.into())
        }
    }
}
