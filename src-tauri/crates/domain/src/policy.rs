//! What a tenant demands of its keys.

use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldProblem, Rule};

/// What a tenant demands of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Policy {
    /// The longest lifetime of a new key in days; `None` for no ceiling.
    pub max_lifetime_days: Option<u32>,
    /// Whether a key may be without an end. A ceiling forbids it too.
    pub allow_never: bool,
    /// Whether a key needs at least one API set.
    pub require_api_set: bool,
    /// Whether secrets may be kept.
    pub keep: KeepPolicy,
    /// How many days before its end a key counts as expiring.
    pub warning_days: u32,
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
    /// Checks the figures: ceiling 1 to 36 500 days, warning window 0 to 365 days.
    pub fn check(&self) -> Result<(), FieldProblem> {
        if self.max_lifetime_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
            return Err(FieldProblem { name: Field::MaxLifetimeDays, rule: Rule::OutOfRange { min: 1, max: 36_500 } });
        }
        if self.warning_days > 365 {
            return Err(FieldProblem { name: Field::WarningDays, rule: Rule::OutOfRange { min: 0, max: 365 } });
        }
        Ok(())
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_lifetime_days: None,
            allow_never: true,
            require_api_set: false,
            keep: KeepPolicy::Offer,
            warning_days: 14,
        }
    }
}
