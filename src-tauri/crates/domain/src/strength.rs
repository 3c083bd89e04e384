//! Whether a key that came from elsewhere is clearly random, or may be something that a person chose.
//!
//! A text passes only where nothing speaks against chance. Whoever is in doubt is taken for chosen: that costs a slow
//! digest and a mark in the list, while a word taken for random would lie in the database under a fast digest.
//!
//! Measured are the runs of letters and digits of a text; what stands between them (`sk_live_`, hyphens) counts for
//! nothing. A run counts with the bits of the smallest alphabet that it fits into, and only if it mixes digits and
//! letters as chance does, repeats nothing, counts nothing up or down, and its letters, with `0 1 3 4 5 7` read as
//! `o i e a s t`, do not follow each other as those of European languages do.

/// The fewest random bits of a key whose fast digest is safe to keep.
pub const ENOUGH_BITS: u32 = 128;

/// Shorter runs count for nothing: too few characters to judge them by.
const SHORTEST_RUN: usize = 8;
/// What is longer is judged by its beginning.
const LONGEST: usize = 512;

/// What is known of a text's strength.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strength {
    /// A machine drew it, from at least [`ENOUGH_BITS`].
    Random {
        /// What it begins with before anything random, where that is short and plain (`sk_live_`).
        begins: String,
    },
    /// A person may have chosen it, or it is short.
    Chosen,
}

/// Judges a key's text.
#[must_use]
pub fn of(text: &str) -> Strength {
    let bits: f64 = runs(text).filter_map(|(_, run)| random_bits(run)).sum();
    if bits < f64::from(ENOUGH_BITS) || repeats(&text.as_bytes()[..text.len().min(LONGEST)], SHORTEST_RUN) {
        return Strength::Chosen;
    }
    let first = runs(text).find(|(_, run)| random_bits(run).is_some()).map_or(0, |(at, _)| at);
    let begins = text.get(..first).unwrap_or_default();
    let is_plain = begins.len() <= 16
        && begins.ends_with(['_', '-'])
        && begins.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-'));
    Strength::Random { begins: if is_plain { begins.to_owned() } else { String::new() } }
}

/// What lists show of a key from elsewhere: of a random one what it begins with and its last four characters, which
/// leaves far more than 96 bits unknown; of a chosen one nothing at all.
#[must_use]
pub fn display(text: &str, strength: &Strength) -> String {
    match strength {
        Strength::Random { begins } => crate::key_format::display(begins, text),
        Strength::Chosen => "••••••••".to_owned(),
    }
}

/// The runs of letters and digits, each with where it begins.
fn runs(text: &str) -> impl Iterator<Item = (usize, &[u8])> {
    let text = &text.as_bytes()[..text.len().min(LONGEST)];
    let mut at = 0;
    text.split(|byte| !byte.is_ascii_alphanumeric()).map(move |run| {
        let begins = at;
        at += run.len() + 1;
        (begins, run)
    })
}

/// The bits of a run that nothing speaks against.
fn random_bits(run: &[u8]) -> Option<f64> {
    if run.len() < SHORTEST_RUN {
        return None;
    }
    let alphabet = Alphabet::of(run)?;
    let plain = alphabet.mixes(run) && !repeats(run, alphabet.longest_repeat()) && !counts(run);
    let speaks = alphabet != Alphabet::Hex && reads_like_words(run);
    #[allow(clippy::cast_precision_loss)] // A few hundred characters.
    (plain && !speaks).then(|| run.len() as f64 * alphabet.bits())
}

/// The alphabets that keys are drawn from, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// Digits and `a` to `f`, in one case.
    Hex,
    /// Digits and letters of one case.
    OneCase,
    /// Digits and letters of both.
    BothCases,
}

impl Alphabet {
    /// `None` where there are only digits or only letters: random keys have both.
    fn of(run: &[u8]) -> Option<Self> {
        let (upper, lower) = (has(run, u8::is_ascii_uppercase), has(run, u8::is_ascii_lowercase));
        if !has(run, u8::is_ascii_digit) || !(upper || lower) {
            return None;
        }
        Some(match (upper && lower, run.iter().all(u8::is_ascii_hexdigit)) {
            (true, _) => Self::BothCases,
            (false, true) => Self::Hex,
            (false, false) => Self::OneCase,
        })
    }

    /// Bits of a character, rounded down. Of one case it may be base 32.
    fn bits(self) -> f64 {
        match self {
            Self::Hex => 4.0,
            Self::OneCase => 5.0,
            Self::BothCases => 5.9,
        }
    }

    /// Whether digits and letters, small and capital, alternate as often as chance has it, within reason.
    fn mixes(self, run: &[u8]) -> bool {
        let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
        let changes = run.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
        let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
        // In a hundredth: half of what chance brings in the long run, and the digits that it brings at the least.
        let (least_changes, least_digits) = match self {
            Self::Hex => (24, 35),
            Self::OneCase => (18, 6),
            Self::BothCases => (31, 3),
        };
        changes * 100 >= least_changes * (run.len() - 1) && digits * 100 >= least_digits * run.len()
    }

    /// The same so many characters twice are no accident.
    fn longest_repeat(self) -> usize {
        if self == Self::Hex { 6 } else { 4 }
    }
}

fn has(run: &[u8], class: impl Fn(&u8) -> bool) -> bool {
    run.iter().any(class)
}

/// Whether some `length` characters come twice, or one of them five times in a row.
fn repeats(run: &[u8], length: usize) -> bool {
    let mut parts = run.windows(length).enumerate();
    let twice = parts.any(|(at, part)| run[at + 1..].windows(length).any(|other| other == part));
    twice || run.windows(5).any(|part| part.iter().all(|byte| *byte == part[0]))
}

/// Whether five characters in a row count up or down, as in `12345` or `edcba`.
fn counts(run: &[u8]) -> bool {
    let steps = |part: &[u8], by: i16| part.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == by);
    run.windows(5).any(|part| steps(part, 1) || steps(part, -1))
}

/// The pairs of letters that make up most of English, and half of German, French and Spanish.
const PAIRS: &str = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le \
    ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec \
    pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol";

/// Whether letters follow each other as in words. Among random letters about one pair in six is a
/// common one, among a hundred random keys one has more than two in five; words have about half and more.
fn reads_like_words(run: &[u8]) -> bool {
    let letters: Vec<u8> = run.iter().map(|&byte| as_letter(byte)).collect();
    let of_letters = |pair: &&[u8]| pair.iter().all(u8::is_ascii_lowercase);
    let is_common = |pair: &&[u8]| PAIRS.split(' ').any(|common| common.as_bytes() == *pair);
    let pairs = letters.windows(2).filter(of_letters).count();
    let common = letters.windows(2).filter(of_letters).filter(is_common).count();
    pairs > 0 && common * 100 > pairs * 40
}

/// The letter that people write a digit for, in lower case.
fn as_letter(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' => b'a',
        b'5' => b's',
        b'7' => b't',
        other => other.to_ascii_lowercase(),
    }
}
