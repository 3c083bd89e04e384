//! Several keys at once.

use clap::Args;

use super::{Status, Sure};

/// Keys by name, or all that the filters find.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Keys, by handle, id or unique name
    #[arg(value_name = "KEY", required_unless_present = "all_found", conflicts_with = "all_found")]
    pub(crate) keys: Vec<String>,
    /// All keys that the filters find; at least one filter is needed
    #[arg(long, requires = "filters")]
    pub(crate) all_found: bool,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

/// What `--all-found` finds, as `key list` does.
#[derive(Debug, Args)]
#[group(id = "filters", multiple = true, conflicts_with = "keys")]
pub(crate) struct Filters {
    /// With --all-found: only this tenant's
    #[arg(short, long)]
    pub(crate) tenant: Option<String>,
    /// With --all-found: words, as `key list` takes them
    #[arg(long)]
    pub(crate) search: Option<String>,
    /// With --all-found: only this status; once for each
    #[arg(long, value_enum)]
    pub(crate) status: Vec<Status>,
    /// With --all-found: only keys that may use this API set
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_set: Option<String>,
    /// With --all-found: only this owner's
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// With --all-found: only keys of this organization, by identifier or name
    #[arg(long)]
    pub(crate) organization: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeyRevoke {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Why, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeyExtend {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// The new end: 90d, 2027-01-31 or never; a key that ends later keeps its end
    #[arg(long)]
    pub(crate) expires: String,
}

#[derive(Debug, Args)]
pub(crate) struct KeyTag {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// A tag to file the keys under; once for each
    #[arg(long, value_name = "TAG", required_unless_present = "remove")]
    pub(crate) add: Vec<String>,
    /// A tag to take from the keys; once for each
    #[arg(long, value_name = "TAG")]
    pub(crate) remove: Vec<String>,
}
