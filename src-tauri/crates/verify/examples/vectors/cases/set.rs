//! How the vectors are laid out, and what many of them share.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
use latchkey_verify::{Access, Decision, Error, Handle, KeyStatus, Reason, Refused, TenantId, Valid};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// When the bundles are issued: 21 November 2026.
pub(crate) const ISSUED: u64 = 1_795_219_200;
/// When they are over: 30 days later.
pub(crate) const EXPIRES: u64 = ISSUED + 30 * 86_400;
/// When is decided, if nothing else is said.
pub(crate) const NOW: u64 = ISSUED + 86_400;
pub(crate) const TENANT: TenantId =
    TenantId([0x6f, 0x1c, 0x2b, 0x8e, 0x3d, 0x4a, 0x4f, 0x5b, 0x8c, 0x6d, 0x7e, 0x8f, 0x90, 0xa1, 0xb2, 0xc3]);
pub(crate) const OTHER_TENANT: TenantId = TenantId([9; 16]);

/// The whole file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Set {
    pub(crate) format: u32,
    /// Signed files by name.
    pub(crate) files: BTreeMap<String, Signed>,
    pub(crate) valid: Vec<Case>,
    pub(crate) malicious: Vec<Case>,
}

#[derive(Serialize, Deserialize, Clone, PartialEq)]
pub(crate) struct Signed {
    /// In base64.
    pub(crate) file: String,
    pub(crate) signature: String,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) says: String,
    /// The public key that is believed at first.
    pub(crate) key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// What was seen before, as after a restart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Seen>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) sequence: u64,
    pub(crate) issued: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    /// `ok`, or the code of an error.
    Take {
        take: String,
        expect: String,
    },
    Endorse {
        endorse: String,
        expect: String,
    },
    Decide {
        decide: Text,
        at: u64,
        expect: Expected,
    },
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum Text {
    Plain(String),
    /// A text that is long and dull.
    Repeated {
        repeat: String,
        times: usize,
    },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub(crate) enum Expected {
    Valid {
        handle: String,
        api_sets: Vec<String>,
        everything: bool,
        organization: Option<String>,
        groups: Vec<String>,
        permissions: Vec<String>,
        expires: Option<u64>,
        sequence: u64,
    },
    Refused {
        reason: String,
        handle: Option<String>,
        sequence: u64,
    },
    /// No decision, but an error.
    None {
        error: String,
    },
}

impl Set {
    pub(crate) fn new() -> Self {
        Self { format: 1, files: BTreeMap::new(), valid: Vec::new(), malicious: Vec::new() }
    }

    /// A line for each file and each case.
    pub(crate) fn to_json(&self) -> String {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|(name, signed)| format!("\"{name}\": {}", serde_json::to_string(signed).unwrap()))
            .collect();
        let cases = |cases: &[Case]| {
            let lines: Vec<String> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
            lines.join(",\n")
        };
        format!(
            "{{\"format\": {},\n\"files\": {{\n{}\n}},\n\"valid\": [\n{}\n],\n\"malicious\": [\n{}\n]}}\n",
            self.format,
            files.join(",\n"),
            cases(&self.valid),
            cases(&self.malicious)
        )
    }

    /// Adds a file, unless one of this name is there: then it must be the same.
    pub(crate) fn file(&mut self, name: &str, (file, signature): (Vec<u8>, String)) -> String {
        let signed = Signed { file: Base64::encode_string(&file), signature };
        let before = self.files.insert(name.to_owned(), signed.clone());
        assert!(before.is_none_or(|before| before == signed), "two files are called {name}");
        name.to_owned()
    }

    pub(crate) fn valid(&mut self, name: &str, says: &str, steps: Vec<Step>) {
        self.valid.push(case(name, says, steps));
    }

    pub(crate) fn malicious(&mut self, name: &str, says: &str, steps: Vec<Step>) -> &mut Case {
        self.malicious.push(case(name, says, steps));
        self.malicious.last_mut().unwrap()
    }

    /// One file that is refused.
    pub(crate) fn refused(&mut self, name: &str, says: &str, signed: (Vec<u8>, String), error: Error) {
        let file = self.file(name, signed);
        self.malicious(name, says, vec![take(&file, Err(error))]);
    }
}

fn case(name: &str, says: &str, steps: Vec<Step>) -> Case {
    let key = signer(1).public_key().to_string();
    Case { name: name.to_owned(), says: says.to_owned(), key, tenant: None, seen: None, steps }
}

