use std::process::ExitCode;

use latchkey_app::error::{Error, Result};
use latchkey_app::tenant;
use latchkey_app::wire::{
    self, DefaultExpiration, ErrorCode, Expiration, KeepPolicy, KeyFormat, Policy, TenantDraft, TenantView,
};
use serde_json::json;

use super::{connection, guide, refresh, remote, sign_in, template, tenant_check};
use crate::args::{Format, Keeping, Tenant, TenantChanges};
use crate::context::Context;
use crate::table::{Table, facts};

pub(super) fn run(context: &Context, command: Tenant) -> Result<ExitCode> {
    let done = match command {
        Tenant::Add { name, remote: Some(connector), site, signing_in, way, .. } => {
            return remote::add(context, name, connector, *site, &signing_in, &way);
        }
        Tenant::SignIn { tenant, answers } => sign_in::sign_in(context, &tenant, &answers),
        Tenant::SignOut { tenant } => sign_in::sign_out(context, &tenant),
        Tenant::Connection(args) => connection::run(context, *args),
        Tenant::Sync { tenant: Some(tenant), .. } => refresh::one(context, &tenant),
        Tenant::Sync { tenant: None, .. } => return refresh::all(context),
        Tenant::Unanswered { tenant } => remote::unanswered(context, &tenant),
        Tenant::GiveUp { tenant, name } => remote::give_up(context, &tenant, &name),
        Tenant::Credential { tenant, credentials } => remote::credential(context, &tenant, &credentials),
        Tenant::Guide(args) => guide::run(context, &args),
        Tenant::Add { name, template, prefix, .. } => {
            let own_template = template.as_deref().map(template::in_file).transpose()?.flatten();
            let draft = TenantDraft { name, prefix, template, own_template };
            let added = tenant::add(&context.session()?, &context.operator, &draft)?;
            context.output.answer(&added, || match added.format {
                KeyFormat::Latchkey => format!("Added {}. Its keys begin with {}_.", added.name, added.prefix),
                KeyFormat::Hex32 => format!("Added {}. Its keys are 32 hexadecimal digits.", added.name),
                KeyFormat::SkHex64 => format!("Added {}. Its keys begin with sk-.", added.name),
            })
        }
        Tenant::Templates => template::list(context),
        Tenant::SaveTemplate { tenant, out } => template::save(context, &tenant, &out),
        Tenant::List => {
            let mut tenants = tenant::list(&context.session()?)?;
            let table =
                Table::new(["TENANT", "PREFIX", "KEYS", "EXPIRING", "ID"], &["PREFIX", "KEYS", "EXPIRING", "ID"]);
            let none = "No tenants yet. `latchkey tenant add NAME --local` adds one.";
            context.output.list(table, none, row, || Ok(std::mem::take(&mut tenants)))
        }
        Tenant::Show { tenant } => {
            let shown = tenant::show(&context.session()?, &tenant)?;
            context.output.answer(&shown, || described(&shown))
        }
        Tenant::Check { tenant } => return tenant_check::run(context, &tenant),
        Tenant::Edit(edit) => {
            let session = context.session()?;
            let before = tenant::show(&session, &edit.tenant)?;
            let change = wire::TenantEdit {
                policy: Some(policy(before.policy, &edit.changes)?),
                name: edit.changes.name,
                prefix: edit.changes.prefix,
                format: edit.changes.format.map(format),
            };
            let after = tenant::edit(&session, &context.operator, &before.id, &change)?;
            context.output.answer(&after, || described(&after))?;
            tenant_check::note(context, &session, &before, &after)
        }
        Tenant::Remove { tenant, sure } => {
            let session = context.session()?;
            let shown = tenant::show(&session, &tenant)?;
            let question =
                format!("Remove {} with its {} keys and {} API sets?", shown.name, shown.keys, shown.api_sets);
            if !context.is_sure(sure.yes, &question)? {
                return Ok(ExitCode::SUCCESS);
            }
            tenant::remove(&session, &context.operator, &shown.id)?;
            context.note_waiting(&session);
            context.output.answer(&json!({ "removed": shown.id }), || format!("Removed {}.", shown.name))
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn format(format: Format) -> KeyFormat {
    match format {
        Format::Latchkey => KeyFormat::Latchkey,
        Format::Hex32 => KeyFormat::Hex32,
        Format::SkHex64 => KeyFormat::SkHex64,
    }
}

/// `90d`, `never` or `none`; a date is no default.
fn default_expiration(text: &str) -> Result<Option<DefaultExpiration>> {
    if text == "none" {
        return Ok(None);
    }
    match text.parse()? {
        Expiration::Never => Ok(Some(DefaultExpiration::Never)),
        Expiration::Days { days } => Ok(Some(DefaultExpiration::Days { days })),
        Expiration::Date { .. } => Err(Error::new(ErrorCode::InvalidInput, format!("`{text}` is a date."))
            .hint("Give `--default-expires` a number of days such as 90d, `never`, or `none`.")),
    }
}

fn policy(before: Policy, edit: &TenantChanges) -> Result<Policy> {
    let max_lifetime_days = days("--max-lifetime", edit.max_lifetime.as_deref(), before.max_lifetime_days)?;
    let rotate_after_days = days("--rotate-after", edit.rotate_after.as_deref(), before.rotate_after_days)?;
    Ok(Policy {
        max_lifetime_days,
        allow_never: edit.allow_never.unwrap_or(before.allow_never),
        default_expiration: match edit.default_expires.as_deref() {
            None => before.default_expiration,
            Some(text) => default_expiration(text)?,
        },
        unique_names: edit.unique_names.unwrap_or(before.unique_names),
        own_keys_only: edit.own_keys_only.unwrap_or(before.own_keys_only),
        require_api_set: edit.require_api_set.unwrap_or(before.require_api_set),
        keep: edit.keep.map_or(before.keep, |keep| match keep {
            Keeping::Offer => KeepPolicy::Offer,
            Keeping::Default => KeepPolicy::Default,
            Keeping::Forbid => KeepPolicy::Forbid,
        }),
        warning_days: edit.warning_days.unwrap_or(before.warning_days),
        rotate_after_days,
    })
}

/// A number of days or `none`; `before` where nothing was given.
fn days(option: &str, given: Option<&str>, before: Option<u32>) -> Result<Option<u32>> {
    match given {
        None => Ok(before),
        Some("none") => Ok(None),
        Some(days) => days.parse().map(Some).map_err(|_| {
            Error::new(ErrorCode::InvalidInput, format!("`{days}` is not a number of days."))
                .hint(format!("Give `{option}` a whole number, or `none`."))
        }),
    }
}

fn row(tenant: &TenantView) -> [String; 5] {
    let TenantView { name, prefix, keys, expiring, id, .. } = tenant;
    [name.clone(), prefix.clone(), keys.to_string(), expiring.to_string(), id.clone()]
}

fn described(tenant: &TenantView) -> String {
    let policy = &tenant.policy;
    let conventions = &tenant.conventions;
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let mut lines = vec![
        ("Tenant", tenant.name.clone()),
        ("Id", tenant.id.clone()),
        ("Keys", format!("{}, {} expiring", tenant.keys, tenant.expiring)),
        ("API sets", tenant.api_sets.to_string()),
        ("Prefix", tenant.prefix.clone()),
        ("Key format", tenant.format.name().to_owned()),
        ("Key pattern", tenant.key_pattern.clone()),
        ("Longest lifetime", policy.max_lifetime_days.map_or_else(|| "none".into(), |days| format!("{days} days"))),
        ("May never end", yes_no(!policy.must_end())),
        (
            "Default end",
            match policy.default_expiration {
                None => "none".into(),
                Some(DefaultExpiration::Never) => "never".into(),
                Some(DefaultExpiration::Days { days }) => format!("after {days} days"),
            },
        ),
        ("Needs an API set", yes_no(policy.require_api_set)),
        (
            "Keeping secrets",
            match policy.keep {
                KeepPolicy::Offer => "when asked for".into(),
                KeepPolicy::Default => "unless refused".into(),
                KeepPolicy::Forbid => "never".into(),
            },
        ),
        ("Unique names", yes_no(policy.unique_names)),
        ("Own keys only", yes_no(policy.own_keys_only)),
        (
            "Due for rotation",
            policy.rotate_after_days.map_or_else(|| "never".into(), |days| format!("after {days} days")),
        ),
        ("Warning", format!("{} days before the end", policy.warning_days)),
    ];
    if tenant.organizations > 0 || conventions.organizations {
        lines.push(("Organizations", tenant.organizations.to_string()));
    }
    if tenant.user_groups > 0 || conventions.user_groups {
        lines.push(("User groups", tenant.user_groups.to_string()));
    }
    if let Some(before) = conventions.presentation.before() {
        lines.push(("Keys are sent as", format!("{before}…")));
    }
    if let Some(template) = &conventions.template {
        lines.push(("Template", template.clone()));
    }
    if let Some(remote) = &tenant.remote {
        lines.extend(remote::described(remote));
    }
    facts(&lines)
}
