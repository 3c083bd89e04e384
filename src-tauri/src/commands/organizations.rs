use latchkey_app::wire::{AccessQuery, AccessView, OrganizationDraft, OrganizationView, UserGroupDraft, UserGroupView};
use latchkey_app::{access, organization};
use tauri::State;

use super::Answer;
use crate::desk::Desk;

#[tauri::command(async)]
pub(crate) fn organization_list(desk: State<'_, Desk>, tenant: String) -> Answer<Vec<OrganizationView>> {
    Ok(organization::list(&*desk.session()?, &tenant)?)
}

#[tauri::command(async)]
pub(crate) fn organization_add(
    desk: State<'_, Desk>,
    tenant: String,
    draft: OrganizationDraft,
) -> Answer<OrganizationView> {
    Ok(organization::add(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn organization_edit(
    desk: State<'_, Desk>,
    tenant: String,
    draft: OrganizationDraft,
) -> Answer<OrganizationView> {
    Ok(organization::edit(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn organization_remove(desk: State<'_, Desk>, tenant: String, id: String) -> Answer<()> {
    Ok(organization::remove(&*desk.session()?, &desk.operator, &tenant, &id)?)
}

#[tauri::command(async)]
pub(crate) fn group_list(desk: State<'_, Desk>, tenant: String) -> Answer<Vec<UserGroupView>> {
    Ok(organization::groups(&*desk.session()?, &tenant)?)
}

#[tauri::command(async)]
pub(crate) fn group_add(desk: State<'_, Desk>, tenant: String, draft: UserGroupDraft) -> Answer<UserGroupView> {
    Ok(organization::add_group(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn group_edit(desk: State<'_, Desk>, tenant: String, draft: UserGroupDraft) -> Answer<UserGroupView> {
    Ok(organization::edit_group(&*desk.session()?, &desk.operator, &tenant, &draft)?)
}

#[tauri::command(async)]
pub(crate) fn group_remove(desk: State<'_, Desk>, tenant: String, id: String) -> Answer<()> {
    Ok(organization::remove_group(&*desk.session()?, &desk.operator, &tenant, &id)?)
}

/// What a key would be able to do, before it is generated.
#[tauri::command(async)]
pub(crate) fn access_of(desk: State<'_, Desk>, query: AccessQuery) -> Answer<AccessView> {
    Ok(access::of(&*desk.session()?, &query)?)
}
