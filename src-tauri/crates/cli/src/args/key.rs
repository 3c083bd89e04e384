//! What is done with keys.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::import::KeyExport;
use super::{KeyBatch, KeyExtend, KeyRecord, KeyRevoke, KeyTag, Selection, Sure};

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Generate a key
    New(KeyNew),
    /// Record a key that was made in a vendor's own pages
    ///
    /// For remote tenants whose vendor's server makes no keys: `tenant guide` has the steps. The key is kept in the vault
    /// unless the tenant forbids it.
    Record(KeyRecord),
    /// Generate many keys in one run, and go on with a run that was interrupted
    Batch(KeyBatch),
    /// List keys
    List(KeyList),
    /// Write the list, without secrets, to a CSV file for a spreadsheet
    Export(KeyExport),
    /// Show everything known of a key
    Show {
        /// Key, by handle, id or unique name
        key: String,
    },
    /// Change a key
    Edit(KeyEdit),
    /// Switch keys off until they are enabled
    Disable(Selection),
    /// Switch keys on again
    Enable(Selection),
    /// Give keys a later end
    Extend(KeyExtend),
    /// Add tags to keys, or take them away
    Tag(KeyTag),
    /// End keys for good
    Revoke(KeyRevoke),
    /// Put a successor in a key's place
    ///
    /// Creates the successor (same name, API sets, groups) and retires the old key: both may be used until the overlap is
    /// over. With `--prepare` the old key stays as it is until `--resume`, so that the successor can be put in place and
    /// tried first. `--undo` takes the successor away and gives the old key its end back.
    Rotate(KeyRotate),
    /// Take a key out of the list
    Delete(KeyEnd),
    /// Ask a remote tenant's server whether a key works
    ///
    /// With the secret that was kept, or else with the key on standard input. The exit status is 3 where the server does
    /// not accept it.
    Check {
        /// Key, by handle, id or unique name
        key: String,
    },
    /// Put a kept secret on the clipboard for 30 seconds
    Copy {
        /// Key, by handle, id or unique name
        key: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct KeyNew {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Name: 3 to 100 characters
    #[arg(long)]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) about: KeyAbout,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What is said of a key that comes into the list, made here or elsewhere.
#[derive(Debug, Args)]
pub(crate) struct KeyAbout {
    /// What it is for
    #[arg(long, default_value = "")]
    pub(crate) description: String,
    /// Who it belongs to [default: you]
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// An API set that it may use; once for each
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_sets: Vec<String>,
    /// The organization it belongs to, by identifier or name, where the tenant has them
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// A user group it belongs to, by identifier or name; once for each
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// What it is filed under; once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// When it ends: 90d, 2027-01-31 or never [default: the tenant's, else never, or its ceiling]
    #[arg(long)]
    pub(crate) expires: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeyList {
    #[command(flatten)]
    pub(crate) filter: KeyFilter,
    /// Only keys that are due for rotation by their tenant's policy, the oldest first
    #[arg(long, conflicts_with_all = ["search", "status", "api_set", "owner", "organization", "sort"])]
    pub(crate) due: bool,
    /// At most so many [default: all]
    #[arg(long)]
    pub(crate) limit: Option<u32>,
}

/// Which keys, in which order.
#[derive(Debug, Args)]
pub(crate) struct KeyFilter {
    /// Only this tenant's
    #[arg(short, long)]
    pub(crate) tenant: Option<String>,
    /// Words; each must begin a word of the name, description, key, owner, a tag or an API set
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) search: String,
    /// Only this status; once for each
    #[arg(long, value_enum)]
    pub(crate) status: Vec<Status>,
    /// Only keys that may use this API set
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_set: Option<String>,
    /// Only this owner's
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// Only keys of this organization, by identifier or name
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// Order [default: newest first]
    #[arg(long, value_enum)]
    pub(crate) sort: Option<Sort>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Status {
    Active,
    Expiring,
    Expired,
    Disabled,
    Revoked,
    /// In the overlap of a rotation
    Superseded,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Sort {
    /// Newest first
    Created,
    /// By name
    Name,
    /// By owner
    Owner,
    /// The next to end first
    Expires,
}

#[derive(Debug, Args)]
pub(crate) struct KeyEdit {
    /// Key, by handle, id or unique name
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) changes: KeyChanges,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct KeyChanges {
    /// New name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// New description
    #[arg(long)]
    pub(crate) description: Option<String>,
    /// New owner
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// All the API sets it may use from now on; once for each
    #[arg(long = "api-set", value_name = "ID", conflicts_with = "no_api_sets")]
    pub(crate) api_sets: Vec<String>,
    /// Take all API sets from it
    #[arg(long)]
    pub(crate) no_api_sets: bool,
    /// New organization
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// All the user groups it belongs to from now on; once for each
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// All the tags it is filed under from now on; once for each
    #[arg(long = "tag", value_name = "TAG", conflicts_with = "no_tags")]
    pub(crate) tags: Vec<String>,
    /// Take all tags from it
    #[arg(long)]
    pub(crate) no_tags: bool,
    /// New end: 90d, 2027-01-31 or never
    #[arg(long)]
    pub(crate) expires: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeyRotate {
    /// Key, by handle, id or unique name; to resume or undo, the old key or its successor
    pub(crate) key: String,
    /// How long the old key stays usable: 24h, 7d, 2027-01-31, or none to revoke it at once
    #[arg(long, default_value = "24h", conflicts_with_all = ["prepare", "undo"])]
    pub(crate) overlap: String,
    /// Create the successor and leave the old key as it is
    #[arg(long)]
    pub(crate) prepare: bool,
    /// Retire the old key of a rotation that was begun
    #[arg(long, conflicts_with_all = ["prepare", "undo", "expires", "keep", "no_keep", "out", "stdout"])]
    pub(crate) resume: bool,
    /// Take the successor away again and give the old key its end back
    #[arg(long, conflicts_with_all = ["prepare", "expires", "keep", "no_keep", "out", "stdout"])]
    pub(crate) undo: bool,
    /// When the successor ends: 90d, 2027-01-31 or never [default: after the old key's lifetime]
    #[arg(long)]
    pub(crate) expires: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Where the secret of a new key goes.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Keep the secret in the vault; `key copy` and `run` can use it then
    #[arg(long, conflicts_with = "no_keep")]
    pub(crate) keep: bool,
    /// Do not keep it, whatever the tenant's policy starts out with
    #[arg(long)]
    pub(crate) no_keep: bool,
    /// Write the key to this new file, readable by you alone
    #[arg(long, value_name = "FILE", conflicts_with = "stdout")]
    pub(crate) out: Option<PathBuf>,
    /// Print the key on standard output
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KeyEnd {
    /// Key, by handle, id or unique name
    pub(crate) key: String,
    /// Why, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sure: Sure,
}
