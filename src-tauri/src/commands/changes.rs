//! Changes that servers are asked for, for the person who no longer wants to wait.

use tauri::State;

use super::Answer;
use crate::desk::Desk;

/// Whether a server is being asked to change something.
#[tauri::command(async)]
pub(crate) fn change_under_way(desk: State<'_, Desk>) -> Answer<bool> {
    Ok(desk.session()?.changes.is_under_way())
}

/// Stops waiting for the answer. What was sent, the server may do all the same.
#[tauri::command(async)]
pub(crate) fn change_cancel(desk: State<'_, Desk>) -> Answer<()> {
    desk.session()?.changes.cancel();
    Ok(())
}
