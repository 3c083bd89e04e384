use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use latchkey_app::error::Error;
use latchkey_app::session::Session;
use latchkey_app::wire::{CertificateView, ConnectionEdit, ConnectionView, Rule};
use latchkey_app::{remote, tenant};
use latchkey_domain::remote::origin;
use latchkey_domain::secret::Secret;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

use super::Answer;
use super::connectors::secrets;
use super::secrets::not_a_file;
use crate::chosen::ChosenFiles;
use crate::desk::Desk;
use crate::words::words;

#[tauri::command(async)]
pub(crate) fn tenant_connection(desk: State<'_, Desk>, tenant: String) -> Answer<ConnectionView> {
    Ok(remote::connection(&*desk.session()?, &tenant)?)
}

/// Changes how a server is reached. Where that is another server, the operator is asked in a dialog of the system whether
/// it may have the credential that was given for the one before, and whether keys that were asked for there are looked for
/// no more: the web view has no say in that.
#[tauri::command(async)]
pub(crate) fn tenant_connection_save(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    chosen: State<'_, ChosenFiles>,
    tenant: String,
    mut edit: ConnectionEdit,
    credentials: BTreeMap<String, String>,
) -> Answer<ConnectionView> {
    let mut credentials = secrets(credentials);
    chosen.hand_over(&mut edit.network, &mut credentials);
    let session = desk.session()?;
    let save = |edit: &ConnectionEdit, credentials: &BTreeMap<String, Arc<Secret>>| {
        remote::set_connection(&session, &desk.operator, &tenant, edit, credentials)
    };
    let mut saved = save(&edit, &credentials);
    if saved.as_ref().is_err_and(|error| breaks(error, &Rule::OtherServer))
        && may_keep(&app, &window, &session, &tenant, &edit)?
    {
        edit.keep_credential = true;
        saved = save(&edit, &credentials);
    }
    if saved.as_ref().is_err_and(|error| breaks(error, &Rule::Unanswered))
        && may_leave(&app, &window, &session, &tenant)?
    {
        edit.leave_unanswered = true;
        saved = save(&edit, &credentials);
    }
    let saved = saved?;
    chosen.forget();
    Ok(saved)
}

/// Asks for a file with authorities in the system's open dialog. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn connection_authorities_open(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    chosen: State<'_, ChosenFiles>,
) -> Answer<Option<Vec<CertificateView>>> {
    let session = desk.session()?;
    let Some(file) = choose(&app, &window, &words().authorities_open(), &["pem", "crt", "cer"])? else {
        return Ok(None);
    };
    let read = remote::read_authorities(&session, &file)?;
    let certificates = read.certificates.clone();
    chosen.hold_authorities(read);
    Ok(Some(certificates))
}

/// Asks for a file with a client certificate and its key, which stays in Rust. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn connection_certificate_open(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
    chosen: State<'_, ChosenFiles>,
) -> Answer<Option<CertificateView>> {
    let session = desk.session()?;
    let Some(file) = choose(&app, &window, &words().certificate_open(), &["pem", "crt", "cer", "key"])? else {
        return Ok(None);
    };
    let read = remote::read_client_certificate(&session, &file)?;
    let certificate = read.certificate.clone();
    chosen.hold_certificate(read);
    Ok(Some(certificate))
}

/// The dialog that they were chosen for is closed.
#[tauri::command(async)]
pub(crate) fn connection_forget(chosen: State<'_, ChosenFiles>) {
    chosen.forget();
}

fn choose(app: &AppHandle, window: &WebviewWindow, title: &str, endings: &[&str]) -> Result<Option<PathBuf>, Error> {
    let chosen = app
        .dialog()
        .file()
        .set_parent(window)
        .set_title(title)
        .add_filter(words().certificate_filter(), endings)
        .add_filter(words().certificate_all(), &["*"])
        .blocking_pick_file();
    chosen.map(|file| file.into_path().map_err(|_| not_a_file())).transpose()
}

fn breaks(error: &Error, rule: &Rule) -> bool {
    error.body().field.as_ref().is_some_and(|problem| problem.rule == *rule)
}

fn may_leave(app: &AppHandle, window: &WebviewWindow, session: &Session, tenant: &str) -> Result<bool, Error> {
    let name = tenant::show(session, tenant)?.name;
    let before = remote::connection(session, tenant)?.url;
    Ok(app
        .dialog()
        .message(words().unanswered_question(&name, origin(&before)))
        .title(words().unanswered_title())
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(words().unanswered_confirm(), words().credential_cancel()))
        .parent(window)
        .blocking_show())
}

fn may_keep(
    app: &AppHandle,
    window: &WebviewWindow,
    session: &Session,
    tenant: &str,
    edit: &ConnectionEdit,
) -> Result<bool, Error> {
    let name = tenant::show(session, tenant)?.name;
    let before = remote::connection(session, tenant)?.url;
    let after = session.connectors.address(edit.url.as_deref().unwrap_or_default())?;
    Ok(app
        .dialog()
        .message(words().credential_question(&name, origin(&after), origin(&before)))
        .title(words().credential_title())
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(words().credential_confirm(), words().credential_cancel()))
        .parent(window)
        .blocking_show())
}
