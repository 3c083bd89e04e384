use std::sync::{Mutex, PoisonError};
use std::thread;

use latchkey_domain::tenant::Tenant;

use super::refreshes::{Entered, Refreshes};
use super::sync;
use crate::error::{Error, Result};
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, TenantRefreshed};

/// Asks the servers of all remote tenants for their keys, several at once, but those that are being asked already.
///
/// One that fails does not keep the others from being asked: its tenant says why, and so does the answer, by name. Fails
/// with `offline` where the profile is, and with the codes of the database.
pub fn refresh(session: &Session, operator: &Operator, refreshes: &Refreshes) -> Result<Vec<TenantRefreshed>> {
    let remote = session.store.reading(|reader| {
        if reader.profile()?.settings.offline {
            return Err(Error::new(ErrorCode::Offline, "Latchkey is offline, as it was told to be.")
                .hint("Switch the network on again."));
        }
        let mut remote = Vec::new();
        for tenant in reader.tenants()? {
            if reader.remote(tenant.id)?.is_some() {
                remote.push(tenant);
            }
        }
        Ok(remote)
    })?;
    let entered = refreshes.enter_others(remote.iter().map(|tenant| tenant.id.to_string()));
    let asked: Vec<(Tenant, Entered)> =
        remote.into_iter().zip(entered).filter_map(|(tenant, entered)| Some((tenant, entered?))).collect();
    let workers = refreshes.workers(asked.len());
    let waiting = Mutex::new(asked.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((tenant, entered)) = next() {
                    let id = tenant.id.to_string();
                    let ended = entered.run(|watch| sync(session, operator, &id, watch));
                    if let Err(error) = &ended {
                        tracing::debug!(code = ?error.code(), "a remote tenant was not refreshed");
                    }
                    let problem = ended.as_ref().err().map(|error| error.body().clone());
                    let told = TenantRefreshed { tenant: id, name: tenant.name, done: ended.ok(), problem };
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(told);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by(|one: &TenantRefreshed, other| one.name.cmp(&other.name));
    Ok(done)
}
