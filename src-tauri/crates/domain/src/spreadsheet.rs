//! Cells of a table that no spreadsheet takes for a formula, and that come back as they were.
//!
//! A spreadsheet computes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, quoted or not; one set
//! up for another language may end a cell at a semicolon or a tab inside ours. So an apostrophe is put before each such
//! beginning: at the start of the cell, and behind everything inside it that another reader may take for its end.

/// What a spreadsheet computes, the wide forms of East Asian keyboards included.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}')
}

/// What another reader may take for the end of a cell.
fn may_end(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n' | '|')
}

/// What may stand before a formula without hindering it.
fn is_before(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '"')
}

/// A text as it is written into a cell.
#[must_use]
pub fn guarded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    each_part(text, |before, marks, part| {
        safe.push_str(before);
        safe.push_str(marks);
        if part.starts_with(is_formula) {
            safe.push('\'');
        }
        safe.push_str(part);
    });
    safe
}

/// A text as it was before [`guarded`]; what was not guarded stays as it is.
#[must_use]
pub fn unguarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    each_part(cell, |before, marks, part| {
        text.push_str(before);
        let dropped = usize::from(part.starts_with(is_formula) && !marks.is_empty());
        text.push_str(&marks[dropped..]);
        text.push_str(part);
    });
    text
}

/// Calls with each part of a text that another reader may take for a cell of its own: what may stand before a formula,
/// the apostrophes behind that, and the rest up to and with what may end it.
fn each_part(text: &str, mut tell: impl FnMut(&str, &str, &str)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (before, after) = rest.split_at(rest.find(|c| !is_before(c)).unwrap_or(rest.len()));
        let (marks, after) = after.split_at(after.find(|c| c != '\'').unwrap_or(after.len()));
        // A part has at least one character, so that one which both begins a formula and ends a cell is guarded.
        let end = after.char_indices().find(|&(_, c)| may_end(c)).map_or(after.len(), |(at, c)| at + c.len_utf8());
        let (part, next) = after.split_at(end);
        tell(before, marks, part);
        rest = next;
    }
}
