use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use latchkey_domain::secret::Secret;
use latchkey_verify::{Decision, Memory, Reason, Verifier};

use super::file::{PairBytes, read_within, trusted_key};
use super::pair::with_ending;
use super::{not_believed, time};
use crate::error::{Error, Result};
use crate::file::{self, Readers};
use crate::wire::{BundleDecision, DecidedKey, ErrorCode, Refusal};

/// The most bytes of a file with a verifier's memory.
const MAX_STATE: usize = 4_096;

/// By what a key is checked where there is no profile.
#[derive(Debug, Clone, Copy)]
pub struct Offline<'a> {
    /// A full bundle; its signature lies beside it.
    pub bundle: &'a Path,
    /// The tenant's public key, as text or as a file.
    pub public_key: &'a str,
    /// By which keys that were believed endorsed the next ones, one after the other; empty for the one beside the bundle,
    /// `BUNDLE.endorsement`, where it is there.
    pub endorsements: &'a [PathBuf],
    /// Where it is remembered what was seen, so that no older bundle is believed the next time.
    pub state: Option<&'a Path>,
}

/// Decides by a bundle alone whether its tenant accepts the key in `secret` at `at`. Needs no profile.
///
/// Fails with `invalid_input` on `public_key`, and where the bundle, or the clock, must not be believed: then there is no
/// decision.
pub fn decide(by: &Offline<'_>, secret: &Secret, at: DateTime<Utc>) -> Result<BundleDecision> {
    let noted = by.state.filter(|state| state.symlink_metadata().is_ok()).map(remembered).transpose()?;
    let memory = believed(by, noted)?;
    let before = memory.clone();
    let PairBytes { file, signature } = PairBytes::read(by.bundle)?;
    let verifier = Verifier::open(memory, &file, &signature).map_err(not_believed)?;
    if let Some(state) = by.state.filter(|_| verifier.memory() != before) {
        remember(state, &verifier.memory())?;
    }
    let now = u64::try_from(at.timestamp()).unwrap_or_default();
    let decision = verifier.decide(secret.expose().trim(), now).map_err(not_believed)?;
    Ok(said(decision))
}

/// What is believed after the endorsements. What an earlier time noted goes on from the key that it had come to.
fn believed(by: &Offline<'_>, noted: Option<Memory>) -> Result<Memory> {
    let mut memory = Memory::new(trusted_key(by.public_key)?);
    let mut left = noted;
    let mut go_on = |memory: &mut Memory| {
        if let Some(noted) = left.take_if(|noted| noted.key() == memory.key()) {
            *memory = noted;
        }
        left.is_none()
    };
    let mut is_noted = go_on(&mut memory);
    let beside = with_ending(by.bundle, ".endorsement");
    let found = if beside.symlink_metadata().is_ok() { std::slice::from_ref(&beside) } else { &[] };
    for path in if by.endorsements.is_empty() { found } else { by.endorsements } {
        let PairBytes { file, signature } = PairBytes::read(path)?;
        match memory.endorse(&file, &signature) {
            Ok(()) => is_noted = go_on(&mut memory),
            // Of a key before: it was taken once.
            Err(latchkey_verify::Error::WrongKey) => {}
            Err(error) => return Err(no_endorsement(path, error)),
        }
    }
    let state = by.state.filter(|_| !is_noted);
    state.map_or(Ok(memory), |state| {
        let message = format!("{} remembers bundles of another public key.", state.display());
        let hint = "Name another file, or the key that it is for, or the endorsement that leads to it.";
        Err(Error::new(ErrorCode::Failed, message).hint(hint))
    })
}

fn no_endorsement(path: &Path, error: latchkey_verify::Error) -> Error {
    let message = format!("The endorsement {} must not be believed ({}): {error}.", path.display(), error.code());
    Error::new(ErrorCode::Failed, message).hint("Get both files anew from who made them, or take them away.")
}

fn remembered(state: &Path) -> Result<Memory> {
    let bytes = read_within(state, MAX_STATE)?;
    let text = String::from_utf8_lossy(&bytes);
    text.parse().map_err(|_| {
        Error::new(ErrorCode::Failed, format!("{} is not what `--state` wrote.", state.display()))
            .hint("Name another file. Who removes this one believes older bundles again.")
    })
}

/// In one step: a power cut leaves what was remembered before.
fn remember(state: &Path, memory: &Memory) -> Result<()> {
    file::write(state, format!("{memory}\n").as_bytes(), true, Readers::Owner)
}

fn said(decision: Decision) -> BundleDecision {
    let owned = |ids: &[Arc<str>]| ids.iter().map(ToString::to_string).collect();
    match decision {
        Decision::Valid(valid) => BundleDecision::Valid {
            key: DecidedKey { handle: valid.handle.to_string(), expires_at: valid.expires.map(time) },
            api_sets: owned(&valid.access.api_sets),
            everything: valid.access.everything,
            organization: valid.access.organization.as_deref().map(str::to_owned),
            groups: owned(&valid.access.groups),
            permissions: owned(&valid.access.permissions),
            sequence: valid.sequence,
        },
        Decision::Refused(refused) => BundleDecision::Refused {
            reason: match refused.reason {
                Reason::Malformed => Refusal::Malformed,
                Reason::Unknown => Refusal::Unknown,
                Reason::Revoked => Refusal::Revoked,
                Reason::Disabled => Refusal::Disabled,
                Reason::Expired => Refusal::Expired,
                Reason::NotYetValid => Refusal::NotYetValid,
                Reason::BundleExpired => Refusal::BundleExpired,
            },
            handle: refused.handle.map(|handle| handle.to_string()),
            sequence: refused.sequence,
        },
    }
}
