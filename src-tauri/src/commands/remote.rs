use std::collections::BTreeMap;

use latchkey_app::ports::Watch;
use latchkey_app::remote;
use latchkey_app::wire::{
    CheckedKey, RefreshProgress, RemoteTenantDraft, SyncDone, TenantRefreshed, TenantView, Unanswered,
};
use tauri::{AppHandle, State};

use super::Answer;
use super::connectors::{given, secrets};
use crate::chosen::ChosenFiles;
use crate::desk::Desk;
use crate::refresh::Refresh;
use crate::trials::Trials;

/// Adds a remote tenant without asking its server. What was typed becomes secrets here and is never answered.
#[tauri::command(async)]
pub(crate) fn tenant_add_remote(
    desk: State<'_, Desk>,
    chosen: State<'_, ChosenFiles>,
    mut draft: RemoteTenantDraft,
    credentials: BTreeMap<String, String>,
) -> Answer<TenantView> {
    let mut credentials = secrets(credentials);
    chosen.hand_over(&mut draft.network, &mut credentials);
    let added = remote::add(&*desk.session()?, &desk.operator, &draft, &credentials)?;
    chosen.forget();
    Ok(added)
}

/// It goes on when another place is opened: several tenants may be asked at once.
#[tauri::command(async)]
pub(crate) fn tenant_sync(desk: State<'_, Desk>, refresh: State<'_, Refresh>, tenant: String) -> Answer<SyncDone> {
    let session = desk.session()?;
    let sync = |watch: &Watch| remote::sync(&session, &desk.operator, &tenant, watch);
    Ok(refresh.under_way.follow(&tenant, sync)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_unanswered(desk: State<'_, Desk>, tenant: String) -> Answer<Vec<Unanswered>> {
    Ok(remote::unanswered(&*desk.session()?, &tenant)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_give_up(desk: State<'_, Desk>, tenant: String, name: String) -> Answer<()> {
    Ok(remote::give_up(&*desk.session()?, &desk.operator, &tenant, &name)?)
}

#[tauri::command(async)]
pub(crate) fn tenant_sync_all(desk: State<'_, Desk>, refresh: State<'_, Refresh>) -> Answer<Vec<TenantRefreshed>> {
    Ok(remote::refresh(&*desk.session()?, &desk.operator, &refresh.under_way)?)
}

#[tauri::command(async)]
pub(crate) fn refresh_progress(refresh: State<'_, Refresh>) -> RefreshProgress {
    refresh.under_way.progress()
}

/// Stops the refresh of one tenant, or of all.
#[tauri::command(async)]
pub(crate) fn refresh_cancel(refresh: State<'_, Refresh>, tenant: Option<String>) {
    refresh.under_way.cancel(tenant.as_deref());
}

#[tauri::command(async)]
pub(crate) fn tenant_credential(
    desk: State<'_, Desk>,
    tenant: String,
    credentials: BTreeMap<String, String>,
) -> Answer<()> {
    let credentials = secrets(credentials);
    Ok(remote::set_credential(&*desk.session()?, &desk.operator, &tenant, &credentials)?)
}

/// Asks with the key that was typed, or with the one that was kept.
#[tauri::command(async)]
pub(crate) fn key_check(
    app: AppHandle,
    desk: State<'_, Desk>,
    trials: State<'_, Trials>,
    key: String,
    typed: Option<String>,
) -> Answer<CheckedKey> {
    let typed = typed.and_then(given);
    let session = desk.session()?;
    Ok(trials.run(&app, |watch| remote::check(&session, &key, typed.as_ref(), watch))?)
}
