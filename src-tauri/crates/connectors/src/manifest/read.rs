use std::collections::BTreeSet;

use latchkey_domain::remote::is_of_the_way;
use regex::RegexBuilder;
use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use super::{End, Manifest, Method, Paging, Part, Problem, Request, Steps, Text, Value, Verb, Version, read_session};

/// The most bytes of a manifest.
pub const MAX_BYTES: usize = 256 * 1024;

/// The most bytes of a compiled regular expression.
const MAX_PATTERN: usize = 1024 * 1024;

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
    // Another version may have other members: that it is one comes first.
    if let Ok(Numbered { manifest: Some(number) }) = serde_json::from_str(source)
        && let Err(message) = Version::try_from(number)
    {
        return Err(Problem::at(source, "/manifest", message));
    }
    let manifest: Manifest = serde_json::from_str(source).map_err(|error| Problem::of_json(&error))?;
    match check(&manifest) {
        Ok(()) => Ok(manifest),
        Err((pointer, message)) => Err(Problem::at(source, &pointer, message)),
    }
}

/// What all versions of the format have.
#[derive(Deserialize)]
struct Numbered {
    manifest: Option<u32>,
}

/// A place in the manifest and what is wrong there.
pub(super) type Wrong = (String, String);

pub(super) fn wrong<T>(pointer: impl Into<String>, message: impl Into<String>) -> Result<T, Wrong> {
    Err((pointer.into(), message.into()))
}

/// What the types alone do not say.
fn check(manifest: &Manifest) -> Result<(), Wrong> {
    check_texts(manifest)?;
    check_asked(manifest)?;
    if let Some(pattern) = &manifest.secret.pattern {
        let built = RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
        built.or_else(|error| wrong("/secret/pattern", format!("no regular expression: {error}")))?;
    }
    check_draft(manifest)?;
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
        check_header(&pointer, header, text)?;
        check_values(manifest, &pointer, text, &|value| matches!(value, Value::Secret | Value::Credential(_)))?;
    }
    for (verb, request) in manifest.requests.all() {
        check_request(manifest, &format!("/requests/{}", verb.name()), verb, request, &|_| false)?;
    }
    read_session::check(manifest)?;
    check_keys(manifest)?;
    let guide = &manifest.guide;
    for (name, steps) in [("create", &guide.create), ("update", &guide.update), ("revoke", &guide.revoke)] {
        if let Some(steps) = steps {
            check_steps(manifest, &format!("/guide/{name}"), steps)?;
        }
    }
    Ok(())
}

