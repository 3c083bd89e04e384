//! One file for each command.

mod api_set;
mod audit;
mod bundle;
mod bundle_codes;
mod completions;
mod connection;
mod connector;
mod gate;
mod group;
mod guide;
mod import;
mod init;
mod key;
mod organization;
mod refresh;
mod remote;
mod run;
mod sign_in;
mod signing_key;
mod template;
mod tenant;
mod tenant_check;
mod verify;

use std::process::ExitCode;

use latchkey_app::error::Result;

use crate::args::{Audit, Command};
use crate::context::Context;

pub(crate) fn run(context: &Context, command: Command) -> Result<ExitCode> {
    let done = match command {
        Command::Init { vault } => init::run(context, vault),
        Command::Tenant(command) => return tenant::run(context, command),
        Command::ApiSet(command) => api_set::run(context, command),
        Command::Organization(command) => organization::run(context, command),
        Command::Group(command) => group::run(context, command),
        Command::Key(command) => return key::run(context, *command),
        Command::Verify(args) => return verify::run(context, &args),
        Command::Bundle(command) => bundle::run(context, command),
        Command::Gate(args) => gate::run(context, *args),
        Command::Run { env, command } => return run::run(context, &env, &command),
        Command::Import(args) => import::run(context, args),
        Command::Connector(command) => return connector::run(context, command),
        Command::Audit(Audit::List { since, limit }) => audit::list(context, since.as_deref(), limit),
        Command::Completions { shell } => completions::run(context, shell),
    };
    done.map(|()| ExitCode::SUCCESS)
}
