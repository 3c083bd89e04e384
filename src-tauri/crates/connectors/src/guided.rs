//! What a person does in a vendor's own pages, and the keys that come from there.

use std::collections::BTreeMap;

use latchkey_app::ports::{Guidance, Pasted, Site};
use latchkey_app::wire::{Capability, NameLength};
use latchkey_domain::secret::Secret;
use regex::Regex;
use url::Url;

use crate::manifest::{Manifest, Steps, Verb};
use crate::request;
use crate::shelf::bare;
use crate::transport;

/// The steps for what no request does. A rotation is a new key, and then the end of the old one.
pub(crate) fn guide(
    manifest: &Manifest,
    site: &Site<'_>,
    options: &BTreeMap<String, String>,
    capability: Capability,
) -> Option<Guidance> {
    let without = |verb, steps: &Option<Steps>| match manifest.requests.of(verb) {
        Some(_) => None,
        None => steps.clone(),
    };
    let guide = &manifest.guide;
    let create = without(Verb::Create, &guide.create);
    let revoke = without(Verb::Revoke, &guide.revoke);
    let steps = match capability {
        Capability::Create => create?,
        Capability::Update => without(Verb::Update, &guide.update)?,
        Capability::Revoke => revoke?,
        Capability::Rotate => {
            let mut both = create?;
            both.steps.extend(revoke.into_iter().flat_map(|revoke| revoke.steps));
            both
        }
        Capability::List | Capability::Disable | Capability::Check | Capability::ApiSets => return None,
    };
    Some(Guidance { page: page(manifest, &steps, site, options), steps: steps.steps })
}

/// Where the steps begin; the vendor's description of its keys where the manifest names no page for them.
fn page(manifest: &Manifest, steps: &Steps, site: &Site<'_>, options: &BTreeMap<String, String>) -> Option<String> {
    let page = match &steps.page {
        Some(page) => request::page(page, transport::base(site.url).ok().as_ref(), options).ok().flatten(),
        None => manifest.page.as_ref().and_then(|page| Url::parse(page).ok()),
    };
    page.filter(may_be_opened).map(String::from)
}

/// A browser is sent nowhere where somebody on the way could answer in the vendor's place, and takes no secret along.
fn may_be_opened(page: &Url) -> bool {
    let is_safe = page.scheme() == "https" || page.scheme() == "http" && transport::is_loopback(page);
    is_safe && page.username().is_empty() && page.password().is_none()
}

/// The text of a key alone, and whether the vendor's keys look like that.
pub(crate) fn pasted(manifest: &Manifest, text: &Secret) -> Pasted {
    let text = text.expose().trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let text = bare(manifest, text);
    // It was compiled when the manifest was read; one that is not the whole text's would find a key within a page.
    let shape = manifest.secret.pattern.as_ref().and_then(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok());
    Pasted { usual: shape.is_none_or(|shape| shape.is_match(text)), secret: Secret::new(text.to_owned()) }
}

/// How long a key's name may be there, within what Latchkey takes.
pub(crate) fn name_length(manifest: &Manifest) -> NameLength {
    let most = NameLength::default().max;
    let max = manifest.draft.name_max.min(most);
    NameLength { min: manifest.draft.name_min.clamp(1, max), max }
}
