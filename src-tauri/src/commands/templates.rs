use latchkey_app::error::Error;
use latchkey_app::wire::{Download, ErrorCode, Template};
use latchkey_app::{template, tenant};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use super::Answer;
use crate::desk::Desk;
use crate::words::words;

/// The program's own templates.
#[tauri::command(async)]
pub(crate) fn template_list() -> Vec<Template> {
    template::all()
}

/// Asks for a file in the system's dialog and reads it; nothing when the dialog is closed.
#[tauri::command(async)]
pub(crate) fn template_open(app: AppHandle, window: WebviewWindow) -> Answer<Option<Template>> {
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().template_open())
        .add_filter(words().template_filter(), &["json"])
        .blocking_pick_file();
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    Ok(Some(template::read(&chosen.into_path().map_err(|_| not_a_file())?)?))
}

/// Asks for a place in the system's save dialog and writes the tenant there, as a template.
#[tauri::command(async)]
pub(crate) fn template_save(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Download> {
    let session = desk.session()?;
    let name = tenant::show(&session, &tenant)?.name;
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().template_save())
        .set_file_name(template::file_name(&name))
        .add_filter(words().template_filter(), &["json"])
        .blocking_save_file();
    let Some(chosen) = chosen else {
        return Ok(Download { path: None });
    };
    let file = chosen.into_path().map_err(|_| not_a_file())?;
    // The dialog has asked whether what stands there is to be replaced.
    template::save(&session, &tenant, &file, true)?;
    Ok(Download { path: Some(file.display().to_string()) })
}

fn not_a_file() -> Error {
    Error::new(ErrorCode::Failed, "The chosen place is not a file on this computer.")
        .hint("Choose a file on a disk of this computer.")
}
