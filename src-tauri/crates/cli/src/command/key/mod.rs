mod batch;
mod bulk;
mod check;
mod copy;
mod edit;
mod end;
mod export;
mod list;
mod new;
mod place;
mod record;
mod rotate;
mod show;

use std::process::ExitCode;

use latchkey_app::error::Result;
use latchkey_app::wire::KeyStatus;

use crate::args::Key;
use crate::context::Context;

pub(super) fn run(context: &Context, command: Key) -> Result<ExitCode> {
    let done = match command {
        Key::Check { key } => return check::run(context, &key),
        Key::New(args) => new::run(context, args),
        Key::Record(args) => record::run(context, args),
        Key::Batch(args) => batch::run(context, args),
        Key::List(args) => list::run(context, &args),
        Key::Export(args) => export::run(context, &args),
        Key::Show { key } => show::run(context, &key),
        Key::Edit(args) => edit::run(context, args),
        Key::Disable(selection) => bulk::disable(context, &selection),
        Key::Enable(selection) => bulk::enable(context, &selection),
        Key::Extend(args) => bulk::extend(context, &args),
        Key::Tag(args) => bulk::tag(context, &args),
        Key::Revoke(args) => bulk::revoke(context, &args),
        Key::Rotate(args) => rotate::run(context, args),
        Key::Delete(args) => end::delete(context, &args),
        Key::Copy { key } => copy::run(context, &key),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn status_word(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "active",
        KeyStatus::Expiring => "expiring",
        KeyStatus::Expired => "expired",
        KeyStatus::Disabled => "disabled",
        KeyStatus::Revoked => "revoked",
        KeyStatus::Superseded => "superseded",
    }
}
