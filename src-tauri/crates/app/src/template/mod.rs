//! Templates: those of the program, those in files, and a tenant as one.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::template::{
    MAX_LEN, Template, TemplateApiSet, TemplateGroup, TemplateOrganization, Unreadable, VERSION,
};

use crate::error::{Error, Result};
use crate::find;
use crate::session::Session;
use crate::wire::ErrorCode;

// The text of each file in `templates`; `build.rs` has read and checked them.
include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The program's own templates: the blank one, then the others by name.
#[must_use]
pub fn all() -> Vec<Template> {
    let mut templates: Vec<_> = FILES.iter().filter_map(|text| Template::read(text.as_bytes()).ok()).collect();
    templates.sort_by_key(|template| (template.id != "blank", template.name.to_lowercase()));
    templates
}

/// The program's own template of this identifier or name.
///
/// Fails with `invalid_input` on `template` where there is none.
pub fn named(text: &str) -> Result<Template> {
    let wanted = text.trim().to_lowercase();
    let found = all().into_iter().find(|template| template.id == wanted || template.name.to_lowercase() == wanted);
    found.ok_or_else(|| FieldProblem { name: Field::Template, rule: Rule::Unknown }.into())
}

/// The template in a file.
///
/// Fails with `failed` where the file is too long, damaged, from a newer version or no template; it is refused whole.
pub fn read(file: &Path) -> Result<Template> {
    let failed = |cause: std::io::Error| Error::io("read", file, &cause);
    if !fs::metadata(file).map_err(failed)?.is_file() {
        let no_file = Unreadable::Malformed("it is not a file".to_owned());
        return Err(refused(&file.display().to_string(), &no_file));
    }
    let mut bytes = Vec::new();
    // One byte more than a template has tells that there is more.
    let most = u64::try_from(MAX_LEN).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(file).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Template::read(&bytes).map_err(|cause| refused(&file.display().to_string(), &cause))
}

/// Checks a template that came as data.
pub(crate) fn checked(template: &Template) -> Result<()> {
    template.check().map_err(|problem| refused(&template.name, &Unreadable::Wrong(problem)))
}

fn refused(name: &str, cause: &Unreadable) -> Error {
    let hint = match cause {
        Unreadable::Newer => "Update Latchkey, or save the tenant there as a template of this version.",
        Unreadable::TooLong | Unreadable::Malformed(_) => "Choose a file that Latchkey saved as a template.",
        Unreadable::Wrong(_) => "Put the file right, or save the tenant as a template anew.",
    };
    Error::new(ErrorCode::Failed, format!("{name} is not a template: {cause}.")).hint(hint)
}

/// A tenant as a template of the operator's own: everything but its keys.
pub fn of_tenant(session: &Session, tenant: &str) -> Result<Template> {
    session.store.reading(|reader| {
        let tenant = find::tenant(reader, tenant)?;
        let api_sets = reader.api_sets(tenant.id)?.into_iter().map(|(set, _)| set);
        let organizations = reader.organizations(tenant.id)?.into_iter().map(|(organization, _)| organization);
        let groups = reader.user_groups(tenant.id)?.into_iter().map(|(group, _)| group);
        let mut template = Template {
            version: VERSION,
            id: "own".to_owned(),
            name: tenant.name.clone(),
            about: String::new(),
            prefix: tenant.prefix.to_string(),
            key_format: tenant.format,
            policy: tenant.policy,
            // What new keys cannot choose has no place in a new tenant.
            api_sets: api_sets
                .filter(|set| set.retired_at.is_none())
                .map(|set| TemplateApiSet {
                    id: set.id,
                    name: set.name,
                    group: set.group,
                    description: set.description,
                })
                .collect(),
            organizations: organizations
                .map(|one| TemplateOrganization { id: one.id, name: one.name, permissions: one.permissions })
                .collect(),
            user_groups: groups
                .map(|group| TemplateGroup { id: group.id, name: group.name, permissions: group.permissions })
                .collect(),
            conventions: tenant.conventions,
        };
        template.conventions.template = Some(tenant.name);
        drop_lost_sets(&mut template);
        Ok(template)
    })
}

/// Presets go with the API sets that they need.
fn drop_lost_sets(template: &mut Template) {
    let has = |id: &String| template.api_sets.iter().any(|set| set.id == *id);
    let conventions = &mut template.conventions;
    conventions.presets.retain(|preset| preset.api_sets.as_ref().is_none_or(|sets| sets.iter().all(has)));
    conventions.everything = conventions.everything.take().filter(|id| has(id));
}

/// `<tenant>.template.json`, without the characters that file systems refuse.
#[must_use]
pub fn file_name(tenant: &str) -> String {
    crate::file::name(tenant, "template.json")
}

/// Writes a tenant as a template to a file, in place of what stands there where `replace` says so.
///
/// Fails with `file_exists`, `disk_full` or `read_only`.
pub fn save(session: &Session, tenant: &str, file: &Path, replace: bool) -> Result<Template> {
    let template = of_tenant(session, tenant)?;
    let text = template.write().map_err(|cause| refused(&template.name, &cause))?;
    crate::file::write(file, text.as_bytes(), replace, crate::file::Readers::Owner)?;
    Ok(template)
}
