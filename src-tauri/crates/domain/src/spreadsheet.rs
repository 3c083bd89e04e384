//! Cells of a table that somebody may open in a spreadsheet.
//!
//! A spreadsheet takes a cell that begins with `=` and some other characters for a formula and runs it. An apostrophe
//! before it says that it is text. Reading takes the apostrophe away again, so that what was written comes back.

use std::borrow::Cow;

/// The cell as it may stand in a file.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The cell as it was before [`guarded`].
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{guarded, unguarded};

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        for text in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "''+1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "Billing", "a=b", "'quoted'", "'", "3-4"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn everything_comes_back_as_it_was(text in "['=+@-]{0,4}[\t\r ]?.{0,8}", other in any::<String>()) {
            for text in [text, other] {
                let cell = guarded(&text);
                prop_assert_eq!(unguarded(&cell), &text);
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            }
        }
    }
}
