use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{self, Hashing, Salt};
use latchkey_domain::policy::KeepPolicy;
use latchkey_domain::remote::{Remote, RemoteKey};
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::{strength, text};

use super::guide::makes_by_hand;
use crate::access;
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::import::{Found, digest_slowly, known, salt_of};
use crate::key::{self, draft};
use crate::ports::{JournalEntry, JournalStep, NewEvent, Pasted, Reader, Writer};
use crate::recover;
use crate::rotation;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyDraft, RecordDraft, RecordedKey};

/// Takes a key into the list that a person made in the vendor's own pages; `pasted` is what they copied there.
///
/// A saga where its text is kept: the journal has it before the vault is touched, and the key comes into the list in one
/// transaction, together with the retirement of the key that it replaces.
///
/// Fails with `not_now` for a local tenant, where the vendor's server makes keys itself, and where the replaced key has a
/// successor or is revoked; with `invalid_input` on `secret`, on the fields of [`key::new`] or on `overlap`; with
/// `not_permitted` where the tenant forbids keeping; with the vault's codes.
pub fn record(session: &Session, operator: &Operator, draft: &RecordDraft, pasted: &Secret) -> Result<RecordedKey> {
    let (tenant, remote) = session.store.reading(|reader| guided(reader, &draft.key.tenant))?;
    if !makes_by_hand(session, &remote)? {
        return Err(made_by_server(&tenant));
    }
    if draft.keep && tenant.policy.keep == KeepPolicy::Forbid {
        return Err(key::not_kept_here(&tenant));
    }
    let end = draft.overlap.as_ref().map(|overlap| overlap.end(session.now())).transpose()?;
    if let (Some(old), Some(overlap)) = (&draft.succeeds, &draft.overlap) {
        rotation::check_overlap(session, old, overlap)?;
    }
    let (found, usual) = read(session, &remote, pasted)?;
    // What can be found wrong with the rest is found before a slow digest is computed.
    session.store.reading(|reader| prepare(session, operator, reader, draft, &found))?;
    let (found, salt) = digested(session, &tenant, found)?;
    let (key, at_server) = session.store.reading(|reader| {
        let (key, before) = prepare(session, operator, reader, draft, &found)?;
        let at_server = before.map_or(Ok(false), |before| super::has(reader, &before))?;
        Ok((key, at_server))
    })?;
    if draft.keep {
        keep(session, &tenant, &key, &found.secret)?;
    }
    let listed = session.store.writing(|writer| {
        let tenant = find::tenant(writer, &tenant.id.to_string())?;
        if salt.is_some() && writer.tenant_salt(tenant.id)? != salt {
            return Err(Error::new(ErrorCode::NotNow, "The tenant changed meanwhile.").hint("Try again."));
        }
        // Asked again: somebody may have changed what it depends on.
        let (again, before) = prepare(session, operator, writer, draft, &found)?;
        let handle = if writer.handle_is_taken(&key.handle)? { again.handle.clone() } else { key.handle.clone() };
        let key = Key { id: key.id, handle, created_at: key.created_at, ..again };
        enlist(session, operator, writer, &tenant, &key, before.as_ref())?;
        if let (Some(before), Some(end)) = (before, end)
            && !super::has(writer, &before)?
        {
            rotation::retire_in(session, operator, writer, &tenant, before, &key, end)?;
        }
        Ok(view::key(key, &tenant, session.now()))
    });
    let listed = listed.inspect_err(|_| {
        if draft.keep {
            take_back(session, key.id);
        }
    })?;
    fault::point("record.listed");
    if let (Some(overlap), true) = (&draft.overlap, at_server) {
        rotation::retire(session, operator, &listed.id, overlap)?;
    }
    // The text of a key that was retired at once leaves the vault.
    recover::finish_own(session);
    Ok(RecordedKey { key: listed, usual })
}

/// A tenant whose keys are made elsewhere, and how it is reached.
pub(super) fn guided(reader: &dyn Reader, tenant: &str) -> Result<(Tenant, Remote)> {
    let tenant = find::tenant(reader, tenant)?;
    let remote = reader.remote(tenant.id)?.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("{} is a local tenant: this computer makes its keys.", tenant.name))
            .hint("Generate the key here, or bring in a key that exists elsewhere with `latchkey import`.")
    })?;
    Ok((tenant, remote))
}

fn made_by_server(tenant: &Tenant) -> Error {
    Error::new(ErrorCode::NotNow, format!("Nobody makes keys of {} by hand in its vendor's pages.", tenant.name))
        .hint("`latchkey key new` asks its server for one; `latchkey import` takes in keys that you have.")
}

/// The key's text alone, judged, and whether it looks as the vendor's keys do.
pub(super) fn read(session: &Session, remote: &Remote, pasted: &Secret) -> Result<(Found, bool)> {
    let Pasted { secret, usual } = session.connectors.pasted(&remote.connector, pasted)?;
    text::key_text(secret.expose())?;
    Ok((Found::new(secret), usual))
}

/// The key of the tenant that this one is, if it has it. A text that a person may have chosen is digested slowly for that,
/// where the tenant has such keys.
pub(super) fn already(session: &Session, tenant: &Tenant, found: &mut Found) -> Result<Option<Key>> {
    let salt = session.store.reading(|reader| reader.tenant_salt(tenant.id))?;
    if let Some(salt) = salt.filter(|_| found.is_weak()) {
        digest_slowly(std::iter::once(&mut *found), &salt, |_| {})?;
    }
    session.store.reading(|reader| known(reader, tenant, found))
}

