//! Checks the configuration, the capabilities and the permissions, and embeds what the window needs. Makes Rust of the
//! texts that the system's dialogs show.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

/// With what the names of the texts begin that Rust shows.
const OURS: &str = "native_";

fn main() -> Result<(), Box<dyn Error>> {
    // Tauri looks for these in places of its own, and would not see a change here.
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    println!("cargo::rerun-if-changed=ui/messages");
    println!("cargo::rerun-if-changed=ui/project.inlang/settings.json");
    if env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        // The dynamic linker looks for each symbol in one library after the other, as the program names them, and most
        // symbols are WebKit's: where its libraries stand first, a start is done with that sooner.
        println!("cargo::rustc-link-lib=javascriptcoregtk-4.1");
        println!("cargo::rustc-link-lib=webkit2gtk-4.1");
    }
    let words = words(&read(Path::new("ui/project.inlang/settings.json"))?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), words)?;
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"));
    Ok(tauri_build::try_build(attributes)?)
}

/// A function for each text, with a parameter for each of its places, so that a text that is missing in a language, or
/// has a place that the others do not have, does not compile.
fn words(settings: &Value) -> Result<String, Box<dyn Error>> {
    let base = settings["baseLocale"].as_str().ok_or("no base language")?;
    let others = settings["locales"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let languages = std::iter::once(base).chain(others.filter(|&other| other != base)).collect::<Vec<_>>();
    let texts = languages.iter().map(|language| texts(language)).collect::<Result<Vec<_>, _>>()?;
    let names = languages.iter().map(|language| capitalized(language)).collect::<Vec<_>>();
    let mut code = format!(
        "/// A language that the dialogs speak.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n\
         pub(crate) enum Words {{ {} }}\n\
         /// All of them; first the one for those who read none of them.\n\
         const LANGUAGES: [(&str, Words); {}] = [{}];\nimpl Words {{\n",
        names.join(", "),
        languages.len(),
        languages
            .iter()
            .zip(&names)
            .map(|(tag, name)| format!("({tag:?}, Words::{name})"))
            .collect::<Vec<_>>()
            .join(", "),
    );
    for (key, text) in &texts[0] {
        let places = places(text).iter().map(|place| format!(", {place}: impl Display")).collect::<Vec<_>>().concat();
        writeln!(code, "/// {text:?}\npub(crate) fn {key}(self{places}) -> String {{ match self {{")?;
        for ((texts, name), language) in texts.iter().zip(&names).zip(&languages) {
            let text = texts.get(key).ok_or_else(|| format!("{OURS}{key} has no text in {language}"))?;
            let plain = !text.contains(['{', '}']);
            let said = if plain { format!("{text:?}.to_owned()") } else { format!("format!({text:?})") };
            writeln!(code, "Self::{name} => {said},")?;
        }
        code.push_str("} }\n");
    }
    code.push('}');
    Ok(code)
}

/// The texts of a language by their names without the beginning.
fn texts(language: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let Value::Object(messages) = read(&Path::new("ui/messages").join(format!("{language}.json")))? else {
        return Err(format!("the messages in {language} are no table").into());
    };
    let ours = messages.into_iter().filter_map(|(key, text)| {
        let text = text.as_str()?.to_owned();
        Some((key.strip_prefix(OURS)?.to_owned(), text))
    });
    Ok(ours.collect())
}

/// The names between braces, in their order.
fn places(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    Ok(serde_json::from_str(&text).map_err(|cause| format!("{}: {cause}", path.display()))?)
}
