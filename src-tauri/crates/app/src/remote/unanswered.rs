use super::orphan;
use crate::error::Result;
use crate::session::Session;
use crate::wire::Unanswered;

/// The keys that a tenant's server was asked for and whose answers have not come, the longest ago first.
///
/// Fails with `not_found`, and with `not_now` for a local tenant.
pub fn unanswered(session: &Session, tenant: &str) -> Result<Vec<Unanswered>> {
    session.store.reading(|reader| {
        let tenant = super::tenant(reader, tenant)?;
        let mut lost = Vec::new();
        for entry in reader.journal()? {
            if let Some(name) = entry.asked_of(tenant.id) {
                let awaited = orphan::may_be_answered(session, &entry);
                lost.push(Unanswered { name: name.to_owned(), asked_at: entry.at, awaited });
            }
        }
        lost.sort_by(|a, b| (a.asked_at, &a.name).cmp(&(b.asked_at, &b.name)));
        Ok(lost)
    })
}
