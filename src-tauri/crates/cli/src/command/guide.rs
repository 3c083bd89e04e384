//! What a person does in a vendor's own pages.

use latchkey_app::error::Result;
use latchkey_app::remote;
use latchkey_app::session::Session;
use latchkey_app::wire::{Capability, GuideView};
use latchkey_browser::SystemBrowser;

use crate::args::{Guided, TenantGuide};
use crate::context::Context;

pub(super) fn run(context: &Context, args: &TenantGuide) -> Result<()> {
    let session = context.session()?;
    let capability = match args.what {
        Guided::Create => Capability::Create,
        Guided::Update => Capability::Update,
        Guided::Revoke => Capability::Revoke,
        Guided::Rotate => Capability::Rotate,
    };
    let guide = remote::guide(&session, &args.tenant, capability)?;
    if args.open {
        remote::open_guide(&session, &args.tenant, capability, &SystemBrowser)?;
    }
    context.output.answer(&guide, || in_words(&guide))
}

/// Says, of a key that ended here, what ends it at its vendor; nothing where that has been done.
pub(super) fn note_end(context: &Context, session: &Session, tenant: &str) {
    if let Ok(guide) = remote::guide(session, tenant, Capability::Revoke) {
        context.output.note(&format!("At the vendor it works until a person ends it there:\n{}", in_words(&guide)));
    }
}

fn in_words(guide: &GuideView) -> String {
    let steps = guide.steps.iter().zip(1..).map(|(step, number)| format!("{number}. {step}"));
    let page = guide.page.iter().map(|page| format!("Page: {page}"));
    steps.chain(page).collect::<Vec<_>>().join("\n")
}
