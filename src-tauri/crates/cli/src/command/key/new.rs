use std::io;

use latchkey_app::error::{Error, Result};
use latchkey_app::key::{self, HandOver, Issued};
use latchkey_app::session::Session;
use latchkey_app::tenant;
use latchkey_app::wire::{ErrorCode, KeyDraft, KeyView, TenantView};
use latchkey_domain::expiry::Expiration;
use serde::Serialize;
use zeroize::Zeroizing;

use super::place;
use crate::args::{KeyAbout, KeyNew};
use crate::context::Context;

/// A key's JSON document has far less: a buffer that grows would leave its old bytes behind unwiped.
const DOCUMENT_LEN: usize = 65_536;

pub(super) fn run(context: &Context, args: KeyNew) -> Result<()> {
    // Looked at before the profile is opened: nothing is made, nothing is unlocked.
    let expires = args.about.expires.as_deref().map(str::parse).transpose()?;
    place::check(&args.place)?;
    let session = context.session()?;
    let tenant = tenant::show(&session, &args.tenant)?;
    let hand_over = place::hand_over(&session, tenant.policy.keep, args.place)?;
    let draft = draft(args.about, &tenant, args.name, expires);
    let issued = context.changing(&session, || key::new(&session, &context.operator, &draft, &hand_over))?;
    if hand_over.print {
        print(context, &issued).map_err(|cause| take_back(context, &session, &issued.key, &cause))?;
    } else {
        context.output.answer(&issued.key, || said(&issued.key, &hand_over))?;
    }
    point_out(context, &session, &issued.key, &hand_over);
    Ok(())
}

/// The key that is asked for, or told of.
pub(super) fn draft(about: KeyAbout, tenant: &TenantView, name: String, expires: Option<Expiration>) -> KeyDraft {
    KeyDraft {
        tenant: tenant.id.clone(),
        name,
        description: about.description,
        owner: about.owner,
        api_sets: about.api_sets,
        organization: about.organization,
        groups: about.groups,
        tags: about.tags,
        expires: expires.unwrap_or_else(|| tenant.conventions.unchosen_end(&tenant.policy)),
    }
}

#[derive(Serialize)]
struct WithSecret<'a> {
    #[serde(flatten)]
    key: &'a KeyView,
    secret: &'a str,
}

pub(super) fn print(context: &Context, issued: &Issued) -> io::Result<()> {
    let mut text = Zeroizing::new(Vec::with_capacity(DOCUMENT_LEN));
    if context.output.is_json() {
        let document = WithSecret { key: &issued.key, secret: issued.secret.expose() };
        serde_json::to_writer_pretty(&mut *text, &document)?;
    } else {
        text.extend_from_slice(issued.secret.expose().as_bytes());
    }
    text.push(b'\n');
    context.output.deliver(&text)
}

/// Deletes a key that could not be printed: nobody has read it, and it must not look as if it were in use.
pub(super) fn take_back(context: &Context, session: &Session, key: &KeyView, cause: &io::Error) -> Error {
    let reason = "standard output did not take the key";
    let failed = format!("Could not print the key: {cause}.");
    match key::delete(session, &context.operator, &key.id, Some(reason)) {
        Ok(()) => Error::new(ErrorCode::Failed, format!("{failed} It was deleted again."))
            .hint("Try again, or write it to a file with `--out FILE`."),
        Err(error) => Error::new(ErrorCode::Failed, format!("{failed} It could not be deleted either: {error}"))
            .hint(format!("Delete it yourself: `latchkey key delete {}`.", key.handle)),
    }
}

pub(super) fn said(key: &KeyView, hand_over: &HandOver) -> String {
    let file = hand_over.file.as_ref().map(|file| format!("written to {}", file.display()));
    let kept = hand_over.keep.then(|| "kept in the vault".to_owned());
    let printed = hand_over.print.then(|| "printed".to_owned());
    let places: Vec<_> = [file, kept, printed].into_iter().flatten().collect();
    format!("Generated {} ({}): {}.", key.name, key.display, places.join(", "))
}

/// What is worth knowing besides the key, on standard error.
fn point_out(context: &Context, session: &Session, key: &KeyView, hand_over: &HandOver) {
    if hand_over.print {
        context.output.note(&said(key, hand_over));
    }
    if key::name_uses(session, &key.tenant_id, &key.name).is_ok_and(|uses| uses > 1) {
        context
            .output
            .note(&format!("{} has other keys named {}. Use the handle to name this one.", key.tenant, key.name));
    }
}
