use std::path::Path;

use chrono::{DateTime, Utc};
use latchkey_app::bundle;
use latchkey_app::error::Result;
use latchkey_app::ports::Clock as _;
use latchkey_app::wire::{BundleDraft, BundleExported, BundleInspection, BundleKind};

use super::bundle_codes;
use crate::args::{Bundle, BundleExport};
use crate::command::signing_key;
use crate::context::{Context, unlock};

/// So many handles are named; `--json` has all.
const NAMED: usize = 5;

pub(super) fn run(context: &Context, command: Bundle) -> Result<()> {
    match command {
        Bundle::Export(args) => export(context, args),
        Bundle::Receive(args) => bundle_codes::receive(context, &args),
        Bundle::Inspect { file, public_key } => inspect(context, &file, public_key.as_deref()),
        Bundle::PublicKey { tenant } => public_key(context, &tenant),
        Bundle::RotateKey(args) => signing_key::rotate(context, &args),
        Bundle::Endorsement { tenant, out: None, .. } => signing_key::former(context, &tenant),
        Bundle::Endorsement { tenant, out: Some(out), by } => {
            signing_key::write_again(context, &tenant, by.as_deref(), &out)
        }
    }
}

fn export(context: &Context, args: BundleExport) -> Result<()> {
    let session = context.session()?;
    // A remote tenant is refused before anybody types a passphrase.
    bundle::known_key(&session, &args.tenant)?;
    unlock(&session)?;
    let above = match (args.above, &args.after) {
        (None, Some(file)) => Some(bundle::sequence_of(&session, &args.tenant, file)?),
        (above, _) => above,
    };
    let draft = BundleDraft { tenant: args.tenant, since: args.since, valid_for: args.valid_for, above };
    let done = match &args.out {
        Some(out) if args.qr => bundle_codes::export_both(context, &session, &draft, out)?,
        Some(out) => {
            let done = bundle::export(&session, &context.operator, &draft, out, false)?;
            context.output.answer(&done, || exported(&done))?;
            done
        }
        None => bundle_codes::export(context, &session, &draft)?,
    };
    if let [_, ..] = &done.left_out[..] {
        let mut named = done.left_out.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if done.left_out.len() > NAMED {
            named.push_str(", …");
        }
        context.output.note(&format!(
            "Not in it, since somebody may have chosen them: {} ({named}). Services do not know them.",
            keys(done.left_out.len())
        ));
    }
    Ok(())
}

pub(super) fn exported(done: &BundleExported) -> String {
    let what = match done.kind {
        BundleKind::Full => format!("{} of {}", keys(done.keys as usize), done.tenant),
        BundleKind::Delta => format!(
            "a delta of {} since {}: {} added or changed, {} taken away",
            done.tenant,
            done.base.unwrap_or_default(),
            keys(done.keys as usize),
            done.removed
        ),
    };
    let wrote = match (&done.path, &done.signature) {
        (Some(path), Some(signature)) => format!("Wrote {what}, to {path} and {signature}."),
        _ => format!("These QR codes are {what}."),
    };
    format!(
        "{wrote}\nSequence {}. Services accept it until {}: export again before.",
        done.sequence,
        moment(done.expires_at)
    )
}

pub(super) fn inspect(context: &Context, file: &Path, public_key: Option<&str>) -> Result<()> {
    let found = bundle::inspect(file, public_key)?;
    let now = latchkey_profile::clock()?.now();
    context.output.answer(&found, || inspected(&found, now))?;
    if !found.checked {
        context.output.note("The signature was not checked: give `--public-key` before you believe any of it.");
    }
    Ok(())
}

fn inspected(found: &BundleInspection, now: DateTime<Utc>) -> String {
    let kind = match found.base {
        None => "full".to_owned(),
        Some(base) => format!("delta since {base}"),
    };
    let over = if found.expires_at <= now { " (over)" } else { "" };
    let mut lines = vec![
        format!("tenant:    {} ({})", found.tenant, found.tenant_id),
        format!("kind:      {kind}"),
        format!("sequence:  {}", found.sequence),
        format!("issued:    {}", moment(found.issued_at)),
        format!("expires:   {}{over}", moment(found.expires_at)),
        format!(
            "keys:      {} ({} not ended, {} disabled, {} revoked)",
            found.keys, found.active, found.disabled, found.revoked
        ),
    ];
    if found.base.is_some() {
        lines.push(format!("removed:   {}", found.removed));
        lines.push(format!("then:      {} in all", keys(found.total as usize)));
    }
    lines.push(format!("size:      {} bytes", found.size));
    lines.push(match &found.fingerprint {
        Some(fingerprint) => format!("signature: right, by {fingerprint}"),
        None => "signature: not checked".to_owned(),
    });
    lines.join("\n")
}

fn public_key(context: &Context, tenant: &str) -> Result<()> {
    let session = context.session()?;
    let key = if let Some(key) = bundle::known_key(&session, tenant)? {
        key
    } else {
        unlock(&session)?;
        bundle::public_key(&session, &context.operator, tenant)?
    };
    context.output.answer(&key, || bundle::key_file(&key))?;
    context.output.note(&format!("Fingerprint: {}", key.fingerprint));
    Ok(())
}

fn keys(count: usize) -> String {
    if count == 1 { "1 key".to_owned() } else { format!("{count} keys") }
}

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
