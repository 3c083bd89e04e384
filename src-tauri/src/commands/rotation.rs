use latchkey_app::rotation;
use latchkey_app::wire::{KeyView, NewKey, Overlap, RotationDraft, RotationPlan};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn rotation_plan(desk: State<'_, Desk>, key: String) -> Answer<RotationPlan> {
    Ok(rotation::plan(&*desk.session()?, &key)?)
}

/// Makes the successor and opens its Save window; closing that retires the old key.
#[tauri::command(async)]
pub(crate) fn rotation_begin(desk: State<'_, Desk>, key: String, draft: RotationDraft) -> Answer<NewKey> {
    Ok(desk.save_window.rotate(&*desk.session()?, &desk.operator, &key, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn rotation_retire(desk: State<'_, Desk>, key: String, overlap: Overlap) -> Answer<KeyView> {
    Ok(rotation::retire(&*desk.session()?, &desk.operator, &key, &overlap)?)
}

#[tauri::command(async)]
pub(crate) fn rotation_undo(desk: State<'_, Desk>, key: String) -> Answer<KeyView> {
    Ok(rotation::undo(&*desk.session()?, &desk.operator, &key)?)
}
