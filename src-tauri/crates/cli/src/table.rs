//! Text in columns, for people.

use std::io::{self, IsTerminal as _};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What stands between two columns.
const GAP: usize = 2;
/// No column is made narrower than this to fit the terminal.
const NARROWEST: usize = 8;

/// Rows as columns of equal width, printed page by page. The first page decides how wide they are.
pub(crate) struct Table<const N: usize> {
    head: [&'static str; N],
    whole: &'static [&'static str],
    fit: Option<usize>,
    widths: Option<[usize; N]>,
}

impl<const N: usize> Table<N> {
    /// A table that fits the terminal, where standard output is one; columns named in `whole` are not cut for that.
    pub(crate) fn new(head: [&'static str; N], whole: &'static [&'static str]) -> Self {
        let fit = if io::stdout().is_terminal() { terminal_size::terminal_size() } else { None };
        Self { head, whole, fit: fit.map(|(width, _)| width.0.into()), widths: None }
    }

    /// The next rows, with the head before the first ones.
    pub(crate) fn page(&mut self, rows: &[[String; N]]) -> String {
        let rows: Vec<[String; N]> = rows.iter().map(|row| std::array::from_fn(|at| on_one_line(&row[at]))).collect();
        let mut text = String::new();
        let widths = self.widths.unwrap_or_else(|| {
            let widths = self.measure(&rows);
            add_line(&mut text, &self.head, &widths);
            widths
        });
        self.widths = Some(widths);
        for row in &rows {
            let cells: [String; N] = std::array::from_fn(|at| match self.fit {
                Some(_) => cut(&row[at], widths[at]),
                None => row[at].clone(),
            });
            add_line(&mut text, &cells.each_ref().map(String::as_str), &widths);
        }
        text
    }

    fn measure(&self, rows: &[[String; N]]) -> [usize; N] {
        let mut widths: [usize; N] = std::array::from_fn(|at| {
            rows.iter().map(|row| row[at].width()).chain([self.head[at].width()]).max().unwrap_or(0)
        });
        let Some(fit) = self.fit else { return widths };
        let room = fit.saturating_sub(GAP * N.saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let may_shrink = |&at: &usize| widths[at] > NARROWEST && !self.whole.contains(&self.head[at]);
            let Some(widest) = (0..N).filter(may_shrink).max_by_key(|&at| widths[at]) else { break };
            widths[widest] -= 1;
        }
        widths
    }
}

/// Facts as `label  value`, one a line; lines of a value that has several stand below each other.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (label, value) in facts {
        for (number, line) in value.split('\n').enumerate() {
            let label = if number == 0 { label } else { "" };
            add_line(&mut text, &[label, &on_one_line(line)], &[width, 0]);
        }
    }
    text
}

fn add_line<const N: usize>(text: &mut String, cells: &[&str; N], widths: &[usize; N]) {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + GAP));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Control characters as their escapes: what was stored must not move the cursor of whoever reads it.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{Table, facts};

    fn table(fit: Option<usize>, rows: &[[String; 2]]) -> String {
        Table { head: ["A", "NUMBER"], whole: &["NUMBER"], fit, widths: None }.page(rows)
    }

    #[test]
    fn columns_stand_under_each_other_whatever_the_letters() {
        let rows = [["ä".into(), "2".into()], ["😀".into(), "3".into()], ["abc".into(), "10".into()]];
        assert_eq!(table(None, &rows), "A    NUMBER\nä    2\n😀   3\nabc  10\n");
    }

    #[test]
    fn a_table_is_cut_to_the_terminal_but_for_its_whole_columns() {
        let rows = [["a long long name".into(), "1234567890".into()]];
        assert_eq!(table(Some(22), &rows), "A           NUMBER\na long lo…  1234567890\n");
        assert_eq!(table(Some(5), &rows), "A         NUMBER\na long …  1234567890\n", "never narrower than this");
    }

    #[test]
    fn later_pages_stand_under_the_first_one() {
        let mut table = Table { head: ["A", "B"], whole: &[], fit: None, widths: None };
        assert_eq!(table.page(&[["long".into(), "1".into()]]), "A     B\nlong  1\n");
        assert_eq!(table.page(&[["a".into(), "2".into()]]), "a     2\n");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(table(None, &[["a\u{1b}[2J\nb".into(), String::new()]]), "A              NUMBER\na\\u{1b}[2J\\nb\n");
    }

    #[test]
    fn lines_of_one_value_stand_below_each_other() {
        assert_eq!(facts(&[("a", "1\n2".into()), ("long", "3\t".into())]), "a     1\n      2\nlong  3\\t\n");
    }
}
