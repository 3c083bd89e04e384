//! The vectors of the bundle format: what is committed is what the program makes, and the crate decides as they say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use base64ct::{Base64, Encoding};
use latchkey_verify::{Error, Memory, Verifier};

#[path = "../examples/vectors/cases/mod.rs"]
mod cases;

use cases::set::{self, Case, Expected, Set, Step, Text};

const COMMITTED: &str = include_str!("../../../../docs/bundle-vectors/vectors.json");

#[test]
fn committed_vectors_are_what_the_program_makes() {
    assert!(cases::all().to_json() == COMMITTED, "run: cargo run -p latchkey-verify --example vectors");
}

#[test]
fn there_are_enough_of_them_and_each_error_occurs() {
    let set = committed();
    assert!(set.valid.len() >= 30, "{} valid", set.valid.len());
    assert!(set.malicious.len() >= 60, "{} malicious", set.malicious.len());
    let names: std::collections::HashSet<&str> =
        set.valid.iter().chain(&set.malicious).map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), set.valid.len() + set.malicious.len(), "each has a name of its own");
    for error in Error::ALL {
        let is_there = COMMITTED.contains(&format!("\"{}\"", error.code()));
        assert_eq!(is_there, error != Error::BadPublicKey, "{}", error.code());
    }
}

/// The bytes of the description's example, read as a person would, are those of the vector.
#[test]
fn the_example_of_the_description_is_a_vector() {
    let description = include_str!("../../../../docs/bundle-format.md");
    let (_, example) = description.split_once("```hex\n").unwrap();
    let (hex, after) = example.split_once("```").unwrap();
    let digits: String = hex.lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
    let set = committed();
    let signed = &set.files["one-key"];
    let byte = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    assert_eq!(bytes, Base64::decode_vec(&signed.file).unwrap());
    assert!(after.contains(&signed.signature) && after.contains(&set.valid[0].key));
    let text = set::text("aaaaaaaa");
    assert!(description.contains(&text));
}

#[test]
fn the_crate_decides_as_the_vectors_say() {
    let set = committed();
    for case in set.valid.iter().chain(&set.malicious) {
        let mut run = Run::new(case);
        for (place, step) in case.steps.iter().enumerate() {
            run.step(&set, step, &format!("{}, step {place}: {}", case.name, case.says));
        }
    }
}

fn committed() -> Set {
    serde_json::from_str(COMMITTED).unwrap()
}

/// A service that is given files and keys.
struct Run {
    memory: Memory,
    verifier: Option<Verifier>,
}

impl Run {
    fn new(case: &Case) -> Self {
        let seen = case.seen.map_or(String::new(), |seen| {
            let tenant = case.tenant.as_deref().unwrap();
            format!("{} {} {} {tenant}", case.key, seen.sequence, seen.issued)
        });
        let mut memory = Memory::new(case.key.parse().unwrap());
        if !seen.is_empty() {
            memory = seen.parse().unwrap();
        } else if let Some(tenant) = &case.tenant {
            memory = memory.of_tenant(tenant.parse().unwrap());
        }
        Self { memory, verifier: None }
    }

    fn step(&mut self, set: &Set, step: &Step, what: &str) {
        match step {
            Step::Take { take, expect } => {
                let (file, signature) = file(set, take);
                let taken = match &self.verifier {
                    Some(verifier) => verifier.take(&file, signature),
                    None => {
                        Verifier::open(self.memory.clone(), &file, signature).map(|open| self.verifier = Some(open))
                    }
                };
                assert_eq!(taken.map_or_else(Error::code, |()| "ok"), expect, "{what}");
            }
            Step::Endorse { endorse, expect } => {
                let (file, signature) = file(set, endorse);
                let taken = match &self.verifier {
                    Some(verifier) => verifier.endorse(&file, signature),
                    None => self.memory.endorse(&file, signature),
                };
                assert_eq!(taken.map_or_else(Error::code, |()| "ok"), expect, "{what}");
            }
            Step::Decide { decide, at, expect } => {
                let text = match decide {
                    Text::Plain(text) => text.clone(),
                    Text::Repeated { repeat, times } => repeat.repeat(*times),
                };
                let decided = self.verifier.as_ref().unwrap().decide(&text, *at);
                assert_eq!(Expected::of(decided), *expect, "{what}");
            }
        }
    }
}

fn file<'s>(set: &'s Set, name: &str) -> (Vec<u8>, &'s [u8]) {
    let signed = &set.files[name];
    (Base64::decode_vec(&signed.file).unwrap(), signed.signature.as_bytes())
}
