//! From a page of a list to the next one.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value as Json;
use url::Url;

use crate::manifest::Paging;

/// So many pages in a row may be without a key.
const MAX_BARREN: u32 = 100;

/// Where the next page is.
#[derive(Debug, Default)]
pub(crate) struct Next {
    /// The number of the page, or of the keys to skip.
    pub(crate) place: u32,
    /// What the last page said.
    pub(crate) cursor: Option<String>,
    /// The address that the last page said.
    pub(crate) page: Option<Url>,
}

/// A page that cannot be turned to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Astray {
    /// It is of another server, on this host.
    Elsewhere(String),
    /// Nothing comes any more, and no end either.
    Endless,
}

/// What was seen of a list so far.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    seen: HashSet<u64>,
    barren: u32,
}

impl Next {
    pub(crate) fn first(paging: Option<&Paging>) -> Self {
        let place = if let Some(Paging::Pages { first, .. }) = paging { *first } else { 0 };
        Self { place, ..Self::default() }
    }

    /// After a page with these rows, which came from `at`; `None` after the last one.
    pub(crate) fn after(
        &self,
        paging: Option<&Paging>,
        rows: usize,
        page: &Json,
        at: &Url,
    ) -> Result<Option<Self>, Astray> {
        let is_full = |size: u32| rows >= size as usize;
        Ok(match paging {
            Some(Paging::Pages { size, .. }) if is_full(*size) => {
                Some(Self { place: self.place.saturating_add(1), ..Self::default() })
            }
            Some(Paging::Offset { size }) if is_full(*size) => {
                let rows = u32::try_from(rows).unwrap_or(u32::MAX);
                Some(Self { place: self.place.saturating_add(rows), ..Self::default() })
            }
            Some(Paging::Next { at: place }) => {
                match place.of(page).and_then(Json::as_str).filter(|link| !link.is_empty()) {
                    None => None,
                    Some(link) => Some(Self { page: Some(linked(link, at)?), ..Self::default() }),
                }
            }
            Some(Paging::Cursor { at: place }) => place
                .of(page)
                .and_then(|cursor| match cursor {
                    Json::String(text) => Some(text.clone()),
                    Json::Number(number) => Some(number.to_string()),
                    _ => None,
                })
                .filter(|cursor| !cursor.is_empty() && self.cursor.as_ref() != Some(cursor))
                .map(|cursor| Self { cursor: Some(cursor), ..Self::default() }),
            _ => None,
        })
    }
}

/// The address of a link, as browsers read it: from where it stands.
fn linked(link: &str, at: &Url) -> Result<Url, Astray> {
    let elsewhere = |url: &Url| Astray::Elsewhere(url.host_str().unwrap_or_default().to_owned());
    let url = at.join(link).map_err(|_| Astray::Elsewhere(String::new()))?;
    if url.origin() != at.origin() || !url.username().is_empty() || url.password().is_some() {
        return Err(elsewhere(&url));
    }
    Ok(url)
}

impl Pages {
    /// Takes note of a page; whether it is the last one, because nothing comes after it but itself.
    pub(crate) fn turn(&mut self, rows: &[Json], new: usize, skipped: usize) -> Result<bool, Astray> {
        let mut hasher = DefaultHasher::new();
        rows.hash(&mut hasher);
        let is_repeated = !self.seen.insert(hasher.finish()) && !rows.is_empty();
        self.barren = if new == 0 { self.barren + 1 } else { 0 };
        if self.barren > MAX_BARREN {
            return Err(Astray::Endless);
        }
        Ok(is_repeated || (new == 0 && skipped == 0 && !rows.is_empty()))
    }
}
