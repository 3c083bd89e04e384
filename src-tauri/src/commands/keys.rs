use latchkey_app::key;
use latchkey_app::wire::{KeyCount, KeyDetails, KeyDraft, KeyEdit, KeyFacets, KeyPage, KeyQuery, KeyView, NewKey};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn key_list(desk: State<'_, Desk>, query: KeyQuery) -> Answer<KeyPage> {
    Ok(key::list(&*desk.session()?, &query)?)
}

#[tauri::command(async)]
pub(crate) fn key_count(desk: State<'_, Desk>, query: KeyQuery) -> Answer<KeyCount> {
    Ok(key::count(&*desk.session()?, &query)?)
}

#[tauri::command(async)]
pub(crate) fn key_facets(desk: State<'_, Desk>, tenant: Option<String>) -> Answer<KeyFacets> {
    Ok(key::facets(&*desk.session()?, tenant.as_deref())?)
}

#[tauri::command(async)]
pub(crate) fn key_show(desk: State<'_, Desk>, key: String) -> Answer<KeyDetails> {
    Ok(key::show(&*desk.session()?, &key)?)
}

#[tauri::command(async)]
pub(crate) fn key_name_uses(desk: State<'_, Desk>, tenant: String, name: String) -> Answer<u32> {
    Ok(key::name_uses(&*desk.session()?, &tenant, &name)?)
}

#[tauri::command(async)]
pub(crate) fn key_new(desk: State<'_, Desk>, draft: KeyDraft) -> Answer<NewKey> {
    Ok(desk.save_window.generate(&*desk.session()?, &desk.operator, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn key_edit(desk: State<'_, Desk>, key: String, edit: KeyEdit) -> Answer<KeyView> {
    Ok(key::edit(&*desk.session()?, &desk.operator, &key, &edit)?)
}

#[tauri::command(async)]
pub(crate) fn key_disable(desk: State<'_, Desk>, key: String) -> Answer<KeyView> {
    Ok(key::disable(&*desk.session()?, &desk.operator, &key)?)
}

#[tauri::command(async)]
pub(crate) fn key_enable(desk: State<'_, Desk>, key: String) -> Answer<KeyView> {
    Ok(key::enable(&*desk.session()?, &desk.operator, &key)?)
}

#[tauri::command(async)]
pub(crate) fn key_revoke(desk: State<'_, Desk>, key: String, reason: Option<String>) -> Answer<KeyView> {
    Ok(key::revoke(&*desk.session()?, &desk.operator, &key, reason.as_deref())?)
}

#[tauri::command(async)]
pub(crate) fn key_delete(desk: State<'_, Desk>, key: String, reason: Option<String>) -> Answer<()> {
    Ok(key::delete(&*desk.session()?, &desk.operator, &key, reason.as_deref())?)
}
