use std::path::PathBuf;

use chrono::{DateTime, Utc};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::event::EventKind;
use latchkey_domain::gap::{Demands, Gap};
use latchkey_domain::id::{KeyId, ProfileId, TenantId};
use latchkey_domain::key::{Key, KeyStatus};
use latchkey_domain::key_format::{KeyDigest, Salt};
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::overlap::Overlap;
use latchkey_domain::tenant::Tenant;

use super::{ReadBatches, ReadBundles, ReadRemote, WriteBatches, WriteBundles, WriteRemote};
use crate::error::Result;
use crate::wire::{Actor, BundleNeed, KeyFacets, KeySort, RotationNeed, Settings, VaultKind};

/// The database of a profile.
///
/// Fails with `profile_newer`, `profile_damaged`, `profile_busy`, `disk_full`, `read_only` or `failed`.
pub trait Store: Send + Sync {
    /// Reads from one consistent state. Readers never wait for a writer.
    fn read(&self, work: &mut dyn FnMut(&dyn Reader) -> Result<()>) -> Result<()>;

    /// Writes in one transaction: all of it when `work` answers `Ok`, nothing otherwise. Durable when this returns.
    fn write(&self, work: &mut dyn FnMut(&mut dyn Writer) -> Result<()>) -> Result<()>;

    /// A number that changes whenever anybody, this process or another, commits a change.
    fn version(&self) -> Result<u64>;
}

impl dyn Store + '_ {
    /// [`Store::read`] with an answer.
    pub fn reading<T>(&self, mut work: impl FnMut(&dyn Reader) -> Result<T>) -> Result<T> {
        let mut answer = None;
        self.read(&mut |reader| {
            answer = Some(work(reader)?);
            Ok(())
        })?;
        answer.ok_or_else(never_ran)
    }

    /// [`Store::write`] with an answer.
    pub fn writing<T>(&self, mut work: impl FnMut(&mut dyn Writer) -> Result<T>) -> Result<T> {
        let mut answer = None;
        self.write(&mut |writer| {
            answer = Some(work(writer)?);
            Ok(())
        })?;
        answer.ok_or_else(never_ran)
    }
}

fn never_ran() -> crate::error::Error {
    crate::error::Error::new(crate::wire::ErrorCode::Failed, "The database did not run the work given to it.")
}

/// What can be asked.
pub trait Reader: ReadBatches + ReadBundles + ReadRemote {
    /// The profile.
    fn profile(&self) -> Result<Profile>;

    /// All tenants by name.
    fn tenants(&self) -> Result<Vec<Tenant>>;
    /// One tenant.
    fn tenant(&self, id: TenantId) -> Result<Option<Tenant>>;
    /// The tenant of this name, upper and lower case alike.
    fn tenant_named(&self, name: &str) -> Result<Option<Tenant>>;
    /// The salt of a tenant's slow digests; `None` while it never had a key that a person chose.
    fn tenant_salt(&self, id: TenantId) -> Result<Option<Salt>>;
    /// How much a tenant has at `now`.
    fn tenant_counts(&self, id: TenantId, now: DateTime<Utc>) -> Result<TenantCounts>;

    /// The API sets of a tenant by group, then name, each with the number of keys that may use it.
    fn api_sets(&self, tenant: TenantId) -> Result<Vec<(ApiSet, u32)>>;

    /// The organizations of a tenant by name, each with the number of its keys.
    fn organizations(&self, tenant: TenantId) -> Result<Vec<(Organization, u32)>>;
    /// The user groups of a tenant by name, each with the number of its keys.
    fn user_groups(&self, tenant: TenantId) -> Result<Vec<(UserGroup, u32)>>;

    /// The name of a tenant's API set, organization or user group; `None` where it has none of this identifier.
    fn name_of(&self, tenant: TenantId, kind: NamedKind, id: &str) -> Result<Option<String>>;

