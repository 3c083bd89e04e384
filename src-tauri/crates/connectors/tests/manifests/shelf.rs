use std::fs;

use latchkey_app::ports::{Connectors, Outcome, Site, Watch};
use latchkey_app::wire::{Capability, CapabilityWay, Connector, ConnectorOrigin, ErrorCode};
use latchkey_connectors::HttpsConnectors;
use latchkey_connectors::transport::{Patience, Transport};
use tempfile::TempDir;

use crate::RIGHT;

struct Rig {
    connectors: HttpsConnectors,
    own: TempDir,
    elsewhere: TempDir,
}

impl Rig {
    fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        let folder = own.path().join("connectors");
        let connectors = HttpsConnectors::new(Transport::new(Patience::default(), true), Some(folder));
        Self { connectors, own, elsewhere: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.elsewhere.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn put(&self, name: &str, text: &str) {
        let folder = self.own.path().join("connectors");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    fn named(&self, id: &str) -> Connector {
        self.connectors.all().into_iter().find(|connector| connector.id == id).unwrap()
    }
}

#[test]
fn the_programs_connectors_are_there_without_a_folder() {
    let all = HttpsConnectors::new(Transport::new(Patience::default(), true), None).all();
    let names: Vec<_> = all.iter().map(|connector| connector.name.as_str()).collect();
    assert_eq!(
        names,
        ["docAnalyzer.ai", "Documenso", "Documenso, signed in", "Documoto", "goTransverse", "ONLYOFFICE DocSpace"]
    );
    assert!(
        all.iter()
            .all(|each| each.origin == ConnectorOrigin::Shipped && each.problem.is_none() && !each.traps.is_empty())
    );
}

#[test]
fn a_vendor_says_what_it_can_do() {
    use CapabilityWay::{Composed, Guided, Impossible, Native};
    let rig = Rig::new();
    for (id, ways) in [
        //             list        create  update      disable     revoke  rotate    check   API sets
        ("docspace", [Native, Native, Native, Native, Native, Composed, Native, Native]),
        ("documenso", [Impossible, Guided, Impossible, Impossible, Guided, Guided, Native, Impossible]),
        ("documenso-session", [Native, Native, Impossible, Impossible, Native, Composed, Native, Impossible]),
        ("documoto", [Impossible, Guided, Impossible, Impossible, Guided, Guided, Native, Impossible]),
        ("docanalyzer", [Impossible, Guided, Impossible, Impossible, Guided, Guided, Native, Impossible]),
        ("gotransverse", [Impossible, Guided, Impossible, Impossible, Guided, Guided, Native, Composed]),
    ] {
        let found = rig.named(id).capabilities;
        assert_eq!(found.iter().map(|can| can.capability).collect::<Vec<_>>(), Capability::ALL);
        assert_eq!(found.iter().map(|can| can.way).collect::<Vec<_>>(), ways, "{id}");
        for can in found.iter().filter(|can| can.way == Guided && can.capability != Capability::Rotate) {
            assert!(can.steps.len() > 1, "{id}: {can:?}");
        }
    }
}

#[test]
fn ones_own_is_read_added_replaced_and_removed() {
    let rig = Rig::new();
    let file = rig.file("from-a-friend.txt", RIGHT);
    assert_eq!(rig.connectors.read(&file).unwrap().name, "Acme");
    assert_eq!(rig.connectors.all().len(), 6, "read is not taken");
    assert_eq!(rig.connectors.add(&file).unwrap().origin, ConnectorOrigin::Own);
    assert_eq!(rig.named("acme").name, "Acme");
    assert!(rig.own.path().join("connectors/acme.json").is_file(), "it is called after its id");
    fs::write(&file, RIGHT.replace("\"Acme\"", "\"Acme Two\"")).unwrap();
    rig.connectors.add(&file).unwrap();
    assert_eq!((rig.named("acme").name.as_str(), rig.connectors.all().len()), ("Acme Two", 7));
    fs::remove_file(&file).unwrap();
    rig.connectors.remove("acme").unwrap();
    assert_eq!(rig.connectors.all().len(), 6);
    assert_eq!(rig.connectors.remove("acme").unwrap_err().code(), ErrorCode::NotFound);
    let left: Vec<_> = fs::read_dir(rig.own.path().join("connectors")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_programs_identifiers_cannot_be_taken() {
    let rig = Rig::new();
    let taken = RIGHT.replace("\"id\": \"acme\"", "\"id\": \"docspace\"");
    for answer in [rig.connectors.read(&rig.file("a.json", &taken)), rig.connectors.add(&rig.file("b.json", &taken))] {
        let error = answer.unwrap_err();
        assert!(error.body().message.contains("line 3, column 1: `docspace` is a connector of the program"), "{error}");
    }
    assert_eq!(rig.connectors.remove("docspace").unwrap_err().code(), ErrorCode::NotNow);
    // One that was put there by hand neither hides the program's nor is in the way for ever.
    rig.put("docspace.json", &taken);
    let all = rig.connectors.all();
    let ids: std::collections::BTreeSet<_> = all.iter().map(|connector| &connector.id).collect();
    assert_eq!((all.len(), ids.len()), (7, 7), "no identifier is there twice");
    assert_eq!(rig.named("docspace").origin, ConnectorOrigin::Shipped);
    let broken = all.iter().find(|connector| connector.problem.is_some()).unwrap();
    rig.connectors.remove(&broken.id).unwrap();
    assert_eq!(rig.connectors.all().len(), 6);
}

#[test]
fn a_broken_file_is_listed_with_its_problem_and_hides_no_other() {
    let rig = Rig::new();
    rig.put("acme.json", RIGHT);
    rig.put("broken.json", &RIGHT.replace("\"method\": \"POST\"", "\"method\": \"PUSH\""));
    rig.put("misnamed.json", RIGHT);
    rig.put("notes.txt", "not looked at");
    fs::create_dir(rig.own.path().join("connectors/folder.json")).unwrap();
    assert_eq!(rig.connectors.all().len(), 6 + 4);
    assert_eq!(rig.named("acme").problem, None);
    for (id, says) in [
        ("broken", "line 30, column 22: unknown variant `PUSH`"),
        ("misnamed", "line 3, column 1: the file is to be called acme.json"),
        ("folder", "it is no file"),
    ] {
        let problem = rig.named(id).problem.unwrap();
        assert!(problem.contains(says), "{id}: {problem}");
        let (options, credentials, network, renewed) = Default::default();
        let site = Site {
            connector: id,
            url: "https://127.0.0.1",
            options: &options,
            network: &network,
            credentials: &credentials,
            renewed: &renewed,
        };
        let failure = rig.connectors.keys(&site, &Watch::default()).unwrap_err();
        assert_eq!((failure.error.code(), failure.outcome), (ErrorCode::Failed, Outcome::NotDone));
        assert!(failure.error.body().message.contains(says), "{failure:?}");
    }
    rig.connectors.remove("broken").unwrap();
    assert_eq!(rig.connectors.all().len(), 6 + 3);
}

#[test]
fn what_cannot_be_read_is_told() {
    let rig = Rig::new();
    let missing = rig.connectors.add(&rig.elsewhere.path().join("none.json")).unwrap_err();
    assert!(missing.body().message.contains("cannot be read"), "{missing}");
    let folder = rig.connectors.read(rig.elsewhere.path()).unwrap_err();
    assert!(folder.body().message.contains("it is no file"), "{folder}");
    let nowhere = HttpsConnectors::new(Transport::new(Patience::default(), true), None);
    let error = nowhere.add(&rig.file("acme.json", RIGHT)).unwrap_err();
    assert!(error.body().message.contains("no folder"), "{error}");
    for id in ["", "..", "../acme", "acme.json"] {
        assert_eq!(rig.connectors.remove(id).unwrap_err().code(), ErrorCode::NotFound, "{id}");
    }
}
