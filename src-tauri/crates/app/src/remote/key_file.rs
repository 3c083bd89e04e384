use std::path::Path;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::secret::Secret;
use latchkey_import::{Format, MAX_APIKEY_FILE, Refused, read};

use super::tenant as remote_tenant;
use crate::error::{Error, Result};
use crate::import::{Source, refused};
use crate::session::Session;

/// What the scheme of an `Authorization` header looks like. It belongs to the key where a vendor shows both.
const SCHEMES: [&str; 2] = ["Basic ", "Bearer "];

/// Reads the key out of a file that a vendor's page offers to download, such as an `.APIKEY` file.
///
/// Nobody says how these are written, so words around the key are passed over. Fails with `invalid_input` on `file` where
/// it has more than 4 KiB, is no text, or leaves open which of its words is the key; with `not_now` for a local tenant.
pub fn read_key_file(session: &Session, tenant: &str, path: &Path) -> Result<Secret> {
    session.store.reading(|reader| remote_tenant(reader, tenant))?;
    key_in(path)
}

/// The key in a file, whosever it is.
pub(crate) fn key_in(path: &Path) -> Result<Secret> {
    let source = Source::within(path, Field::File, MAX_APIKEY_FILE)?;
    if let Some(whole) = with_scheme(source.text()) {
        return Ok(whole);
    }
    let found = read(source.name(), source.bytes(), Some(Format::ApiKey)).map_err(refused)?;
    let mut keys = found.entries.into_iter().filter_map(|entry| entry.key.ok());
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(refused(Refused::Empty)),
        (Some(_), Some(_)) => {
            let mut body = Error::from(FieldProblem { name: Field::File, rule: Rule::NoKey }).body().clone();
            body.message = format!("{} has several words that could be the key.", source.name());
            body.hint = Some("Open it in a text editor, copy the key alone, and paste that.".to_owned());
            Err(Error::from_body(body))
        }
    }
}

/// The one line of a file, where it is a whole header's value.
fn with_scheme(text: Option<&str>) -> Option<Secret> {
    let line = text?.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let begins = |scheme: &&str| line.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    let is_value = !line.contains(['\r', '\n']) && SCHEMES.iter().any(begins) && line.split_whitespace().count() == 2;
    is_value.then(|| Secret::new(line.to_owned()))
}
