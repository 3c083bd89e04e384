use latchkey_app::verify;
use latchkey_app::wire::Decision;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use super::Answer;
use super::secrets::not_a_file;
use crate::desk::Desk;
use crate::words::words;

/// Decides about the key that is on the clipboard. The web view never has it.
#[tauri::command(async)]
pub(crate) fn verify_copied(desk: State<'_, Desk>, tenant: String) -> Answer<Decision> {
    Ok(verify::verify_copied(&*desk.session()?, &tenant, desk.read_clipboard()?)?)
}

/// Asks for a file in the system's open dialog and decides about the key in it. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn verify_file(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Option<Decision>> {
    let session = desk.session()?;
    let chosen = app.dialog().file().set_parent(&window).set_title(words().key_read()).blocking_pick_file();
    let Some(chosen) = chosen else { return Ok(None) };
    let path = chosen.into_path().map_err(|_| not_a_file())?;
    Ok(Some(verify::verify_file(&session, &tenant, &path)?))
}
