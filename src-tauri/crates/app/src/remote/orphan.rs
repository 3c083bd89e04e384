use chrono::TimeDelta;
use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;

use super::merge;
use crate::error::{Error, Result};
use crate::ports::{JournalEntry, ListedKey, NewEvent, Reader, Writer};
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// The clocks of two computers may differ by so much.
const CLOCKS: TimeDelta = TimeDelta::minutes(10);

/// So long a server may be at work on a request whose connection was cut: a list from before that says nothing.
const AT_WORK: TimeDelta = TimeDelta::minutes(5);

/// Finds the keys of a list that somebody asked for and whose text never arrived, takes them into Latchkey's list as
/// such, and strikes out what was asked once it is known what became of it. As long as rows of the list could not be
/// understood (`skipped`), a key that is not found may be one of them.
pub(super) fn find(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    listed: &[ListedKey],
    skipped: u32,
) -> Result<u32> {
    let now = session.now();
    let mut orphans = 0;
    for entry in writer.journal()? {
        let Some(name) = entry.asked_of(tenant.id) else { continue };
        if may_be_answered(session, &entry) {
            continue;
        }
        let known = writer.remote_keys(tenant.id)?;
        let is_it = |one: &&ListedKey| {
            one.name == name
                && known.iter().all(|(id, _)| *id != one.id)
                && one.created_at.is_none_or(|at| at + CLOCKS >= entry.at)
        };
        let made: Vec<&ListedKey> = listed.iter().filter(is_it).collect();
        if made.is_empty() && (skipped > 0 || now < entry.at + AT_WORK) {
            continue;
        }
        for one in made {
            let sets: Vec<String> = writer.api_sets(tenant.id)?.into_iter().map(|(set, _)| set.id).collect();
            let key = Key {
                api_sets: merge::known_sets(&sets, &one.api_sets),
                handed_over: false,
                ..merge::found(session, writer, tenant, one, now)?
            };
            writer.add_key(&key)?;
            writer.put_remote_key(key.id, &merge::remote_key(one))?;
            writer.add_event(&NewEvent {
                detail: Some("the server made it, and its text never arrived".to_owned()),
                ..operator.key_event(now, EventKind::KeyOrphaned, tenant, &key)
            })?;
            orphans += 1;
        }
        writer.remove_journal(entry.key)?;
    }
    Ok(orphans)
}

/// Strikes out what the server of a tenant was asked: all of it where the tenant goes or moves, or the key of one name.
/// Answers with the names of the keys.
///
/// Fails with `not_now` while an answer may still come: the key it brings would belong to nobody.
pub(crate) fn forget(
    session: &Session,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    only: Option<&str>,
) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in writer.journal()? {
        let Some(name) = entry.asked_of(tenant.id).filter(|name| only.is_none_or(|only| only == *name)) else {
            continue;
        };
        if may_be_answered(session, &entry) {
            return Err(Error::new(
                ErrorCode::NotNow,
                format!("The server of {} is being asked for the key {name}.", tenant.name),
            )
            .hint("Wait for its answer first."));
        }
        names.push(name.to_owned());
        writer.remove_journal(entry.key)?;
    }
    Ok(names)
}

/// Fails on `address` where a tenant is to move away from a server that has not answered yet: the next list would come
/// from elsewhere, and say nothing of the key.
pub(super) fn refuse_to_leave(writer: &dyn Reader, tenant: &Tenant) -> Result<()> {
    if writer.journal()?.iter().any(|entry| entry.asked_of(tenant.id).is_some()) {
        return Err(FieldProblem { name: Field::Address, rule: Rule::Unanswered }.into());
    }
    Ok(())
}

/// Whether another process, or another request of this one, is waiting for the answer still.
pub(super) fn may_be_answered(session: &Session, entry: &JournalEntry) -> bool {
    let is_others = !entry.instance.is_empty() && entry.instance != session.instance.id();
    session.is_asking(entry.key) || (is_others && !session.instance.is_gone(&entry.instance))
}
