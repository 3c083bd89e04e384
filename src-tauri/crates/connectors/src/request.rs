//! From a manifest's request and what is to be filled in to what is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use latchkey_domain::secret::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value as Json};
use url::Url;
use zeroize::Zeroizing;

use crate::manifest::{Manifest, Method, Part, Request, Text, Value};

/// What no part of a path needs to hide: the unreserved characters of RFC 3986.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// An option may be several parts of a path: "billing/2".
const PARTS: &AsciiSet = &PART.remove(b'/');

/// What placeholders are filled in with.
#[derive(Debug, Default)]
pub struct Filling<'a> {
    /// The key asked about.
    pub id: Option<&'a str>,
    /// The key's name.
    pub name: Option<&'a str>,
    /// The key's description.
    pub description: Option<&'a str>,
    /// The key's API sets; `None` where they stay as they are.
    pub api_sets: Option<&'a [String]>,
    /// The key's end.
    pub expires: Option<(u32, DateTime<Utc>)>,
    /// What the vendor calls that end.
    pub expires_choice: Option<&'a Json>,
    /// Who the key is for.
    pub owner: Option<&'a str>,
    /// The organization that the key belongs to.
    pub organization: Option<&'a str>,
    /// The user groups that the key belongs to.
    pub groups: Option<&'a [String]>,
    /// The number of a page, or of keys to skip.
    pub place: u32,
    /// What the last page said of the next.
    pub cursor: Option<&'a str>,
    /// What belongs to the tenant's address.
    pub options: Option<&'a BTreeMap<String, String>>,
    /// What the operator gave; `None` where it is not to be sent.
    pub credentials: Option<&'a BTreeMap<String, Arc<Secret>>>,
    /// Who asks: the tenant's first credential, or a key that checks itself.
    pub secret: Option<&'a Secret>,
    /// What the operator answered to sign in.
    pub answers: Option<&'a BTreeMap<String, Arc<Secret>>>,
    /// What earlier steps of signing in have brought.
    pub captured: Option<&'a BTreeMap<String, Secret>>,
    /// What goes along as cookies.
    pub cookies: Option<&'a Secret>,
}

/// What is sent.
pub struct Outgoing {
    /// How.
    pub method: Method,
    /// Where to. Has no secret in it.
    pub url: Url,
    /// Its headers; those with a secret are marked, so that no log shows them.
    pub headers: HeaderMap,
    /// JSON; wiped when dropped, since it may have a secret in it.
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// Whether cookies of the answer are looked at: only those of a session are.
    pub takes_cookies: bool,
}

/// Why a request cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// The tenant has no such option or credential.
    #[error("nothing was given for `{0}`")]
    Missing(String),
    /// A value has characters that no header can have.
    #[error("what was given for the header `{0}` has characters that a header cannot have")]
    Header(String),
    /// The address with the path is no address.
    #[error("the address is none: {0}")]
    Address(String),
}

/// Writes a request to the server at `base`.
pub fn write(manifest: &Manifest, request: &Request, base: &Url, filling: &Filling<'_>) -> Result<Outgoing, Unwritten> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for (name, text) in manifest.authentication.iter().chain(&request.headers) {
        if let Some(value) = plain(text, filling)? {
            let (name, value) = header(name, &value)?;
            headers.insert(name, value);
        }
    }
    if let Some(cookies) = filling.cookies {
        let (_, value) = header("Cookie", cookies.expose())?;
        headers.insert(COOKIE, value);
    }
    let body = match &request.body {
        None => None,
        Some(body) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let filled = Wiped(fill(manifest, body, filling)?.unwrap_or(Json::Object(Map::new())));
            let bytes = serde_json::to_vec(&filled.0).map_err(|error| Unwritten::Address(error.to_string()))?;
            Some(Zeroizing::new(bytes))
        }
    };
    Ok(Outgoing { method: request.method, url: address(request, base, filling)?, headers, body, takes_cookies: false })
}

