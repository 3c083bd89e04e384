use std::path::PathBuf;

use latchkey_app::import::Source;
use latchkey_app::key;
use latchkey_app::wire::{Export, ImportChoice, ImportDone, ImportEntry, ImportPreview, KeySelection};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FilePath};

use super::Answer;
use super::secrets::not_a_file;
use crate::desk::Desk;
use crate::words::words;

/// Asks for a file in the system's open dialog and reads it. The web view learns what stands there, but no key.
///
/// `None` where the operator chose no file.
#[tauri::command(async)]
pub(crate) fn import_open(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Option<ImportPreview>> {
    let session = desk.session()?;
    // Every file can be chosen: `.env` files have all kinds of names, and what is no text is refused.
    let chosen = app.dialog().file().set_parent(&window).set_title(words().keys_import()).blocking_pick_file();
    let Some(path) = chosen.map(place).transpose()? else { return Ok(None) };
    Ok(Some(desk.import.open(&session, &tenant, &Source::file(&path)?)?))
}

#[tauri::command(async)]
pub(crate) fn import_rename(desk: State<'_, Desk>, number: u32, name: String) -> Answer<Vec<ImportEntry>> {
    Ok(desk.import.rename(&*desk.session()?, number, &name)?)
}

#[tauri::command(async)]
pub(crate) fn import_run(desk: State<'_, Desk>, choice: ImportChoice) -> Answer<ImportDone> {
    Ok(desk.import.run(&*desk.session()?, &desk.operator, &choice)?)
}

#[tauri::command(async)]
pub(crate) fn import_close(desk: State<'_, Desk>) {
    desk.import.close();
}

/// Asks for a place in the system's save dialog and writes the list, or the chosen keys of it, there, without secrets.
#[tauri::command(async)]
pub(crate) fn key_export(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    selection: KeySelection,
) -> Answer<Export> {
    let session = desk.session()?;
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().list_export())
        .set_file_name("keys.csv")
        .add_filter("CSV", &["csv"])
        .blocking_save_file();
    let Some(path) = chosen.map(place).transpose()? else { return Ok(Export { path: None, keys: 0 }) };
    // The system's dialog has asked whether a file that is there may be replaced.
    Ok(key::export(&session, &desk.operator, &selection, &path, true)?)
}

fn place(chosen: FilePath) -> Result<PathBuf, latchkey_app::error::Error> {
    chosen.into_path().map_err(|_| not_a_file())
}