fn digested(session: &Session, tenant: &Tenant, mut found: Found) -> Result<(Found, Option<Salt>)> {
    if !found.is_weak() {
        return Ok((found, None));
    }
    let salt = salt_of(session, tenant)?;
    digest_slowly(std::iter::once(&mut found), &salt, |_| {})?;
    Ok((found, Some(salt)))
}

/// The row of the key, and the key that it replaces.
fn prepare(
    session: &Session,
    operator: &Operator,
    reader: &dyn Reader,
    draft: &RecordDraft,
    found: &Found,
) -> Result<(Key, Option<Key>)> {
    let now = session.now();
    let RecordDraft { key: asked, keep, succeeds, .. } = draft;
    let tenant = find::tenant(reader, &asked.tenant)?;
    let before = succeeds.as_deref().map(|key| replaced(reader, &tenant, key)).transpose()?;
    if let Some(key) = known(reader, &tenant, found)? {
        let name = format!("{} ({})", key.name, key.handle);
        return Err(FieldProblem { name: Field::Secret, rule: Rule::KnownKey { key: name } }.into());
    }
    let KeyDraft { name, description, owner, api_sets, organization, groups, tags, expires, .. } = asked;
    let name = tenant.conventions.name(name)?;
    let owner = text::owner(owner.as_deref().unwrap_or_default(), &operator.name)?;
    let had = before.as_ref();
    draft::name_free(reader, &tenant, &name, had.map(|key| key.id), now)?;
    draft::own(operator, &tenant, &owner)?;
    // A key of Latchkey's own form has its handle in it; where another key has that, or there is none, one is drawn.
    let own = key_format::parse(found.secret.expose()).map(|parsed| parsed.handle.to_owned());
    let own = own.filter(|handle| reader.handle_is_taken(handle).is_ok_and(|taken| !taken));
    let key = Key {
        id: session.with_rng(|rng| KeyId::random(rng)),
        tenant: tenant.id,
        handle: own.map_or_else(|| key::free_handle(session, reader), Ok)?,
        display: strength::display(found.secret.expose(), &found.strength),
        format: None,
        digest: found.digest(),
        hashing: if found.is_weak() { Hashing::Argon2id } else { Hashing::Sha256 },
        name,
        description: text::description(description)?,
        owner,
        api_sets: draft::api_sets(reader, &tenant, api_sets, had.map_or(&[], |key| &key.api_sets))?,
        organization: draft::organization(reader, &tenant, organization.as_deref())?,
        groups: draft::groups(reader, &tenant, groups)?,
        tags: text::tags(tags)?,
        created_at: now,
        expires_at: tenant.conventions.resolve(expires, now, &tenant.policy)?,
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: had.map(|key| key.id),
        superseded: None,
        holding: if *keep { Holding::Held } else { Holding::None },
        // Whoever made it has seen it.
        handed_over: true,
    };
    Ok((key, before))
}

fn replaced(reader: &dyn Reader, tenant: &Tenant, key: &str) -> Result<Key> {
    let key = find::key(reader, key)?;
    if key.tenant != tenant.id {
        return Err(Error::new(ErrorCode::NotNow, format!("{} is a key of another tenant.", key.name))
            .hint(format!("Name the key of {} that the new one replaces.", tenant.name)));
    }
    rotation::may_begin(reader, &key)?;
    Ok(key)
}

/// Puts the text into the vault, which is written down before.
fn keep(session: &Session, tenant: &Tenant, key: &Key, secret: &Secret) -> Result<()> {
    session.store.writing(|writer| {
        writer.put_journal(&JournalEntry {
            key: key.id,
            step: JournalStep::Generating { file: None },
            instance: session.instance.id().to_owned(),
            at: session.now(),
        })
    })?;
    fault::point("record.journaled");
    if let Err(error) = session.vault.put(key.id, &key::label(tenant, key), secret) {
        take_back(session, key.id);
        return Err(error);
    }
    fault::point("record.kept");
    Ok(())
}

/// What cannot be taken back now stays in the journal for the next start.
fn take_back(session: &Session, key: KeyId) {
    let gone = session.vault.discard(key);
    if let Err(error) = gone.and_then(|()| session.store.writing(|writer| writer.remove_journal(key))) {
        tracing::warn!(code = ?error.code(), "a key that was not recorded leaves the vault at the next start");
    }
}

fn enlist(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    key: &Key,
    before: Option<&Key>,
) -> Result<()> {
    let now = session.now();
    writer.add_key(key)?;
    let everything = access::of_key(writer, tenant, key)?.everything;
    writer.put_remote_key(key.id, &RemoteKey { id: None, everything, last_used_at: None })?;
    let made = "made in the vendor's pages".to_owned();
    let detail = before.map_or(made.clone(), |before| format!("{made}, to take the place of {}", before.handle));
    writer.add_event(&NewEvent {
        detail: Some(detail),
        ..operator.key_event(now, EventKind::KeyImported, tenant, key)
    })?;
    if key.holding == Holding::Held {
        writer.add_event(&operator.key_event(now, EventKind::SecretKept, tenant, key))?;
        writer.remove_journal(key.id)?;
    }
    Ok(())
}
