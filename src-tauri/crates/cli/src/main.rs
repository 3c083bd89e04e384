//! `latchkey`: the command line. It parses, calls one use case and prints; rules live in `latchkey-app`.

mod args;
mod command;
mod context;
mod output;
mod public_key;
mod signals;
mod table;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use args::Args;
use context::Context;

fn main() -> ExitCode {
    // What goes wrong stands in the answer; the log is for those who look for a cause.
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("LATCHKEY_LOG").unwrap_or_else(|_| EnvFilter::new("off")))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => return output::usage(&usage),
    };
    let context = Context::new(&args.global);
    match command::run(&context, args.command) {
        Ok(status) => status,
        Err(error) => context.output.fail(&error),
    }
}
