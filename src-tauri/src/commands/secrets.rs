use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, Purpose};
use latchkey_app::save_window;
use latchkey_app::wire::{ClipboardCopy, Download, ErrorCode, KeyView, NewKey};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

use super::Answer;
use crate::desk::{Desk, clipboard_time};
use crate::words::words;

/// Puts a kept secret on the clipboard once more, if the operator says yes to a dialog of the system.
#[tauri::command(async)]
pub(crate) fn key_copy(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    key: String,
) -> Answer<Option<ClipboardCopy>> {
    let session = desk.session()?;
    let shown = key::show(&session, &key)?.key;
    let agreed = app
        .dialog()
        .message(words().copy_question(&shown.name, &shown.display, clipboard_time().as_secs()))
        .title(words().copy_title())
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(words().copy_confirm(), words().copy_cancel()))
        .parent(&window)
        .blocking_show();
    if !agreed {
        return Ok(None);
    }
    let secret = key::read_secret(&session, &desk.operator, &shown.id, &Purpose::Copy)?;
    Ok(Some(ClipboardCopy { clears_in: desk.copy(secret)? }))
}

#[tauri::command(async)]
pub(crate) fn secret_pending(desk: State<'_, Desk>) -> Answer<Option<NewKey>> {
    Ok(desk.save_window.pending(&*desk.session()?)?)
}

/// The one command that answers with a secret.
#[tauri::command(async)]
pub(crate) fn secret_reveal(desk: State<'_, Desk>, key: String) -> Answer<String> {
    Ok(desk.save_window.reveal(&*desk.session()?, &desk.operator, &key)?.expose().to_owned())
}

#[tauri::command(async)]
pub(crate) fn secret_copy(desk: State<'_, Desk>, key: String) -> Answer<ClipboardCopy> {
    let session = desk.session()?;
    let clears_in =
        desk.with_clipboard(|clipboard, time| desk.save_window.copy(&session, &desk.operator, &key, clipboard, time))?;
    Ok(ClipboardCopy { clears_in })
}

/// Puts the whole header on the clipboard that the tenant's keys are sent in.
#[tauri::command(async)]
pub(crate) fn secret_copy_header(desk: State<'_, Desk>, key: String) -> Answer<ClipboardCopy> {
    let session = desk.session()?;
    let clears_in = desk.with_clipboard(|clipboard, time| {
        desk.save_window.copy_header(&session, &desk.operator, &key, clipboard, time)
    })?;
    Ok(ClipboardCopy { clears_in })
}

/// Asks for a place in the system's save dialog and writes the secret there. The web view learns the path only.
#[tauri::command(async)]
pub(crate) fn secret_download(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    key: String,
) -> Answer<Download> {
    let session = desk.session()?;
    let name = key::show(&session, &key)?.key.name;
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().key_download())
        .set_file_name(save_window::file_name(&name))
        .add_filter(words().key_filter(), &["APIKEY"])
        .blocking_save_file();
    let Some(chosen) = chosen else {
        return Ok(Download { path: None });
    };
    let target = chosen.into_path().map_err(|_| not_a_file())?;
    desk.save_window.download(&session, &desk.operator, &key, &target)?;
    Ok(Download { path: Some(target.display().to_string()) })
}

#[tauri::command(async)]
pub(crate) fn secret_keep(desk: State<'_, Desk>, key: String) -> Answer<KeyView> {
    Ok(desk.save_window.keep(&*desk.session()?, &desk.operator, &key)?)
}

#[tauri::command(async)]
pub(crate) fn secret_close(desk: State<'_, Desk>, key: String, unsaved: bool) -> Answer<()> {
    let closed: Result<()> = desk.save_window.close(&*desk.session()?, &desk.operator, &key, unsaved);
    Ok(closed?)
}

pub(super) fn not_a_file() -> Error {
    Error::new(ErrorCode::Failed, "The chosen place is not a file on this computer.")
        .hint("Choose a folder on a disk of this computer.")
}
