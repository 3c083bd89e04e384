//! From what an operator asks for to a batch that can begin.

use std::collections::HashSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use latchkey_domain::batch::{self, NamePattern};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::id::BatchId;
use latchkey_domain::tenant::Tenant;
use latchkey_domain::text;

use super::{NameList, seal};
use crate::error::{Error, Result};
use crate::find;
use crate::key;
use crate::ports::{Batch, BatchStep, FileDelivery, Reader};
use crate::remote;
use crate::session::{Operator, Session};
use crate::wire::{BatchDelivery, BatchDraft, BatchNames, ErrorCode};

/// Checks everything but the place, which is still open, so that what begins can end.
pub(super) fn parse(
    session: &Session,
    operator: &Operator,
    draft: &BatchDraft,
    list: Option<&NameList>,
) -> Result<Batch> {
    let now = session.now();
    let (pattern, total) = match (&draft.names, list) {
        (BatchNames::Pattern { pattern, count }, _) => {
            let count = batch::count(*count)?;
            (Some(NamePattern::parse(pattern, count)?), count)
        }
        (BatchNames::List, Some(list)) => (None, u32::try_from(list.rows.len()).unwrap_or(u32::MAX)),
        (BatchNames::List, None) => return Err(FieldProblem { name: Field::Names, rule: Rule::Required }.into()),
    };
    let list = list.filter(|_| pattern.is_none());
    let mut recipients = Vec::new();
    for text in draft.recipients.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        seal::recipient(text)?;
        if !recipients.iter().any(|known| known == text) {
            recipients.push(text.to_owned());
        }
    }
    if let Some(list) = list {
        check_recipients(draft.delivery, list, recipients.is_empty())?;
    }
    let owner = text::owner(draft.owner.as_deref().unwrap_or_default(), &operator.name)?;
    let id = session.with_rng(|rng| BatchId::random(rng));
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, &draft.tenant)?;
        remote::refuse(reader, &tenant)?;
        check_names(&tenant, pattern.as_ref(), list, total)?;
        let others = list.into_iter().flat_map(|list| &list.rows).filter_map(|row| row.owner.as_deref());
        others.chain([owner.as_str()]).try_for_each(|owner| key::draft::own(operator, &tenant, owner))?;
        let entry = Batch {
            id,
            tenant: tenant.id,
            pattern: pattern.as_ref().map(|pattern| pattern.as_str().to_owned()),
            total,
            drawn: 0,
            listed: 0,
            length: 0,
            step: BatchStep::Drawing,
            file: FileDelivery { part: PathBuf::new(), target: PathBuf::new() },
            delivery: draft.delivery,
            recipients: recipients.clone(),
            format: tenant.format,
            description: text::description(&draft.description)?,
            owner: owner.clone(),
            api_sets: key::draft::api_sets(reader, &tenant, &draft.api_sets, &[])?,
            organization: key::draft::organization(reader, &tenant, draft.organization.as_deref())?,
            groups: key::draft::groups(reader, &tenant, &draft.groups)?,
            tags: text::tags(&draft.tags)?,
            expires_at: tenant.conventions.resolve(&draft.expires, now, &tenant.policy)?,
            actor: operator.actor(),
            instance: session.instance.id().to_owned(),
            begun_at: now,
        };
        if tenant.policy.unique_names {
            let names = |number: u32| match (&pattern, list) {
                (Some(pattern), _) => pattern.name(number + 1),
                (None, Some(list)) => list.rows[number as usize].name.clone(),
                (None, None) => String::new(),
            };
            check_unique(reader, &tenant, total, names, now)?;
        }
        Ok(entry)
    })
}

/// Fails with `invalid_input` on `names`, naming the line, where a name of a list is none for the tenant's keys.
pub fn check_list(session: &Session, tenant: &str, list: &NameList) -> Result<()> {
    session.store.reading(|reader| check_names(&find::tenant(reader, tenant)?, None, Some(list), 0))
}

/// Each tenant has its own rule for how long a name may be.
fn check_names(tenant: &Tenant, pattern: Option<&NamePattern>, list: Option<&NameList>, total: u32) -> Result<()> {
    if let Some(pattern) = pattern {
        for number in [1, total] {
            tenant.conventions.name(&pattern.name(number))?;
        }
    }
    for (row, line) in list.into_iter().flat_map(|list| list.rows.iter().zip(&list.lines)) {
        if let Err(problem) = tenant.conventions.name(&row.name) {
            let rule = Rule::Line { line: *line, problem: Box::new(problem) };
            return Err(FieldProblem { name: Field::Names, rule }.into());
        }
    }
    Ok(())
}

/// A row's recipient takes the place of those of the batch. Nothing is left unsealed by oversight.
fn check_recipients(delivery: BatchDelivery, list: &NameList, unsealed: bool) -> Result<()> {
    if list.rows.iter().all(|row| row.recipient.is_none()) {
        return Ok(());
    }
    if delivery == BatchDelivery::Csv {
        return Err(Error::new(ErrorCode::InvalidInput, "One file cannot be sealed to a recipient of each row.")
            .hint("Choose a folder of files, or take the column `recipient` out of the list."));
    }
    let without = list.rows.iter().position(|row| row.recipient.is_none()).filter(|_| unsealed);
    without.map_or(Ok(()), |at| {
        let problem = Box::new(FieldProblem { name: Field::Recipients, rule: Rule::Required });
        Err(FieldProblem { name: Field::Names, rule: Rule::Line { line: list.lines[at], problem } }.into())
    })
}

fn check_unique(
    reader: &dyn Reader,
    tenant: &Tenant,
    total: u32,
    name: impl Fn(u32) -> String,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut names = HashSet::with_capacity(total as usize);
    for number in 0..total {
        let name = name(number);
        if names.contains(&name) || reader.name_in_use(tenant.id, &name, None, now)? {
            let error: Error = FieldProblem { name: Field::Name, rule: Rule::Taken }.into();
            return Err(error.hint(format!(
                "{} lets no two usable keys have the same name, and `{name}` would be a second one.",
                tenant.name
            )));
        }
        names.insert(name);
    }
    Ok(())
}
