//! What a proxy is answered.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Response, StatusCode};
use latchkey_verify::{Decision, Handle, Reason, Refused, Valid};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::config::Proxy;
use crate::credential::{Credential, credential};
use crate::path::Ambiguous;
use crate::shared::Shared;

/// What is answered over HTTP.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Why a request does not pass. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    NoKey,
    SeveralKeys,
    Key(Reason),
    PathAmbiguous,
    ApiSetMissing,
    ClockSetBack,
}

impl Why {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let own = [Self::NoKey, Self::SeveralKeys, Self::PathAmbiguous, Self::ApiSetMissing, Self::ClockSetBack];
        own.into_iter().chain(Reason::ALL.map(Self::Key))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoKey => "no-key",
            Self::SeveralKeys => "several-keys",
            Self::Key(reason) => reason.name(),
            Self::PathAmbiguous => "path-ambiguous",
            Self::ApiSetMissing => "api-set-missing",
            Self::ClockSetBack => "clock-set-back",
        }
    }

    /// nginx knows 401 and 403, and makes an error of its own of anything else: no request passes by that either.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoKey | Self::SeveralKeys | Self::Key(_) => StatusCode::UNAUTHORIZED,
            Self::PathAmbiguous | Self::ApiSetMissing => StatusCode::FORBIDDEN,
            Self::ClockSetBack => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

type Verdict = Result<Valid, (Why, Option<Handle>)>;

/// Answers a proxy.
pub(crate) fn answer(shared: &Shared, request: &Parts) -> Answer {
    let verdict = judge(shared, request);
    shared.counters.count(verdict.as_ref().err().map(|&(why, _)| why));
    match verdict {
        Ok(valid) => pass(shared, &valid),
        Err((why, handle)) => {
            // Who has no key, or a mistyped one, is counted only: anybody can make such requests, as many as they like.
            if let Some(handle) = handle {
                shared.journal.say(format!("refused {} {} key={handle}", why.status().as_u16(), why.name()));
            }
            refuse(why)
        }
    }
}

fn judge(shared: &Shared, request: &Parts) -> Verdict {
    let text = match credential(&request.headers, shared.header.as_ref()) {
        Credential::Text(text) => text,
        Credential::NoText => return Err((Why::Key(Reason::Malformed), None)),
        Credential::Missing => return Err((Why::NoKey, None)),
        Credential::Several => return Err((Why::SeveralKeys, None)),
    };
    let valid = match shared.verifier.decide(text, shared.now()) {
        Ok(Decision::Valid(valid)) => valid,
        Ok(Decision::Refused(Refused { reason, handle, .. })) => return Err((Why::Key(reason), handle)),
        Err(_) => return Err((Why::ClockSetBack, None)),
    };
    if !shared.requirements.is_empty() {
        let needed = target(shared.proxy.as_ref(), request).and_then(|target| shared.requirements.of(target));
        let needed = needed.map_err(|Ambiguous| (Why::PathAmbiguous, Some(valid.handle)))?;
        if !needed.iter().all(|set| valid.access.allows(set)) {
            return Err((Why::ApiSetMissing, Some(valid.handle)));
        }
    }
    Ok(valid)
}

/// What the client asked for, as its proxy says.
fn target<'r>(proxy: Option<&Proxy>, request: &'r Parts) -> Result<&'r str, Ambiguous> {
    let header = |name: &'static str| {
        let mut values = request.headers.get_all(HeaderName::from_static(name)).iter();
        // Two would be the proxy's and somebody else's.
        let (Some(value), None) = (values.next(), values.next()) else { return Err(Ambiguous) };
        value.to_str().map_err(|_| Ambiguous)
    };
    match proxy.ok_or(Ambiguous)? {
        Proxy::Nginx => header("x-original-uri"),
        Proxy::Traefik | Proxy::Caddy => header("x-forwarded-uri"),
        Proxy::Envoy { prefix } => {
            // An address in full, or a star, has nothing to do with a path.
            let is_path = request.uri.authority().is_none();
            let target = request.uri.path_and_query().filter(|_| is_path).ok_or(Ambiguous)?;
            target.as_str().strip_prefix(prefix.as_str()).ok_or(Ambiguous)
        }
    }
}

/// What stands in headers as it is. A comma separates, a star means everything, `%` encodes.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/').remove(b'@');
/// The most bytes of a list. Proxies take a few thousand bytes of headers, and fail at more.
const MOST: usize = 2_048;

fn pass(shared: &Shared, valid: &Valid) -> Answer {
    let mut response = empty(StatusCode::OK);
    let headers = response.headers_mut();
    let mut incomplete = Vec::new();
    let access = &valid.access;
    let mut list = |name: &'static str, ids: &[std::sync::Arc<str>]| {
        let mut text = String::new();
        for id in ids {
            let comma = if text.is_empty() { "" } else { "," };
            // Writing to a string does not fail.
            let _ = write!(text, "{comma}{}", utf8_percent_encode(id, ENCODED));
        }
        if text.len() > MOST {
            incomplete.push(name);
            text.clear();
        }
        text
    };
    let api_sets = if access.everything { "*".to_owned() } else { list("api-sets", &access.api_sets) };
    let groups = list("groups", &access.groups);
    let permissions = list("permissions", &access.permissions);
    let organization = access.organization.as_deref().unwrap_or_default();
    let expires =
        valid.expires.map(|end| humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(end)).to_string());
    // Always all of them: a proxy that copies an answer's headers then has none left that the client made up.
    set(headers, "x-latchkey-key", valid.handle.as_str());
    set(headers, "x-latchkey-tenant", &shared.verifier.bundle().header().tenant.to_string());
    set(headers, "x-latchkey-organization", &utf8_percent_encode(organization, ENCODED).to_string());
    set(headers, "x-latchkey-groups", &groups);
    set(headers, "x-latchkey-permissions", &permissions);
    set(headers, "x-latchkey-api-sets", &api_sets);
    set(headers, "x-latchkey-expires", expires.as_deref().unwrap_or_default());
    set(headers, "x-latchkey-sequence", &valid.sequence.to_string());
    set(headers, "x-latchkey-incomplete", &incomplete.join(","));
    response
}

fn refuse(why: Why) -> Answer {
    let mut response = empty(why.status());
    let headers = response.headers_mut();
    set(headers, "x-latchkey-reason", why.name());
    if why.status() == StatusCode::UNAUTHORIZED {
        // RFC 6750: without a key there is nothing to say of it.
        let challenge = match why {
            Why::NoKey => "Bearer",
            Why::SeveralKeys => "Bearer error=\"invalid_request\"",
            _ => "Bearer error=\"invalid_token\"",
        };
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// A page without anything on it.
pub(crate) fn empty(status: StatusCode) -> Answer {
    page(status, Bytes::new())
}

pub(crate) fn page(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    // All values are visible ASCII by now.
    let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
    headers.insert(HeaderName::from_static(name), value);
}

/// What a service of hyper answers with.
pub(crate) type Served = Result<Answer, Infallible>;
