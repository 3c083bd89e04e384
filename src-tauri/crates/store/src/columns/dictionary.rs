//! Values that many keys share, as small numbers.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Gives each value a code, in the order of their coming.
pub(super) struct Dictionary<T>(HashMap<T, u32>);

impl<T: Clone + Default + Eq + Hash> Dictionary<T> {
    /// With the codes that were given before.
    pub(super) fn new(values: &[T]) -> Self {
        Self((0..).zip(values).map(|(code, value)| (value.clone(), code)).collect())
    }

    pub(super) fn code<Q>(&mut self, value: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(code) = self.0.get(value) {
            return *code;
        }
        let code = super::slot(self.0.len());
        self.0.insert(value.to_owned(), code);
        code
    }

    /// The values, each at the place of its code.
    pub(super) fn into_values(self) -> Vec<T> {
        let mut values = vec![T::default(); self.0.len()];
        for (value, code) in self.0 {
            values[code as usize] = value;
        }
        values
    }
}
