mod batch;
mod copy;
mod edit;
mod end;
mod list;
mod new;
mod show;

use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::wire::KeyStatus;

use crate::args::Key;
use crate::context::Context;

pub(super) fn run(context: &Context, command: Key) -> Result<()> {
    match command {
        Key::New(args) => new::run(context, args),
        Key::Batch(args) => batch::run(context, args),
        Key::List(args) => list::run(context, &args),
        Key::Show { key } => show::run(context, &key),
        Key::Edit(args) => edit::run(context, args),
        Key::Disable { key } => {
            let shown = key::disable(&context.session()?, &context.operator, &key)?;
            context.output.answer(&shown, || format!("Disabled {} ({}).", shown.name, shown.handle))
        }
        Key::Enable { key } => {
            let shown = key::enable(&context.session()?, &context.operator, &key)?;
            context.output.answer(&shown, || format!("Enabled {} ({}).", shown.name, shown.handle))
        }
        Key::Revoke(args) => end::revoke(context, &args),
        Key::Delete(args) => end::delete(context, &args),
        Key::Copy { key } => copy::run(context, &key),
    }
}

fn status_word(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "active",
        KeyStatus::Expiring => "expiring",
        KeyStatus::Expired => "expired",
        KeyStatus::Disabled => "disabled",
        KeyStatus::Revoked => "revoked",
    }
}
