//! The key of a request.

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HeaderName};

/// What a request has for a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credential<'r> {
    /// One text, however often.
    Text(&'r str),
    /// Something that is no text.
    NoText,
    /// Nothing.
    Missing,
    /// Texts that differ: the application may take another one than this gate.
    Several,
}

/// Where keys are looked for, besides `Authorization`.
static API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Looks in each place, `own` included.
pub(crate) fn credential<'r>(headers: &'r HeaderMap, own: Option<&HeaderName>) -> Credential<'r> {
    let mut found: Option<&[u8]> = None;
    let whole = [Some(&API_KEY), own].into_iter().flatten().filter(|name| **name != AUTHORIZATION);
    let whole = whole.flat_map(|name| headers.get_all(name)).map(|value| value.as_bytes().trim_ascii());
    let authorized = headers.get_all(AUTHORIZATION).iter().filter_map(|value| authorization(value.as_bytes()));
    for text in authorized.chain(whole).filter(|text| !text.is_empty()) {
        if found.is_some_and(|found| found != text) {
            return Credential::Several;
        }
        found = Some(text);
    }
    match found.map(std::str::from_utf8) {
        Some(Ok(text)) => Credential::Text(text),
        Some(Err(_)) => Credential::NoText,
        None => Credential::Missing,
    }
}

/// What follows `Bearer`, or all of it where there is one word. Other schemes are somebody else's.
fn authorization(value: &[u8]) -> Option<&[u8]> {
    let value = value.trim_ascii();
    let Some(blank) = value.iter().position(u8::is_ascii_whitespace) else {
        return (!value.eq_ignore_ascii_case(b"Bearer")).then_some(value);
    };
    let (scheme, rest) = value.split_at(blank);
    scheme.eq_ignore_ascii_case(b"Bearer").then(|| rest.trim_ascii())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn found(headers: &[(&'static str, &[u8])]) -> String {
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap()))
            .collect();
        format!("{:?}", credential(&map, Some(&HeaderName::from_static("x-crane"))))
    }

    #[test]
    fn a_key_is_taken_from_each_place() {
        let bearer = ("authorization", &b"Bearer  lk_1 "[..]);
        for headers in [
            &[bearer][..],
            &[("authorization", b"bearer\tlk_1")],
            &[("authorization", b"lk_1")],
            &[("x-api-key", b" lk_1")],
            &[("x-crane", b"lk_1")],
            &[bearer, ("x-api-key", b"lk_1"), ("x-crane", b"lk_1")],
            &[("authorization", b"Basic YTpi"), ("x-api-key", b"lk_1")],
            &[("authorization", b"Bearer"), ("x-api-key", b""), ("x-crane", b"lk_1")],
        ] {
            assert_eq!(found(headers), "Text(\"lk_1\")", "{headers:?}");
        }
    }

    #[test]
    fn what_is_none_or_too_much_is_told_apart() {
        for (headers, expected) in [
            (&[][..], "Missing"),
            (&[("authorization", &b"Basic YTpi"[..])], "Missing"),
            (&[("authorization", b"Bearer ")], "Missing"),
            (&[("x-other", b"lk_1")], "Missing"),
            (&[("x-api-key", b"lk_\xff")], "NoText"),
            (&[("x-api-key", b"a"), ("x-api-key", b"b")], "Several"),
            (&[("authorization", b"Bearer a"), ("x-api-key", b"A")], "Several"),
            (&[("authorization", b"Bearer a"), ("authorization", b"b")], "Several"),
            // Joined by a proxy on the way: no key has this text.
            (&[("authorization", b"Bearer a, Bearer b")], "Text(\"a, Bearer b\")"),
        ] {
            assert_eq!(found(headers), expected, "{headers:?}");
        }
    }
}