    /// One key.
    fn key(&self, id: KeyId) -> Result<Option<Key>>;
    /// The key with this handle; handles are unique in a profile.
    fn key_with_handle(&self, handle: &str) -> Result<Option<Key>>;
    /// The keys, of any tenant, that carry no handle in their text and have this digest.
    fn keys_with_digest(&self, digest: &KeyDigest) -> Result<Vec<Key>>;
    /// The key that was made to succeed this one.
    fn successor(&self, id: KeyId) -> Result<Option<Key>>;
    /// Whether a key that is not revoked was made to succeed this one.
    fn has_heir(&self, id: KeyId) -> Result<bool>;
    /// The first `limit` keys of this very name, in one tenant or in all.
    fn keys_named(&self, tenant: Option<TenantId>, name: &str, limit: u32) -> Result<Vec<Key>>;
    /// How many keys of the tenant have this very name.
    fn count_named(&self, tenant: TenantId, name: &str) -> Result<u32>;
    /// Whether a key in use (not revoked, not over, not superseded) other than `but` has this very name.
    fn name_in_use(&self, tenant: TenantId, name: &str, but: Option<KeyId>, now: DateTime<Utc>) -> Result<bool>;
    /// How many usable keys of a tenant do not meet what is asked, and why.
    fn count_gaps(&self, tenant: TenantId, demands: &Demands, now: DateTime<Utc>) -> Result<GapTotals>;
    /// The first `limit` of those keys after `after`, oldest first.
    fn gaps(
        &self,
        tenant: TenantId,
        demands: &Demands,
        now: DateTime<Utc>,
        after: Option<KeyId>,
        limit: u32,
    ) -> Result<Vec<(Key, Vec<Gap>)>>;
    /// The keys of a tenant that are next to end, to enter its warning window and to grow due for rotation, as far as
    /// there are any.
    fn turning(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Vec<Key>>;
    /// One page of keys.
    fn keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<Vec<Key>>;
    /// How many keys a filter finds, whatever its page.
    fn count_keys(&self, filter: &KeyFilter, now: DateTime<Utc>) -> Result<u32>;
    /// Keys by status, API set and owner.
    fn facets(&self, tenant: Option<TenantId>, now: DateTime<Utc>) -> Result<KeyFacets>;
    /// The keys that say their secret is, or was, in the vault (holding is not `None`).
    fn keys_with_holding(&self) -> Result<Vec<Key>>;

    /// Events, newest first.
    fn events(&self, filter: &EventFilter) -> Result<Vec<Event>>;

    /// What was begun and not ended, oldest first.
    fn journal(&self) -> Result<Vec<JournalEntry>>;
}

/// What can be changed.
pub trait Writer: Reader + WriteBatches + WriteBundles + WriteRemote {
    /// Keeps the settings of the window.
    fn set_settings(&mut self, settings: Settings) -> Result<()>;

    /// Adds a tenant.
    fn add_tenant(&mut self, tenant: &Tenant) -> Result<()>;
    /// Writes a tenant's name, prefix, format, policy and conventions; its sequence stays.
    fn update_tenant(&mut self, tenant: &Tenant) -> Result<()>;
    /// Gives a tenant the salt of its slow digests; the one that it has stays.
    fn put_tenant_salt(&mut self, id: TenantId, salt: &Salt) -> Result<()>;
    /// Removes a tenant with its API sets and keys.
    fn remove_tenant(&mut self, id: TenantId) -> Result<()>;

    /// Adds an API set.
    fn add_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()>;
    /// Writes everything of an API set but its identifier.
    fn update_api_set(&mut self, tenant: TenantId, set: &ApiSet) -> Result<()>;
    /// Removes an API set that no key uses.
    fn remove_api_set(&mut self, tenant: TenantId, id: &str) -> Result<()>;

    /// Adds an organization, or writes the name and the permissions of the one with its identifier.
    fn put_organization(&mut self, tenant: TenantId, organization: &Organization) -> Result<()>;
    /// Removes an organization that no key belongs to.
    fn remove_organization(&mut self, tenant: TenantId, id: &str) -> Result<()>;
    /// Adds a user group, or writes the name and the permissions of the one with its identifier.
    fn put_user_group(&mut self, tenant: TenantId, group: &UserGroup) -> Result<()>;
    /// Removes a user group that no key belongs to.
    fn remove_user_group(&mut self, tenant: TenantId, id: &str) -> Result<()>;

    /// Adds a key and raises its tenant's sequence.
    fn add_key(&mut self, key: &Key) -> Result<()>;
    /// Writes everything of a key that can change and raises its tenant's sequence.
    fn update_key(&mut self, key: &Key) -> Result<()>;
    /// Removes a key and raises its tenant's sequence.
    fn remove_key(&mut self, id: KeyId) -> Result<()>;

    /// Adds a line to the audit log.
    fn add_event(&mut self, event: &NewEvent) -> Result<()>;

    /// Writes down what is about to be done, in place of what stood there for the same key.
    fn put_journal(&mut self, entry: &JournalEntry) -> Result<()>;
    /// Strikes it out.
    fn remove_journal(&mut self, key: KeyId) -> Result<()>;
}

/// The one row about the profile itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Identifier: ties the database to its items in the keychain.
    pub id: ProfileId,
    /// Where its secrets are held.
    pub vault: VaultKind,
    /// How the window looks.
    pub settings: Settings,
}

