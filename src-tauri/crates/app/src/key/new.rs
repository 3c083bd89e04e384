use std::path::PathBuf;

use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{self, GeneratedKey, Hashing};
use latchkey_domain::policy::KeepPolicy;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::draft;
use crate::delivery;
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::ports::{FileDelivery, JournalEntry, JournalStep, NewEvent, Reader};
use crate::remote;
use crate::rotation;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyDraft, KeyView};

/// Where the secret of a new key goes besides to the caller.
#[derive(Debug, Clone, Default)]
pub struct HandOver {
    /// Into the vault.
    pub keep: bool,
    /// Into this file, which must not exist yet.
    pub file: Option<PathBuf>,
    /// To standard output, by the caller, once this has returned.
    pub print: bool,
}

/// A key that was generated.
#[derive(Debug)]
pub struct Issued {
    /// The key as lists show it.
    pub key: KeyView,
    /// Its secret: the only copy outside the places that [`HandOver`] named.
    pub secret: Secret,
}

/// Generates a key.
///
/// A saga: the journal says what is under way before the vault or a file is touched, and the key comes into the list
/// only after its secret is safe there. Failing at any step takes back what was done; being killed at any step leaves
/// that to the next start.
///
/// Fails with `invalid_input` on `name`, `description`, `owner`, `api_sets`, `organization`, `groups` or `expires`; with `not_permitted` where
/// the tenant forbids keeping; for a remote tenant, whose server is asked for the key, with the codes of the network; with `file_exists`, `disk_full` or `read_only` for the file; with the vault's codes.
pub fn new(session: &Session, operator: &Operator, draft: &KeyDraft, hand_over: &HandOver) -> Result<Issued> {
    issue(session, operator, draft, hand_over, None)
}

/// The same for a key that is to succeed `before`: in its organization and groups, with its name where names are unique.
pub(crate) fn issue(
    session: &Session,
    operator: &Operator,
    draft: &KeyDraft,
    hand_over: &HandOver,
    before: Option<&Key>,
) -> Result<Issued> {
    let is_remote = session.store.reading(|reader| {
        let tenant = find::tenant(reader, &draft.tenant)?;
        Ok(reader.remote(tenant.id)?.is_some())
    })?;
    if is_remote {
        return remote::issue_to(session, operator, draft, hand_over, before);
    }
    let (tenant, mut key, generated) =
        session.store.reading(|reader| prepare(session, operator, reader, draft, before))?;
    if hand_over.keep && tenant.policy.keep == KeepPolicy::Forbid {
        return Err(not_kept_here(&tenant));
    }
    let file = hand_over.file.as_deref().map(|file| delivery::plan(key.id, file)).transpose()?;
    if hand_over.keep {
        key.holding = Holding::Held;
    }
    key.handed_over = hand_over.keep || hand_over.print || file.is_some();

    let spans = hand_over.keep || file.is_some();
    if spans {
        begin(session, &key, JournalStep::Generating { file: file.clone() })?;
        fault::point("generate.journaled");
    }
    let listed = secure(session, &key, &tenant, &generated.secret, hand_over, file.as_ref())
        .and_then(|()| enlist(session, operator, before, &key, hand_over, file.as_ref()));
    if let Err(error) = listed {
        if spans {
            take_back(session, &key, hand_over, file.as_ref());
        }
        return Err(error);
    }
    fault::point("generate.listed");
    if let Some(file) = &file {
        if let Err(error) = delivery::settle_new(file) {
            withdraw(session, operator, &key, hand_over, file);
            return Err(error);
        }
        fault::point("generate.delivered");
        session.store.writing(|writer| writer.remove_journal(key.id))?;
    }
    fault::point("generate.done");
    let view = view::key(key, &tenant, session.now());
    Ok(Issued { key: view, secret: generated.secret })
}

pub(crate) fn not_kept_here(tenant: &Tenant) -> Error {
    Error::new(ErrorCode::NotPermitted, format!("{} forbids keeping secrets.", tenant.name))
        .hint("Copy or download the key instead, or change the tenant's policy.")
}

/// A handle that no key has, for a key whose text carries none.
pub(crate) fn free_handle(session: &Session, reader: &dyn Reader) -> Result<String> {
    loop {
        let handle = session.with_rng(|rng| key_format::random_handle(rng));
        if !reader.handle_is_taken(&handle)? {
            return Ok(handle);
        }
    }
}

/// Writes down that something begins for this key.
pub(crate) fn begin(session: &Session, key: &Key, step: JournalStep) -> Result<()> {
    let entry = entry(session, key, step);
    session.store.writing(|writer| writer.put_journal(&entry))
}

fn entry(session: &Session, key: &Key, step: JournalStep) -> JournalEntry {
    JournalEntry { key: key.id, step, instance: session.instance.id().to_owned(), at: session.now() }
}

