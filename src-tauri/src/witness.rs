//! What a test of the real window cannot see from outside: violations of the policy while the page loads, and all that
//! the page is told, the events included. Compiled only with the feature `fault-points`.

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// Puts the witness into every page before its own scripts run.
pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("witness").js_init_script(include_str!("witness.js").to_owned()).build()
}
