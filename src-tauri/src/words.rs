//! What the dialogs of the system say.
//!
//! Their texts stand with those of the window, in `ui/messages`, under names that begin with `native_`; the build script
//! makes a function of each. So the web view has no say in what an operator is asked.

use std::fmt::Display;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The words in the language of the system, which the window follows too.
pub(crate) fn words() -> Words {
    static OF_SYSTEM: LazyLock<Words> = LazyLock::new(|| first_known(sys_locale::get_locales()));
    *OF_SYSTEM
}

/// The first language that there are words in, among tags such as `de-AT`.
fn first_known(mut wanted: impl Iterator<Item = String>) -> Words {
    let [(_, otherwise), ..] = LANGUAGES;
    let known = |tag: String| {
        let wanted = tag.split(['-', '_', '.']).next()?;
        LANGUAGES.iter().find(|(language, _)| language.eq_ignore_ascii_case(wanted)).map(|&(_, words)| words)
    };
    wanted.find_map(known).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(wanted: &[&str]) -> Words {
        first_known(wanted.iter().map(|&tag| tag.to_owned()))
    }

    #[test]
    fn the_first_language_that_is_known_is_taken() {
        assert_eq!(chosen(&["de-AT"]), Words::De);
        assert_eq!(chosen(&["fr-FR", "de", "en-GB"]), Words::De);
        assert_eq!(chosen(&["en-US", "de-DE"]), Words::En);
        assert_eq!(chosen(&["C"]), Words::En);
        assert_eq!(chosen(&[]), Words::En);
    }

    #[test]
    fn each_language_asks_in_its_own_words_about_the_same_key() {
        let [english, german] = LANGUAGES.map(|(_, words)| words.copy_question("crane {key}", "lk_a1B2c3D4", 30));
        assert_ne!(english, german);
        for question in [english, german] {
            assert!(question.contains("crane {key} (lk_a1B2c3D4)"), "{question}");
            assert!(question.contains(" 30 "), "{question}");
        }
    }
}
