//! The bundle and its delta: opened at the start, taken over while it runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use latchkey_verify::{Endorsement, Error, Memory, PublicKey, Verifier};

use crate::config::{Config, GateError};
use crate::files::{Fault, Look, Pair, beside};
use crate::metrics::UNREADABLE;
use crate::shared::Shared;
use crate::state;

/// The names under which health speaks of files.
const BUNDLE: &str = "bundle";
const DELTA: &str = "delta";
const ENDORSEMENT: &str = "endorsement";
const STATE: &str = "state";

/// What is wrong while a start would not believe the bundle in use any more.
const OF_THE_OLD_KEY: &str = "bundle-of-the-old-key";

/// Looks at the files.
#[derive(Debug)]
pub(crate) struct Watch {
    full: Pair,
    delta: Pair,
    endorsements: Vec<Pair>,
    /// Whether the full bundle in use is one of a key that is not believed any more.
    of_the_old_key: bool,
    /// The public key that this start was told.
    told: PublicKey,
    state: Option<PathBuf>,
    interval: Duration,
}

impl Watch {
    /// Opens what is there. It waits a little for a file and a signature that do not fit yet.
    pub(crate) fn open(config: &Config) -> Result<(Self, Verifier), GateError> {
        let noted = config.state.as_deref().map(state::read).transpose()?.flatten();
        let memory = state::memory(&config.public_key, noted.as_ref());
        let mut endorsements: Vec<_> =
            config.endorsements.iter().map(|path| Pair::new(path.clone(), config.patience)).collect();
        if endorsements.is_empty() {
            endorsements.push(Pair::new(beside(&config.bundle, ".endorsement"), config.patience));
        }
        let mut full = Pair::new(config.bundle.clone(), config.patience);
        let verifier = open_full(&mut full, &memory, &endorsements, config.interval)?;
        let mut delta = Pair::new(beside(&config.bundle, ".delta"), config.patience);
        // Where it is only that the full bundle is newer, the delta has had its day.
        if let Look::Refused(fault) = delta.look(|file, signature| verifier.take(file, signature))
            && fault != Fault::Bundle(Error::Rollback)
        {
            // Told by the first look while it runs.
            delta.forget();
        }
        let path = config.bundle.clone();
        // An endorsement that was taken now says from where on its key counts.
        let noted = noted.filter(|_| verifier.memory().key() == memory.key());
        state::check(&verifier, noted.as_ref()).map_err(|cause| GateError::Bundle { path, cause })?;
        if let Some(path) = &config.state {
            // A place that cannot be written is told when somebody is there to read it.
            let note = |cause| GateError::Note { path: path.clone(), cause };
            state::write(path, &verifier.memory(), &config.public_key).map_err(note)?;
        }
        let (told, state) = (config.public_key.clone(), config.state.clone());
        let interval = config.interval;
        Ok((Self { full, delta, endorsements, of_the_old_key: false, told, state, interval }, verifier))
    }

    /// Looks until it is told to stop.
    pub(crate) fn run(mut self, shared: &Arc<Shared>, stop: &Receiver<()>) {
        while stop.recv_timeout(self.interval) == Err(RecvTimeoutError::Timeout) {
            self.look(shared);
        }
    }

    fn look(&mut self, shared: &Shared) {
        let endorsed = self.look_at_endorsements(shared);
        let full = self.full.look(|file, signature| shared.verifier.take(file, signature));
        let newer = full == Look::Taken;
        if newer && self.of_the_old_key {
            self.of_the_old_key = false;
            shared.troubles().remove(ENDORSEMENT);
        }
        tell(shared, BUNDLE, &self.full, full);
        if newer {
            // One that came before its bundle fits now.
            self.delta.forget();
        }
        let delta = self.delta.look(|file, signature| shared.verifier.take(file, signature));
        match delta {
            Look::Refused(Fault::Bundle(Error::Rollback)) if newer => {
                shared.troubles().remove(DELTA);
            }
            delta => tell(shared, DELTA, &self.delta, delta),
        }
        if endorsed || newer || delta == Look::Taken {
            self.note(shared);
        }
    }

