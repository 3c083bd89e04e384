//! When time alone changes what a list says of a key.

use chrono::{DateTime, TimeDelta, Utc};

use crate::key::Key;
use crate::policy::Policy;

impl Key {
    /// The next moment after `now` at which the key enters its warning window, is over or grows due for rotation, if
    /// nobody touches it until then. Who has a successor is not due: ask for that too.
    #[must_use]
    pub fn next_turn(&self, policy: &Policy, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.revoked_at.is_some() || self.disabled_at.is_some() {
            return None;
        }
        let days = |days: u32| TimeDelta::days(days.into());
        // A key that is replaced already is neither warned of nor due.
        let stands = self.superseded.is_none();
        let warned = self.expires_at.filter(|_| stands).map(|end| end - days(policy.warning_days));
        let old = policy.rotate_after_days.filter(|_| stands).map(|age| self.created_at + days(age));
        [self.expires_at, warned, old]
            .into_iter()
            .flatten()
            .filter(|turn| *turn > now && self.expires_at.is_none_or(|end| *turn <= end))
            .min()
    }
}
