//! Sealing with age, so that only those can open a file for whom it was sealed.
//!
//! The file key and the nonces are drawn by `age` from the operating system: its interface takes no random source.

use std::io::Write;
use std::str::FromStr as _;

use age::stream::StreamWriter;
use age::x25519::Recipient;
use latchkey_domain::field::{Field, FieldProblem, Rule};

use crate::error::{Error, Result};
use crate::wire::ErrorCode;

/// Parses a public key of age: `age1` and 58 characters (X25519).
pub(super) fn recipient(text: &str) -> Result<Recipient, FieldProblem> {
    Recipient::from_str(text.trim()).map_err(|_| FieldProblem { name: Field::Recipients, rule: Rule::Unknown })
}

/// Begins a sealed stream, binary, that each of the recipients can open.
pub(super) fn seal<W: Write>(recipients: &[Recipient], output: W) -> Result<StreamWriter<W>> {
    let failed = |cause: &dyn std::fmt::Display| Error::new(ErrorCode::Failed, format!("Could not seal: {cause}."));
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|cause| failed(&cause))?;
    encryptor.wrap_output(output).map_err(|cause| failed(&cause))
}
