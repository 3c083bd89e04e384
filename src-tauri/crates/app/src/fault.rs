//! Places where a test build can be made to die, as a power cut would do it.
//!
//! Compiled to nothing without the feature `fault-points`.

/// Ends the process here, at once and without clean-up, when `LATCHKEY_FAULT` names this point.
#[cfg(feature = "fault-points")]
pub fn point(name: &str) {
    if std::env::var("LATCHKEY_FAULT").is_ok_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

/// Nothing: this is a build without fault points.
#[cfg(not(feature = "fault-points"))]
#[inline]
pub fn point(_name: &str) {}
