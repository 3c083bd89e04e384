//! `.APIKEY` files: a key, with or without labels around it. The systems that write them do not say how.

use crate::{Entry, MAX_APIKEY_FILE, MIN_KEY, Refused, key, words};

/// How long the keys are for which such files are best known.
const USUAL: usize = 32;
/// From so many characters on a word may be a key.
const LONG: usize = 16;

/// The key, where it is clear which word it is: the only word, the only one of 32 letters and digits, or the only
/// long one. Otherwise every word that it may be, none of them likely.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<Entry>, Refused> {
    if text.len() > MAX_APIKEY_FILE {
        return Err(Refused::TooLarge { max: MAX_APIKEY_FILE });
    }
    let all: Vec<(u32, &str)> = text.lines().zip(1..).flat_map(|(line, number)| tokens(line, number)).collect();
    let of_length = |wanted: fn(&str) -> bool| all.iter().copied().filter(|(_, word)| wanted(word)).collect();
    let usual: Vec<_> = of_length(|word| word.len() == USUAL && word.bytes().all(|b| b.is_ascii_alphanumeric()));
    let long: Vec<_> = of_length(|word| word.chars().count() >= LONG);
    let candidates = match (&all[..], &usual[..], &long[..]) {
        ([_], _, _) => all,
        (_, [_], _) => usual,
        (_, _, [_, ..]) => long,
        _ => all.into_iter().filter(|(_, word)| word.chars().count() >= MIN_KEY).collect(),
    };
    if candidates.is_empty() {
        return Err(Refused::Empty);
    }
    let likely = candidates.len() == 1;
    let name = words(stem(name));
    let entry = |(line, word): (u32, &str)| {
        let key = key(word);
        Entry { line, name: name.clone(), description: String::new(), owner: None, likely: likely && key.is_ok(), key }
    };
    Ok(candidates.into_iter().map(entry).collect())
}

/// The words of a line, without the quotes around them and without labels: `Key: abc` and `key=abc` have one.
fn tokens(line: &str, number: u32) -> impl Iterator<Item = (u32, &str)> {
    line.split_whitespace()
        .map(|word| match word.split_once(['=', ':']) {
            Some((label, rest)) if is_label(label) => rest,
            _ => word,
        })
        .map(|word| word.trim_matches(['"', '\'', '`', ',', ';', '<', '>']))
        .filter(|word| !word.is_empty() && !is_label(word.trim_end_matches([':', '='])))
        .map(move |word| (number, word))
}

fn is_label(word: &str) -> bool {
    let words =
        ["key", "apikey", "api-key", "api_key", "x-api-key", "api", "token", "secret", "value", "authorization"];
    words.iter().any(|known| word.eq_ignore_ascii_case(known)) || word.eq_ignore_ascii_case("bearer")
}

/// The file's name without its ending, as Download proposes it.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}
