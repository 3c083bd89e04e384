//! Text into words, for what is stored and for what is typed alike.
//!
//! SQLite's own tokenizers are not used to split: the same function here prepares the stored text and the query, so
//! the two cannot disagree, and a single row can be tested without asking the index. The index is told to split at
//! blanks only (`ascii` takes every other ASCII character that occurs here as part of a word).

use rusqlite::Connection;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::fault::Result;

/// Marks a word that stands for an API set. No typed text keeps this character (private use, not alphanumeric).
const SET_MARK: char = '\u{E000}';
/// Marks a word that stands for a tenant.
const TENANT_MARK: char = '\u{E001}';

/// The words of a text: runs of letters and digits, without upper case, accents or compatibility forms.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.nfkd().filter(|&c| canonical_combining_class(c) == 0) {
        if c.is_alphanumeric() {
            // A capital may become several characters, some of them accents again (İ).
            word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()).map(|c| if c == 'ς' { 'σ' } else { c }));
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Words for a stored text: each once, in order, with blanks between.
pub(crate) fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = texts.into_iter().flat_map(words).collect();
    all.sort_unstable();
    all.dedup();
    all.join(" ")
}

/// What the index holds of a key.
pub(crate) fn document<'a>(texts: impl IntoIterator<Item = &'a str>, tenant: i64, sets: &[i64]) -> String {
    let mut text = joined(texts);
    let mut add = |mark: char, row: i64| {
        text.push(' ');
        text.push(mark);
        text.push_str(&row.to_string());
    };
    add(TENANT_MARK, tenant);
    for &set in sets {
        add(SET_MARK, set);
    }
    text
}

/// What was typed, ready to be asked of the index or of one row.
#[derive(Debug)]
pub(crate) struct Search {
    words: Vec<Word>,
    /// Marks the tenant asked for, where there are others.
    scope: Option<String>,
}

/// The longest beginnings that the index keeps ready (`prefix` in `key.sql`), in characters.
const READY: usize = 3;
/// A longer beginning of so many words is asked for by these words.
const COMPLETIONS: usize = 32;

/// One typed word with the API sets whose name, identifier or heading has a word that begins with it.
#[derive(Debug)]
struct Word {
    begins: String,
    sets: Vec<String>,
}

impl Search {
    /// Prepares typed words; `None` when nothing that can be searched for was typed.
    pub(crate) fn new(connection: &Connection, typed: &[String], tenant: Option<i64>) -> Result<Option<Self>> {
        let mut begins: Vec<String> = typed.iter().flat_map(|text| words(text)).collect();
        begins.sort_unstable();
        begins.dedup();
        // "qu" says nothing beside "quay"; in sorted order what begins with it follows at once.
        let kept: Vec<String> = begins
            .iter()
            .enumerate()
            .filter(|(at, word)| !begins.get(at + 1).is_some_and(|next| next.starts_with(*word)))
            .map(|(_, word)| word.clone())
            .collect();
        if kept.is_empty() {
            return Ok(None);
        }
        let mut words: Vec<Word> = kept.into_iter().map(|begins| Word { begins, sets: Vec::new() }).collect();
        let mut sets = connection.prepare_cached("SELECT row, words FROM api_set WHERE ?1 IS NULL OR tenant = ?1")?;
        let mut rows = sets.query([tenant])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            for word in &mut words {
                if has_word(text, &word.begins) {
                    word.sets.push(format!("{SET_MARK}{}", row.get::<_, i64>(0)?));
                }
            }
        }
        let scope = match tenant {
            Some(tenant) if !is_only_tenant(connection)? => Some(format!("\"{TENANT_MARK}{tenant}\"")),
            _ => None,
        };
        Ok(Some(Self { words, scope }))
    }

    /// The question in FTS5's language; in the tenant asked for only where `scoped`, else possibly in all.
    pub(crate) fn expression(&self, scoped: bool) -> String {
        let terms = self.words.iter().map(|word| word.term(&[]));
        self.all_of(terms.collect(), scoped)
    }

    /// The same question for all of its answers: with long words completed, which is thrice as fast.
    pub(crate) fn completed(&self, connection: &Connection, scoped: bool) -> Result<String> {
        let mut complete = connection
            .prepare_cached("SELECT term FROM search_word WHERE term >= ?1 AND term < ?1 || char(1114111)")?;
        let mut terms = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let mut complete_words = Vec::new();
            if word.begins.chars().count() > READY {
                let found = complete.query_map([&word.begins], |row| row.get(0))?;
                complete_words = found.take(COMPLETIONS + 1).collect::<rusqlite::Result<Vec<String>>>()?;
            }
            terms.push(word.term(if complete_words.len() > COMPLETIONS { &[] } else { &complete_words }));
        }
        Ok(self.all_of(terms, scoped))
    }

    fn all_of(&self, mut terms: Vec<String>, scoped: bool) -> String {
        terms.extend(self.scope.clone().filter(|_| scoped));
        terms.join(" AND ")
    }

    /// Whether a stored document has all of it.
    pub(crate) fn finds(&self, document: &str) -> bool {
        self.words.iter().all(|word| {
            document.split(' ').any(|found| found.starts_with(&word.begins) || word.sets.iter().any(|set| set == found))
        })
    }
}

impl Word {
    /// Letters, digits and the two marks only: nothing in it can end the quotes.
    fn term(&self, completions: &[String]) -> String {
        let begins = if completions.is_empty() { vec![format!("\"{}\"*", self.begins)] } else { Vec::new() };
        let whole = completions.iter().chain(&self.sets).map(|word| format!("\"{word}\""));
        let any: Vec<String> = begins.into_iter().chain(whole).collect();
        format!("({})", any.join(" OR "))
    }
}

fn has_word(text: &str, begins: &str) -> bool {
    text.split(' ').any(|found| found.starts_with(begins))
}

fn is_only_tenant(connection: &Connection) -> Result<bool> {
    let several: bool = connection
        .prepare_cached("SELECT count(*) > 1 FROM (SELECT 1 FROM tenant LIMIT 2)")?
        .query_row([], |row| row.get(0))?;
    Ok(!several)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{document, joined, words};

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("Quay-3 gate"), ["quay", "3", "gate"]);
        assert_eq!(words("lk_8fK2pQ7z…x9Qa"), ["lk", "8fk2pq7z", "x9qa"]);
        assert_eq!(words("files:read"), ["files", "read"]);
        assert!(words("… -- \u{E000} \"*").is_empty());
    }

    #[test]
    fn accents_case_and_compatibility_forms_do_not_count() {
        assert_eq!(words("Zürich ZÜRICH Zu\u{308}rich"), ["zurich", "zurich", "zurich"]);
        assert_eq!(words("ﬁle İzmir ΟΔΟΣ οδος"), ["file", "izmir", "οδοσ", "οδοσ"]);
    }

    #[test]
    fn a_document_has_each_word_once_and_its_marks() {
        assert_eq!(joined(["b a", "A c"]), "a b c");
        assert_eq!(document(["b a"], 3, &[7, 8]), "a b \u{E001}3 \u{E000}7 \u{E000}8");
    }
}
