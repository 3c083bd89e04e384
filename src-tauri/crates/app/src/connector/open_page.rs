use super::show;
use crate::error::{Error, Result};
use crate::ports::Browser;
use crate::session::Session;
use crate::wire::ErrorCode;

/// Opens the page on which a vendor describes its keys in the person's own browser.
///
/// Manifests name only HTTPS there. Fails with `not_found`, with `not_now` where the connector names no page, and with
/// `failed` where there is no browser.
pub fn open_page(session: &Session, connector: &str, browser: &dyn Browser) -> Result<()> {
    let connector = show(session, connector)?;
    let page = connector.page.ok_or_else(|| {
        Error::new(ErrorCode::NotNow, format!("{} names no page of its vendor.", connector.name))
            .hint("Look for it in the vendor's own documentation.")
    })?;
    browser.open(&page)
}
