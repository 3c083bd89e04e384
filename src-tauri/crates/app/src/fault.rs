//! Places where a test build can be made to die, as a power cut would do it, or to stand still.
//!
//! Compiled to nothing without the feature `fault-points`.

/// Ends the process here, at once and without clean-up, when `LATCHKEY_FAULT` names this point; stops it until it is told
/// to continue when `LATCHKEY_PAUSE` does, so that something else can happen in between.
///
/// Where `LATCHKEY_REACHED` names a file, each point writes its name there: so a test knows all those of a saga.
#[cfg(feature = "fault-points")]
pub fn point(name: &str) {
    if let Some(file) = std::env::var_os("LATCHKEY_REACHED") {
        use std::io::Write as _;

        let written = std::fs::OpenOptions::new().append(true).create(true).open(file);
        if let Err(cause) = written.and_then(|mut file| writeln!(file, "{name}")) {
            tracing::error!(%cause, "could not note that a fault point was reached");
        }
    }
    let is_in = |variable: &str| std::env::var(variable).is_ok_and(|wanted| wanted == name);
    if is_in("LATCHKEY_FAULT") {
        std::process::abort();
    }
    if is_in("LATCHKEY_PAUSE") {
        let own = std::process::id().to_string();
        if let Err(cause) = std::process::Command::new("kill").args(["-STOP", &own]).status() {
            tracing::error!(%cause, "could not stand still");
        }
    }
}

/// Nothing: this is a build without fault points.
#[cfg(not(feature = "fault-points"))]
#[inline]
pub fn point(_name: &str) {}
