//! Rules for what people type: names, descriptions, owners, reasons, identifiers of API sets.

use crate::field::{Field, FieldProblem, Rule};

/// Parses the name of a key or tenant: trimmed, 3 to 100 characters, one line, nothing invisible, no web address.
pub fn name(text: &str) -> Result<String, FieldProblem> {
    name_within(text, 3, 100)
}

/// A name by the loosest rule that a tenant can have: 1 to 100 characters. For what is read before the tenant is known; its own
/// rule comes after it.
pub fn any_name(text: &str) -> Result<String, FieldProblem> {
    name_within(text, 1, 100)
}

/// As [`name`], with so many characters at least and at most.
pub fn name_within(text: &str, min: u32, max: u32) -> Result<String, FieldProblem> {
    let text = line(Field::Name, text, max)?;
    match text.chars().count() {
        0 => Err(problem(Field::Name, Rule::Required)),
        count if count < min as usize => Err(problem(Field::Name, Rule::TooShort { min })),
        _ if has_url(&text) => Err(problem(Field::Name, Rule::Url)),
        _ => Ok(text),
    }
}

/// Parses a description: at most 1 000 characters; new lines and tabs are welcome, nothing else unseen.
pub fn description(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    check_seen(Field::Description, text, |c| matches!(c, '\n' | '\t'))?;
    check_length(Field::Description, text, 1_000)?;
    Ok(text.to_owned())
}

/// Parses an owner: one line of at most 100 characters; nothing typed is the operator's own.
pub fn owner(text: &str, operator: &str) -> Result<String, FieldProblem> {
    let text = line(Field::Owner, text, 100)?;
    Ok(if text.is_empty() { operator.to_owned() } else { text })
}

/// Parses a reason: one line of at most 500 characters, or `None` for nothing.
pub fn reason(text: Option<&str>) -> Result<Option<String>, FieldProblem> {
    let text = line(Field::Reason, text.unwrap_or_default(), 500)?;
    Ok((!text.is_empty()).then_some(text))
}

/// Parses an API set's identifier: 1 to 64 letters, digits and `. _ - : * /`.
pub fn api_set_id(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem(Field::Id, Rule::Required));
    }
    check_length(Field::Id, text, 64)?;
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "._-:*/".contains(c)) {
        return Err(problem(Field::Id, Rule::Characters));
    }
    Ok(text.to_owned())
}

/// Parses an API set's name: one line of at most 100 characters; the identifier where nothing was typed.
pub fn api_set_name(text: Option<&str>, id: &str) -> Result<String, FieldProblem> {
    let text = line(Field::Name, text.unwrap_or_default(), 100)?;
    Ok(if text.is_empty() { id.to_owned() } else { text })
}

/// Parses what something is called: one line of 1 to 200 characters.
pub fn label(text: &str) -> Result<String, FieldProblem> {
    let text = line(Field::Name, text, 200)?;
    if text.is_empty() { Err(problem(Field::Name, Rule::Required)) } else { Ok(text) }
}

/// Parses the heading of API sets: one line of at most 100 characters, or `None` for nothing.
pub fn group(text: Option<&str>) -> Result<Option<String>, FieldProblem> {
    let text = line(Field::Group, text.unwrap_or_default(), 100)?;
    Ok((!text.is_empty()).then_some(text))
}

/// Parses tags: at most 20, each one line of at most 40 characters without a comma; each once, in order.
pub fn tags(texts: &[String]) -> Result<Vec<String>, FieldProblem> {
    let mut tags = Vec::new();
    for text in texts {
        let tag = line(Field::Tags, text, 40)?;
        if tag.contains(',') {
            return Err(problem(Field::Tags, Rule::Characters));
        }
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > 20 {
        return Err(problem(Field::Tags, Rule::OutOfRange { min: 0, max: 20 }));
    }
    tags.sort_unstable();
    Ok(tags)
}

/// Checks the text of a key that was made elsewhere: one line of 8 characters to 4 096 bytes, with nothing unseen in it
/// but blanks.
pub fn key_text(text: &str) -> Result<(), FieldProblem> {
    if text.is_empty() {
        return Err(problem(Field::Secret, Rule::Required));
    }
    if text.chars().count() < 8 {
        return Err(problem(Field::Secret, Rule::TooShort { min: 8 }));
    }
    if text.len() > 4_096 {
        return Err(problem(Field::Secret, Rule::TooLong { max: 4_096 }));
    }
    check_seen(Field::Secret, text, |_| false)
}

fn line(field: Field, text: &str, max: u32) -> Result<String, FieldProblem> {
    let text = text.trim();
    check_seen(field, text, |_| false)?;
    check_length(field, text, max)?;
    Ok(text.to_owned())
}

fn check_length(field: Field, text: &str, max: u32) -> Result<(), FieldProblem> {
    if text.chars().count() > max as usize {
        return Err(problem(field, Rule::TooLong { max }));
    }
    Ok(())
}

fn check_seen(field: Field, text: &str, welcome: impl Fn(char) -> bool) -> Result<(), FieldProblem> {
    for (at, c) in text.char_indices().filter(|&(_, c)| !welcome(c)) {
        if c.is_control() {
            return Err(problem(field, Rule::ControlCharacter));
        }
        if is_invisible(c) && !joins_emoji(text, at, c) {
            return Err(problem(field, Rule::InvisibleCharacter));
        }
    }
    Ok(())
}

/// Characters that show nothing or reorder what is shown, after Unicode's `Default_Ignorable_Code_Point` and the
/// bidirectional controls of UAX #9: a name must not look like another one.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A zero-width joiner or an emoji selector right behind a symbol is part of one picture (👩‍🔧), not a disguise.
fn joins_emoji(text: &str, at: usize, c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0F}')
        && text[..at].chars().next_back().is_some_and(|before| before == '\u{FE0F}' || before >= '\u{2190}')
}

/// A scheme with `://`, or something that starts like a web address.
fn has_url(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("://") || text.split_whitespace().any(|word| word.starts_with("www.") && word.len() > 4)
}

fn problem(field: Field, rule: Rule) -> FieldProblem {
    FieldProblem { name: field, rule }
}
