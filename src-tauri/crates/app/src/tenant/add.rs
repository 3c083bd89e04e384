use latchkey_domain::api_set::ApiSet;
use latchkey_domain::event::EventKind;
use latchkey_domain::field::{Field, FieldProblem};
use latchkey_domain::id::TenantId;
use latchkey_domain::key_format::Prefix;
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::template::{Template, TemplateApiSet, TemplateGroup, TemplateOrganization};
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::check_name_free;
use crate::error::Result;
use crate::find;
use crate::ports::{NewEvent, Writer};
use crate::session::{Operator, Session};
use crate::template;
use crate::view;
use crate::wire::{TenantDraft, TenantView};

/// Adds a local tenant, with all that its template brings.
///
/// Fails with `invalid_input` on `name` (rules of [`text::name`], or taken), `prefix` or `template`.
pub fn add(session: &Session, operator: &Operator, draft: &TenantDraft) -> Result<TenantView> {
    let template = match &draft.own_template {
        Some(own) => {
            template::checked(own)?;
            (**own).clone()
        }
        None => template::named(draft.template.as_deref().unwrap_or("blank"))?,
    };
    let now = session.now();
    let tenant = Tenant {
        id: session.with_rng(|rng| TenantId::random(rng)),
        name: text::name(&draft.name)?,
        prefix: match prefix(draft.prefix.as_deref())? {
            Some(chosen) => chosen,
            None => prefix(Some(&template.prefix))?.unwrap_or_default(),
        },
        format: template.key_format,
        policy: template.policy,
        conventions: template.conventions.clone(),
        sequence: 0,
        created_at: now,
    };
    session.store.writing(|writer| {
        check_name_free(writer, &tenant.name, tenant.id)?;
        writer.add_tenant(&tenant)?;
        fill(writer, tenant.id, &template)?;
        writer.add_event(&NewEvent {
            detail: template.conventions.template.clone().map(|name| format!("template: {name}")),
            ..operator.tenant_event(now, EventKind::TenantAdded, &tenant)
        })?;
        // What the template brought has raised the sequence.
        view::tenant(writer, &find::tenant(writer, &tenant.id.to_string())?, now)
    })
}

/// Puts what the template brings into a tenant that has nothing yet.
fn fill(writer: &mut dyn Writer, tenant: TenantId, template: &Template) -> Result<()> {
    for set in &template.api_sets {
        let TemplateApiSet { id, name, group, description } = set.clone();
        writer.add_api_set(tenant, &ApiSet { id, name, group, description, retired_at: None })?;
    }
    fill_members(writer, tenant, template)
}

/// The organizations and user groups of a template.
pub(crate) fn fill_members(writer: &mut dyn Writer, tenant: TenantId, template: &Template) -> Result<()> {
    for organization in &template.organizations {
        let TemplateOrganization { id, name, permissions } = organization.clone();
        writer.put_organization(tenant, &Organization { id, name, permissions })?;
    }
    for group in &template.user_groups {
        let TemplateGroup { id, name, permissions } = group.clone();
        writer.put_user_group(tenant, &UserGroup { id, name, permissions })?;
    }
    Ok(())
}

pub(super) fn prefix(text: Option<&str>) -> Result<Option<Prefix>, FieldProblem> {
    text.map(Prefix::parse).transpose().map_err(|rule| FieldProblem { name: Field::Prefix, rule })
}
