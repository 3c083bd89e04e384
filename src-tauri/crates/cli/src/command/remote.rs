use std::process::ExitCode;

use latchkey_app::error::Result;
use latchkey_app::wire::{RemoteTenantDraft, RemoteView, SyncDone, Unanswered};
use latchkey_app::{connector, remote, tenant};
use serde_json::json;

use super::connection::network;
use super::connector::{credentials, pairs, watch};
use super::sign_in;
use crate::args::{RemoteCredentials, RemoteSite, RemoteWay, SigningIn};
use crate::context::{Context, unlock};
use crate::table::Table;

/// Adds a remote tenant and asks for its keys. Where the server cannot be asked now, the tenant is there all the same.
pub(super) fn add(
    context: &Context,
    name: String,
    connector: String,
    site: RemoteSite,
    signing_in: &SigningIn,
    way: &RemoteWay,
) -> Result<ExitCode> {
    let session = context.session()?;
    let shown = connector::show(&session, &connector)?;
    let mut credentials = credentials(context, &shown.credentials, &site.credentials)?;
    let network = network(context, &session, way, &mut credentials)?;
    let draft = RemoteTenantDraft {
        name,
        connector,
        url: site.url.unwrap_or_default(),
        options: pairs("--option", &site.options)?.into_iter().collect(),
        plain_http: site.plain_http,
        accept_caution: signing_in.accept_caution,
        network,
    };
    unlock(&session)?;
    let added = if shown.questions.is_empty() {
        remote::add(&session, &context.operator, &draft, &credentials)?
    } else {
        sign_in::add(context, &session, &shown, draft, &credentials, &signing_in.answers)?
    };
    let (watch, _caught) = watch(context)?;
    let synced = remote::sync(&session, &context.operator, &added.id, &watch);
    context.output.progress("");
    let added = tenant::show(&session, &added.id)?;
    context.output.answer(&added, || match &synced {
        Ok(done) => format!("Added {}. {}", added.name, told(*done)),
        Err(_) => format!("Added {}. Its keys could not be asked for yet.", added.name),
    })?;
    match synced {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
    }
}

pub(super) fn credential(context: &Context, tenant: &str, args: &RemoteCredentials) -> Result<()> {
    let session = context.session()?;
    let shown = tenant::show(&session, tenant)?;
    let asks = match &shown.remote {
        Some(remote) => connector::show(&session, &remote.connector)?.credentials,
        None => Vec::new(),
    };
    let credentials = credentials(context, &asks, args)?;
    unlock(&session)?;
    remote::set_credential(&session, &context.operator, &shown.id, &credentials)?;
    context.output.answer(&json!({ "tenant": shown.id }), || format!("{} has another credential.", shown.name))
}

/// Lists the keys whose answers are lost.
pub(super) fn unanswered(context: &Context, tenant: &str) -> Result<()> {
    let mut lost = remote::unanswered(&context.session()?, tenant)?;
    let row = |one: &Unanswered| {
        let now = if one.awaited { "waiting for it" } else { "lost" };
        [one.name.clone(), one.asked_at.format("%Y-%m-%d %H:%M UTC").to_string(), now.to_owned()]
    };
    let table = Table::new(["NAME", "ASKED", "ANSWER"], &["ASKED"]);
    context.output.list(table, "The server owes no answer.", row, || Ok(std::mem::take(&mut lost)))
}

pub(super) fn give_up(context: &Context, tenant: &str, name: &str) -> Result<()> {
    let session = context.session()?;
    let shown = tenant::show(&session, tenant)?;
    remote::give_up(&session, &context.operator, &shown.id, name)?;
    context.output.answer(&json!({ "tenant": shown.id, "name": name }), || {
        format!("{name} is no longer looked for. It can be generated again.")
    })
}

/// What the server told, in words.
pub(super) fn told(done: SyncDone) -> String {
    let mut parts = vec![format!("{} keys at the server", done.keys)];
    for (count, what) in [
        (done.new, "new here"),
        (done.changed, "changed there"),
        (done.gone, "gone there"),
        (done.skipped, "rows not understood"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!("{}.", parts.join(", "))
}

/// Where a tenant's keys come from, and how fresh they are.
pub(super) fn described(remote: &RemoteView) -> Vec<(&'static str, String)> {
    let fresh = remote.synced_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    let mut lines = vec![("Connector", remote.connector.clone()), ("Server", remote.url.clone()), ("Refreshed", fresh)];
    lines.extend(remote.problem.as_ref().map(|problem| ("Problem", problem.message.clone())));
    for (count, what) in [(remote.skipped, "Not understood"), (remote.unanswered, "Answers lost")] {
        lines.extend((count > 0).then(|| (what, count.to_string())));
    }
    lines
}
