use latchkey_profile::Remembered;
use tauri::State;

use super::Answer;
use crate::desk::Desk;

/// The tenant that was open when the window was closed: its identifier, whether it is still there or not.
#[tauri::command(async)]
pub(crate) fn place_last(desk: State<'_, Desk>, remembered: State<'_, Remembered>) -> Answer<Option<String>> {
    desk.session()?;
    Ok(remembered.tenant())
}

/// Another tenant is open, or all of them.
#[tauri::command(async)]
pub(crate) fn place_remember(
    desk: State<'_, Desk>,
    remembered: State<'_, Remembered>,
    tenant: Option<String>,
) -> Answer<()> {
    desk.session()?;
    Ok(remembered.open_tenant(tenant.as_deref())?)
}
