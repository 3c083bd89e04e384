//! What a server answered: what it means, and the keys in it.
//!
//! Everything here comes from a server that may be broken or hostile: nothing is taken for granted, one bad row never
//! hides the others, and texts are cut to what the list can hold.

use std::collections::HashSet;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};
use latchkey_app::ports::{ListedKey, ListedSet};
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::manifest::{AnswerRule, KeyMap, KnownSet, Manifest, Meaning, NoApiSets, Pointer, Request, Verb};

/// The most characters of a name, an owner or an API set's identifier.
const MAX_LINE: usize = 200;
/// The most characters of a description.
const MAX_TEXT: usize = 1_000;
/// So many characters of a body are looked through for a text.
const MAX_LOOKED_AT: usize = 16_384;
/// The most bytes of a key's text.
const MAX_SECRET: usize = 16 * 1024;
/// The most API sets of a key.
const MAX_SETS: usize = 1_000;

/// An answer that arrived whole.
pub struct Arrived<'a> {
    /// Its status.
    pub status: u16,
    /// Its body as text.
    pub text: &'a str,
    /// Its body as JSON, if it is JSON.
    pub json: Option<&'a Json>,
}

/// What an answer means, with the rule that says so.
#[must_use]
pub fn meaning<'m>(manifest: &'m Manifest, verb: Verb, arrived: &Arrived<'_>) -> (Meaning, Option<&'m AnswerRule>) {
    if let Some(rule) = manifest.answers.iter().find(|rule| fits(rule, verb, arrived)) {
        return (rule.means, Some(rule));
    }
    let meaning = match arrived.status {
        200..=299 => Meaning::Done,
        401 => Meaning::Unknown,
        402 => Meaning::Payment,
        403 => Meaning::NotPermitted,
        404 | 410 => Meaning::NotFound,
        409 => Meaning::Conflict,
        429 => Meaning::Throttled,
        400..=499 => Meaning::Invalid,
        _ => Meaning::Trouble,
    };
    (meaning, None)
}

fn fits(rule: &AnswerRule, verb: Verb, arrived: &Arrived<'_>) -> bool {
    let has = |pointer: &Pointer| arrived.json.is_some_and(|json| pointer.of(json).is_some());
    let equals =
        |(pointer, value): (&String, &Json)| arrived.json.and_then(|json| json.pointer(pointer)) == Some(value);
    (rule.requests.is_empty() || rule.requests.contains(&verb))
        && rule.status.is_none_or(|status| status.has(arrived.status))
        && rule.text.as_ref().is_none_or(|text| contains(arrived.text, text))
        && rule.has.as_ref().is_none_or(has)
        && rule.equals.iter().all(equals)
}

fn contains(body: &str, text: &str) -> bool {
    let end = body.char_indices().nth(MAX_LOOKED_AT).map_or(body.len(), |(at, _)| at);
    // A body may have a secret in it.
    let looked_at = Zeroizing::new(body[..end].to_lowercase());
    looked_at.contains(&text.to_lowercase())
}

/// Why a server refused, in its own words, as far as they can be shown: one line, no markup, nothing unseen.
#[must_use]
pub fn reason(manifest: &Manifest, arrived: &Arrived<'_>, secrets: &[&Secret]) -> Option<String> {
    let json = arrived.json?;
    let found = manifest.messages.iter().find_map(|pointer| pointer.of(json)?.as_str())?;
    // Some servers repeat what they refuse.
    let repeats =
        |secret: &&Secret| Some(secret.expose().trim()).is_some_and(|text| !text.is_empty() && found.contains(text));
    if secrets.iter().any(repeats) {
        return None;
    }
    let shown = line(found, MAX_LINE);
    (!shown.is_empty()).then_some(shown)
}

/// What is at a request's place in an answer.
#[must_use]
pub fn at<'v>(request: &Request, json: &'v Json) -> Option<&'v Json> {
    request.at.of(json)
}

/// The keys of a list; rows that are none are counted, not taken.
#[must_use]
pub fn keys(manifest: &Manifest, map: &KeyMap, rows: &[Json]) -> (Vec<ListedKey>, usize) {
    let keys: Vec<ListedKey> = rows.iter().filter_map(|row| key(manifest, map, row)).collect();
    let skipped = rows.len() - keys.len();
    (keys, skipped)
}

