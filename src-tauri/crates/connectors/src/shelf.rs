//! The manifests that there are: the program's, and the user's own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use latchkey_app::error::{Error, Result};
use latchkey_app::wire::{
    Capability, CapabilityWay, Connector, ConnectorAddress, ConnectorAsk, ConnectorCapability, ConnectorOrigin,
    ConnectorQuestion, ErrorCode,
};

use crate::manifest::{Ask, MAX_BYTES, Manifest, Problem, Question, QuestionKind, Steps, Verb, read};

/// The manifests that come with the program.
const SHIPPED: [&str; 6] = [
    include_str!("../manifests/docanalyzer.json"),
    include_str!("../manifests/docspace.json"),
    include_str!("../manifests/documenso.json"),
    include_str!("../manifests/documenso-session.json"),
    include_str!("../manifests/documoto.json"),
    include_str!("../manifests/gotransverse.json"),
];

/// Where manifests are found.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: Option<PathBuf>,
}

impl Shelf {
    /// The program's manifests, and those in a folder, each named by its identifier.
    #[must_use]
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The manifest with this identifier. The user's own is read anew each time, so a correction counts at once.
    pub(crate) fn manifest(&self, id: &str) -> Result<Manifest> {
        if let Some(shipped) = shipped().iter().find(|manifest| manifest.id.as_str() == id) {
            return Ok(shipped.clone());
        }
        let path = self.own_files().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == id));
        let path = path.ok_or_else(|| unknown(id))?;
        own(&path).map_err(|problem| unusable(&path, &problem))
    }

    /// All of them by name.
    #[must_use]
    pub(crate) fn all(&self) -> Vec<Connector> {
        let mut all: Vec<Connector> =
            shipped().iter().map(|manifest| view(manifest, ConnectorOrigin::Shipped)).collect();
        for path in self.own_files() {
            let listed = match own(&path) {
                Ok(manifest) => view(&manifest, ConnectorOrigin::Own),
                Err(problem) => broken(&path, &problem),
            };
            // A file that has taken the name of one of the program's is called by all of its own.
            let is_taken = all.iter().any(|other| other.id == listed.id);
            all.push(if is_taken { Connector { id: format!("{}.json", listed.id), ..listed } } else { listed });
        }
        all.sort_by_cached_key(|connector| (connector.name.to_lowercase(), connector.id.clone()));
        all
    }

    /// Reads a manifest that is not among them yet, or is to be replaced.
    pub(crate) fn read(path: &Path) -> Result<Connector> {
        load(path)
            .map(|(manifest, _)| view(&manifest, ConnectorOrigin::Own))
            .map_err(|problem| unusable(path, &problem))
    }

    /// Takes a copy of a manifest, readable by its owner alone and whole from the moment it is there.
    pub(crate) fn add(&self, path: &Path) -> Result<Connector> {
        let (manifest, bytes) = load(path).map_err(|problem| unusable(path, &problem))?;
        let folder = self.folder.as_ref().ok_or_else(no_folder)?;
        fs::create_dir_all(folder).map_err(|cause| Error::io("make the folder", folder, &cause))?;
        let target = folder.join(format!("{}.json", manifest.id.as_str()));
        let written = |cause: &std::io::Error| Error::io("write", &target, cause);
        let mut copy = tempfile::NamedTempFile::new_in(folder).map_err(|cause| written(&cause))?;
        // What was checked, whatever the file has become since.
        copy.write_all(&bytes).map_err(|cause| written(&cause))?;
        copy.as_file().sync_all().map_err(|cause| written(&cause))?;
        copy.persist(&target).map_err(|failed| written(&failed.error))?;
        Ok(view(&manifest, ConnectorOrigin::Own))
    }

    pub(crate) fn remove(&self, id: &str) -> Result<()> {
        let is_shipped = |id: &str| shipped().iter().any(|shipped| shipped.id.as_str() == id);
        if is_shipped(id) {
            return Err(Error::new(ErrorCode::NotNow, format!("`{id}` is a connector of the program and stays.")));
        }
        let id = id.strip_suffix(".json").filter(|id| is_shipped(id)).unwrap_or(id);
        let path = self.own_files().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == id));
        let path = path.ok_or_else(|| unknown(id))?;
        fs::remove_file(&path).map_err(|cause| Error::io("remove", &path, &cause))
    }

    fn own_files(&self) -> Vec<PathBuf> {
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()) else {
            return Vec::new();
        };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut files: Vec<PathBuf> =
            paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
        files.sort();
        files
    }
}

/// A key's text without what people paste in front of it.
pub(crate) fn bare<'t>(manifest: &Manifest, text: &'t str) -> &'t str {
    let text = text.trim();
    let without = |front: &String| {
        let begins = text.get(..front.len())?;
        begins.eq_ignore_ascii_case(front).then(|| &text[front.len()..])
    };
    manifest.secret.strip.iter().find_map(without).unwrap_or(text).trim_start()
}

fn unusable(path: &Path, problem: &Problem) -> Error {
    Error::new(ErrorCode::Failed, format!("{} cannot be used: {problem}.", path.display()))
        .hint("Correct it; `latchkey connector check FILE` says whether it is right.")
}

fn unknown(id: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("There is no connector `{id}`."))
        .hint("`latchkey connector list` names those that there are.")
}

fn no_folder() -> Error {
    Error::new(ErrorCode::Failed, "There is no folder for connectors of one's own.")
}

/// A manifest in the user's folder, whose file has its name.
fn own(path: &Path) -> Result<Manifest, Problem> {
    let (manifest, bytes) = load(path)?;
    if path.file_stem().is_none_or(|stem| stem != manifest.id.as_str()) {
        let message = format!("the file is to be called {}.json, after its id", manifest.id.as_str());
        return Err(Problem { line: line_of_id(&bytes), column: 1, message });
    }
    Ok(manifest)
}