fn prepare(
    session: &Session,
    operator: &Operator,
    reader: &dyn Reader,
    draft: &KeyDraft,
    before: Option<&Key>,
) -> Result<(Tenant, Key, GeneratedKey)> {
    let now = session.now();
    let tenant = find::tenant(reader, &draft.tenant)?;
    let name = tenant.conventions.name(&draft.name)?;
    let description = text::description(&draft.description)?;
    let owner = text::owner(draft.owner.as_deref().unwrap_or_default(), &operator.name)?;
    draft::name_free(reader, &tenant, &name, before.map(|key| key.id), now)?;
    draft::own(operator, &tenant, &owner)?;
    let api_sets = draft::api_sets(reader, &tenant, &draft.api_sets, before.map_or(&[], |key| &key.api_sets))?;
    let organization = draft::organization(reader, &tenant, draft.organization.as_deref())?;
    let groups = draft::groups(reader, &tenant, &draft.groups)?;
    let tags = text::tags(&draft.tags)?;
    let expires_at = tenant.conventions.resolve(&draft.expires, now, &tenant.policy)?;
    let generated = loop {
        let generated = session.with_rng(|rng| key_format::generate(tenant.format, &tenant.prefix, rng));
        // Handles are short: among a million keys a second draw of the same one is not out of this world.
        if reader.key_with_handle(&generated.handle)?.is_none() {
            break generated;
        }
    };
    let key = Key {
        id: session.with_rng(|rng| KeyId::random(rng)),
        tenant: tenant.id,
        handle: generated.handle.clone(),
        display: generated.display.clone(),
        format: Some(tenant.format),
        digest: generated.digest,
        hashing: Hashing::Sha256,
        name,
        description,
        owner,
        api_sets,
        organization,
        groups,
        tags,
        created_at: now,
        expires_at,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: before.map(|key| key.id),
        superseded: None,
        holding: Holding::None,
        handed_over: false,
    };
    Ok((tenant, key, generated))
}

/// Puts the secret into the vault and writes the file beside its place.
fn secure(
    session: &Session,
    key: &Key,
    tenant: &Tenant,
    secret: &Secret,
    hand_over: &HandOver,
    file: Option<&FileDelivery>,
) -> Result<()> {
    if hand_over.keep {
        session.vault.put(key.id, &label(tenant, key), secret)?;
        fault::point("generate.kept");
    }
    if let Some(file) = file {
        delivery::write(file, secret)?;
        fault::point("generate.written");
    }
    Ok(())
}

/// Puts the key into the list, if the tenant still is as it was.
fn enlist(
    session: &Session,
    operator: &Operator,
    before: Option<&Key>,
    key: &Key,
    hand_over: &HandOver,
    file: Option<&FileDelivery>,
) -> Result<()> {
    let at = key.created_at;
    session.store.writing(|writer| {
        let tenant = find::tenant_of(writer, key)?;
        draft::api_sets(writer, &tenant, &key.api_sets, before.map_or(&[], |key| &key.api_sets))?;
        if let Some(before) = before {
            rotation::may_begin(writer, &find::key(writer, &before.id.to_string())?)?;
        }
        draft::name_free(writer, &tenant, &key.name, before.map(|key| key.id), at)?;
        draft::own(operator, &tenant, &key.owner)?;
        draft::organization(writer, &tenant, key.organization.as_deref())?;
        draft::groups(writer, &tenant, &key.groups)?;
        writer.add_key(key)?;
        let detail = before.map(|before| format!("to take the place of {}", before.handle));
        writer.add_event(&NewEvent { detail, ..operator.key_event(at, EventKind::KeyGenerated, &tenant, key) })?;
        let happened = [
            (hand_over.keep, EventKind::SecretKept),
            (file.is_some(), EventKind::SecretDownloaded),
            (hand_over.print, EventKind::SecretPrinted),
        ];
        for (_, kind) in happened.into_iter().filter(|(happened, _)| *happened) {
            writer.add_event(&operator.key_event(at, kind, &tenant, key))?;
        }
        match file {
            Some(file) => writer.put_journal(&JournalEntry {
                key: key.id,
                step: JournalStep::Delivering { file: file.clone() },
                instance: session.instance.id().to_owned(),
                at,
            }),
            None => writer.remove_journal(key.id),
        }
    })
}

/// Takes a key out of the list again whose file could not take its place: nobody has seen it.
fn withdraw(session: &Session, operator: &Operator, key: &Key, hand_over: &HandOver, file: &FileDelivery) {
    // In one transaction: what is being generated is not in the list.
    let unlisted = session.store.writing(|writer| {
        let tenant = find::tenant_of(writer, key)?;
        writer.put_journal(&entry(session, key, JournalStep::Generating { file: Some(file.clone()) }))?;
        writer.remove_key(key.id)?;
        writer.add_event(&operator.key_event(session.now(), EventKind::KeyDeleted, &tenant, key))
    });
    match unlisted {
        Ok(()) => take_back(session, key, hand_over, Some(file)),
        Err(error) => {
            tracing::warn!(key = %key.handle, code = ?error.code(), "a failed download is settled at the next start");
        }
    }
}

/// Takes back what [`secure`] did. What cannot be taken back now stays in the journal for the next start.
fn take_back(session: &Session, key: &Key, hand_over: &HandOver, file: Option<&FileDelivery>) {
    let vault = if hand_over.keep { session.vault.discard(key.id) } else { Ok(()) };
    let file = file.map_or(Ok(()), delivery::drop_part);
    let struck = vault.and(file).and_then(|()| session.store.writing(|writer| writer.remove_journal(key.id)));
    if let Err(error) = struck {
        tracing::warn!(key = %key.handle, code = ?error.code(), "a failed generation is taken back at the next start");
    }
}

/// What the keychain's own program shows for a kept secret.
pub(crate) fn label(tenant: &Tenant, key: &Key) -> String {
    format!("Latchkey: {} – {} ({})", tenant.name, key.name, key.handle)
}