/// What has an identifier and a name within a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// An API set.
    ApiSet,
    /// An organization.
    Organization,
    /// A user group.
    UserGroup,
}

/// How much a tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TenantCounts {
    /// Keys, whatever their status.
    pub keys: u32,
    /// Keys that may be used now, expiring ones included.
    pub usable: u32,
    /// Keys that end within the warning window.
    pub expiring: u32,
    /// API sets.
    pub api_sets: u32,
    /// Organizations.
    pub organizations: u32,
    /// User groups.
    pub user_groups: u32,
}

/// How many usable keys of a tenant do not meet what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GapTotals {
    /// Keys that may be used now.
    pub usable: u32,
    /// Those that do not meet something of it.
    pub keys: u32,
    /// Keys for each reason, in the order of [`Gap::ALL`]; one key may have several.
    pub reasons: Vec<(Gap, u32)>,
}

/// Which keys, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFilter {
    /// Only this tenant's.
    pub tenant: Option<TenantId>,
    /// Each of these must begin a word of the key's name, description, display, handle, owner or of an API set of it.
    pub words: Vec<String>,
    /// Only these statuses; empty for any.
    pub statuses: Vec<KeyStatus>,
    /// Only keys that may use this API set.
    pub api_set: Option<String>,
    /// Only this owner's.
    pub owner: Option<String>,
    /// Only keys of this organization, by its identifier or name.
    pub organization: Option<String>,
    /// Only keys whose rotation needs this.
    pub rotation: Option<RotationNeed>,
    /// Only keys of which services have to be told this with the next bundle.
    pub bundle: Option<BundleNeed>,
    /// Order.
    pub sort: KeySort,
    /// Turned round.
    pub descending: bool,
    /// How many to skip.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// A line for the audit log. Its number is given when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
    /// The tenant, by identifier and by its name at that time.
    pub tenant: Option<(TenantId, String)>,
    /// The key, by identifier and handle.
    pub key: Option<(KeyId, String)>,
    /// Name of the key, API set or other subject at that time.
    pub subject: Option<String>,
    /// What exactly changed, in words.
    pub detail: Option<String>,
    /// Why, if the operator said.
    pub reason: Option<String>,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Number, rising without a gap.
    pub sequence: u64,
    /// The line.
    pub event: NewEvent,
}

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only this key's.
    pub key: Option<KeyId>,
    /// Only with a smaller number.
    pub before: Option<u64>,
    /// Only at or after this moment.
    pub since: Option<DateTime<Utc>>,
    /// How many at most.
    pub limit: u32,
}

/// Something that spans the database and the vault or a file, and was begun.
///
/// At most one for each key. The process that began it holds the lock file of `instance` while it lives; a start
/// finishes or undoes only what belongs to processes that are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// The key it is about.
    pub key: KeyId,
    /// How far it went.
    pub step: JournalStep,
    /// Who began it; empty once nobody waits for a server's answer any more.
    pub instance: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl JournalEntry {
    /// Whether it waits for a server to tell what became of it.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        matches!(self.step, JournalStep::Asking { .. })
    }

    /// The name of the key that a server of this tenant was asked for, if it waits for that answer.
    #[must_use]
    pub fn asked_of(&self, tenant: TenantId) -> Option<&str> {
        match &self.step {
            JournalStep::Asking { tenant: asked, name } if *asked == tenant => Some(name),
            _ => None,
        }
    }

    /// Whether it waits for an operator to save a successor, not for the vault or a file.
    #[must_use]
    pub fn is_rotation(&self) -> bool {
        matches!(self.step, JournalStep::Rotating { .. })
    }
}

/// How far something went that spans the database and the vault or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalStep {
    /// A key is being generated and is not in the list: take what is in the vault and the half-written file away.
    Generating {
        /// The file it is to go to.
        file: Option<FileDelivery>,
    },
    /// The key is in the list; the written file waits to be given its name.
    Delivering {
        /// The file it is to go to.
        file: FileDelivery,
    },
    /// The secret of a listed key is being put into the vault: finish if it arrived there, else forget it.
    Keeping,
    /// The secret has to leave the vault; the list says so already.
    Discarding,
    /// A server was asked for a key of this name: find out there whether it made one.
    Asking {
        /// The tenant.
        tenant: TenantId,
        /// The name.
        name: String,
    },
    /// The window makes a successor for the key: once that is saved, the key is retired with this overlap.
    Rotating {
        /// How long both may be used.
        overlap: Overlap,
    },
}

/// A file that is written beside its place and then takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDelivery {
    /// Where it is written.
    pub part: PathBuf,
    /// Its place.
    pub target: PathBuf,
}
