use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value as Json;
use url::Url;

use super::{Manifest, Method, Paging, Part, Problem, Request, Steps, Text, Value, Verb};

/// The most bytes of a manifest.
pub const MAX_BYTES: usize = 256 * 1024;

/// Headers that the client writes itself, or that would say something else than the manifest does.
const OWN_HEADERS: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "proxy-authorization",
    "expect",
];

/// Reads and checks a manifest. What is wrong is said with its line.
pub fn read(bytes: &[u8]) -> Result<Manifest, Problem> {
    let whole = |message: String| Problem { line: 1, column: 1, message };
    if bytes.len() > MAX_BYTES {
        return Err(whole(format!("the file has more than {} KiB", MAX_BYTES / 1024)));
    }
    let source = std::str::from_utf8(bytes).map_err(|_| whole("the file is not UTF-8 text".to_owned()))?;
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let manifest: Manifest = serde_json::from_str(source).map_err(|error| Problem::of_json(&error))?;
    match check(&manifest) {
        Ok(()) => Ok(manifest),
        Err((pointer, message)) => Err(Problem::at(source, &pointer, message)),
    }
}

/// A place in the manifest and what is wrong there.
type Wrong = (String, String);

fn wrong<T>(pointer: impl Into<String>, message: impl Into<String>) -> Result<T, Wrong> {
    Err((pointer.into(), message.into()))
}

/// What the types alone do not say.
fn check(manifest: &Manifest) -> Result<(), Wrong> {
    check_texts(manifest)?;
    check_asked(manifest)?;
    if let Some(pattern) = &manifest.secret.pattern {
        Regex::new(pattern).or_else(|error| wrong("/secret/pattern", format!("no regular expression: {error}")))?;
    }
    if manifest.draft.name_min > manifest.draft.name_max || manifest.draft.name_max == 0 {
        return wrong("/draft/name_min", "the shortest name is longer than the longest");
    }
    if !(1..=64).contains(&manifest.parallel) {
        return wrong("/parallel", "1 to 64 requests at once");
    }
    for (at, limit) in manifest.limits.iter().enumerate() {
        if limit.most == 0 || !(1..=86_400).contains(&limit.seconds) {
            return wrong(format!("/limits/{at}"), "at least 1 request in 1 to 86400 seconds");
        }
    }
    for (at, rule) in manifest.answers.iter().enumerate() {
        if rule.status.is_none() && rule.text.is_none() && rule.has.is_none() && rule.equals.is_empty() {
            return wrong(
                format!("/answers/{at}"),
                "the rule fits every answer: give `status`, `text`, `has` or `equals`",
            );
        }
        if let Some(pointer) = rule.equals.keys().find(|pointer| super::Pointer::try_from((*pointer).clone()).is_err())
        {
            return wrong(format!("/answers/{at}/equals"), format!("`{pointer}` is no JSON Pointer"));
        }
    }
    for (header, text) in &manifest.authentication {
        let pointer = format!("/authentication/{}", escaped(header));
        check_header(&pointer, header)?;
        check_values(manifest, &pointer, text, &|value| matches!(value, Value::Secret | Value::Credential(_)))?;
    }
    for (verb, request) in manifest.requests.all() {
        check_request(manifest, verb, request)?;
    }
    check_keys(manifest)?;
    let guide = &manifest.guide;
    for (name, steps) in [("create", &guide.create), ("update", &guide.update), ("revoke", &guide.revoke)] {
        if let Some(steps) = steps {
            check_steps(manifest, &format!("/guide/{name}"), steps)?;
        }
    }
    Ok(())
}

/// Names and sentences are there, and have no character that hides or turns what stands beside it.
fn check_texts(manifest: &Manifest) -> Result<(), Wrong> {
    let mut texts = vec![
        ("/name".to_owned(), &manifest.name),
        ("/about".to_owned(), &manifest.about),
        ("/address/label".to_owned(), &manifest.address.label),
    ];
    texts.extend(manifest.traps.iter().enumerate().map(|(at, text)| (format!("/traps/{at}"), text)));
    for (kind, asks) in [("options", &manifest.options), ("credentials", &manifest.credentials)] {
        texts.extend(asks.iter().enumerate().map(|(at, ask)| (format!("/{kind}/{at}/label"), &ask.label)));
    }
    for (pointer, text) in texts {
        if text.trim().is_empty() {
            return wrong(pointer, "nothing stands here");
        }
        if latchkey_domain::text::description(text).is_err() {
            return wrong(
                pointer,
                "at most 1000 characters, none of which is invisible or turns the direction of text",
            );
        }
    }
    let pages = manifest.address.known.iter().enumerate();
    let pages = pages.map(|(at, known)| (format!("/address/known/{at}/url"), &known.url));
    for (pointer, page) in pages.chain(manifest.page.iter().map(|page| ("/page".to_owned(), page))) {
        if !Url::parse(page).is_ok_and(|url| url.scheme() == "https") {
            return wrong(pointer, "an address that begins with https://");
        }
    }
    Ok(())
}

