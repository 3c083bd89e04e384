use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::wire::KeySelection;

use super::list::query;
use crate::args::import::KeyExport;
use crate::context::Context;

pub(super) fn run(context: &Context, args: &KeyExport) -> Result<()> {
    let selection = match args.keys.as_slice() {
        [] => KeySelection::Found { query: query(&args.filter), except: Vec::new() },
        keys => KeySelection::Keys { keys: keys.to_vec() },
    };
    let done = key::export(&context.session()?, &context.operator, &selection, &args.out, false)?;
    let keys = if done.keys == 1 { "1 key".to_owned() } else { format!("{} keys", done.keys) };
    context.output.answer(&done, || format!("Wrote {keys}, without secrets, to {}.", args.out.display()))
}
