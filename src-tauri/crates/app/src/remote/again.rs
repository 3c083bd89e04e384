//! Asking a server for a key that it was asked for before: no key is made twice because an answer was lost.

use chrono::{DateTime, Utc};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::key::{Key, KeyStatus};
use latchkey_domain::tenant::Tenant;

use super::{merge, orphan, sync};
use crate::error::{Error, Result};
use crate::ports::{JournalEntry, Reader};
use crate::session::{Operator, Session};
use crate::wire::{ErrorBody, ErrorCode};

/// Whether the server's list may tell what became of a key of this name that was asked for: nobody waits for an answer.
pub(super) fn may_be_found_out(session: &Session, tenant: &Tenant, name: &str) -> Result<bool> {
    let journal = session.store.reading(|reader| reader.journal())?;
    Ok(journal.iter().any(|entry| is_of(entry, tenant, name) && !orphan::may_be_answered(session, entry)))
}

/// Asks for the list. The operator may stop waiting for it as for any change.
///
/// Fails where it cannot be had; then nothing is known.
pub(super) fn find_out(session: &Session, operator: &Operator, tenant: &Tenant, name: &str) -> Result<()> {
    let refreshed = tenant.id.to_string();
    match session.changes.watched(|watch| sync(session, operator, &refreshed, watch)) {
        Ok(_) => Ok(()),
        Err(error) if error.code() == ErrorCode::Cancelled => Err(error.hint(format!(
            "The server may have made {name} when it was asked before: refresh the tenant before you try again."
        ))),
        Err(error) => {
            let body = ErrorBody::from(error);
            let message = format!("What became of {name}, asked for before, cannot be found out: {}", body.message);
            Err(Error::from_body(ErrorBody { message, ..body }))
        }
    }
}

/// Fails on `name` where the server was asked for such a key and it is not known what became of it, and where it has made
/// one whose text never arrived. Such a key may itself be succeeded.
pub(super) fn refuse(
    reader: &dyn Reader,
    tenant: &Tenant,
    name: &str,
    before: Option<&Key>,
    now: DateTime<Utc>,
) -> Result<()> {
    let at = |rule, message: String| Error::at(FieldProblem { name: Field::Name, rule }, message);
    if reader.journal()?.iter().any(|entry| is_of(entry, tenant, name)) {
        let message = format!("The server of {} was asked for {name} before and has not answered so far.", tenant.name);
        return Err(at(Rule::Asked, message));
    }
    let is_there = |key: &Key| {
        merge::is_orphan(key)
            && before.is_none_or(|before| before.id != key.id)
            && !matches!(key.status(now, 0), KeyStatus::Revoked | KeyStatus::Expired)
    };
    match reader.keys_named(Some(tenant.id), name, u32::MAX)?.iter().find(|key| is_there(key)) {
        Some(key) => Err(at(
            Rule::Orphaned,
            format!(
                "The server of {} made {name} ({}) when it was asked before; its text never arrived.",
                tenant.name, key.handle
            ),
        )),
        None => Ok(()),
    }
}

/// From now on no process waits for the answer. Where that cannot be written down, this one still knows it.
pub(super) fn leave(session: &Session, entry: JournalEntry) {
    let left = JournalEntry { instance: String::new(), ..entry };
    if let Err(error) = session.store.writing(|writer| writer.put_journal(&left)) {
        tracing::warn!(code = ?error.code(), "other processes go on to believe that an answer may come");
    }
}

fn is_of(entry: &JournalEntry, tenant: &Tenant, name: &str) -> bool {
    entry.asked_of(tenant.id) == Some(name)
}