fn check_asked(manifest: &Manifest) -> Result<(), Wrong> {
    for (kind, asks) in [("options", &manifest.options), ("credentials", &manifest.credentials)] {
        let mut seen = BTreeSet::new();
        for (at, ask) in asks.iter().enumerate() {
            if !seen.insert(&ask.id) {
                return wrong(format!("/{kind}/{at}/id"), format!("`{}` is there twice", ask.id.as_str()));
            }
        }
    }
    if let Some(at) = manifest.credentials.iter().position(|ask| ask.default.is_some()) {
        return wrong(format!("/credentials/{at}/default"), "a credential has no default");
    }
    let asks_as_tenant = manifest.requests.all().any(|(verb, _)| verb != Verb::Check);
    if asks_as_tenant && manifest.credentials.is_empty() {
        return wrong("/credentials", "the requests need a credential, and none is asked for");
    }
    Ok(())
}

fn check_header(pointer: &str, name: &str) -> Result<(), Wrong> {
    if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
        return wrong(pointer, format!("`{name}` is no name of a header"));
    }
    if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return wrong(pointer, format!("Latchkey writes the header `{name}` itself"));
    }
    Ok(())
}

/// That a text is filled in with what there is, and with what may stand there.
fn check_values(manifest: &Manifest, pointer: &str, text: &Text, may: &dyn Fn(&Value) -> bool) -> Result<(), Wrong> {
    let has = |asks: &[super::Ask], id: &str| asks.iter().any(|ask| ask.id.as_str() == id);
    for value in text.values() {
        match value {
            Value::Option(id) if !has(&manifest.options, id) => {
                return wrong(pointer, format!("no option `{id}` is asked for"));
            }
            Value::Credential(id) if !has(&manifest.credentials, id) => {
                return wrong(pointer, format!("no credential `{id}` is asked for"));
            }
            Value::Option(_) => {}
            value if !may(value) => {
                return wrong(pointer, format!("`{}` has a placeholder that has no place here", text.written()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_request(manifest: &Manifest, verb: Verb, request: &Request) -> Result<(), Wrong> {
    let base = format!("/requests/{}", verb.name());
    let pages = |value: &Value| match value {
        Value::Page => matches!(request.paging, Some(Paging::Pages { .. })),
        Value::Offset => matches!(request.paging, Some(Paging::Offset { .. })),
        Value::Cursor => matches!(request.paging, Some(Paging::Cursor { .. })),
        _ => false,
    };
    // Addresses are written into logs by servers and proxies, so nothing secret stands in one.
    let in_address = |value: &Value| pages(value) || *value == Value::Id && names_a_key(verb);
    let facts = |value: &Value| match value {
        Value::Id => names_a_key(verb),
        Value::Name | Value::Description | Value::ApiSets => matches!(verb, Verb::Create | Verb::Update),
        Value::ExpiresDays | Value::ExpiresAt | Value::Owner | Value::Organization | Value::Groups => {
            verb == Verb::Create
        }
        Value::Credential(_) => verb != Verb::Check,
        other => pages(other),
    };
    let begins = request.path.parts().first();
    if !matches!(begins, Some(Part::Fixed(path)) if path.starts_with('/')) {
        return wrong(format!("{base}/path"), "a path begins with a slash");
    }
    let climbs = request.path.written().split('/').any(|part| part == ".." || part == ".");
    if climbs || request.path.written().contains(['?', '#', '\\']) || request.path.written().starts_with("//") {
        return wrong(format!("{base}/path"), "a path has no `.`, `..`, `//`, `?`, `#` or `\\` to lead elsewhere");
    }
    check_values(manifest, &format!("{base}/path"), &request.path, &in_address)?;
    for (name, text) in &request.query {
        check_values(manifest, &format!("{base}/query/{}", escaped(name)), text, &in_address)?;
    }
    for (name, text) in &request.headers {
        let pointer = format!("{base}/headers/{}", escaped(name));
        check_header(&pointer, name)?;
        check_values(manifest, &pointer, text, &|value| facts(value) || *value == Value::Secret)?;
    }
    if let Some(body) = &request.body {
        check_body(manifest, &format!("{base}/body"), body, &facts)?;
    }
    if request.body.is_some() && request.method == Method::Get {
        return wrong(format!("{base}/body"), "a GET has no body");
    }
    if matches!(verb, Verb::Check | Verb::List | Verb::ApiSets) && request.method != Method::Get {
        return wrong(format!("{base}/method"), format!("`{}` only reads, so it is a GET", verb.name()));
    }
    if request.method == Method::Get && !matches!(verb, Verb::Check | Verb::List | Verb::ApiSets) {
        return wrong(format!("{base}/method"), format!("`{}` changes something, so it is no GET", verb.name()));
    }
    if request.paging.is_some() && verb != Verb::List {
        return wrong(format!("{base}/paging"), "only `list` comes in pages");
    }
    match &request.paging {
        Some(Paging::Pages { size: 0, .. } | Paging::Offset { size: 0 }) => {
            wrong(format!("{base}/paging/size"), "a page has at least one key")
        }
        Some(Paging::Pages { .. }) if !uses(request, &Value::Page) => {
            wrong(format!("{base}/paging"), "`{page}` stands nowhere in the request")
        }
        Some(Paging::Offset { .. }) if !uses(request, &Value::Offset) => {
            wrong(format!("{base}/paging"), "`{offset}` stands nowhere in the request")
        }
        Some(Paging::Cursor { .. }) if !uses(request, &Value::Cursor) => {
            wrong(format!("{base}/paging"), "`{cursor}` stands nowhere in the request")
        }
        _ => Ok(()),
    }
}

fn names_a_key(verb: Verb) -> bool {
    matches!(verb, Verb::Update | Verb::Enable | Verb::Disable | Verb::Revoke)
}

fn uses(request: &Request, wanted: &Value) -> bool {
    request.query.values().chain([&request.path]).any(|text| text.values().any(|value| value == wanted))
}

fn check_body(manifest: &Manifest, pointer: &str, body: &Json, may: &dyn Fn(&Value) -> bool) -> Result<(), Wrong> {
    match body {
        Json::String(text) => {
            let text = Text::try_from(text.clone()).or_else(|message| wrong(pointer, message))?;
            check_values(manifest, pointer, &text, may)
        }
        Json::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(at, item)| check_body(manifest, &format!("{pointer}/{at}"), item, may)),
        Json::Object(members) => members
            .iter()
            .try_for_each(|(name, member)| check_body(manifest, &format!("{pointer}/{}", escaped(name)), member, may)),
        _ => Ok(()),
    }
}

/// That what is asked of a server can be understood when it answers.
fn check_keys(manifest: &Manifest) -> Result<(), Wrong> {
    let requests = &manifest.requests;
    match &manifest.key {
        None if requests.list.is_some() || requests.create.is_some() => {
            wrong("/requests", "keys are listed or created, but `key` does not say where their facts are")
        }
        Some(map) if requests.create.is_some() && map.secret.is_none() => {
            wrong("/key", "keys are created, but `secret` does not say where their text is")
        }
        _ if requests.enable.is_some() != requests.disable.is_some() => {
            wrong("/requests", "`enable` and `disable` come together")
        }
        _ if requests.create.is_some() && requests.list.is_none() => {
            // Without a list nobody can find out what became of a creation whose answer was lost.
            wrong("/requests/create", "`create` needs `list`, to look for a key whose answer was lost")
        }
        _ => Ok(()),
    }
}

fn check_steps(manifest: &Manifest, pointer: &str, steps: &Steps) -> Result<(), Wrong> {
    if steps.steps.is_empty() {
        return wrong(format!("{pointer}/steps"), "no step");
    }
    for (at, step) in steps.steps.iter().enumerate() {
        if latchkey_domain::text::description(step).is_err() || step.trim().is_empty() {
            return wrong(format!("{pointer}/steps/{at}"), "a sentence that can be seen, of at most 1000 characters");
        }
    }
    let Some(page) = &steps.page else { return Ok(()) };
    let begins = page.written();
    if !begins.starts_with('/') && !begins.starts_with("https://") {
        return wrong(format!("{pointer}/page"), "a path that begins with a slash, or an address with https://");
    }
    check_values(manifest, &format!("{pointer}/page"), page, &|_| false)
}

/// A name as a part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
