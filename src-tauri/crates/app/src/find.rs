//! Finding what an operator names: a tenant by name or identifier, a key by handle, identifier or unique name.

use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format;
use latchkey_domain::tenant::Tenant;

use crate::error::{Error, Result};
use crate::ports::Reader;
use crate::wire::ErrorCode;

/// The tenant of this identifier or name.
pub fn tenant(reader: &dyn Reader, text: &str) -> Result<Tenant> {
    let text = text.trim();
    let by_id = match text.parse::<TenantId>() {
        Ok(id) => reader.tenant(id)?,
        Err(_) => None,
    };
    match by_id {
        Some(tenant) => Ok(tenant),
        None => reader.tenant_named(text)?.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("There is no tenant `{text}`."))
                .hint("`latchkey tenant list` shows the tenants of this profile.")
        }),
    }
}

/// The tenant of a key.
pub fn tenant_of(reader: &dyn Reader, key: &Key) -> Result<Tenant> {
    reader.tenant(key.tenant)?.ok_or_else(|| {
        Error::new(ErrorCode::Failed, format!("The tenant of the key {} is not in the database.", key.handle))
    })
}

/// The key of this identifier, handle or, where it is unique, name.
pub fn key(reader: &dyn Reader, text: &str) -> Result<Key> {
    let text = text.trim();
    if let Ok(id) = text.parse::<KeyId>()
        && let Some(key) = reader.key(id)?
    {
        return Ok(key);
    }
    if let Some(key) = reader.key_with_handle(handle_in(text))? {
        return Ok(key);
    }
    let mut named = reader.keys_named(None, text, 2)?;
    match (named.pop(), named.is_empty()) {
        (Some(key), true) => Ok(key),
        (Some(_), false) => Err(Error::new(ErrorCode::Ambiguous, format!("Several keys are named `{text}`."))
            .hint("Name the key by its handle; `latchkey key list` shows it.")),
        (None, _) => Err(Error::new(ErrorCode::NotFound, "There is no such key.")
            .hint("Give a key's handle, its id or its name; `latchkey key list` shows them.")),
    }
}

/// The handle where `text` is `<prefix>_<handle>`, with or without more behind it; else the text itself.
///
/// A whole key pasted by mistake is cut down to its handle, so that the secret goes no further.
#[must_use]
pub fn handle_in(text: &str) -> &str {
    text.split('_').nth(1).filter(|handle| handle.len() == key_format::HANDLE_LEN).unwrap_or(text)
}
