use std::collections::BTreeSet;

use latchkey_app::error::Result;
use latchkey_app::key::{self, bulk};
use latchkey_app::wire::{BulkAction, BulkDone, KeyQuery, KeySelection};
use serde::Serialize;

use super::list::status;
use crate::args::{KeyExtend, KeyRevoke, KeyTag, Selection};
use crate::command::guide;
use crate::context::Context;

pub(super) fn disable(context: &Context, selection: &Selection) -> Result<()> {
    if let Some(key) = one(selection) {
        let session = context.session()?;
        let shown = context.changing(&session, || key::disable(&session, &context.operator, key))?;
        return context.output.answer(&shown, || format!("Disabled {} ({}).", shown.name, shown.handle));
    }
    several(context, selection, &BulkAction::Disable, "Disable", "Disabled")
}

pub(super) fn enable(context: &Context, selection: &Selection) -> Result<()> {
    if let Some(key) = one(selection) {
        let session = context.session()?;
        let shown = context.changing(&session, || key::enable(&session, &context.operator, key))?;
        return context.output.answer(&shown, || format!("Enabled {} ({}).", shown.name, shown.handle));
    }
    several(context, selection, &BulkAction::Enable, "Enable", "Enabled")
}

pub(super) fn revoke(context: &Context, args: &KeyRevoke) -> Result<()> {
    if let Some(key) = one(&args.selection) {
        return super::end::revoke(context, key, args.reason.as_deref(), args.selection.sure);
    }
    let action = BulkAction::Revoke { reason: args.reason.clone() };
    several(context, &args.selection, &action, "Revoke", "Revoked")
}

pub(super) fn extend(context: &Context, args: &KeyExtend) -> Result<()> {
    let action = BulkAction::Extend { expires: args.expires.parse()? };
    several(context, &args.selection, &action, "Give a later end to", "Gave a later end to")
}

pub(super) fn tag(context: &Context, args: &KeyTag) -> Result<()> {
    let action = BulkAction::Tag { add: args.add.clone(), remove: args.remove.clone() };
    several(context, &args.selection, &action, "Change the tags of", "Changed the tags of")
}

/// The only key that is named: it answers with its record, as ever.
fn one(selection: &Selection) -> Option<&str> {
    match selection.keys.as_slice() {
        [key] => Some(key),
        _ => None,
    }
}

/// What was done to several keys.
#[derive(Serialize)]
struct Done {
    changed: u32,
    unchanged: u32,
}

fn several(context: &Context, selection: &Selection, action: &BulkAction, verb: &str, done_verb: &str) -> Result<()> {
    let session = context.session()?;
    let selection_wire = wire(selection);
    let preview = bulk::preview(&session, &selection_wire, action)?;
    if preview.changing > 0 {
        let names: Vec<_> = preview.first.iter().map(|key| key.name.as_str()).collect();
        let more = if names.len() < preview.losing as usize { " and others" } else { "" };
        let effect = if preview.losing > 0 {
            format!(" {} lose access at once: {}{more}.", preview.losing, names.join(", "))
        } else {
            String::new()
        };
        let question = format!("{verb} {} of {} keys?{effect}", preview.changing, preview.chosen);
        if !context.is_sure(selection.sure.yes, &question)? {
            return Ok(());
        }
    }
    // Undo lives as long as the process that did it: nothing to offer here, so nothing is said of it.
    let run = || bulk::run(&session, &context.operator, &selection_wire, action);
    let (BulkDone { changed, unchanged, .. }, _) = context.changing(&session, run)?;
    context.note_waiting(&session);
    if matches!(action, BulkAction::Revoke { .. }) {
        for tenant in preview.first.iter().map(|key| &key.tenant_id).collect::<BTreeSet<_>>() {
            guide::note_end(context, &session, tenant);
        }
    }
    context.output.answer(&Done { changed, unchanged }, || {
        let rest = if unchanged > 0 { format!(" {unchanged} stay as they were.") } else { String::new() };
        format!("{done_verb} {changed} keys.{rest}")
    })
}

fn wire(selection: &Selection) -> KeySelection {
    if !selection.all_found {
        return KeySelection::Keys { keys: selection.keys.clone() };
    }
    let filters = &selection.filters;
    let query = KeyQuery {
        tenant: filters.tenant.clone(),
        search: filters.search.clone().unwrap_or_default(),
        statuses: filters.status.iter().copied().map(status).collect(),
        api_set: filters.api_set.clone(),
        owner: filters.owner.clone(),
        organization: filters.organization.clone(),
        ..KeyQuery::default()
    };
    KeySelection::Found { query, except: Vec::new() }
}
