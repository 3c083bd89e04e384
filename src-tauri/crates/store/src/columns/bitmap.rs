//! A set of slots, a bit for each key.

/// A set of numbers below a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// The numbers below `limit` that a rule takes.
    pub(crate) fn of(limit: usize, mut takes: impl FnMut(usize) -> bool) -> Self {
        let word =
            |from: usize| (from..limit.min(from + 64)).fold(0, |word, at| word | u64::from(takes(at)) << (at - from));
        Self { words: (0..limit).step_by(64).map(word).collect() }
    }

    pub(crate) fn empty(limit: usize) -> Self {
        Self { words: vec![0; limit.div_ceil(64)] }
    }

    pub(crate) fn full(limit: usize) -> Self {
        let mut words = vec![u64::MAX; limit.div_ceil(64)];
        if let Some(last) = words.last_mut() {
            *last >>= (64 - limit % 64) % 64;
        }
        Self { words }
    }

    pub(crate) fn insert(&mut self, number: usize) {
        self.words[number / 64] |= 1 << (number % 64);
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.words[number / 64] >> (number % 64) & 1 == 1
    }

    /// Keeps what is in both.
    pub(crate) fn intersect(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Its numbers, smallest first or greatest first.
    pub(crate) fn numbers(&self, descending: bool) -> Box<dyn Iterator<Item = usize> + '_> {
        let words = self.words.iter().copied().enumerate();
        if descending {
            Box::new(words.rev().flat_map(|(at, word)| Numbers { base: at * 64, word, descending: true }))
        } else {
            Box::new(words.flat_map(|(at, word)| Numbers { base: at * 64, word, descending: false }))
        }
    }
}

/// The numbers of one word.
struct Numbers {
    base: usize,
    word: u64,
    descending: bool,
}

impl Iterator for Numbers {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = if self.descending { self.word.checked_ilog2()? } else { self.word.trailing_zeros() };
        if self.word == 0 {
            return None;
        }
        self.word ^= 1 << bit;
        Some(self.base + bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Bitmap;

    #[test]
    fn numbers_come_back_in_either_order() {
        for limit in [0, 1, 63, 64, 65, 200] {
            let thirds = Bitmap::of(limit, |number| number % 3 == 0);
            let mut expected: Vec<usize> = (0..limit).step_by(3).collect();
            assert_eq!(thirds.numbers(false).collect::<Vec<_>>(), expected);
            assert_eq!(thirds.count(), expected.len());
            expected.reverse();
            assert_eq!(thirds.numbers(true).collect::<Vec<_>>(), expected);
            let mut all = Bitmap::full(limit);
            assert_eq!(all.count(), limit);
            all.intersect(&thirds);
            assert_eq!(all, thirds);
            let mut inserted = Bitmap::empty(limit);
            for &number in &expected {
                inserted.insert(number);
            }
            assert_eq!(inserted, thirds);
            assert!((0..limit).all(|number| thirds.has(number) == (number % 3 == 0)));
        }
    }
}
