use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::{KeyFormat, Prefix};
use latchkey_domain::policy::Policy;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::check_name_free;
use crate::error::Result;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{TenantDraft, TenantView};

/// Adds a local tenant.
///
/// Fails with `invalid_input` on `name` (rules of [`text::name`], or taken), `prefix` or `template`.
pub fn add(session: &Session, operator: &Operator, draft: &TenantDraft) -> Result<TenantView> {
    if draft.template.as_deref().is_some_and(|template| template != "blank") {
        return Err(FieldProblem { name: Field::Template, rule: Rule::Unknown }.into());
    }
    let now = session.now();
    let tenant = Tenant {
        id: session.with_rng(|rng| TenantId::random(rng)),
        name: text::name(&draft.name)?,
        prefix: prefix(draft.prefix.as_deref())?.unwrap_or_default(),
        format: KeyFormat::default(),
        policy: Policy::default(),
        sequence: 0,
        created_at: now,
    };
    session.store.writing(|writer| {
        check_name_free(writer, &tenant.name, tenant.id)?;
        writer.add_tenant(&tenant)?;
        writer.add_event(&operator.tenant_event(now, EventKind::TenantAdded, &tenant))?;
        view::tenant(writer, &tenant, now)
    })
}

pub(super) fn prefix(text: Option<&str>) -> Result<Option<Prefix>, FieldProblem> {
    text.map(Prefix::parse).transpose().map_err(|rule| FieldProblem { name: Field::Prefix, rule })
}
