use std::fs;
use std::path::{Path, PathBuf};

use latchkey_connectors::manifest;
use serde_json::Value as Json;

use crate::RIGHT;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

#[test]
fn the_schema_is_up_to_date() {
    let expected = serde_json::to_value(manifest::schema()).unwrap();
    let path = root().join("docs/connector.schema.json");
    // As values: the order of members is another one in builds where another crate asks for it.
    let found: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap_or_default()).unwrap_or_default();
    if found != expected {
        fs::write(&path, serde_json::to_string_pretty(&manifest::schema()).unwrap() + "\n").unwrap();
        panic!("{} was out of date and has been written anew: look at it and commit it", path.display());
    }
}

#[test]
fn the_schema_takes_what_latchkey_takes() {
    let schema = serde_json::to_value(manifest::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shipped = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests")).unwrap();
    let mut sources: Vec<String> = shipped.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert_eq!(sources.len(), 6);
    sources.push(RIGHT.to_owned());
    for source in &sources {
        let json: Json = serde_json::from_str(source).unwrap();
        let problems: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{}: {problems:?}", json["id"]);
    }
    // And an editor shows what is wrong without Latchkey.
    for (right, wrong) in [
        (r#""manifest": 1"#, r#""manifest": 2"#),
        (r#""id": "acme""#, r#""id": "Acme""#),
        (r#""name": "Acme""#, r#""nmae": "Acme""#),
        (r#""method": "POST""#, r#""method": "PUSH""#),
        (r#""kind": "pages""#, r#""kind": "chapters""#),
        (r#""status": "4xx""#, r#""status": "4x""#),
        (r#""id": "/id""#, r#""id": "id""#),
    ] {
        let json: Json = serde_json::from_str(&RIGHT.replace(right, wrong)).unwrap();
        assert!(!validator.is_valid(&json), "{wrong}");
    }
}
