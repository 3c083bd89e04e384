use std::collections::HashSet;

use chrono::{DateTime, Utc};
use latchkey_domain::id::KeyId;
use latchkey_domain::key::Key;

use super::list;
use crate::error::Result;
use crate::find;
use crate::ports::{KeyFilter, Reader};
use crate::wire::KeySelection;

/// How many keys are read at once.
const PAGE: u32 = 2_000;

/// The keys of a selection, each once, in its order.
pub(super) fn each(
    reader: &dyn Reader,
    selection: &KeySelection,
    now: DateTime<Utc>,
    mut work: impl FnMut(Key) -> Result<()>,
) -> Result<()> {
    match selection {
        KeySelection::Keys { keys } => {
            let mut seen = HashSet::new();
            for key in keys {
                let key = find::key(reader, key)?;
                if seen.insert(key.id) {
                    work(key)?;
                }
            }
            Ok(())
        }
        KeySelection::Found { query, except } => {
            let except: HashSet<KeyId> = except.iter().filter_map(|id| id.parse().ok()).collect();
            let mut filter = KeyFilter { offset: 0, limit: PAGE, ..list::filter(reader, query)? };
            loop {
                let page = reader.keys(&filter, now)?;
                let read = u32::try_from(page.len()).unwrap_or(PAGE);
                page.into_iter().filter(|key| !except.contains(&key.id)).try_for_each(&mut work)?;
                if read < PAGE {
                    return Ok(());
                }
                filter.offset += read;
            }
        }
    }
}
