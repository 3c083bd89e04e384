//! Reads and checks the templates, so that a wrong file fails the build, and writes the list of them.
#![allow(clippy::print_stdout)] // Cargo reads what a build script prints.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use latchkey_domain::template::Template;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("templates");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    files.sort();
    let mut list = String::from("const FILES: &[&str] = &[\n");
    for file in files {
        let template = Template::read(&fs::read(&file)?).map_err(|cause| format!("{}: {cause}", file.display()))?;
        if file.file_stem().and_then(|stem| stem.to_str()) != Some(&template.id) {
            return Err(format!("{}: the template's identifier is `{}`", file.display(), template.id).into());
        }
        writeln!(list, "    include_str!({:?}),", file.display().to_string())?;
    }
    list.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("templates.rs"), list)?;
    Ok(())
}