/// Reads a manifest that is not the program's.
fn load(path: &Path) -> Result<(Manifest, Vec<u8>), Problem> {
    let unread = |error: std::io::Error| Problem { line: 1, column: 1, message: format!("it cannot be read: {error}") };
    let mut bytes = Vec::new();
    // A device or a pipe would never end.
    if !fs::metadata(path).map_err(unread)?.is_file() {
        return Err(Problem { line: 1, column: 1, message: "it is no file".to_owned() });
    }
    fs::File::open(path).map_err(unread)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    let manifest = read(&bytes)?;
    if shipped().iter().any(|shipped| shipped.id == manifest.id) {
        let message = format!("`{}` is a connector of the program; choose another id", manifest.id.as_str());
        return Err(Problem { line: line_of_id(&bytes), column: 1, message });
    }
    Ok((manifest, bytes))
}

fn line_of_id(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).lines().position(|line| line.contains("\"id\"")).map_or(1, |at| at + 1)
}

/// The program's own. A test reads each of them, so none is left out.
fn shipped() -> &'static [Manifest] {
    static READ: LazyLock<Vec<Manifest>> =
        LazyLock::new(|| SHIPPED.iter().filter_map(|source| read(source.as_bytes()).ok()).collect());
    &READ
}

/// What the window and the command line show of a manifest.
#[must_use]
pub(crate) fn view(manifest: &Manifest, origin: ConnectorOrigin) -> Connector {
    let ask = |ask: &Ask| ConnectorAsk {
        id: ask.id.as_str().to_owned(),
        label: ask.label.clone(),
        default: ask.default.clone(),
        help: ask.help.clone(),
        chosen: manifest.session.as_ref().is_some_and(|session| session.choice(ask.id.as_str()).is_some()),
    };
    let questions = manifest.session.iter().flat_map(|session| &session.questions);
    let addresses = manifest.address.known.iter();
    Connector {
        id: manifest.id.as_str().to_owned(),
        name: manifest.name.clone(),
        about: manifest.about.clone(),
        page: manifest.page.clone(),
        origin,
        problem: None,
        address_label: manifest.address.label.clone(),
        address_example: manifest.address.example.clone(),
        addresses: addresses.map(|at| ConnectorAddress { name: at.name.clone(), url: at.url.clone() }).collect(),
        options: manifest.options.iter().map(ask).collect(),
        credentials: manifest.credentials.iter().map(ask).collect(),
        questions: questions.map(question).collect(),
        caution: manifest.caution.clone(),
        template: manifest.template.as_ref().unwrap_or(&manifest.id).as_str().to_owned(),
        capabilities: Capability::ALL.into_iter().map(|capability| way(manifest, capability)).collect(),
        traps: manifest.traps.clone(),
    }
}

fn question(question: &Question) -> ConnectorQuestion {
    ConnectorQuestion {
        id: question.id.as_str().to_owned(),
        label: question.label.clone(),
        help: question.help.clone(),
        secret: question.kind == QuestionKind::Secret,
        optional: question.optional,
    }
}

fn broken(path: &Path, problem: &Problem) -> Connector {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Connector {
        id: name.clone(),
        name,
        about: String::new(),
        page: None,
        origin: ConnectorOrigin::Own,
        problem: Some(problem.to_string()),
        address_label: String::new(),
        address_example: String::new(),
        addresses: Vec::new(),
        options: Vec::new(),
        credentials: Vec::new(),
        questions: Vec::new(),
        caution: None,
        template: String::new(),
        capabilities: Vec::new(),
        traps: Vec::new(),
    }
}

/// How something is done with the keys of a vendor.
fn way(manifest: &Manifest, capability: Capability) -> ConnectorCapability {
    let has = |verb| manifest.requests.of(verb).is_some();
    let guide = &manifest.guide;
    let native_or = |verb, steps: Option<&Steps>| match steps {
        _ if has(verb) => (CapabilityWay::Native, Vec::new()),
        Some(steps) => (CapabilityWay::Guided, steps.steps.clone()),
        None => (CapabilityWay::Impossible, Vec::new()),
    };
    let (way, steps) = match capability {
        Capability::List => native_or(Verb::List, None),
        Capability::Create => native_or(Verb::Create, guide.create.as_ref()),
        Capability::Update => native_or(Verb::Update, guide.update.as_ref()),
        Capability::Disable => native_or(Verb::Disable, None),
        Capability::Revoke => native_or(Verb::Revoke, guide.revoke.as_ref()),
        Capability::Check => native_or(Verb::Check, None),
        Capability::ApiSets if !has(Verb::ApiSets) && !manifest.draft.api_sets.is_empty() => {
            (CapabilityWay::Composed, Vec::new())
        }
        Capability::ApiSets => native_or(Verb::ApiSets, None),
        // No vendor rotates keys by itself: a successor is made, put in place and checked, and the old key revoked.
        Capability::Rotate if has(Verb::Create) && has(Verb::Revoke) => (CapabilityWay::Composed, Vec::new()),
        Capability::Rotate if guide.create.is_some() => (CapabilityWay::Guided, Vec::new()),
        Capability::Rotate => (CapabilityWay::Impossible, Vec::new()),
    };
    ConnectorCapability { capability, way, steps }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{SHIPPED, shipped};
    use crate::manifest::read;

    #[test]
    fn each_manifest_of_the_program_can_be_read() {
        for source in SHIPPED {
            read(source.as_bytes()).map_err(|problem| problem.to_string()).unwrap();
        }
        assert_eq!(shipped().len(), SHIPPED.len());
    }
}
