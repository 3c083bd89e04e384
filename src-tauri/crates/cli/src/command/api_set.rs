use latchkey_app::api_set;
use latchkey_app::error::Result;
use latchkey_app::wire::{self, ApiSetView};
use serde_json::json;

use crate::args::{ApiSet, ApiSetDraft};
use crate::context::Context;
use crate::table::Table;

pub(super) fn run(context: &Context, command: ApiSet) -> Result<()> {
    let session = context.session()?;
    match command {
        ApiSet::List { tenant } => {
            let mut sets = api_set::list(&session, &tenant)?;
            let none = "No API sets yet. `latchkey api-set add -t TENANT ID` adds one.";
            let table = Table::new(["ID", "NAME", "GROUP", "KEYS"], &["ID", "KEYS"]);
            context.output.list(table, none, row, || Ok(std::mem::take(&mut sets)))
        }
        ApiSet::Add(draft) => {
            let added = api_set::add(&session, &context.operator, &draft.tenant, &wire_draft(&draft))?;
            context.output.answer(&added, || format!("Added {} ({}).", added.id, added.name))
        }
        ApiSet::Edit(draft) => {
            let mut change = wire_draft(&draft);
            // The use case takes what is left out for the default; on a command line it is what stays.
            let sets = api_set::list(&session, &draft.tenant)?;
            if let Some(before) = sets.into_iter().find(|set| set.id == change.id.trim()) {
                change.name = change.name.or(Some(before.name));
                change.group = change.group.or(before.group);
                change.description = before.description;
            }
            let edited = api_set::edit(&session, &context.operator, &draft.tenant, &change)?;
            context.output.answer(&edited, || format!("{} is now {}.", edited.id, edited.name))
        }
        ApiSet::Remove { tenant, id } => {
            api_set::remove(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&json!({ "removed": id }), || format!("Removed {id}."))
        }
    }
}

fn wire_draft(draft: &ApiSetDraft) -> wire::ApiSetDraft {
    wire::ApiSetDraft {
        id: draft.id.clone(),
        name: draft.name.clone(),
        group: draft.group.clone(),
        description: String::new(),
    }
}

fn row(set: &ApiSetView) -> [String; 4] {
    [set.id.clone(), set.name.clone(), set.group.clone().unwrap_or_default(), set.keys.to_string()]
}
