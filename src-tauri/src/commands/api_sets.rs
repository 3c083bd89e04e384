use latchkey_app::api_set;
use latchkey_app::wire::{ApiSetDraft, ApiSetView};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn api_set_list(desk: State<'_, Desk>, tenant: String) -> Answer<Vec<ApiSetView>> {
    Ok(api_set::list(&*desk.session()?, &tenant)?)
}

#[tauri::command(async)]
pub(crate) fn api_set_add(desk: State<'_, Desk>, tenant: String, draft: ApiSetDraft) -> Answer<ApiSetView> {
    Ok(api_set::add(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn api_set_edit(desk: State<'_, Desk>, tenant: String, draft: ApiSetDraft) -> Answer<ApiSetView> {
    Ok(api_set::edit(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn api_set_remove(desk: State<'_, Desk>, tenant: String, id: String) -> Answer<()> {
    Ok(api_set::remove(&*desk.session()?, &desk.operator, &tenant, &id)?)
}
