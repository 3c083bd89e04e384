use latchkey_app::wire::{Capability, GuideView, PastedKey, RecordDraft, RecordedKey};
use latchkey_app::{connector, remote};
use latchkey_browser::SystemBrowser;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use super::Answer;
use super::secrets::not_a_file;
use crate::desk::Desk;
use crate::words::words;

#[tauri::command(async)]
pub(crate) fn guide(desk: State<'_, Desk>, tenant: String, capability: Capability) -> Answer<GuideView> {
    Ok(remote::guide(&*desk.session()?, &tenant, capability)?)
}

/// Opens the vendor's page in the system's browser. The web view names no address.
#[tauri::command(async)]
pub(crate) fn guide_open(desk: State<'_, Desk>, tenant: String, capability: Capability) -> Answer<()> {
    Ok(remote::open_guide(&*desk.session()?, &tenant, capability, &SystemBrowser)?)
}

/// Opens the page that describes a vendor's keys.
#[tauri::command(async)]
pub(crate) fn connector_open_page(desk: State<'_, Desk>, connector: String) -> Answer<()> {
    Ok(connector::open_page(&*desk.session()?, &connector, &SystemBrowser)?)
}

/// Takes the key that is on the clipboard. The web view learns what it looks like, but not the key.
#[tauri::command(async)]
pub(crate) fn key_paste(desk: State<'_, Desk>, tenant: String) -> Answer<PastedKey> {
    let session = desk.session()?;
    Ok(desk.tray.paste(&session, &tenant, desk.read_clipboard()?)?)
}

/// Asks for a file in the system's open dialog and takes the key out of it. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn key_read_file(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Option<PastedKey>> {
    let session = desk.session()?;
    // Every file can be chosen: vendors and people give theirs all kinds of names, and some none with a dot in it.
    let chosen = app.dialog().file().set_parent(&window).set_title(words().key_read()).blocking_pick_file();
    let Some(chosen) = chosen else { return Ok(None) };
    let path = chosen.into_path().map_err(|_| not_a_file())?;
    Ok(Some(desk.tray.read_file(&session, &tenant, &path)?))
}

#[tauri::command(async)]
pub(crate) fn key_paste_forget(desk: State<'_, Desk>, id: String) {
    desk.tray.forget(&id);
}

#[tauri::command(async)]
pub(crate) fn key_record(desk: State<'_, Desk>, draft: RecordDraft, pasted: String) -> Answer<RecordedKey> {
    Ok(desk.tray.record(&*desk.session()?, &desk.operator, &draft, &pasted)?)
}
