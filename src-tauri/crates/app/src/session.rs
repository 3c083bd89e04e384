//! What a use case works with, and who acts.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, Utc};
use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;
use rand::CryptoRng;

use crate::ports::{Clock, Connectors, NewEvent, Store, Vault};
use crate::remote::Changes;
use crate::wire::{Actor, SettledRotation};

/// An open profile: everything a use case needs, passed in.
pub struct Session {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Where kept secrets lie.
    pub vault: Arc<dyn Vault>,
    /// Remote tenants' servers.
    pub connectors: Arc<dyn Connectors>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// This process among all that have the profile open.
    pub instance: Arc<dyn Instance>,
    /// The operating system's random source.
    pub rng: Mutex<Box<dyn CryptoRng + Send>>,
    /// Rotations that a process left half-way and this one has settled.
    pub settled: Mutex<Vec<SettledRotation>>,
    /// Keys that this process is asking servers for at this moment, whose answers are still to come.
    pub asking: Mutex<Vec<KeyId>>,
    /// What this process is asking servers to change, for the operator to stop waiting for.
    pub changes: Changes,
}

impl Session {
    /// Now, in whole seconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(0)
    }

    /// Whether the answer about a key is still to come.
    pub(crate) fn is_asking(&self, key: KeyId) -> bool {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner).contains(&key)
    }

    pub(crate) fn with_rng<T>(&self, draw: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        // A panic while drawing leaves nothing half-made in a random source.
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        draw(&mut **rng)
    }
}

/// This process among all that have the profile open.
pub trait Instance: Send + Sync {
    /// Its name, unique as long as it lives.
    fn id(&self) -> &str;

    /// Whether the process of this name is gone.
    fn is_gone(&self, id: &str) -> bool;
}

/// Who acts, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The person's name.
    pub name: String,
    /// From where.
    pub origin: Origin,
}

/// From where an operator acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The window.
    Window,
    /// The command line.
    CommandLine,
    /// The program by itself, at a start.
    Start,
}

impl Operator {
    /// The program itself, finishing or undoing at a start.
    #[must_use]
    pub fn start() -> Self {
        Self { name: "Latchkey".to_owned(), origin: Origin::Start }
    }

    /// As the audit log has it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let origin = match self.origin {
            Origin::Window => "window",
            Origin::CommandLine => "command line",
            Origin::Start => "start",
        };
        Actor { operator: self.name.clone(), origin: origin.to_owned() }
    }

    pub(crate) fn event(&self, at: DateTime<Utc>, kind: EventKind) -> NewEvent {
        NewEvent { at, actor: self.actor(), kind, tenant: None, key: None, subject: None, detail: None, reason: None }
    }

    pub(crate) fn tenant_event(&self, at: DateTime<Utc>, kind: EventKind, tenant: &Tenant) -> NewEvent {
        NewEvent { tenant: Some((tenant.id, tenant.name.clone())), ..self.event(at, kind) }
    }

    pub(crate) fn key_event(&self, at: DateTime<Utc>, kind: EventKind, tenant: &Tenant, key: &Key) -> NewEvent {
        NewEvent {
            key: Some((key.id, key.handle.clone())),
            subject: Some(key.name.clone()),
            ..self.tenant_event(at, kind, tenant)
        }
    }
}
