use serde::Deserialize;
use serde_json::Value;

/// A place in a JSON document, as RFC 6901 writes it: `/response/0/name`; nothing for the whole document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl Pointer {
    /// What is there; `None` where there is nothing or `null`.
    #[must_use]
    pub fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.pointer(&self.0).filter(|found| !found.is_null())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(format!("`{text}` is no JSON Pointer: it begins with a slash"));
        }
        let tildes_are_escapes = text.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
        if tildes_are_escapes {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no JSON Pointer: a tilde is written `~0`, a slash in a name `~1`"))
        }
    }
}