    /// Whether another key is believed from now on.
    fn look_at_endorsements(&mut self, shared: &Shared) -> bool {
        let mut endorsed = false;
        for pair in &mut self.endorsements {
            let before = shared.verifier.memory();
            let mut is_over = false;
            let look = pair.look(|file, signature| match shared.verifier.endorse(file, signature) {
                Err(Error::WrongKey) if was_before(file, &before) => {
                    is_over = true;
                    Ok(())
                }
                taken => taken,
            });
            match look {
                Look::Taken if is_over => {}
                Look::Taken => {
                    endorsed = true;
                    let number = shared.verifier.memory().key().number();
                    shared.counters.file_taken();
                    self.of_the_old_key = true;
                    shared.troubles().insert(ENDORSEMENT, OF_THE_OLD_KEY);
                    let path = pair.file.display();
                    shared.journal.say(format!("took {path} over: only {number} is believed from now on"));
                }
                look => tell(shared, ENDORSEMENT, pair, look),
            }
        }
        if endorsed {
            // What was refused may have come before its endorsement.
            self.full.reconsider();
            self.delta.reconsider();
        }
        endorsed
    }

    fn note(&self, shared: &Shared) {
        let Some(path) = &self.state else { return };
        match state::write(path, &shared.verifier.memory(), &self.told) {
            Ok(()) => drop(shared.troubles().remove(STATE)),
            Err(cause) => {
                shared.troubles().insert(STATE, UNREADABLE);
                shared.journal.say(format!("could not note in {} which bundle was seen: {cause}", path.display()));
            }
        }
    }
}

/// Whether an endorsement of another key was there when what is believed now was signed: then it has had its day.
fn was_before(file: &[u8], memory: &Memory) -> bool {
    let newest = (memory.sequence(), memory.issued());
    Endorsement::peek(file).is_ok_and(|endorsement| (endorsement.sequence, endorsement.issued) <= newest)
}

/// Opens a full bundle that is signed with the key that is believed, or with one to which endorsements lead.
fn opened(memory: &Memory, endorsements: &[Pair], file: &[u8], signature: &[u8]) -> Result<Verifier, Error> {
    match Verifier::open(memory.clone(), file, signature) {
        Err(Error::WrongKey) => {}
        opened => return opened,
    }
    let mut memory = memory.clone();
    for (file, signature) in endorsements.iter().filter_map(|pair| pair.read().ok()) {
        match memory.endorse(&file, &signature) {
            Ok(()) | Err(Error::WrongKey) => {}
            Err(error) => return Err(error),
        }
    }
    Verifier::open(memory, file, signature)
}

fn open_full(
    full: &mut Pair,
    memory: &Memory,
    endorsements: &[Pair],
    interval: Duration,
) -> Result<Verifier, GateError> {
    let mut verifier = None;
    loop {
        let look = full.look(|file, signature| {
            verifier = Some(opened(memory, endorsements, file, signature)?);
            Ok(())
        });
        if let Some(verifier) = verifier.take() {
            return Ok(verifier);
        }
        let path = full.file.clone();
        match look {
            Look::Refused(Fault::Bundle(cause)) => return Err(GateError::Bundle { path, cause }),
            Look::Refused(Fault::Unreadable(kind)) => return Err(GateError::Read { path, cause: kind.into() }),
            Look::Gone => return Err(GateError::Read { path, cause: std::io::ErrorKind::NotFound.into() }),
            Look::Same | Look::Taken | Look::Back => thread::sleep(interval),
        }
    }
}

fn tell(shared: &Shared, name: &'static str, pair: &Pair, look: Look) {
    let path = pair.file.display();
    match look {
        Look::Same => {}
        Look::Taken => {
            shared.troubles().remove(name);
            shared.counters.file_taken();
            let bundle = shared.verifier.bundle();
            let (sequence, keys) = (bundle.header().sequence, bundle.header().total);
            shared.journal.say(format!("took {path} over: sequence {sequence}, {keys} keys"));
        }
        Look::Back => settled(shared, name, &format!("{path} is as it was")),
        Look::Gone if name != BUNDLE => settled(shared, name, &format!("{path} is gone")),
        Look::Gone => refused(shared, name, pair, UNREADABLE, "it is gone"),
        Look::Refused(Fault::Unreadable(kind)) => refused(shared, name, pair, UNREADABLE, &kind.to_string()),
        Look::Refused(Fault::Bundle(cause)) => refused(shared, name, pair, cause.code(), &cause.to_string()),
    }
}

fn settled(shared: &Shared, name: &'static str, how: &str) {
    let trouble = shared.troubles().remove(name);
    if let Some(code) = trouble {
        shared.journal.say(format!("{how}, and {code} no longer"));
    }
}

fn refused(shared: &Shared, name: &'static str, pair: &Pair, code: &'static str, why: &str) {
    shared.troubles().insert(name, code);
    shared.counters.file_refused(code);
    let (path, sequence) = (pair.file.display(), shared.verifier.bundle().header().sequence);
    shared.journal.say(format!("REFUSED {path}: {why} ({code}); going on with sequence {sequence}"));
}
