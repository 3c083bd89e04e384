//! API sets from a file and into one. Rust asks where the file is; the web view learns its name only.

use latchkey_app::api_set::{self, CatalogueFile};
use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{ApiSetView, CatalogueFormat, CatalogueImport, Download, ErrorCode};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FilePath};

use super::Answer;
use crate::desk::Desk;
use crate::words::words;

#[tauri::command(async)]
pub(crate) fn api_set_retire(desk: State<'_, Desk>, tenant: String, id: String) -> Answer<ApiSetView> {
    Ok(api_set::retire(&*desk.session()?, &desk.operator, &tenant, &id)?)
}

#[tauri::command(async)]
pub(crate) fn api_set_restore(desk: State<'_, Desk>, tenant: String, id: String) -> Answer<ApiSetView> {
    Ok(api_set::restore(&*desk.session()?, &desk.operator, &tenant, &id)?)
}

/// Asks for a file and says what importing it would do; `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn api_set_import_choose(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Option<CatalogueImport>> {
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().api_sets_import())
        .add_filter(words().api_sets_filter(), &["json", "csv"])
        .blocking_pick_file();
    let Some(chosen) = chosen else { return Ok(None) };
    let file = CatalogueFile::read(&on_disk(chosen)?)?;
    let planned = api_set::preview(&*desk.session()?, &tenant, &file)?;
    desk.hold_catalogue(file);
    Ok(Some(planned))
}

/// Imports the file that was chosen last, as it was when it was shown.
#[tauri::command(async)]
pub(crate) fn api_set_import(desk: State<'_, Desk>, tenant: String) -> Answer<CatalogueImport> {
    let session = desk.session()?;
    let done = desk.with_catalogue(|file| api_set::import(&session, &desk.operator, &tenant, file))?;
    Ok(done)
}

/// Asks for a place and writes the catalogue there.
#[tauri::command(async)]
pub(crate) fn api_set_export(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Download> {
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().api_sets_export())
        .set_file_name("api-sets.json")
        .add_filter("JSON", &["json"])
        .add_filter("CSV", &["csv"])
        .blocking_save_file();
    let Some(chosen) = chosen else { return Ok(Download { path: None }) };
    let path = on_disk(chosen)?;
    let is_table = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let format = if is_table { CatalogueFormat::Csv } else { CatalogueFormat::Json };
    // The dialog has asked whether to replace what stands there.
    api_set::export(&*desk.session()?, &tenant, &path, format, true)?;
    Ok(Download { path: Some(path.display().to_string()) })
}

fn on_disk(chosen: FilePath) -> Result<std::path::PathBuf> {
    chosen.into_path().map_err(|_| {
        Error::new(ErrorCode::Failed, "The chosen place is not a file on this computer.")
            .hint("Choose a folder on a disk of this computer.")
    })
}
