use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use latchkey_app::connector;
use latchkey_app::error::{Error, Result};
use latchkey_app::ports::Watch;
use latchkey_app::session::Session;
use latchkey_app::wire::{
    Capability, CapabilityWay, CheckedKey, Connector as View, ConnectorAsk, ConnectorCapability, ConnectorTrial,
    ConnectorTried, ErrorCode,
};
use latchkey_domain::secret::Secret;
use serde_json::json;

use super::connection::network;
use super::sign_in;
use crate::args::{Connector, ConnectorTry, RemoteCredentials};
use crate::context::{Context, read_key};
use crate::output::NOT_VALID;
use crate::signals::Caught;
use crate::table::{Table, facts};

pub(super) fn run(context: &Context, command: Connector) -> Result<ExitCode> {
    let session = context.session()?;
    let done = match command {
        Connector::List => {
            let mut all = connector::list(&session);
            let table = Table::new(["ID", "VENDOR", "CREATE", "REVOKE", "CHECK"], &["ID", "CREATE", "REVOKE", "CHECK"]);
            context.output.list(table, "No connectors.", row, || Ok(std::mem::take(&mut all)))
        }
        Connector::Show { id } => {
            let shown = connector::show(&session, &id)?;
            context.output.answer(&shown, || described(&shown))
        }
        Connector::Check { file } => {
            let read = connector::read(&session, &file)?;
            context.output.answer(&read, || format!("{} is right.\n{}", file.display(), described(&read)))
        }
        Connector::Add { file } => {
            let added = connector::add(&session, &context.operator, &file)?;
            context.output.answer(&added, || format!("Added the connector {} ({}).", added.id, added.name))
        }
        Connector::Remove { id, sure } => {
            let shown = connector::show(&session, &id)?;
            if !context.is_sure(sure.yes, &format!("Remove the connector {}?", shown.name))? {
                return Ok(ExitCode::SUCCESS);
            }
            connector::remove(&session, &context.operator, &id)?;
            context.output.answer(&json!({ "removed": id }), || format!("Removed {id}."))
        }
        Connector::Try(args) => return try_out(context, &session, *args),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn try_out(context: &Context, session: &Session, args: ConnectorTry) -> Result<ExitCode> {
    let shown = connector::show(session, &args.id)?;
    let mut credentials = credentials(context, &shown.credentials, &args.site.credentials)?;
    if shown.credentials.is_empty() && shown.questions.is_empty() && credentials.is_empty() {
        credentials.insert(connector::KEY.to_owned(), Arc::new(read_key()?));
    }
    let network = network(context, session, &args.way, &mut credentials)?;
    let mut trial = ConnectorTrial {
        connector: args.id,
        url: args.site.url.unwrap_or_default(),
        options: pairs("--option", &args.site.options)?.into_iter().collect(),
        plain_http: args.site.plain_http,
        accept_caution: args.signing_in.accept_caution,
        network,
    };
    if let Some(caution) = shown.caution.as_ref().filter(|_| !trial.accept_caution) {
        // Before a password is asked for.
        trial.accept_caution = context.accepts(caution)?;
    }
    let ask = |answers: &BTreeMap<_, _>| {
        let (watch, _caught) = watch(context)?;
        connector::try_out(session, &trial, &credentials, answers, &watch)
    };
    let is_refused_here = shown.caution.is_some() && !trial.accept_caution;
    let tried = if is_refused_here {
        ask(&BTreeMap::new())?
    } else {
        sign_in::asking(context, &shown.questions, &args.signing_in.answers, ask)?
    };
    context.output.progress("");
    context.output.answer(&tried, || told(&tried))?;
    Ok(if tried.checked.is_some_and(is_refused) { ExitCode::from(NOT_VALID) } else { ExitCode::SUCCESS })
}

/// Says how long a server is waited for, and cancels where the operator does. Both end with what is answered beside it.
pub(super) fn watch(context: &Context) -> Result<(Watch, Caught)> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancelled);
    let caught = Caught::each(move |_| asked.store(true, Ordering::SeqCst))
        .map_err(|cause| Error::new(ErrorCode::Failed, format!("Signals cannot be caught: {cause}.")))?;
    let progress = context.output.progress_elsewhere();
    let watch = Watch {
        waiting: Arc::new(move |left| match left.as_secs() {
            0 => progress(""),
            left => progress(&format!("The server is busy: again in {left} s (Ctrl+C cancels)")),
        }),
        is_cancelled: Arc::new(move || cancelled.load(Ordering::SeqCst)),
        ..Watch::default()
    };
    Ok((watch, caught))
}

/// What a connector asks for, from files.
pub(super) fn credentials(
    context: &Context,
    asks: &[ConnectorAsk],
    args: &RemoteCredentials,
) -> Result<BTreeMap<String, Arc<Secret>>> {
    let mut credentials = BTreeMap::new();
    if let Some(file) = &args.credential_file {
        // Where nothing is asked for, it is the key that is to be checked.
        let id = asks.first().map_or(connector::KEY, |first| &first.id);
        credentials.insert(id.to_owned(), Arc::new(context.read_secret(file)?));
    }
    for (id, file) in pairs("--credential", &args.credentials)? {
        credentials.insert(id, Arc::new(context.read_secret(Path::new(&file))?));
    }
    Ok(credentials)
}