/// Where a request goes: the tenant's address with the request's path below it.
fn address(request: &Request, base: &Url, filling: &Filling<'_>) -> Result<Url, Unwritten> {
    let mut path = base.path().trim_end_matches('/').to_owned();
    path.push_str(&encoded(&request.path, filling)?);
    let mut url = base.clone();
    url.set_fragment(None);
    url.set_query(None);
    url.set_path(&path);
    // Nothing in it was for the address to understand: it would lead elsewhere.
    if url.path() != path {
        return Err(Unwritten::Address(format!("`{path}` leads elsewhere")));
    }
    for (name, text) in &request.query {
        if let Some(value) = plain(text, filling)? {
            url.query_pairs_mut().append_pair(name, &value);
        }
    }
    Ok(url)
}

/// A page of the vendor's own: an address, or a path below the tenant's address.
pub fn page(text: &Text, base: Option<&Url>, options: &BTreeMap<String, String>) -> Result<Option<Url>, Unwritten> {
    let filling = Filling { options: Some(options), ..Filling::default() };
    let written = encoded(text, &filling)?;
    let whole = match base {
        _ if !written.starts_with('/') => written,
        Some(base) => format!("{}{written}", base.as_str().trim_end_matches('/')),
        None => return Ok(None),
    };
    Url::parse(&whole).map(Some).map_err(|error| Unwritten::Address(error.to_string()))
}

fn encoded(text: &Text, filling: &Filling<'_>) -> Result<String, Unwritten> {
    let mut written = String::new();
    for part in text.parts() {
        match part {
            Part::Fixed(fixed) => written.push_str(fixed),
            Part::Value(value) => {
                let filled = flat(value, filling)?.ok_or_else(|| Unwritten::Missing(text.written().to_owned()))?;
                let hidden = if matches!(value, Value::Option(_)) { PARTS } else { PART };
                // `.` and `..` would lead elsewhere even when they are encoded.
                if filled.split('/').any(|part| matches!(part, "." | ".." | "")) {
                    return Err(Unwritten::Address(format!("`{}` is no part of a path", filled.as_str())));
                }
                written.extend(utf8_percent_encode(&filled, hidden));
            }
        }
    }
    Ok(written)
}

