//! Fuzz targets. `cargo test` runs each over its corpus and a fixed number of random inputs;
//! `cargo bolero test -p latchkey-connectors --test fuzz answers` looks for new ones, guided by coverage.
//!
//! The corpus lies in `__fuzz__/<target>/corpus`; what once failed stays in `__fuzz__/<target>/crashes`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use latchkey_connectors::answer::{self, Arrived};
use latchkey_connectors::manifest::{MAX_BYTES, Manifest, Verb, read};
use latchkey_connectors::request::{self, Filling};
use latchkey_domain::secret::Secret;
use serde_json::Value as Json;
use url::Url;

/// Random inputs of each target in one run of the tests.
const EXECUTIONS: usize = 10_000;

const SHIPPED: [&str; 6] = [
    include_str!("../manifests/docanalyzer.json"),
    include_str!("../manifests/docspace.json"),
    include_str!("../manifests/documenso.json"),
    include_str!("../manifests/documenso-session.json"),
    include_str!("../manifests/documoto.json"),
    include_str!("../manifests/gotransverse.json"),
];

const BASE: &str = "https://portal.example.com/base";

/// A manifest that is taken can be followed: each of its requests is written, and leads to the tenant's server.
fn follow(manifest: &Manifest, text: &str) {
    let asked = |asks: &[latchkey_connectors::manifest::Ask]| -> Vec<String> {
        asks.iter().map(|ask| ask.id.as_str().to_owned()).collect()
    };
    let options: BTreeMap<_, _> = asked(&manifest.options).into_iter().map(|id| (id, text.to_owned())).collect();
    let secret = |id| (id, Arc::new(Secret::new("a secret of the test".to_owned())));
    let credentials: BTreeMap<_, _> = asked(&manifest.credentials).into_iter().map(secret).collect();
    let key = Secret::new("a secret of the test".to_owned());
    let sets = [text.to_owned()];
    let session = manifest.session.iter();
    let asked = session.clone().flat_map(|session| session.questions.iter().map(|one| one.id.as_str().to_owned()));
    let answers: BTreeMap<_, _> = asked.map(secret).collect();
    let steps = session.clone().flat_map(|session| &session.steps);
    let captured: BTreeMap<_, _> = steps
        .clone()
        .flat_map(|step| step.captures.keys().cloned())
        .map(|name| (name, Secret::new("a secret of the test".to_owned())))
        .collect();
    let end = Json::String(text.to_owned());
    let filling = Filling {
        id: Some(text),
        name: Some(text),
        description: Some(text),
        api_sets: Some(&sets),
        expires: Some((7, DateTime::UNIX_EPOCH)),
        owner: Some(text),
        organization: Some(text),
        groups: Some(&sets),
        place: 7,
        cursor: Some(text),
        options: Some(&options),
        credentials: Some(&credentials),
        secret: Some(&key),
        expires_choice: Some(&end),
        answers: Some(&answers),
        captured: Some(&captured),
        cookies: Some(&key),
    };
    let base = Url::parse(BASE).unwrap();
    let own = session.flat_map(|session| {
        let choices = session.choices.iter().map(|choice| (Verb::Choices, &choice.request));
        let holds = session.holds.iter().map(|request| (Verb::Session, request));
        choices.chain(holds).chain(session.sign_out.iter().map(|request| (Verb::SignOut, request)))
    });
    let steps = steps.map(|step| (Verb::SignIn, &step.request));
    for (verb, request) in manifest.requests.all().chain(own).chain(steps) {
        let Ok(sent) = request::write(manifest, request, &base, &filling) else { continue };
        assert_eq!(sent.url.origin(), base.origin());
        assert!(sent.url.path().starts_with("/base/"), "{}", sent.url);
        assert!(!sent.url.as_str().contains("secret"), "{}", sent.url);
        assert!(sent.body.is_none() || !verb.only_reads());
    }
}

#[test]
fn manifests() {
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        // The first byte chooses what is spoilt: bytes alone hardly ever become a manifest.
        let Some((&choice, rest)) = bytes.split_first() else { return };
        let mut source = SHIPPED[usize::from(choice) % SHIPPED.len()].as_bytes().to_vec();
        match rest {
            _ if choice >= 250 => source = rest.to_vec(),
            [high, low, with @ ..] => {
                let at = usize::from(u16::from_be_bytes([*high, *low])) % source.len();
                let end = (at + with.len() / 2).min(source.len());
                source.splice(at..end, with.iter().copied());
            }
            _ => {}
        }
        match read(&source) {
            Ok(manifest) => {
                assert!(source.len() <= MAX_BYTES);
                follow(&manifest, &String::from_utf8_lossy(rest));
            }
            Err(problem) => {
                let lines = source.split(|byte| *byte == b'\n').count();
                assert!((1..=lines).contains(&problem.line) && problem.column > 0, "{problem}");
                assert!(!problem.message.is_empty());
            }
        }
    });
}

/// What came of an answer can be shown, kept and asked with.
fn can_be_shown(text: &str, most: usize) {
    assert!(text.chars().count() <= most, "{text:?}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    assert!(latchkey_domain::text::description(text).is_ok() || text.chars().count() > 1_000, "{text:?}");
}

#[test]
fn answers() {
    let manifests = SHIPPED.map(|source| read(source.as_bytes()).unwrap());
    bolero::check!().with_iterations(EXECUTIONS).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        // What is no JSON is put where an answer has its texts.
        let json: Json = serde_json::from_str(&text).unwrap_or_else(|_| {
            let text = text.as_ref();
            serde_json::json!({
                "response": [{ "id": text, "name": text, "keyPostfix": text, "permissions": [text, text],
                               "createBy": { "displayName": text }, "createOn": text, "expiresAt": { "utcTime": text },
                               "isActive": text, "key": text }],
                "error": { "message": text },
            })
        });
        let status = 100 + u16::from(bytes.first().copied().unwrap_or_default()) * 2;
        for manifest in &manifests {
            let arrived = Arrived { status, text: &text, json: Some(&json) };
            for verb in Verb::ALL {
                let _ = answer::meaning(manifest, verb, &arrived);
            }
            if let Some(reason) = answer::reason(manifest, &arrived, &[]) {
                can_be_shown(&reason, 200);
            }
            let rows = json.get("response").and_then(Json::as_array).or_else(|| json.as_array());
            let rows = rows.map_or(std::slice::from_ref(&json), Vec::as_slice);
            for set in answer::api_sets(rows, &manifest.draft.api_sets) {
                for text in [&set.id, &set.name, &set.group, &set.description] {
                    can_be_shown(text, 200);
                }
            }
            let Some(map) = &manifest.key else { continue };
            let (keys, skipped) = answer::keys(manifest, map, rows);
            assert_eq!(keys.len() + skipped, rows.len());
            for key in keys {
                assert!(!key.id.is_empty() && !key.name.is_empty());
                can_be_shown(&key.description, 1_000);
                can_be_shown(&key.display, 21);
                for text in key.api_sets.iter().chain(&key.owner).chain([&key.id, &key.name]) {
                    can_be_shown(text, 200);
                }
                for moment in [key.created_at, key.expires_at, key.last_used_at].into_iter().flatten() {
                    assert!((0..=253_402_300_799).contains(&moment.timestamp()), "{moment}");
                }
                follow(manifest, &key.id);
            }
            for row in rows {
                assert!(answer::secret(map, row).is_none_or(|secret| !secret.expose().trim().is_empty()));
            }
        }
    });
}
