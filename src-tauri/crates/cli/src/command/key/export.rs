use latchkey_app::error::Result;
use latchkey_app::key;

use super::list::query;
use crate::args::import::KeyExport;
use crate::context::Context;

pub(super) fn run(context: &Context, args: &KeyExport) -> Result<()> {
    let done = key::export(&context.session()?, &context.operator, &query(&args.filter), &args.out, false)?;
    let keys = if done.keys == 1 { "1 key".to_owned() } else { format!("{} keys", done.keys) };
    context.output.answer(&done, || format!("Wrote {keys}, without secrets, to {}.", args.out.display()))
}
