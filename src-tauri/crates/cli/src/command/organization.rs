use latchkey_app::error::Result;
use latchkey_app::organization;
use latchkey_app::wire::{OrganizationDraft, OrganizationView};
use serde_json::json;

use crate::args::Organization;
use crate::context::Context;
use crate::table::Table;

pub(super) fn run(context: &Context, command: Organization) -> Result<()> {
    let session = context.session()?;
    match command {
        Organization::List { tenant } => {
            let mut all = organization::list(&session, &tenant)?;
            let none = "No organizations yet. `latchkey organization add -t TENANT NAME` adds one.";
            let table = Table::new(["ID", "NAME", "PERMISSIONS", "KEYS"], &["ID", "KEYS"]);
            context.output.list(table, none, row, || Ok(std::mem::take(&mut all)))
        }
        Organization::Add(add) => {
            let permissions = (!add.permissions.is_empty()).then_some(add.permissions);
            let draft = OrganizationDraft { id: add.id, name: add.name, permissions };
            let added = organization::add(&session, &context.operator, &add.tenant, &draft)?;
            context.output.answer(&added, || format!("Added {} ({}).", added.id, added.name))
        }
        Organization::Edit(edit) => {
            // What is left out stays; the use case writes all of it.
            let all = organization::list(&session, &edit.tenant)?;
            let before = all.into_iter().find(|one| one.id == edit.id.trim());
            let (name, permissions) = before.map(|one| (one.name, one.permissions)).unwrap_or_default();
            let permissions = match (edit.all_permissions, edit.permissions.is_empty()) {
                (true, _) => None,
                (false, false) => Some(edit.permissions),
                (false, true) => permissions,
            };
            let draft = OrganizationDraft { id: Some(edit.id), name: edit.name.unwrap_or(name), permissions };
            let edited = organization::edit(&session, &context.operator, &edit.tenant, &draft)?;
            context.output.answer(&edited, || format!("{} is now {}.", edited.id, edited.name))
        }
        Organization::Remove { tenant, id } => {
            organization::remove(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&json!({ "removed": id }), || format!("Removed {id}."))
        }
    }
}

fn row(one: &OrganizationView) -> [String; 4] {
    let permissions = one.permissions.as_ref().map_or_else(|| "all".to_owned(), |all| all.join(", "));
    [one.id.clone(), one.name.clone(), permissions, one.keys.to_string()]
}
