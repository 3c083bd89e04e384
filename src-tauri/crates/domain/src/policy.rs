//! What a tenant demands of its keys.

use chrono::{DateTime, Days, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::expiry::{DefaultExpiration, Expiration};
use crate::field::{Field, FieldProblem, Rule};

/// What a tenant demands of its keys.
#[allow(clippy::struct_excessive_bools)] // Each is a question of its own, asked with a checkbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Policy {
    /// The longest lifetime of a new key in days; `None` for no ceiling.
    pub max_lifetime_days: Option<u32>,
    /// Whether a key may be without an end. A ceiling forbids it too.
    pub allow_never: bool,
    /// What a new key's end is unless the operator chooses another; `None` for 90 days or the ceiling.
    pub default_expiration: Option<DefaultExpiration>,
    /// Whether a key needs at least one API set.
    pub require_api_set: bool,
    /// Whether secrets may be kept.
    pub keep: KeepPolicy,
    /// How many days before its end a key counts as expiring.
    pub warning_days: u32,
    /// Whether two usable keys of the tenant may not have the same name.
    pub unique_names: bool,
    /// Whether an operator may generate keys for nobody but themselves.
    pub own_keys_only: bool,
    /// After how many days a key is due for rotation; `None` for never.
    pub rotate_after_days: Option<u32>,
}

/// Whether the Save window may put a secret into the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeepPolicy {
    /// The operator decides; not kept unless asked for.
    #[default]
    Offer,
    /// The operator decides; kept unless refused.
    Default,
    /// Never kept.
    Forbid,
}

impl Policy {
    /// Checks the figures: ceiling, default end and rotation 1 to 36 500 days, warning window 0 to 365 days; and that the
    /// default end is one that the policy allows.
    pub fn check(&self) -> Result<(), FieldProblem> {
        if self.max_lifetime_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
            return Err(FieldProblem { name: Field::MaxLifetimeDays, rule: Rule::OutOfRange { min: 1, max: 36_500 } });
        }
        if self.rotate_after_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
            return Err(FieldProblem { name: Field::RotateAfterDays, rule: Rule::OutOfRange { min: 1, max: 36_500 } });
        }
        if let Some(end) = self.default_expiration {
            self.check_default(end).map_err(|rule| FieldProblem { name: Field::DefaultExpiration, rule })?;
        }
        if self.warning_days > 365 {
            return Err(FieldProblem { name: Field::WarningDays, rule: Rule::OutOfRange { min: 0, max: 365 } });
        }
        Ok(())
    }

    /// Whether every key has to have an end: said so, or because of a ceiling.
    #[must_use]
    pub fn must_end(&self) -> bool {
        !self.allow_never || self.max_lifetime_days.is_some()
    }

    /// The last end that may be chosen at `now`, or `None` for any: the midnight after the ceiling's last day.
    #[must_use]
    pub fn latest_end(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = u64::from(self.max_lifetime_days?) + 1;
        let midnight = now.date_naive().checked_add_days(Days::new(days))?.and_time(NaiveTime::MIN);
        Some(midnight.and_utc())
    }

    /// The end of a key for which nobody chose one: the tenant's default, else its ceiling, else never, which a tenant
    /// may forbid.
    #[must_use]
    pub fn unchosen_end(&self) -> Expiration {
        match (self.default_expiration, self.max_lifetime_days) {
            (Some(end), _) => end.into(),
            (None, Some(days)) => Expiration::Days { days },
            (None, None) => Expiration::Never,
        }
    }

    /// The rules in which `other` differs, by name.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let rules = [
            (self.max_lifetime_days != other.max_lifetime_days, "longest lifetime"),
            (self.allow_never != other.allow_never, "keys without an end"),
            (self.default_expiration != other.default_expiration, "default end"),
            (self.require_api_set != other.require_api_set, "API set required"),
            (self.keep != other.keep, "keeping secrets"),
            (self.warning_days != other.warning_days, "warning window"),
            (self.unique_names != other.unique_names, "unique names"),
            (self.own_keys_only != other.own_keys_only, "own keys only"),
            (self.rotate_after_days != other.rotate_after_days, "time until rotation"),
        ];
        rules.into_iter().filter(|(differs, _)| *differs).map(|(_, rule)| rule).collect()
    }

    fn check_default(&self, end: DefaultExpiration) -> Result<(), Rule> {
        match (end, self.max_lifetime_days) {
            (DefaultExpiration::Never, None) if self.allow_never => Ok(()),
            (DefaultExpiration::Never, _) => Err(Rule::NeverForbidden),
            (DefaultExpiration::Days { days }, _) if !(1..=36_500).contains(&days) => {
                Err(Rule::OutOfRange { min: 1, max: 36_500 })
            }
            (DefaultExpiration::Days { days }, Some(ceiling)) if days > ceiling => {
                Err(Rule::BeyondCeiling { days: ceiling })
            }
            (DefaultExpiration::Days { .. }, _) => Ok(()),
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_lifetime_days: None,
            allow_never: true,
            default_expiration: None,
            require_api_set: false,
            keep: KeepPolicy::Offer,
            warning_days: 14,
            unique_names: false,
            own_keys_only: false,
            rotate_after_days: None,
        }
    }
}