/// Texts have no character that hides or turns what stands beside it, and those that name something are there.
fn check_texts(manifest: &Manifest) -> Result<(), Wrong> {
    for (pointer, text, is_needed) in texts(manifest) {
        if is_needed && text.trim().is_empty() {
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

/// What people read, where it stands, and whether there has to be something.
fn texts(manifest: &Manifest) -> Vec<(String, &str, bool)> {
    let mut texts = vec![
        ("/name".to_owned(), manifest.name.as_str(), true),
        ("/about".to_owned(), &manifest.about, true),
        ("/address/label".to_owned(), &manifest.address.label, true),
        ("/address/example".to_owned(), &manifest.address.example, false),
    ];
    for (at, known) in manifest.address.known.iter().enumerate() {
        texts.push((format!("/address/known/{at}/name"), &known.name, true));
    }
    for (at, trap) in manifest.traps.iter().enumerate() {
        texts.push((format!("/traps/{at}"), trap, true));
    }
    for (kind, asks) in [("options", &manifest.options), ("credentials", &manifest.credentials)] {
        for (at, ask) in asks.iter().enumerate() {
            texts.push((format!("/{kind}/{at}/label"), &ask.label, true));
            for (name, text) in [("default", &ask.default), ("help", &ask.help)] {
                texts.extend(text.as_deref().map(|text| (format!("/{kind}/{at}/{name}"), text, false)));
            }
        }
    }
    for (at, set) in manifest.draft.api_sets.iter().enumerate() {
        let base = format!("/draft/api_sets/{at}");
        texts.push((format!("{base}/id"), &set.id, true));
        texts.push((format!("{base}/name"), &set.name, true));
        texts.push((format!("{base}/group"), &set.group, false));
        texts.push((format!("{base}/description"), &set.description, false));
    }
    for (at, rule) in manifest.answers.iter().enumerate() {
        texts.extend(rule.hint.as_deref().map(|hint| (format!("/answers/{at}/hint"), hint, true)));
        // An empty text would be found everywhere.
        texts.extend(rule.text.as_deref().map(|text| (format!("/answers/{at}/text"), text, true)));
    }
    for (at, front) in manifest.secret.strip.iter().enumerate() {
        texts.push((format!("/secret/strip/{at}"), front, true));
    }
    texts.extend(read_session::texts(manifest));
    texts
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
    if let Some(at) = manifest.credentials.iter().position(|ask| is_of_the_way(ask.id.as_str())) {
        let id = manifest.credentials[at].id.as_str();
        return wrong(
            format!("/credentials/{at}/id"),
            format!("`{id}` belongs to the connection and is in no request"),
        );
    }
    if let Some(at) = manifest.credentials.iter().position(|ask| ask.default.is_some()) {
        return wrong(format!("/credentials/{at}/default"), "a credential has no default");
    }
    let asks_as_tenant = manifest.requests.all().any(|(verb, _)| !verb.asks_alone());
    if asks_as_tenant && manifest.credentials.is_empty() && manifest.session.is_none() {
        return wrong("/credentials", "the requests need a credential, and none is asked for");
    }
    Ok(())
}

fn check_draft(manifest: &Manifest) -> Result<(), Wrong> {
    let draft = &manifest.draft;
    if draft.name_min > draft.name_max || draft.name_max == 0 {
        return wrong("/draft/name_min", "the shortest name is longer than the longest");
    }
    if draft.longest_days == Some(0) {
        return wrong("/draft/longest_days", "at least a day");
    }
    for (at, end) in draft.ends.iter().enumerate() {
        let has_days = end.range().is_none_or(|range| end.days.is_some_and(|days| days > 0 && range.contains(&days)));
        if !has_days || end.days.is_none() && (end.least.is_some() || end.most.is_some()) {
            return wrong(format!("/draft/ends/{at}"), "at least a day, and `days` within `least` and `most`");
        }
        let overlaps = |other: &End| match (end.range(), other.range()) {
            (Some(one), Some(other)) => one.start() <= other.end() && other.start() <= one.end(),
            (one, other) => one.is_none() && other.is_none(),
        };
        if draft.ends.iter().take(at).any(overlaps) {
            return wrong(format!("/draft/ends/{at}"), "no end twice");
        }
    }
    let mut seen = BTreeSet::new();
    match draft.api_sets.iter().position(|set| !seen.insert(&set.id)) {
        Some(at) => wrong(format!("/draft/api_sets/{at}/id"), format!("`{}` is there twice", draft.api_sets[at].id)),
        None => Ok(()),
    }
}

fn check_header(pointer: &str, name: &str, text: &Text) -> Result<(), Wrong> {
    if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
        return wrong(pointer, format!("`{name}` is no name of a header"));
    }
    if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return wrong(pointer, format!("Latchkey writes the header `{name}` itself"));
    }
    if !text.written().bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return wrong(pointer, "a header has letters, digits and signs of ASCII");
    }
    Ok(())
}

