use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::wire;

use crate::args::KeyEdit;
use crate::context::Context;

pub(super) fn run(context: &Context, args: KeyEdit) -> Result<()> {
    let changes = args.changes;
    let replaced = changes.no_api_sets || !changes.api_sets.is_empty();
    let edit = wire::KeyEdit {
        name: changes.name,
        description: changes.description,
        owner: changes.owner,
        api_sets: replaced.then_some(changes.api_sets),
        organization: changes.organization,
        groups: (!changes.groups.is_empty()).then_some(changes.groups),
        tags: (changes.no_tags || !changes.tags.is_empty()).then_some(changes.tags),
        expires: changes.expires.as_deref().map(str::parse).transpose()?,
    };
    let session = context.session()?;
    let edited = context.changing(&session, || key::edit(&session, &context.operator, &args.key, &edit))?;
    context.output.answer(&edited, || format!("Changed {} ({}).", edited.name, edited.handle))
}
