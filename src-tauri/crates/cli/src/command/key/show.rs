use chrono::{DateTime, Utc};
use latchkey_app::error::Result;
use latchkey_app::key;
use latchkey_app::wire::{AccessView, Holding, KeyDetails, KeyLink, KeyView, Permission, RemoteKeyView, RotationStage};
use serde::Serialize;

use super::status_word;
use crate::context::Context;
use crate::table::facts;

/// What to know of a key that was imported and is not clearly random.
const WEAK: &str = "weak: a person may have chosen it, or it is short; rotate it";

pub(super) fn run(context: &Context, key: &str) -> Result<()> {
    let details = key::show(&context.session()?, key)?;
    // The contract's key, not the window's details: the history is `audit list`.
    context.output.answer(&Shown { key: &details.key, remote: details.remote.as_ref() }, || described(&details))
}

/// The contract's key, and what its server tells where it has one.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    key: &'a KeyView,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a RemoteKeyView>,
}

fn described(details: &KeyDetails) -> String {
    let key = &details.key;
    let moment = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut lines = vec![
        ("Key", key.display.clone()),
        ("Name", key.name.clone()),
        ("Used for", key.description.clone()),
        ("Tenant", key.tenant.clone()),
        ("API sets", if key.api_sets.is_empty() { "none".into() } else { key.api_sets.join(", ") }),
        ("Organization", key.organization.clone().unwrap_or_default()),
        ("User groups", key.groups.join(", ")),
        ("May", may(&details.access)),
        ("Tags", key.tags.join(", ")),
        ("Owner", key.owner.clone()),
        ("Status", status_word(key.status).to_owned()),
        ("Strength", if key.weak { WEAK.to_owned() } else { String::new() }),
        ("Created", moment(key.created_at)),
        ("Expires", key.expires_at.map_or_else(|| "never".into(), moment)),
        (
            "Secret",
            match (key.holding, key.handed_over) {
                (Holding::Held, _) => "in the vault",
                (Holding::Missing, _) => "was in the vault, and somebody removed it there",
                (Holding::None, true) => "not kept",
                (Holding::None, false) => "nobody saved it: it was never copied, downloaded, printed or kept",
            }
            .to_owned(),
        ),
        ("Id", key.id.clone()),
    ];
    if let Some(remote) = &details.remote {
        lines.push(("At the server", remote.id.clone().unwrap_or_else(|| "not listed".to_owned())));
        lines.push(("Last used", remote.last_used_at.map_or_else(|| "not told".to_owned(), moment)));
    }
    if let Some(at) = key.revoked_at {
        let reason = details.revoke_reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        lines.push(("Revoked", format!("{}{reason}", moment(at))));
    }
    let lineage = &details.lineage;
    let named = |link: &KeyLink| format!("{} ({})", link.display, status_word(link.status));
    lines.extend(lineage.predecessor.as_ref().map(|before| ("Succeeds", named(before))));
    lines.extend(lineage.successor.as_ref().map(|after| ("Succeeded by", named(after))));
    if let Some(stage) = lineage.stage {
        let rotation = match stage {
            RotationStage::UnderWay => "under way: `latchkey key rotate --resume` or `--undo`",
            RotationStage::Overlap => "in the overlap: both keys may be used",
            RotationStage::Over => "the overlap is over",
            RotationStage::Done => "done",
        };
        lines.push(("Rotation", rotation.to_owned()));
    } else if lineage.due {
        lines.push(("Rotation", "due".to_owned()));
    }
    lines.retain(|(_, value)| !value.is_empty());
    facts(&lines)
}

/// What the key may do besides its API sets; nothing where those say it all.
fn may(access: &AccessView) -> String {
    let names = |all: &[Permission]| all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let everything = access.everything.then(|| "do everything".to_owned());
    let by_groups = access.by_groups.then(|| {
        let permissions = names(&access.permissions);
        let permissions = if permissions.is_empty() { "nothing" } else { &permissions };
        format!("{permissions} (by its groups)")
    });
    let withheld = (!access.withheld.is_empty()).then(|| format!("not {} (its organization)", names(&access.withheld)));
    [everything, by_groups, withheld].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