/// A key; `None` where the row has no identifier.
#[must_use]
pub fn key(manifest: &Manifest, map: &KeyMap, row: &Json) -> Option<ListedKey> {
    let text = |pointer: &Option<Pointer>| pointer.as_ref().and_then(|pointer| pointer.of(row)).and_then(shown);
    let instant = |pointer: &Option<Pointer>| pointer.as_ref().and_then(|pointer| pointer.of(row)).and_then(moment);
    // What names it in requests is not cut: half an identifier names nothing, or something else.
    let id = shown_whole(map.id.of(row)?).filter(|id| !id.is_empty() && id.chars().count() <= MAX_LINE)?;
    let sets = map.api_sets.as_ref().and_then(|pointer| pointer.of(row)).map(sets).unwrap_or_default();
    let none_is_all = manifest.draft.no_api_sets == NoApiSets::Everything;
    let everything = (sets.is_empty() && none_is_all) || sets.iter().any(|set| map.everything.contains(set));
    let [head, tail] = [&map.head, &map.tail].map(|pointer| text(pointer).unwrap_or_default());
    let description = map.description.as_ref().and_then(|pointer| pointer.of(row)).and_then(Json::as_str);
    let owner = map.owner.as_ref().and_then(|pointer| pointer.of(row)).and_then(shown);
    let owner = if map.owner_is_html { owner.map(|owner| plain(&owner)) } else { owner };
    Some(ListedKey {
        name: text(&map.name).filter(|name| !name.is_empty()).unwrap_or_else(|| cut(&id, 24)),
        description: description.map(|text| seen(text, MAX_TEXT, true)).unwrap_or_default(),
        display: if head.is_empty() && tail.is_empty() {
            String::new()
        } else {
            format!("{}…{}", cut(&head, 12), cut(&tail, 8))
        },
        api_sets: sets,
        everything,
        owner: owner.map(|owner| line(&owner, MAX_LINE)).filter(|owner| !owner.is_empty()),
        created_at: instant(&map.created),
        expires_at: instant(&map.expires),
        last_used_at: instant(&map.last_used),
        active: map.active.as_ref().and_then(|pointer| pointer.of(row)).is_none_or(is_true),
        id,
    })
}

/// The text of a key that was made.
#[must_use]
pub fn secret(map: &KeyMap, row: &Json) -> Option<Secret> {
    let text = map.secret.as_ref()?.of(row)?.as_str()?.trim();
    // Some servers hide a part of it wherever they show it.
    let is_masked = text.contains("***") || text.contains(['…', '•', '●']);
    (!text.is_empty() && !is_masked && text.len() <= MAX_SECRET).then(|| Secret::new(text.to_owned()))
}

/// The API sets of an answer: texts, or objects with `id` and perhaps `name`, `group` and `description`.
#[must_use]
pub fn api_sets(rows: &[Json], known: &[KnownSet]) -> Vec<ListedSet> {
    let mut seen_before = HashSet::new();
    let set = |row: &Json| {
        let part = |name: &str| row.get(name).and_then(shown).unwrap_or_default();
        let id = row.as_str().map(|text| line(text, MAX_LINE)).or_else(|| row.get("id").and_then(shown))?;
        let known = known.iter().find(|set| set.id == id);
        let or_known = |said: String, known: Option<&String>| {
            if said.is_empty() { known.cloned().unwrap_or_default() } else { said }
        };
        let name = or_known(part("name"), known.map(|set| &set.name));
        Some(ListedSet {
            name: if name.is_empty() { id.clone() } else { name },
            group: or_known(part("group"), known.map(|set| &set.group)),
            description: or_known(part("description"), known.map(|set| &set.description)),
            id,
        })
    };
    let sets = rows.iter().filter_map(set).filter(|set| !set.id.is_empty());
    sets.filter(|set| seen_before.insert(set.id.clone())).take(MAX_SETS).collect()
}

/// A moment in any of the forms that servers write: RFC 3339, without an offset (then UTC), a date, seconds or
/// milliseconds since 1970, or an object with `utcTime`; in whole seconds. What is before 1970 or after 9999 stands for
/// nothing.
#[must_use]
pub fn moment(value: &Json) -> Option<DateTime<Utc>> {
    let found = match value {
        Json::String(text) => written(text.trim()),
        Json::Number(number) => of_number(number.as_i64().or_else(|| whole(number.as_f64()?))?),
        Json::Object(members) => written(members.get("utcTime")?.as_str()?.trim()),
        _ => None,
    };
    // As Latchkey keeps it: the rest of a second would pass for a change each time.
    found.map(|at| at.trunc_subsecs(0)).filter(|at| (1970..=9999).contains(&at.year()) && at.timestamp() > 0)
}

