//! Health and metrics, on a listener of their own.

use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use latchkey_verify::limits::CLOCK_TOLERANCE;
use serde::Serialize;

use crate::answer::{Answer, empty, page};
use crate::metrics;
use crate::shared::Shared;

#[derive(Serialize)]
struct Health {
    /// `ok`; `degraded`: it decides, but a file was refused; `failing`: no key is valid any more.
    status: &'static str,
    reasons: Vec<String>,
    tenant: String,
    sequence: u64,
    issued: u64,
    expires: u64,
    age: u64,
}

pub(crate) fn answer(shared: &Shared, request: &Parts) -> Answer {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    let (status, kind, body) = match request.uri.path() {
        "/-/health" => {
            let (status, body) = health(shared);
            (status, "application/json", body)
        }
        "/-/metrics" => (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", metrics::text(shared)),
        _ => return empty(StatusCode::NOT_FOUND),
    };
    let mut response = page(status, body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A file that was refused is no reason to be started anew: without the memory of the one before it would be worse.
fn health(shared: &Shared) -> (StatusCode, String) {
    let (bundle, now) = (shared.verifier.bundle(), shared.now());
    let header = bundle.header();
    let mut reasons: Vec<String> = Vec::new();
    if header.expires <= now {
        reasons.push("bundle-expired".to_owned());
    }
    if now.saturating_add(CLOCK_TOLERANCE) < header.issued {
        reasons.push("clock-set-back".to_owned());
    }
    let failing = !reasons.is_empty();
    reasons.extend(shared.troubles().iter().map(|(file, code)| format!("{file}: {code}")));
    let (code, status) = match (failing, reasons.is_empty()) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
        (false, false) => (StatusCode::OK, "degraded"),
        (false, true) => (StatusCode::OK, "ok"),
    };
    let health = Health {
        status,
        reasons,
        tenant: header.tenant.to_string(),
        sequence: header.sequence,
        issued: header.issued,
        expires: header.expires,
        age: now.saturating_sub(header.issued),
    };
    // It has texts and numbers only, which are always JSON.
    (code, serde_json::to_string(&health).unwrap_or_default())
}
