use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_app::remote;
use latchkey_app::wire::{RemoteTenantDraft, SignInChoice, SignedOut, TenantView};
use latchkey_domain::secret::Secret;
use tauri::{AppHandle, State};

use super::{Answer, connectors};
use crate::chosen::ChosenFiles;
use crate::desk::Desk;
use crate::sign_ins::SignIns;
use crate::trials::Trials;

/// Signs in to the server of a tenant that is to be added. The session is held here; the web view learns what it offers.
#[tauri::command(async)]
#[allow(clippy::too_many_arguments, reason = "what the web view sends, and what is held for it")]
pub(crate) fn session_open(
    app: AppHandle,
    desk: State<'_, Desk>,
    trials: State<'_, Trials>,
    sign_ins: State<'_, SignIns>,
    chosen: State<'_, ChosenFiles>,
    mut draft: RemoteTenantDraft,
    credentials: BTreeMap<String, String>,
    answers: BTreeMap<String, String>,
) -> Answer<Vec<SignInChoice>> {
    let (mut credentials, answers) = (connectors::secrets(credentials), secrets(answers));
    chosen.hand_over(&mut draft.network, &mut credentials);
    let session = desk.session()?;
    let open = trials.run(&app, |watch| remote::open_session(&session, &draft, &credentials, &answers, watch))?;
    Ok(sign_ins.hold(&session, open))
}

#[tauri::command(async)]
pub(crate) fn session_leave(desk: State<'_, Desk>, sign_ins: State<'_, SignIns>) -> Answer<()> {
    sign_ins.leave(&*desk.session()?);
    Ok(())
}

/// With what the session was opened with: a certificate is not taken from the web view, nor chosen anew.
#[tauri::command(async)]
pub(crate) fn tenant_add_signed_in(
    desk: State<'_, Desk>,
    sign_ins: State<'_, SignIns>,
    chosen: State<'_, ChosenFiles>,
    mut draft: RemoteTenantDraft,
) -> Answer<TenantView> {
    chosen.hand_over(&mut draft.network, &mut BTreeMap::new());
    let session = desk.session()?;
    let added = sign_ins.spend(|open| remote::add_signed_in(&session, &desk.operator, &draft, open))?;
    chosen.forget();
    Ok(added)
}

#[tauri::command(async)]
pub(crate) fn tenant_sign_in(
    app: AppHandle,
    desk: State<'_, Desk>,
    trials: State<'_, Trials>,
    tenant: String,
    answers: BTreeMap<String, String>,
) -> Answer<()> {
    let (answers, session) = (secrets(answers), desk.session()?);
    Ok(trials.run(&app, |watch| remote::sign_in(&session, &desk.operator, &tenant, &answers, watch))?)
}

#[tauri::command(async)]
pub(crate) fn tenant_sign_out(
    app: AppHandle,
    desk: State<'_, Desk>,
    trials: State<'_, Trials>,
    tenant: String,
) -> Answer<SignedOut> {
    let session = desk.session()?;
    Ok(trials.run(&app, |watch| remote::sign_out(&session, &desk.operator, &tenant, watch))?)
}

/// What was answered, as secrets. A password is taken as it is typed, with its spaces.
pub(super) fn secrets(typed: BTreeMap<String, String>) -> BTreeMap<String, Arc<Secret>> {
    typed.into_iter().map(|(id, typed)| (id, Arc::new(Secret::new(typed)))).collect()
}
