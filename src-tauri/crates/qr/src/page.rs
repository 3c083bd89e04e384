use std::fmt::Write as _;

use crate::Code;

/// A page with one code and what people read, as an SVG file that needs nothing else.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The heading.
    pub title: &'a str,
    /// Terms with what is said of them, in order.
    pub facts: &'a [(&'a str, String)],
    /// What to do with it: a sentence a line.
    pub notes: &'a [&'a str],
    /// The code.
    pub code: &'a Code,
}

/// In tenths of a millimetre: A4, with a margin on all sides.
const WIDTH: usize = 2_100;
const HEIGHT: usize = 2_970;
const MARGIN: usize = 200;
/// The height of a line of text.
const LINE: usize = 60;
/// So many characters fit into a line beside the terms.
const CHARACTERS: usize = 56;

impl Page<'_> {
    /// The file.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\">\n<title>{0}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
             <text x=\"{MARGIN}\" y=\"{1}\" font-size=\"64\" font-weight=\"600\">{0}</text>\n",
            escaped(self.title),
            MARGIN + LINE,
        );
        let mut y = MARGIN + 3 * LINE;
        for (term, said) in self.facts {
            text(&mut svg, MARGIN, y, "#555", term);
            for line in folded(said) {
                text(&mut svg, MARGIN + 420, y, "#000", &line);
                y += LINE;
            }
        }
        y += LINE / 2;
        for note in self.notes {
            for line in folded_to(note, CHARACTERS + 16) {
                text(&mut svg, MARGIN, y, "#000", &line);
                y += LINE;
            }
        }
        // Whatever is left, and no wider than the page.
        let side = (WIDTH - 2 * MARGIN).min(HEIGHT - MARGIN - y);
        let _ = write!(
            svg,
            "<svg x=\"{}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {2} {2}\" shape-rendering=\"crispEdges\">\
             <path d=\"{1}\"/></svg>\n</svg>\n",
            (WIDTH - side) / 2,
            self.code.path(),
            self.code.size(),
        );
        svg
    }
}

fn text(svg: &mut String, x: usize, y: usize, fill: &str, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"40\" fill=\"{fill}\">{}</text>", escaped(text));
}

fn folded(text: &str) -> Vec<String> {
    folded_to(text, CHARACTERS)
}

/// Lines of at most so many characters: at spaces, and within a word that is longer than a line.
fn folded_to(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        while let Some(line) = lines.last_mut() {
            let taken = line.chars().count() + usize::from(!line.is_empty());
            if taken + rest.len() <= most {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(rest);
                break;
            }
            if line.is_empty() {
                line.extend(rest.drain(..most));
            }
            lines.push(String::new());
        }
    }
    lines
}

/// As the text of an element or in an attribute. What XML forbids is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {}
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Page, folded_to};
    use crate::Code;

    #[test]
    fn what_a_tenant_is_called_is_text_and_nothing_else() {
        let code = Code::printed("HARBOUR").unwrap();
        let facts = [("Tenant", "<script>alert(1)</script> & \"so\"".to_owned())];
        let page = Page { title: "A <b>", facts: &facts, notes: &["Keep & print"], code: &code };
        let svg = page.to_svg();
        assert!(svg.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;"), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains("href"), "{svg}");
        assert!(svg.contains(&code.path()), "the code");
    }

    #[test]
    fn long_lines_are_folded_at_spaces_and_long_words_anywhere() {
        assert_eq!(folded_to("one two three", 7), ["one two", "three"]);
        assert_eq!(folded_to("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(folded_to("", 4), [""]);
    }
}
