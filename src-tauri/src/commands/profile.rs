use latchkey_app::settings;
use latchkey_app::wire::{ProfileView, Settings, VaultKind};
use latchkey_domain::secret::Secret;
use tauri::{AppHandle, State};

use super::Answer;
use crate::desk::Desk;
use crate::refresh;

#[tauri::command(async)]
pub(crate) fn profile_view(desk: State<'_, Desk>) -> ProfileView {
    desk.view()
}

#[tauri::command(async)]
pub(crate) fn profile_create(
    desk: State<'_, Desk>,
    vault: VaultKind,
    passphrase: Option<String>,
) -> Answer<ProfileView> {
    desk.create(vault, passphrase.map(Secret::new).as_ref())?;
    Ok(desk.view())
}

#[tauri::command(async)]
pub(crate) fn profile_unlock(app: AppHandle, desk: State<'_, Desk>, passphrase: String) -> Answer<ProfileView> {
    desk.unlock(&Secret::new(passphrase))?;
    refresh::start(&app);
    Ok(desk.view())
}

#[tauri::command(async)]
pub(crate) fn profile_retry(app: AppHandle, desk: State<'_, Desk>) -> ProfileView {
    desk.reopen();
    refresh::start(&app);
    desk.view()
}

#[tauri::command(async)]
pub(crate) fn settings_save(desk: State<'_, Desk>, settings: Settings) -> Answer<Settings> {
    Ok(settings::save(&*desk.session()?, &desk.operator, settings)?)
}
