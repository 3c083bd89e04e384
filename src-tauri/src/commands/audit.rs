use latchkey_app::audit;
use latchkey_app::wire::EventView;
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn audit_list(desk: State<'_, Desk>, before: Option<u64>, limit: u32) -> Answer<Vec<EventView>> {
    Ok(audit::list(&*desk.session()?, before, None, limit)?)
}