fn written(text: &str) -> Option<DateTime<Utc>> {
    let naive = |format| NaiveDateTime::parse_from_str(text, format).ok().map(|at| at.and_utc());
    let offset = |format| DateTime::parse_from_str(text, format).ok().map(|at| at.to_utc());
    let midnight = |date: NaiveDate| date.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .ok()
        .or_else(|| offset("%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|| offset("%Y-%m-%d %H:%M:%S%.f %#z"))
        .or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
        .or_else(|| midnight(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?))
        .or_else(|| of_number(text.parse().ok()?))
}

/// The whole seconds of a number with a fraction.
fn whole(number: f64) -> Option<i64> {
    // Written out and read again: there is no other way without a cast that cuts.
    format!("{:.0}", number.trunc()).parse().ok()
}

/// Seconds up to the year 5138, milliseconds beyond.
fn of_number(number: i64) -> Option<DateTime<Utc>> {
    const SECONDS: i64 = 100_000_000_000;
    match number {
        ..=0 => None,
        1..SECONDS => DateTime::from_timestamp(number, 0),
        _ => DateTime::from_timestamp_millis(number),
    }
}

fn sets(value: &Json) -> Vec<String> {
    let mut seen_before = HashSet::new();
    let texts: Vec<String> = match value {
        Json::Array(items) => {
            let id = |item: &Json| shown(item).or_else(|| item.get("id").and_then(shown));
            items.iter().filter_map(id).collect()
        }
        Json::String(text) => text.split([',', ' ']).map(|part| line(part, MAX_LINE)).collect(),
        _ => Vec::new(),
    };
    texts.into_iter().filter(|set| !set.is_empty() && seen_before.insert(set.clone())).take(MAX_SETS).collect()
}

fn is_true(value: &Json) -> bool {
    match value {
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_i64() != Some(0),
        Json::String(text) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "active" | "enabled" | "yes"),
        _ => false,
    }
}

/// A text or a whole number, as one line that can be shown.
pub(crate) fn shown(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(line(text, MAX_LINE)),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The same as it is, or nothing where it has something that cannot be shown.
pub(crate) fn shown_whole(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => (seen(text, usize::MAX, false) == *text).then(|| text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What HTML writes with an ampersand, as it is meant; what is none stays.
fn plain(html: &str) -> String {
    let mut plain = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let named = from.split_once(';').and_then(|(name, after)| Some((meant(&name[1..])?, after)));
        let (c, after) = named.unwrap_or(('&', &from[1..]));
        plain.push(c);
        rest = after;
    }
    plain + rest
}

fn meant(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?)
        }
    }
}

/// Somebody else's text as one line.
pub(crate) fn line(text: &str, most: usize) -> String {
    seen(text, most, false).trim().to_owned()
}

/// Without what cannot be seen or turns the direction of text, as names in Latchkey are.
fn seen(text: &str, most: usize, lines: bool) -> String {
    let is_seen = |c: &char| {
        let mut bytes = [0; 4];
        let mut alone = || latchkey_domain::text::description(c.encode_utf8(&mut bytes)).is_ok();
        // The separators of lines and paragraphs break lines as controls do.
        if c.is_control() {
            lines && *c == '\n'
        } else {
            c.is_ascii() || (!matches!(c, '\u{2028}' | '\u{2029}') && alone())
        }
    };
    text.chars().filter(is_seen).take(most).collect()
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::{moment, plain, seen};

    #[test]
    fn moments_are_read_however_they_are_written() {
        for written in [
            json!("2026-11-21T10:00:00Z"),
            json!("2026-11-21T12:00:00.0000000+02:00"),
            json!("2026-11-21T12:00:00+0200"),
            json!("2026-11-21T10:00:00.123"),
            json!("2026-11-21 10:00:00"),
            json!("2026-11-21 10:00:00 +0000"),
            json!(" 1795255200 "),
            json!(1_795_255_200),
            json!(1_795_255_200.75),
            json!(1_795_255_200_000_u64),
            json!({ "utcTime": "2026-11-21T10:00:00.0000000Z", "timeZoneOffset": "02:00:00" }),
        ] {
            assert_eq!(moment(&written), chrono::DateTime::from_timestamp(1_795_255_200, 0), "{written}");
        }
        assert_eq!(moment(&json!("2026-11-21")).map(|at| at.timestamp()), Some(1_795_219_200));
    }

    #[test]
    fn what_stands_for_no_moment_is_none() {
        for written in [
            json!(null),
            json!(""),
            json!("never"),
            json!(0),
            json!(-1),
            json!(i64::MAX),
            json!(1e300),
            json!("0001-01-01T00:00:00Z"),
            json!("1970-01-01T00:00:00Z"),
            json!("+12345-01-01T00:00:00Z"),
            json!([1_795_255_200]),
            json!({ "utcTime": { "utcTime": 1 } }),
        ] {
            assert_eq!(moment(&written), None, "{written}");
        }
    }

    #[test]
    fn names_in_html_are_read_once() {
        for (html, means) in [
            ("O&#39;Brien &amp; &lt;Sons&gt;", "O'Brien & <Sons>"),
            ("&#x41;&#X42;&quot;&apos;", "AB\"'"),
            ("&amp;amp;", "&amp;"),
            ("A & B; C &nobody; &#xD800; &", "A & B; C &nobody; &#xD800; &"),
            ("", ""),
        ] {
            assert_eq!(plain(html), means, "{html}");
        }
    }

    #[test]
    fn only_what_can_be_seen_is_shown() {
        assert_eq!(seen("a\u{202e}b\u{0}c\u{200b}\u{e0041}d\u{2028}e\n\t€", 99, false), "abcde€");
        assert_eq!(seen("a\nb", 99, true), "a\nb");
        assert_eq!(seen("abc", 2, true), "ab");
    }
}
