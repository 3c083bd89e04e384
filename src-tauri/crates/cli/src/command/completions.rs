use clap::CommandFactory as _;
use clap_complete::Shell;
use latchkey_app::error::Result;

use crate::args::Args;
use crate::context::Context;

pub(super) fn run(context: &Context, shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "latchkey", &mut script);
    context.output.print(&script)
}
