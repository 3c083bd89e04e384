use std::sync::PoisonError;

use chrono::TimeDelta;
use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::{self, Hashing, KeyDigest};
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::{again, merge, site, sync};
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::key::{Issued, draft};
use crate::ports::{CreatedKey, Failure, JournalEntry, JournalStep, NewEvent, Outcome, Reader, RemoteDraft};
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyDraft};

/// Asks a remote tenant's server for a key, and takes it into the list.
///
/// A saga: the journal says what is asked for before it is. Where the answer is lost, the server's list tells what became
/// of it: a key that is there, and whose text nobody has, comes into the list as such. As long as that is not known, or
/// such a key is there, none of its name is asked for again. The secret is with the caller alone; where it goes from there
/// is asked for afterwards.
pub(crate) fn issue(session: &Session, operator: &Operator, draft: &KeyDraft, before: Option<&Key>) -> Result<Issued> {
    let prepared = || session.store.reading(|reader| prepare(session, operator, reader, draft, before));
    let (mut tenant, mut asked) = prepared()?;
    if again::may_be_found_out(session, &tenant, &asked.name)? {
        again::find_out(session, operator, &tenant, &asked.name)?;
        // The server may have other API sets by now, and a key that has the name.
        (tenant, asked) = prepared()?;
    }
    let site = site(session, &tenant)?;
    let id = session.with_rng(|rng| KeyId::random(rng));
    let entry = JournalEntry {
        key: id,
        step: JournalStep::Asking { tenant: tenant.id, name: asked.name.clone() },
        instance: session.instance.id().to_owned(),
        at: session.now(),
    };
    session.store.writing(|writer| {
        again::refuse(writer, &tenant, &asked.name, before, entry.at)?;
        writer.put_journal(&entry)
    })?;
    fault::point("ask.journaled");
    let asking = Asking::begin(session, id);
    let created = session.changes.watched(|watch| site.ask(session, |at| session.connectors.create(at, &asked, watch)));
    match created {
        Ok(created) => {
            fault::point("ask.answered");
            let issued = enlist(session, operator, &tenant, draft, &asked, id, before, created)?;
            fault::point("ask.listed");
            Ok(issued)
        }
        Err(Failure { error, outcome: Outcome::NotDone, .. }) => {
            session.store.writing(|writer| writer.remove_journal(id))?;
            Err(error)
        }
        Err(Failure { error, outcome: Outcome::Unknown, .. }) => {
            // No answer will come any more: whoever lists the keys, in this process or another, may say what became of it.
            drop(asking);
            again::leave(session, entry);
            Err(found_out(session, operator, &tenant, id, error))
        }
    }
}

/// As long as it lives, a refresh beside it does not take the key for one that nobody waits for.
struct Asking<'a>(&'a Session, KeyId);

impl<'a> Asking<'a> {
    fn begin(session: &'a Session, key: KeyId) -> Self {
        session.asking.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        Self(session, key)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.asking.lock().unwrap_or_else(PoisonError::into_inner).retain(|key| *key != self.1);
    }
}

/// What became of a key whose answer was lost: the server's list is asked for.
fn found_out(session: &Session, operator: &Operator, tenant: &Tenant, id: KeyId, lost: Error) -> Error {
    let before = orphans(session, tenant);
    // Whoever has stopped waiting does not want to wait for the list either.
    if lost.code() == ErrorCode::Cancelled {
        return lost.hint("The server may have made the key nevertheless: refresh the tenant before you try again.");
    }
    let refreshed = tenant.id.to_string();
    if session.changes.watched(|watch| sync(session, operator, &refreshed, watch)).is_err() {
        return lost
            .hint("Whether a key was made is found out when the server can be reached again; refresh the tenant.");
    }
    let settled = session.store.reading(|reader| Ok(reader.journal()?.iter().all(|entry| entry.key != id)));
    match (settled, orphans(session, tenant) > before) {
        (Ok(true), true) => {
            lost.hint("The server made the key, but its text was lost: it is in the list, to be revoked.")
        }
        (Ok(true), false) => lost.hint("The server made no key: try again."),
        _ => lost.hint(
            "The server lists no such key, but may still be making it: refresh the tenant in five minutes, then try again.",
        ),
    }
}

/// How many keys of a tenant nobody has the text of.
fn orphans(session: &Session, tenant: &Tenant) -> usize {
    let counted = session.store.reading(|reader| {
        let keys = reader.remote_keys(tenant.id)?;
        let keys = keys.into_iter().map(|(_, id)| reader.key(id)).collect::<Result<Vec<_>>>()?;
        Ok(keys.into_iter().flatten().filter(|key| !key.handed_over).count())
    });
    counted.unwrap_or_default()
}

