use std::sync::{Mutex, PoisonError};
use std::thread;

use super::sync;
use crate::error::Result;
use crate::ports::Watch;
use crate::session::{Operator, Session};

/// How many servers are asked at once.
const AT_ONCE: usize = 8;

/// Asks the servers of all remote tenants for their keys, several at once; nothing where the profile is offline.
///
/// One that fails does not keep the others from being asked: its tenant says why. Fails with the codes of the database.
pub fn refresh(session: &Session, operator: &Operator, watch: &Watch) -> Result<()> {
    let remote = session.store.reading(|reader| {
        if reader.profile()?.settings.offline {
            return Ok(Vec::new());
        }
        let mut remote = Vec::new();
        for tenant in reader.tenants()? {
            if reader.remote(tenant.id)?.is_some() {
                remote.push(tenant.id.to_string());
            }
        }
        Ok(remote)
    })?;
    let workers = remote.len().min(AT_ONCE);
    let waiting = Mutex::new(remote.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(tenant) = next() {
                    if let Err(error) = sync(session, operator, &tenant, watch) {
                        tracing::debug!(code = ?error.code(), "a remote tenant was not refreshed");
                    }
                }
            });
        }
    });
    Ok(())
}
