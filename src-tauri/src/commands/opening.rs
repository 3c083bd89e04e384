use tauri::State;

use super::Answer;
use crate::desk::Desk;
use crate::first_page::FirstPage;

/// Whether what the page brought is still so: the web view asks once it hears of changes.
#[tauri::command(async)]
pub(crate) fn opening_holds(desk: State<'_, Desk>, page: State<'_, FirstPage>) -> Answer<bool> {
    Ok(page.holds(&*desk.session()?)?)
}