pub(crate) fn take(file: &str, expect: Result<(), Error>) -> Step {
    Step::Take { take: file.to_owned(), expect: told(expect) }
}

pub(crate) fn endorse(file: &str, expect: Result<(), Error>) -> Step {
    Step::Endorse { endorse: file.to_owned(), expect: told(expect) }
}

fn told(expect: Result<(), Error>) -> String {
    expect.map_or_else(Error::code, |()| "ok").to_owned()
}

pub(crate) fn decide(text: &str, at: u64, expect: Expected) -> Step {
    Step::Decide { decide: Text::Plain(text.to_owned()), at, expect }
}

/// `key` is valid.
pub(crate) fn is_valid(key: &DraftKey, sequence: u64) -> Expected {
    let DraftKey { handle, access, expires, .. } = key;
    Expected::valid(&Valid { handle: *handle, access: Arc::clone(access), expires: *expires, sequence })
}

impl Expected {
    /// What a verifier decided.
    #[allow(dead_code)] // For tests; the program that makes the vectors asks no verifier.
    pub(crate) fn of(decided: Result<Decision, Error>) -> Self {
        match decided {
            Ok(Decision::Valid(valid)) => Self::valid(&valid),
            Ok(Decision::Refused(Refused { reason, handle, sequence })) => {
                is_refused(reason, handle.as_ref().map(Handle::as_str), sequence)
            }
            Err(error) => Self::None { error: error.code().to_owned() },
        }
    }

    fn valid(Valid { handle, access, expires, sequence }: &Valid) -> Self {
        let owned = |ids: &[Arc<str>]| ids.iter().map(ToString::to_string).collect();
        Self::Valid {
            handle: handle.to_string(),
            api_sets: owned(&access.api_sets),
            everything: access.everything,
            organization: access.organization.as_deref().map(str::to_owned),
            groups: owned(&access.groups),
            permissions: owned(&access.permissions),
            expires: *expires,
            sequence: *sequence,
        }
    }
}

pub(crate) fn is_refused(reason: Reason, handle: Option<&str>, sequence: u64) -> Expected {
    Expected::Refused { reason: reason.name().to_owned(), handle: handle.map(str::to_owned), sequence }
}

/// One of the signing keys.
pub(crate) fn signer(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// The text of a key with this handle. What follows is drawn from the handle.
pub(crate) fn text(handle: &str) -> String {
    text_with("lk", handle)
}

pub(crate) fn text_with(prefix: &str, handle: &str) -> String {
    let drawn = Sha256::digest(handle);
    let digit = |place: usize| char::from(latchkey_key_text::ALPHABET[(usize::from(drawn[place % 32]) + place) % 62]);
    let secret: String = (0..latchkey_key_text::SECRET_LEN).map(digit).collect();
    let covered = format!("{prefix}_{handle}_{secret}");
    let checksum = latchkey_key_text::checksum(covered.as_bytes());
    covered + std::str::from_utf8(&checksum).unwrap()
}

/// An active key with that text and nothing else.
pub(crate) fn key_of(handle: &str, text: &str) -> DraftKey {
    DraftKey {
        handle: Handle::new(handle).unwrap(),
        digest: Sha256::digest(text).into(),
        access: Arc::new(Access::default()),
        not_before: None,
        expires: None,
        status: KeyStatus::Active,
    }
}

pub(crate) fn key(handle: &str) -> DraftKey {
    key_of(handle, &text(handle))
}

pub(crate) fn ids(ids: &[&str]) -> Vec<Arc<str>> {
    ids.iter().map(|&id| id.into()).collect()
}

/// A full bundle of these keys, of sequence 42.
pub(crate) fn full(keys: Vec<DraftKey>) -> Draft {
    Draft {
        tenant: TENANT,
        name: "Harbour".to_owned(),
        sequence: 42,
        base: None,
        issued: ISSUED,
        expires: EXPIRES,
        total: keys.len(),
        foreign: false,
        keys,
        removed: Vec::new(),
    }
}

/// A delta from `base` to `sequence`, issued an hour after the full one.
pub(crate) fn delta(base: u64, sequence: u64, keys: Vec<DraftKey>, removed: &[&str], total: usize) -> Draft {
    let removed = removed.iter().map(|handle| Handle::new(handle).unwrap()).collect();
    let (issued, expires) = (ISSUED + 3_600, EXPIRES + 3_600);
    Draft { base: Some(base), sequence, removed, total, issued, expires, ..full(keys) }
}

pub(crate) fn signed(draft: &Draft) -> (Vec<u8>, String) {
    draft.sign(&signer(1)).unwrap()
}
