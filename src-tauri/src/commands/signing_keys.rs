//! New signing keys of tenants: endorsed by the one before, or in the place of a lost one.

use latchkey_app::bundle;
use latchkey_app::wire::{Download, SigningKeyReplaced, SigningKeyRotated};
use tauri::{AppHandle, State, WebviewWindow};

use super::Answer;
use super::bundles::{dialog, place};
use crate::desk::Desk;
use crate::words::words;

/// Asks for the place of the endorsement in the system's save dialog, and makes the new key. `None` when the dialog was
/// closed: then everything stays.
#[tauri::command(async)]
pub(crate) fn signing_key_rotate(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
    reason: Option<String>,
) -> Answer<Option<SigningKeyRotated>> {
    let session = desk.session()?;
    let Some(target) = endorsement_place(&app, &window, &desk, &tenant)? else { return Ok(None) };
    Ok(Some(bundle::rotate_key(&session, &desk.operator, &tenant, reason.as_deref(), &target)?))
}

#[tauri::command(async)]
pub(crate) fn signing_key_replace(
    desk: State<'_, Desk>,
    tenant: String,
    reason: Option<String>,
) -> Answer<SigningKeyReplaced> {
    Ok(bundle::replace_key(&*desk.session()?, &desk.operator, &tenant, reason.as_deref())?)
}

/// Asks for a place and writes the newest endorsement there once more.
#[tauri::command(async)]
pub(crate) fn signing_key_endorsement(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    tenant: String,
) -> Answer<Download> {
    let Some(target) = endorsement_place(&app, &window, &desk, &tenant)? else { return Ok(Download { path: None }) };
    let written = bundle::write_endorsement(&*desk.session()?, &tenant, None, &target)?;
    Ok(Download { path: Some(written.path) })
}

fn endorsement_place(
    app: &AppHandle,
    window: &WebviewWindow,
    desk: &Desk,
    tenant: &str,
) -> latchkey_app::error::Result<Option<std::path::PathBuf>> {
    let name = latchkey_app::tenant::show(&*desk.session()?, tenant)?.name;
    place(
        dialog(app, window)
            .set_title(words().endorsement_save())
            .set_file_name(bundle::file_name(&name, "bundle.endorsement"))
            .add_filter(words().endorsement_filter(), &["endorsement"]),
    )
}
