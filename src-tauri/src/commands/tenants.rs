use latchkey_app::tenant;
use latchkey_app::wire::{PolicyGaps, TenantDraft, TenantEdit, TenantView};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn tenant_list(desk: State<'_, Desk>) -> Answer<Vec<TenantView>> {
    Ok(tenant::list(&*desk.session()?)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_add(desk: State<'_, Desk>, draft: TenantDraft) -> Answer<TenantView> {
    Ok(tenant::add(&*desk.session()?, &desk.operator, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_edit(desk: State<'_, Desk>, tenant: String, edit: TenantEdit) -> Answer<TenantView> {
    Ok(tenant::edit(&*desk.session()?, &desk.operator, &tenant, &edit)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_gaps(
    desk: State<'_, Desk>,
    tenant: String,
    edit: Option<TenantEdit>,
    after: Option<String>,
    limit: u32,
) -> Answer<PolicyGaps> {
    let session = desk.session()?;
    Ok(tenant::gaps(&session, &desk.operator, &tenant, edit.as_ref(), after.as_deref(), limit)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_remove(desk: State<'_, Desk>, tenant: String) -> Answer<()> {
    Ok(tenant::remove(&*desk.session()?, &desk.operator, &tenant)?)
}
