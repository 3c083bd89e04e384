//! Tenants.

mod add;
mod edit;
mod gaps;
mod list;
mod remove;

pub use add::add;
pub(crate) use add::fill_members;
pub use edit::edit;
pub use gaps::gaps;
pub use list::{list, show};
pub use remove::remove;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;

use crate::error::Result;
use crate::ports::Reader;

/// Fails where another tenant than `id` has the name.
pub(crate) fn check_name_free(reader: &dyn Reader, name: &str, id: TenantId) -> Result<()> {
    match reader.tenant_named(name)? {
        Some(other) if other.id != id => Err(FieldProblem { name: Field::Name, rule: Rule::Taken }.into()),
        _ => Ok(()),
    }
}
