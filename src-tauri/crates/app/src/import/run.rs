use std::collections::HashSet;

use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{self, Hashing, Salt};
use latchkey_domain::policy::KeepPolicy;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::{strength, text};

use super::pending::{Found, Item};
use super::preview::{digest_slowly, is_taken, item_mut, known};
use super::source::problem;
use super::{MAX_CHOSEN, MAX_KEPT, Pending};
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::key::{self, draft};
use crate::ports::{JournalEntry, JournalStep, NewEvent, Reader, Writer};
use crate::recover;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, ImportChoice, ImportDone};

/// Imports the chosen entries: all of them, or none.
///
/// A saga where secrets are kept: the journal has every key before the vault is touched, and the keys come into the
/// list in one transaction after all secrets are safe there. Entries that turn out to be known already stay out.
/// `progress` is told how many of how many slow digests are computed.
///
/// Fails with `invalid_input` on `name`, `description`, `owner`, `api_sets`, `organization`, `groups`, `tags` or
/// `expires`; with `not_permitted` where the tenant forbids keeping or keys of others; with the vault's codes.
pub fn run(
    session: &Session,
    operator: &Operator,
    pending: &mut Pending,
    choice: &ImportChoice,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<ImportDone> {
    let tenant = session.store.reading(|reader| find::tenant(reader, &choice.tenant))?;
    if choice.keep && tenant.policy.keep == KeepPolicy::Forbid {
        return Err(key::not_kept_here(&tenant));
    }
    check_counts(pending, choice)?;
    let salt = digest_chosen(session, &tenant, pending, choice, progress)?;
    let drafts = session.store.reading(|reader| {
        let belonging = Belonging::of(reader, &tenant, choice)?;
        let mut names = HashSet::new();
        let mut drafts = Vec::new();
        for &number in &choice.entries {
            let Some((item, found)) = readable(pending, number) else { continue };
            if known(reader, &tenant, found)?.is_some() {
                continue;
            }
            let key = key_of(session, operator, &tenant, item, found, choice, &belonging)?;
            let repeats = tenant.policy.unique_names && !names.insert(key.name.clone());
            if repeats || is_taken(reader, &tenant, &key.name, key.created_at)? {
                return Err(at_line(item, FieldProblem { name: Field::Name, rule: Rule::Taken }));
            }
            drafts.push(Draft { key, secret: &found.secret, line: item.line });
        }
        Ok(drafts)
    })?;
    if choice.keep {
        keep(session, &tenant, &drafts)?;
    }
    let file = pending.file.clone();
    let listed = enlist(session, operator, &tenant, &drafts, choice, salt, &file).inspect_err(|_| {
        if choice.keep {
            take_back(session, &drafts);
        }
    })?;
    fault::point("import.listed");
    recover::finish_own(session);
    let counted = |wanted: fn(&Key) -> bool| {
        let keys = drafts.iter().filter(|draft| listed.contains(&draft.key.id) && wanted(&draft.key));
        u32::try_from(keys.count()).unwrap_or(u32::MAX)
    };
    let imported = counted(|_| true);
    Ok(ImportDone {
        imported,
        weak: counted(|key| key.hashing == Hashing::Argon2id),
        kept: counted(|key| key.holding == Holding::Held),
        duplicates: u32::try_from(choice.entries.len()).unwrap_or(u32::MAX).saturating_sub(imported),
    })
}

/// A key that is to come into the list.
struct Draft<'a> {
    key: Key,
    secret: &'a Secret,
    line: u32,
}

/// An entry that has a key which did not come before in the file.
fn readable(pending: &Pending, number: u32) -> Option<(&Item, &Found)> {
    let item = pending.items.get(number as usize).filter(|item| !item.repeated)?;
    item.key.as_ref().ok().map(|found| (item, found))
}

fn check_counts(pending: &mut Pending, choice: &ImportChoice) -> Result<()> {
    if choice.entries.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "No entry is chosen.").hint("Choose what to import."));
    }
    let mut chosen = 0;
    let mut once = HashSet::new();
    for &number in &choice.entries {
        let item = item_mut(pending, number)?;
        if !once.insert(number) || item.key.is_err() {
            return Err(Error::new(ErrorCode::InvalidInput, format!("Line {} cannot be imported.", item.line))
                .hint("Leave it out."));
        }
        chosen += usize::from(item.key.as_ref().is_ok_and(Found::is_weak));
    }
    let too_many = |max: usize| problem(Rule::TooMany { max: u32::try_from(max).unwrap_or(u32::MAX) });
    if chosen > MAX_CHOSEN {
        return Err(too_many(MAX_CHOSEN));
    }
    if choice.keep && choice.entries.len() > MAX_KEPT {
        return Err(too_many(MAX_KEPT));
    }
    Ok(())
}