/// A text with its values, for a header or a query; `None` where a value is missing.
fn plain(text: &Text, filling: &Filling<'_>) -> Result<Option<Zeroizing<String>>, Unwritten> {
    let mut written = Zeroizing::new(String::with_capacity(256));
    for part in text.parts() {
        match part {
            Part::Fixed(fixed) => written.push_str(fixed),
            Part::Value(value) => match flat(value, filling)? {
                Some(filled) => written.push_str(&filled),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(written))
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Unwritten> {
    let unwritten = || Unwritten::Header(name.to_owned());
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unwritten())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| unwritten())?;
    value.set_sensitive(true);
    Ok((header, value))
}

/// A value as text; lists have commas between.
fn flat(value: &Value, filling: &Filling<'_>) -> Result<Option<Zeroizing<String>>, Unwritten> {
    let owned = |text: Option<&str>| text.map(|text| Zeroizing::new(text.to_owned()));
    Ok(match value {
        Value::Id => owned(filling.id),
        Value::Name => owned(filling.name),
        Value::Description => owned(filling.description),
        Value::ApiSets => filling.api_sets.map(|sets| Zeroizing::new(sets.join(","))),
        Value::ExpiresDays => filling.expires.map(|(days, _)| Zeroizing::new(days.to_string())),
        Value::ExpiresChoice => match filling.expires_choice {
            Some(Json::String(text)) => owned(Some(text)),
            Some(Json::Number(number)) => Some(Zeroizing::new(number.to_string())),
            _ => None,
        },
        Value::ExpiresAt => filling.expires.map(|(_, at)| Zeroizing::new(moment(at))),
        Value::Owner => owned(filling.owner),
        Value::Organization => owned(filling.organization),
        Value::Groups => filling.groups.map(|groups| Zeroizing::new(groups.join(","))),
        Value::Page | Value::Offset => Some(Zeroizing::new(filling.place.to_string())),
        Value::Cursor => owned(filling.cursor),
        Value::Secret => exposed(filling.secret),
        Value::Option(id) => owned(filling.options.and_then(|options| options.get(id)).map(String::as_str)),
        Value::Credential(id) => match filling.credentials {
            // Where none are to be sent, what has one is left out.
            None => None,
            Some(credentials) => {
                let secret = credentials.get(id).ok_or_else(|| Unwritten::Missing(id.clone()))?;
                Some(Zeroizing::new(secret.expose().to_owned()))
            }
        },
        Value::Answer(id) => exposed(filling.answers.and_then(|answers| answers.get(id)).map(AsRef::as_ref)),
        Value::Captured(name) => exposed(filling.captured.and_then(|captured| captured.get(name))),
    })
}

fn exposed(secret: Option<&Secret>) -> Option<Zeroizing<String>> {
    secret.map(|secret| Zeroizing::new(secret.expose().to_owned()))
}

/// JSON with its values; `None` for a value that is missing.
fn fill(manifest: &Manifest, template: &Json, filling: &Filling<'_>) -> Result<Option<Json>, Unwritten> {
    Ok(Some(match template {
        Json::String(text) => {
            let text = Text::try_from(text.clone()).map_err(Unwritten::Missing)?;
            return match text.only_value() {
                Some(value) => typed(manifest, value, filling),
                None => Ok(plain(&text, filling)?.map(|mut text| Json::String(std::mem::take(&mut *text)))),
            };
        }
        Json::Array(items) => {
            let items = items.iter().filter_map(|item| fill(manifest, item, filling).transpose());
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Json::Object(members) => {
            let mut filled = Map::new();
            for (name, member) in members {
                if let Some(member) = fill(manifest, member, filling)? {
                    filled.insert(name.clone(), member);
                }
            }
            Json::Object(filled)
        }
        fixed => fixed.clone(),
    }))
}

/// A value as JSON has it.
fn typed(manifest: &Manifest, value: &Value, filling: &Filling<'_>) -> Result<Option<Json>, Unwritten> {
    Ok(match value {
        Value::ApiSets => match filling.api_sets {
            // Some servers take an empty list for everything, some for no change, and some refuse it.
            Some([]) => manifest.draft.send_for_none.clone(),
            sets => sets.map(|sets| sets.iter().cloned().map(Json::String).collect()),
        },
        Value::Groups => filling.groups.map(|groups| groups.iter().cloned().map(Json::String).collect()),
        Value::ExpiresDays => filling.expires.map(|(days, _)| days.into()),
        // `null` is an end by its name, too.
        Value::ExpiresChoice => filling.expires_choice.cloned(),
        Value::Page | Value::Offset => Some(filling.place.into()),
        // Many servers number their keys.
        Value::Id => {
            filling.id.map(|id| id.parse::<u64>().ok().filter(|n| n.to_string() == id).map_or(id.into(), Json::from))
        }
        Value::Option(_) => flat(value, filling)?.map(|text| match text.parse::<u64>() {
            Ok(number) if number.to_string() == *text => number.into(),
            _ => Json::String(text.to_string()),
        }),
        other => flat(other, filling)?.map(|mut text| Json::String(std::mem::take(&mut *text))),
    })
}

/// RFC 3339 in UTC, whole seconds.
fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// JSON whose texts are wiped when it is dropped.
pub(crate) struct Wiped(pub(crate) Json);

impl Wiped {
    /// What there is; nothing for `null`.
    pub(crate) fn found(&self) -> Option<&Json> {
        Some(&self.0).filter(|json| !json.is_null())
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Json) {
    match value {
        Json::String(text) => zeroize::Zeroize::zeroize(text),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(members) => members.iter_mut().for_each(|(_, member)| wipe(member)),
        _ => {}
    }
}