pub(super) fn pairs(option: &str, given: &[String]) -> Result<Vec<(String, String)>> {
    let pair = |text: &String| {
        text.split_once('=').map(|(id, value)| (id.to_owned(), value.to_owned())).ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, format!("`{text}` has no `=` in it."))
                .hint(format!("Write `{option} NAME=VALUE`."))
        })
    };
    given.iter().map(pair).collect()
}

fn row(connector: &View) -> [String; 5] {
    let way = |capability| {
        let found = connector.capabilities.iter().find(|one| one.capability == capability);
        found.map_or("-", |one| way(one.way)).to_owned()
    };
    let name = match &connector.problem {
        Some(problem) => format!("cannot be used: {problem}"),
        None => connector.name.clone(),
    };
    [connector.id.clone(), name, way(Capability::Create), way(Capability::Revoke), way(Capability::Check)]
}

fn described(connector: &View) -> String {
    let mut lines = vec![("Vendor", connector.name.clone()), ("Id", connector.id.clone())];
    if let Some(problem) = &connector.problem {
        lines.push(("Problem", problem.clone()));
        return facts(&lines);
    }
    lines.push(("About", connector.about.clone()));
    if let Some(page) = &connector.page {
        lines.push(("Page", page.clone()));
    }
    lines.push(("Address", format!("{}, such as {}", connector.address_label, connector.address_example)));
    let list = |all: Vec<String>| if all.is_empty() { "none".to_owned() } else { all.join("\n") };
    let asks = |asks: &[ConnectorAsk]| list(asks.iter().map(|ask| format!("{}: {}", ask.id, ask.label)).collect());
    lines.push(("Options", asks(&connector.options)));
    lines.push(("Credentials", asks(&connector.credentials)));
    if !connector.questions.is_empty() {
        let questions = connector.questions.iter().map(|one| format!("{}: {}", one.id, one.label));
        lines.push(("To sign in", list(questions.collect())));
    }
    for ConnectorCapability { capability, way: how, .. } in &connector.capabilities {
        lines.push((name(*capability), way(*how).to_owned()));
    }
    lines.push(("To know", list(connector.traps.clone())));
    lines.extend(connector.caution.clone().map(|caution| ("Caution", caution)));
    facts(&lines)
}

fn name(capability: Capability) -> &'static str {
    match capability {
        Capability::List => "List",
        Capability::Create => "Create",
        Capability::Update => "Change",
        Capability::Disable => "Disable",
        Capability::Revoke => "Revoke",
        Capability::Rotate => "Rotate",
        Capability::Check => "Check",
        Capability::ApiSets => "API sets",
    }
}

fn way(way: CapabilityWay) -> &'static str {
    match way {
        CapabilityWay::Native => "by the server",
        CapabilityWay::Composed => "by Latchkey",
        CapabilityWay::Guided => "guided",
        CapabilityWay::Impossible => "no",
    }
}

fn told(tried: &ConnectorTried) -> String {
    if let Some(checked) = tried.checked {
        return said(checked).to_owned();
    }
    let chosen: Vec<_> = tried.chosen.iter().map(sign_in::described).collect();
    let with = if chosen.is_empty() { String::new() } else { format!("Tried with {}.\n", chosen.join(", ")) };
    let mut text = format!("{with}{} keys, {} API sets.\n", tried.keys, tried.api_sets.len());
    if tried.skipped > 0 {
        text = format!("{text}{} rows of the list cannot be understood.\n", tried.skipped);
    }
    let mut table = Table::new(["KEY", "TEXT", "API SETS", "CREATED", "EXPIRES", "ON"], &[]);
    let date = |at: Option<chrono::DateTime<chrono::Utc>>, none: &str| {
        at.map_or_else(|| none.to_owned(), |at| at.format("%Y-%m-%d").to_string())
    };
    let rows: Vec<[String; 6]> = tried
        .first
        .iter()
        .map(|key| {
            let sets = if key.everything { "everything".to_owned() } else { key.api_sets.join(", ") };
            let on = if key.active { "yes" } else { "no" };
            [
                key.name.clone(),
                key.display.clone(),
                sets,
                date(key.created_at, "-"),
                date(key.expires_at, "never"),
                on.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text += &table.page(&rows);
    }
    text.trim_end().to_owned()
}

/// What a server says of a key, in words.
pub(super) fn said(checked: CheckedKey) -> &'static str {
    match checked {
        CheckedKey::Valid => "valid: the server accepts the key",
        CheckedKey::Restricted => "valid: the server knows the key, but does not let it read what was asked for",
        CheckedKey::Unknown => "refused: the server does not know the key",
        CheckedKey::Expired => "refused: the key has expired",
        CheckedKey::Disabled => "refused: the key or its account is switched off",
    }
}

/// Whether that is the end of the key's use.
pub(super) fn is_refused(checked: CheckedKey) -> bool {
    matches!(checked, CheckedKey::Unknown | CheckedKey::Expired | CheckedKey::Disabled)
}
