use latchkey_domain::event::EventKind;
use latchkey_domain::text;

use super::add::prefix;
use super::check_name_free;
use crate::error::Result;
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{TenantEdit, TenantView};

/// Changes a tenant's name, prefix, key format or policy. Keys that exist stay as they are.
pub fn edit(session: &Session, operator: &Operator, tenant: &str, edit: &TenantEdit) -> Result<TenantView> {
    let name = edit.name.as_deref().map(text::name).transpose()?;
    let prefix = prefix(edit.prefix.as_deref())?;
    if let Some(policy) = &edit.policy {
        policy.check()?;
    }
    let now = session.now();
    session.store.writing(|writer| {
        let before = find::tenant(writer, tenant)?;
        let mut after = before.clone();
        let mut changes = Vec::new();
        if let Some(name) = name.clone().filter(|name| *name != before.name) {
            check_name_free(writer, &name, before.id)?;
            changes.push(format!("name: {} → {name}", before.name));
            after.name = name;
        }
        if let Some(prefix) = prefix.clone().filter(|prefix| *prefix != before.prefix) {
            changes.push(format!("prefix: {} → {prefix}", before.prefix));
            after.prefix = prefix;
        }
        if let Some(format) = edit.format.filter(|format| *format != before.format) {
            changes.push(format!("key format: {} → {}", before.format.name(), format.name()));
            after.format = format;
        }
        if let Some(policy) = edit.policy.filter(|policy| *policy != before.policy) {
            changes.push(format!("policy: {}", before.policy.differences(&policy).join(", ")));
            after.policy = policy;
        }
        if !changes.is_empty() {
            writer.update_tenant(&after)?;
            writer.add_event(&NewEvent {
                detail: Some(changes.join("; ")),
                ..operator.tenant_event(now, EventKind::TenantEdited, &after)
            })?;
        }
        view::tenant(writer, &after, now)
    })
}
