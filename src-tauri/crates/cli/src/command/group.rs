use latchkey_app::error::Result;
use latchkey_app::organization;
use latchkey_app::wire::{UserGroupDraft, UserGroupView};
use serde_json::json;

use crate::args::Group;
use crate::context::Context;
use crate::table::Table;

pub(super) fn run(context: &Context, command: Group) -> Result<()> {
    let session = context.session()?;
    match command {
        Group::List { tenant } => {
            let mut all = organization::groups(&session, &tenant)?;
            let none = "No user groups yet. `latchkey group add -t TENANT NAME` adds one.";
            let table = Table::new(["ID", "NAME", "PERMISSIONS", "KEYS"], &["ID", "KEYS"]);
            context.output.list(table, none, row, || Ok(std::mem::take(&mut all)))
        }
        Group::Add(add) => {
            let draft = UserGroupDraft { id: add.id, name: add.name, permissions: add.permissions };
            let added = organization::add_group(&session, &context.operator, &add.tenant, &draft)?;
            context.output.answer(&added, || format!("Added {} ({}).", added.id, added.name))
        }
        Group::Edit(edit) => {
            // What is left out stays; the use case writes all of it.
            let all = organization::groups(&session, &edit.tenant)?;
            let before = all.into_iter().find(|group| group.id == edit.id.trim());
            let (name, permissions) = before.map(|group| (group.name, group.permissions)).unwrap_or_default();
            let replaced = edit.no_permissions || !edit.permissions.is_empty();
            let permissions = if replaced { edit.permissions } else { permissions };
            let draft = UserGroupDraft { id: Some(edit.id), name: edit.name.unwrap_or(name), permissions };
            let edited = organization::edit_group(&session, &context.operator, &edit.tenant, &draft)?;
            context.output.answer(&edited, || format!("{} is now {}.", edited.id, edited.name))
        }
        Group::Remove { tenant, id } => {
            organization::remove_group(&session, &context.operator, &tenant, &id)?;
            context.output.answer(&json!({ "removed": id }), || format!("Removed {id}."))
        }
    }
}

fn row(group: &UserGroupView) -> [String; 4] {
    [group.id.clone(), group.name.clone(), group.permissions.join(", "), group.keys.to_string()]
}
