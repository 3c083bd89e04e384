use chrono::TimeDelta;
use latchkey_domain::event::EventKind;
use latchkey_domain::key::Key;
use latchkey_domain::tenant::Tenant;

use super::merge;
use crate::error::Result;
use crate::ports::{JournalStep, ListedKey, NewEvent, Writer};
use crate::session::{Operator, Session};

/// The clocks of two computers may differ by so much.
const CLOCKS: TimeDelta = TimeDelta::minutes(10);

/// Finds the keys of a list that somebody asked for and whose text never arrived, takes them into Latchkey's list as
/// such, and strikes out what was asked: it is known now what became of it.
pub(super) fn find(
    session: &Session,
    operator: &Operator,
    writer: &mut dyn Writer,
    tenant: &Tenant,
    listed: &[ListedKey],
) -> Result<u32> {
    let now = session.now();
    let mut orphans = 0;
    for entry in writer.journal()? {
        let JournalStep::Asking { tenant: asked, name } = &entry.step else { continue };
        // Another process, or another request of this one, may be waiting for its answer still.
        let settled = entry.instance == session.instance.id() || session.instance.is_gone(&entry.instance);
        if *asked != tenant.id || !settled || session.is_asking(entry.key) {
            continue;
        }
        let known = writer.remote_keys(tenant.id)?;
        let is_it = |one: &&ListedKey| {
            one.name == *name
                && known.iter().all(|(id, _)| *id != one.id)
                && one.created_at.is_none_or(|at| at + CLOCKS >= entry.at)
        };
        for one in listed.iter().filter(is_it) {
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
