//! One action on several keys, and its undo.

use latchkey_app::key::bulk;
use latchkey_app::wire::{BulkAction, BulkDone, BulkPreview, KeySelection};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn bulk_preview(desk: State<'_, Desk>, selection: KeySelection, action: BulkAction) -> Answer<BulkPreview> {
    Ok(bulk::preview(&*desk.session()?, &selection, &action)?)
}

#[tauri::command(async)]
pub(crate) fn bulk_run(desk: State<'_, Desk>, selection: KeySelection, action: BulkAction) -> Answer<BulkDone> {
    let (done, undo) = bulk::run(&*desk.session()?, &desk.operator, &selection, &action)?;
    desk.hold_undo(undo);
    Ok(done)
}

/// Takes back the last action on several keys, once.
#[tauri::command(async)]
pub(crate) fn bulk_undo(desk: State<'_, Desk>) -> Answer<BulkDone> {
    let session = desk.session()?;
    Ok(desk.with_undo(|undo| bulk::undo(&session, &desk.operator, undo))?)
}
