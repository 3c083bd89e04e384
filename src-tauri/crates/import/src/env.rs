//! `.env` files: `NAME=value`, one a line, as shells and dotenv libraries read them.

use zeroize::Zeroizing;

use crate::{Entry, MAX_ENTRIES, Unreadable, key, names_a_key, words};

pub(crate) fn read(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut comment = String::new();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if entries.len() > MAX_ENTRIES {
            break;
        }
        if let Some(said) = line.strip_prefix('#') {
            comment = words(said);
            continue;
        }
        let description = std::mem::take(&mut comment);
        if !line.is_empty() {
            entries.push(entry(line, number, description));
        }
    }
    entries
}

/// Whether a line is `NAME=…`.
pub(crate) fn is_assignment(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| is_name(bare(name)))
}

fn entry(line: &str, number: u32, description: String) -> Entry {
    let (name, value) = match line.split_once('=') {
        Some((name, value)) if is_name(bare(name)) => (bare(name), Ok(value)),
        _ => ("", Err(Unreadable::Form)),
    };
    let key = value.and_then(unquoted).and_then(|value| key(&value));
    let likely = key.is_ok() && names_a_key(name);
    Entry { line: number, name: words(name), description, owner: None, key, likely }
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix("export ").map_or(name, str::trim)
}

/// Names of variables; docker and others take dots and hyphens too.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// The value without its quotes and the remark behind it.
fn unquoted(value: &str) -> Result<Zeroizing<String>, Unreadable> {
    let value = value.trim();
    // Large enough from the start, so that nothing is left behind unwiped.
    let mut plain = Zeroizing::new(String::with_capacity(value.len()));
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
        plain.push_str(value[..end].trim_end());
        return if refers(&plain) { Err(Unreadable::Reference) } else { Ok(plain) };
    };
    let mut rest = value[1..].chars();
    loop {
        match rest.next() {
            None => return Err(Unreadable::Form),
            Some(c) if c == quote => break,
            Some('\\') if quote == '"' => match rest.next() {
                None => return Err(Unreadable::Form),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some('t') => plain.push('\t'),
                Some(c) => plain.push(c),
            },
            Some(c) => plain.push(c),
        }
    }
    let rest = rest.as_str().trim_start();
    if !rest.is_empty() && !rest.starts_with('#') {
        return Err(Unreadable::Form);
    }
    if quote == '"' && refers(&plain) { Err(Unreadable::Reference) } else { Ok(plain) }
}

/// `$NAME` or `${NAME}`, and nothing else.
fn refers(value: &str) -> bool {
    let Some(name) = value.strip_prefix('$') else { return false };
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
