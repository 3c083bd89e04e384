use std::path::{MAIN_SEPARATOR, Path};

use latchkey_app::error::Result;
use latchkey_app::template;
use latchkey_app::wire::Template;
use serde_json::json;

use crate::context::Context;
use crate::table::Table;

/// Lists the program's own templates.
pub(super) fn list(context: &Context) -> Result<()> {
    let mut templates = template::all();
    let table = Table::new(["ID", "NAME", "WHAT IT BRINGS"], &["ID", "NAME"]);
    let row = |template: &Template| [template.id.clone(), template.name.clone(), template.about.clone()];
    context.output.list(table, "No templates.", row, || Ok(std::mem::take(&mut templates)))
}

/// The template of this file, where the text looks like the name of one.
pub(super) fn in_file(text: &str) -> Result<Option<Box<Template>>> {
    let path = Path::new(text);
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if text.contains(['/', MAIN_SEPARATOR]) || is_json {
        return template::read(path).map(|template| Some(Box::new(template)));
    }
    Ok(None)
}

/// Writes a tenant to a new file, as a template.
pub(super) fn save(context: &Context, tenant: &str, out: &Path) -> Result<()> {
    let saved = template::save(&context.session()?, tenant, out, false)?;
    context.output.answer(&json!({ "template": saved.name, "file": out }), || {
        format!("Saved {} as a template in {}.", saved.name, out.display())
    })
}
