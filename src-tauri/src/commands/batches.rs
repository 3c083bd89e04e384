use latchkey_app::batch::{self, NameList};
use latchkey_app::wire::{BatchDelivery, BatchDraft, BatchEnd, BatchList, BatchPreview, BatchProgress, BatchView};
use latchkey_app::{save_window, tenant};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use super::Answer;
use super::secrets::not_a_file;
use crate::batches::Batches;
use crate::desk::Desk;
use crate::words::words;

#[tauri::command(async)]
pub(crate) fn batch_preview(pattern: String, count: u32) -> Answer<BatchPreview> {
    Ok(batch::preview(&pattern, count)?)
}

/// Asks for a list of names in the system's open dialog and reads it. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn batch_names(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    batches: State<'_, Batches>,
    tenant: String,
) -> Answer<Option<BatchList>> {
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().batch_names())
        .add_filter("CSV", &["csv", "txt"])
        .blocking_pick_file();
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    let path = chosen.into_path().map_err(|_| not_a_file())?;
    let list = NameList::read(&path)?;
    batch::check_list(&*desk.session()?, &tenant, &list)?;
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let preview = list.preview();
    batches.remember(list);
    Ok(Some(BatchList { file, preview }))
}

/// Asks for a place in the system's save dialog and generates the keys there. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn batch_run(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    batches: State<'_, Batches>,
    draft: BatchDraft,
) -> Answer<Option<BatchEnd>> {
    let session = desk.session()?;
    let list = batches.list();
    // What is wrong with the fields is said before anybody chooses a place.
    batch::check(&session, &desk.operator, &draft, list.as_ref())?;
    let name = save_window::file_name(&words().batch_file(tenant::show(&session, &draft.tenant)?.name));
    let name = name.trim_end_matches(".APIKEY");
    let dialog = app.dialog().file().set_parent(&window).set_title(words().batch_save());
    let dialog = match (draft.delivery, draft.recipients.is_empty()) {
        (BatchDelivery::Csv, true) => dialog.set_file_name(format!("{name}.csv")).add_filter("CSV", &["csv"]),
        (BatchDelivery::Csv, false) => dialog.set_file_name(format!("{name}.csv.age")).add_filter("age", &["age"]),
        (BatchDelivery::Folder, _) => dialog.set_file_name(name),
    };
    let Some(chosen) = dialog.blocking_save_file() else {
        return Ok(None);
    };
    let target = chosen.into_path().map_err(|_| not_a_file())?;
    let end = batches.run(&app, |watch| batch::run(&session, &desk.operator, &draft, list.as_ref(), &target, watch))?;
    Ok(Some(end))
}

#[tauri::command(async)]
pub(crate) fn batch_cancel(batches: State<'_, Batches>) {
    batches.cancel();
}

#[tauri::command(async)]
pub(crate) fn batch_progress(batches: State<'_, Batches>) -> Option<BatchProgress> {
    batches.progress()
}

/// The batches that were interrupted, without the one that runs now.
#[tauri::command(async)]
pub(crate) fn batch_unfinished(desk: State<'_, Desk>, batches: State<'_, Batches>) -> Answer<Vec<BatchView>> {
    if batches.progress().is_some() {
        return Ok(Vec::new());
    }
    Ok(batch::unfinished(&*desk.session()?)?)
}

#[tauri::command(async)]
pub(crate) fn batch_resume(
    app: AppHandle,
    desk: State<'_, Desk>,
    batches: State<'_, Batches>,
    batch: String,
) -> Answer<BatchEnd> {
    let session = desk.session()?;
    Ok(batches.run(&app, |watch| batch::resume(&session, &desk.operator, &batch, watch))?)
}

#[tauri::command(async)]
pub(crate) fn batch_undo(desk: State<'_, Desk>, batch: String) -> Answer<()> {
    Ok(batch::undo(&*desk.session()?, &desk.operator, &batch)?)
}
