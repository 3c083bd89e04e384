use crate::error::Result;
use crate::find;
use crate::session::Session;
use crate::view;
use crate::wire::TenantView;

/// All tenants by name.
pub fn list(session: &Session) -> Result<Vec<TenantView>> {
    let now = session.now();
    session.store.reading(|reader| reader.tenants()?.iter().map(|tenant| view::tenant(reader, tenant, now)).collect())
}

/// The tenant of this name or identifier.
pub fn show(session: &Session, tenant: &str) -> Result<TenantView> {
    let now = session.now();
    session.store.reading(|reader| view::tenant(reader, &find::tenant(reader, tenant)?, now))
}