/// That a text is filled in with what there is, and with what may stand there.
fn check_values(manifest: &Manifest, pointer: &str, text: &Text, may: &dyn Fn(&Value) -> bool) -> Result<(), Wrong> {
    let has = |asks: &[super::Ask], id: &str| asks.iter().any(|ask| ask.id.as_str() == id);
    let is_asked = |id: &str| manifest.session.as_ref().is_some_and(|session| session.question(id).is_some());
    for value in text.values() {
        match value {
            Value::Option(id) if !has(&manifest.options, id) => {
                return wrong(pointer, format!("no option `{id}` is asked for"));
            }
            Value::Credential(id) if !has(&manifest.credentials, id) => {
                return wrong(pointer, format!("no credential `{id}` is asked for"));
            }
            Value::Answer(id) if !is_asked(id) => {
                return wrong(pointer, format!("no question `{id}` is asked"));
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

/// A request that stands at `base`; `may` says what may stand in its headers and its body beside what always may.
pub(super) fn check_request(
    manifest: &Manifest,
    base: &str,
    verb: Verb,
    request: &Request,
    may: &dyn Fn(&Value) -> bool,
) -> Result<(), Wrong> {
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
        Value::ExpiresChoice => verb == Verb::Create && !manifest.draft.ends.is_empty(),
        Value::Credential(_) => !verb.asks_alone(),
        other => pages(other) || may(other),
    };
    let begins = request.path.parts().first();
    if !matches!(begins, Some(Part::Fixed(path)) if path.starts_with('/')) {
        return wrong(format!("{base}/path"), "a path begins with a slash");
    }
    check_path(&format!("{base}/path"), &request.path)?;
    check_values(manifest, &format!("{base}/path"), &request.path, &in_address)?;
    for (name, text) in &request.query {
        check_values(manifest, &format!("{base}/query/{}", escaped(name)), text, &in_address)?;
    }
    for (name, text) in &request.headers {
        let pointer = format!("{base}/headers/{}", escaped(name));
        check_header(&pointer, name, text)?;
        let may = |value: &Value| facts(value) && *value != Value::ExpiresChoice || *value == Value::Secret;
        check_values(manifest, &pointer, text, &may)?;
    }
    if let Some(body) = &request.body {
        check_body(manifest, &format!("{base}/body"), body, &facts)?;
    }
    if request.body.is_some() && request.method == Method::Get {
        return wrong(format!("{base}/body"), "a GET has no body");
    }
    if verb.only_reads() && request.method != Method::Get {
        return wrong(format!("{base}/method"), format!("`{}` only reads, so it is a GET", verb.name()));
    }
    if request.method == Method::Get && !verb.only_reads() {
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

/// That a path is as an address has it: nothing in it is changed, or leads elsewhere, when a request is written.
fn check_path(pointer: &str, path: &Text) -> Result<(), Wrong> {
    let written = path.written();
    if written.split('/').any(|part| matches!(part, "." | "..")) || written.starts_with("//") {
        return wrong(pointer, "a path has no `.`, `..` or `//` to lead elsewhere");
    }
    for fixed in path.parts() {
        let Part::Fixed(fixed) = fixed else { continue };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%".contains(c);
        if let Some(c) = fixed.chars().find(|c| !is_plain(*c)) {
            return wrong(pointer, format!("a path does not have {c:?}: write it percent-encoded"));
        }
        let is_code = |after: &str| after.get(..2).is_some_and(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        if fixed.to_ascii_lowercase().contains("%2e") || !fixed.split('%').skip(1).all(is_code) {
            return wrong(pointer, "`%` is followed by the two digits of a character other than a full stop");
        }
    }
    Ok(())
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
    for (verb, check) in requests.all().filter(|(verb, _)| verb.asks_alone()) {
        let mut headers = manifest.authentication.values().chain(check.headers.values());
        if !headers.any(|text| text.values().any(|value| *value == Value::Secret)) {
            // Every text would pass for a key that works.
            return wrong(
                format!("/requests/{}", verb.name()),
                "`{secret}` stands in no header, so nothing is checked",
            );
        }
    }
    match &manifest.key {
        None if requests.list.is_some() || requests.create.is_some() => {
            wrong("/requests", "keys are listed or created, but `key` does not say where their facts are")
        }
        Some(map) if requests.create.is_some() && map.secret.is_none() => {
            wrong("/key", "keys are created, but `secret` does not say where their text is")
        }
        _ if requests.check_throttled.is_some() && requests.check.is_none() => {
            wrong("/requests/check_throttled", "there is no `check` that it could stand in for")
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
