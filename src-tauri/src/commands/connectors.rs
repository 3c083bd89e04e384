use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_app::connector;
use latchkey_app::wire::{Connector, ConnectorTrial, ConnectorTried};
use latchkey_domain::secret::Secret;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use super::secrets::not_a_file;
use super::{Answer, sign_in};
use crate::chosen::ChosenFiles;
use crate::desk::Desk;
use crate::trials::Trials;
use crate::words::words;

#[tauri::command(async)]
pub(crate) fn connector_list(desk: State<'_, Desk>) -> Answer<Vec<Connector>> {
    Ok(connector::list(&*desk.session()?))
}

/// Asks for a manifest in the system's open dialog and reads it, without taking it. `None` when the dialog was closed.
#[tauri::command(async)]
pub(crate) fn connector_open(
    app: AppHandle,
    window: WebviewWindow,
    desk: State<'_, Desk>,
) -> Answer<Option<Connector>> {
    let session = desk.session()?;
    let chosen = app
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(words().connector_open())
        .add_filter(words().connector_filter(), &["json"])
        .blocking_pick_file();
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    let file = chosen.into_path().map_err(|_| not_a_file())?;
    let read = connector::read(&session, &file)?;
    desk.hold_manifest(file);
    Ok(Some(read))
}

/// Takes the manifest that was opened last.
#[tauri::command(async)]
pub(crate) fn connector_add(desk: State<'_, Desk>) -> Answer<Connector> {
    Ok(connector::add(&*desk.session()?, &desk.operator, &desk.held_manifest()?)?)
}

#[tauri::command(async)]
pub(crate) fn connector_remove(desk: State<'_, Desk>, connector: String) -> Answer<()> {
    Ok(connector::remove(&*desk.session()?, &desk.operator, &connector)?)
}

/// Asks a server what the connector would ask it. What was typed becomes secrets here and is never answered.
#[tauri::command(async)]
pub(crate) fn connector_try(
    app: AppHandle,
    desk: State<'_, Desk>,
    trials: State<'_, Trials>,
    chosen: State<'_, ChosenFiles>,
    mut trial: ConnectorTrial,
    credentials: BTreeMap<String, String>,
    answers: BTreeMap<String, String>,
) -> Answer<ConnectorTried> {
    let (mut credentials, answers) = (secrets(credentials), sign_in::secrets(answers));
    chosen.hand_over(&mut trial.network, &mut credentials);
    let session = desk.session()?;
    Ok(trials.run(&app, |watch| connector::try_out(&session, &trial, &credentials, &answers, watch))?)
}

#[tauri::command(async)]
pub(crate) fn connector_cancel(trials: State<'_, Trials>) {
    trials.cancel();
}

#[tauri::command(async)]
pub(crate) fn connector_waiting(trials: State<'_, Trials>) -> Option<u32> {
    trials.waiting()
}

/// What was typed for each credential, as secrets.
pub(super) fn secrets(typed: BTreeMap<String, String>) -> BTreeMap<String, Arc<Secret>> {
    typed.into_iter().filter_map(|(id, typed)| Some((id, Arc::new(given(typed)?)))).collect()
}

/// A pasted key without the spaces around it; none where nothing was typed.
pub(super) fn given(mut typed: String) -> Option<Secret> {
    // In place: a copy would stay behind in memory.
    typed.truncate(typed.trim_end().len());
    let from = typed.len() - typed.trim_start().len();
    typed.drain(..from);
    (!typed.is_empty()).then(|| Secret::new(typed))
}