/// What the server is asked for.
fn prepare(
    session: &Session,
    operator: &Operator,
    reader: &dyn Reader,
    draft: &KeyDraft,
    before: Option<&Key>,
) -> Result<(Tenant, RemoteDraft)> {
    let now = session.now();
    let tenant = find::tenant(reader, &draft.tenant)?;
    let name = tenant.conventions.name(&draft.name)?;
    let description = text::description(&draft.description)?;
    let owner = text::owner(draft.owner.as_deref().unwrap_or_default(), &operator.name)?;
    text::tags(&draft.tags)?;
    draft::name_free(reader, &tenant, &name, before.map(|key| key.id), now)?;
    draft::own(operator, &tenant, &owner)?;
    let api_sets = draft::api_sets(reader, &tenant, &draft.api_sets, before.map_or(&[], |key| &key.api_sets))?;
    let organization = draft::organization(reader, &tenant, draft.organization.as_deref())?;
    let groups = draft::groups(reader, &tenant, &draft.groups)?;
    let end = tenant.conventions.resolve(&draft.expires, now, &tenant.policy)?;
    // Servers count in days: the part of a day that has begun is one.
    let expires = end.map(|end| (days(end - now), end));
    Ok((tenant, RemoteDraft { name, description, api_sets, expires, owner, organization, groups }))
}

fn days(lifetime: TimeDelta) -> u32 {
    let begun = lifetime + TimeDelta::days(1) - TimeDelta::seconds(1);
    u32::try_from(begun.num_days().max(1)).unwrap_or(u32::MAX)
}

#[allow(clippy::too_many_arguments, reason = "all that a row needs, in one place")]
fn enlist(
    session: &Session,
    operator: &Operator,
    tenant: &Tenant,
    draft: &KeyDraft,
    asked: &RemoteDraft,
    id: KeyId,
    before: Option<&Key>,
    created: CreatedKey,
) -> Result<Issued> {
    let now = session.now();
    let CreatedKey { key: told, secret } = created;
    let tags = text::tags(&draft.tags)?;
    let row = |handle: String| Key {
        id,
        tenant: tenant.id,
        handle,
        display: key_format::display(shown(secret.expose()), secret.expose()),
        format: None,
        digest: KeyDigest::of(secret.expose()),
        hashing: Hashing::Sha256,
        name: told.name.clone(),
        description: asked.description.clone(),
        owner: asked.owner.clone(),
        api_sets: asked.api_sets.clone(),
        organization: asked.organization.clone(),
        groups: asked.groups.clone(),
        tags: tags.clone(),
        created_at: told.created_at.unwrap_or(now),
        expires_at: told.expires_at.or(asked.expires.map(|(_, end)| end)),
        disabled_at: None,
        revoked_at: None,
        revoke_reason: None,
        succeeds: before.map(|key| key.id),
        superseded: None,
        holding: Holding::None,
        handed_over: false,
    };
    let key = session.store.writing(|writer| {
        // A refresh beside this may have found it in the server's list already.
        if let Some((_, found)) = writer.remote_keys(tenant.id)?.iter().find(|(known, _)| *known == told.id) {
            writer.remove_key(*found)?;
        }
        let key = row(crate::key::free_handle(session, writer)?);
        writer.add_key(&key)?;
        writer.put_remote_key(key.id, &merge::remote_key(&told))?;
        writer.add_event(&NewEvent {
            detail: Some(format!("by the server, which calls it {}", told.id)),
            ..operator.key_event(now, EventKind::KeyGenerated, tenant, &key)
        })?;
        writer.remove_journal(id)?;
        Ok(key)
    });
    match key {
        Ok(key) => Ok(Issued { key: view::key(key, tenant, now), secret }),
        Err(error) => {
            Err(Error::new(ErrorCode::Failed, format!("The server made the key, but it could not be noted: {error}"))
                .hint("It comes into the list when the tenant is refreshed; revoke it then, its text is lost."))
        }
    }
}

/// The first characters of a key, which say whose it is: up to a separator, four at most.
fn shown(text: &str) -> &str {
    let end = text.char_indices().map(|(at, _)| at).nth(4).unwrap_or(text.len());
    let begins = &text[..end];
    begins.find(['-', '_']).map_or("", |at| &begins[..=at])
}