/// Computes the slow digests of what a person may have chosen. The tenant gets its salt first, where it has none.
fn digest_chosen(
    session: &Session,
    tenant: &Tenant,
    pending: &mut Pending,
    choice: &ImportChoice,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Option<Salt>> {
    let wanted: HashSet<u32> = choice.entries.iter().copied().collect();
    let items = pending.items.iter_mut().zip(0..).filter(|(_, number)| wanted.contains(number));
    let weak: Vec<&mut Found> =
        items.filter_map(|(item, _)| item.key.as_mut().ok()).filter(|found| found.is_weak()).collect();
    if weak.is_empty() {
        return Ok(None);
    }
    let salt = salt_of(session, tenant)?;
    let all = weak.len();
    digest_slowly(weak.into_iter(), &salt, |done| progress(done, all))?;
    Ok(Some(salt))
}

/// The salt of a tenant's slow digests. It gets one where it has none.
pub(crate) fn salt_of(session: &Session, tenant: &Tenant) -> Result<Salt> {
    let drawn = session.with_rng(|rng| key_format::random_salt(rng));
    let salt = session.store.writing(|writer| {
        writer.put_tenant_salt(tenant.id, &drawn)?;
        writer.tenant_salt(tenant.id)
    })?;
    salt.ok_or_else(|| Error::new(ErrorCode::NotFound, "The tenant was removed meanwhile."))
}

/// What the keys of an import may use, where they belong and what they are filed under.
struct Belonging {
    api_sets: Vec<String>,
    organization: Option<String>,
    groups: Vec<String>,
    tags: Vec<String>,
}

impl Belonging {
    fn of(reader: &dyn Reader, tenant: &Tenant, choice: &ImportChoice) -> Result<Self> {
        Ok(Self {
            api_sets: draft::api_sets(reader, tenant, &choice.api_sets, &[])?,
            organization: draft::organization(reader, tenant, choice.organization.as_deref())?,
            groups: draft::groups(reader, tenant, &choice.groups)?,
            tags: text::tags(&choice.tags)?,
        })
    }
}

fn key_of(
    session: &Session,
    operator: &Operator,
    tenant: &Tenant,
    item: &Item,
    found: &Found,
    choice: &ImportChoice,
    belonging: &Belonging,
) -> Result<Key> {
    let now = session.now();
    let said = item.owner.as_deref().or(choice.owner.as_deref()).unwrap_or_default();
    let owner = text::owner(said, &operator.name).map_err(|problem| at_line(item, problem))?;
    if tenant.policy.own_keys_only && owner != operator.name {
        return Err(Error::new(ErrorCode::NotPermitted, format!("{} takes keys of your own only.", tenant.name))
            .hint("Take the owner out of the file, or change the tenant's policy."));
    }
    // A key of Latchkey's own form has its handle in it; where another key has that, one is drawn.
    let own = key_format::parse(found.secret.expose()).map(|parsed| parsed.handle.to_owned());
    Ok(Key {
        id: session.with_rng(|rng| KeyId::random(rng)),
        tenant: tenant.id,
        handle: own.unwrap_or_else(|| session.with_rng(|rng| key_format::random_handle(rng))),
        display: strength::display(found.secret.expose(), &found.strength),
        format: None,
        digest: found.digest(),
        hashing: if found.is_weak() { Hashing::Argon2id } else { Hashing::Sha256 },
        name: tenant.conventions.name(&item.name).map_err(|problem| at_line(item, problem))?,
        description: text::description(&item.description).map_err(|problem| at_line(item, problem))?,
        owner,
        api_sets: belonging.api_sets.clone(),
        organization: belonging.organization.clone(),
        groups: belonging.groups.clone(),
        tags: belonging.tags.clone(),
        created_at: now,
        expires_at: tenant.conventions.resolve(&choice.expires, now, &tenant.policy)?,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: None,
        superseded: None,
        holding: if choice.keep { Holding::Held } else { Holding::None },
        // It exists elsewhere: somebody has it.
        handed_over: true,
    })
}

/// A broken rule, with the line of the file that broke it.
fn at_line(item: &Item, problem: FieldProblem) -> Error {
    let mut body = Error::from(problem).body().clone();
    body.message = format!("Line {}: {}", item.line, body.message);
    Error::from_body(body)
}

/// Puts all secrets into the vault, each of them written down before.
fn keep(session: &Session, tenant: &Tenant, drafts: &[Draft<'_>]) -> Result<()> {
    session.store.writing(|writer| {
        drafts.iter().try_for_each(|draft| {
            writer.put_journal(&entry(session, draft.key.id, JournalStep::Generating { file: None }))
        })
    })?;
    fault::point("import.journaled");
    let kept = drafts
        .iter()
        .try_for_each(|draft| session.vault.put(draft.key.id, &key::label(tenant, &draft.key), draft.secret));
    if let Err(error) = kept {
        take_back(session, drafts);
        return Err(error);
    }
    fault::point("import.kept");
    Ok(())
}

fn entry(session: &Session, key: KeyId, step: JournalStep) -> JournalEntry {
    JournalEntry { key, step, instance: session.instance.id().to_owned(), at: session.now() }
}

/// Takes out of the vault what [`keep`] put there. What cannot be taken back now stays in the journal for the next start.
fn take_back(session: &Session, drafts: &[Draft<'_>]) {
    let gone: Vec<KeyId> =
        drafts.iter().map(|draft| draft.key.id).filter(|id| session.vault.discard(*id).is_ok()).collect();
    let struck = session.store.writing(|writer| gone.iter().try_for_each(|id| writer.remove_journal(*id)));
    if gone.len() < drafts.len() || struck.is_err() {
        tracing::warn!("a failed import is taken back at the next start");
    }
}

/// Puts the keys into the list in one transaction; answers with those that were not there by then.
fn enlist(
    session: &Session,
    operator: &Operator,
    tenant: &Tenant,
    drafts: &[Draft<'_>],
    choice: &ImportChoice,
    salt: Option<Salt>,
    file: &str,
) -> Result<HashSet<KeyId>> {
    session.store.writing(|writer| {
        let tenant = find::tenant(writer, &tenant.id.to_string())?;
        Belonging::of(writer, &tenant, choice)?;
        if salt.is_some() && writer.tenant_salt(tenant.id)? != salt {
            return Err(Error::new(ErrorCode::NotNow, "The tenant changed meanwhile.").hint("Try again."));
        }
        let mut listed = HashSet::new();
        let mut drawn = HashSet::new();
        for draft in drafts {
            if is_listed(writer, &tenant, &draft.key)? {
                if choice.keep {
                    writer.put_journal(&entry(session, draft.key.id, JournalStep::Discarding))?;
                }
                continue;
            }
            let handle = free_handle(session, writer, &draft.key.handle, &mut drawn)?;
            let key = Key { handle, ..draft.key.clone() };
            writer.add_key(&key)?;
            writer.add_event(&NewEvent {
                detail: Some(format!("from {file}, line {}", draft.line)),
                ..operator.key_event(key.created_at, EventKind::KeyImported, &tenant, &key)
            })?;
            if choice.keep {
                writer.add_event(&operator.key_event(key.created_at, EventKind::SecretKept, &tenant, &key))?;
                writer.remove_journal(key.id)?;
            }
            listed.insert(key.id);
        }
        Ok(listed)
    })
}

/// Another process may have imported the same meanwhile.
fn is_listed(writer: &dyn Writer, tenant: &Tenant, key: &Key) -> Result<bool> {
    let same = |other: &Key| other.tenant == tenant.id && other.digest == key.digest;
    let with_handle = writer.key_with_handle(&key.handle)?;
    Ok(with_handle.as_ref().is_some_and(same) || writer.keys_with_digest(&key.digest)?.iter().any(same))
}

fn free_handle(session: &Session, writer: &dyn Writer, wanted: &str, drawn: &mut HashSet<String>) -> Result<String> {
    let mut handle = wanted.to_owned();
    while writer.key_with_handle(&handle)?.is_some() || drawn.contains(&handle) {
        handle = session.with_rng(|rng| key_format::random_handle(rng));
    }
    drawn.insert(handle.clone());
    Ok(handle)
}
